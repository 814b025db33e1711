from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from governance.licensing.rules import RightsBasis
from kernel.scope import TenantModel
from kernel.walls import Ground, Wall


class State(models.TextChoices):
    OPEN = "open"
    FROZEN = "frozen"


class Dataset(TenantModel):
    """Pictures that belong together; `commitment` is set when it is frozen."""

    wall: ClassVar[Ground] = Wall(app="select insert update", worker="select")

    project = models.ForeignKey("access.Project", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    commitment = models.CharField(max_length=64, default="")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "datasets_dataset"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "project", "name"], name="datasets_name_once")]


class Item(TenantModel):
    """One picture of a dataset. `words` is a sealed object with caption and file name.

    The openings lie under the key of whoever added the picture or wrote the caption. `likeness` is the keyed digest of the
    exact pixels, `bands` are those of parts of a perceptual hash.
    """

    wall: ClassVar[Ground] = Wall(app="select insert update delete", worker="select")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="items")
    picture = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+")
    words = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+")
    rights = models.CharField(max_length=16, choices=[(basis.value, basis.value) for basis in RightsBasis])
    width = models.IntegerField()
    height = models.IntegerField()
    commitment = models.CharField(max_length=64)
    caption_commitment = models.CharField(max_length=64, default="")
    picture_opening = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+", null=True)
    caption_opening = models.ForeignKey("vault.Object", on_delete=models.PROTECT, related_name="+", null=True)
    likeness = models.CharField(max_length=64)
    bands = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "datasets_item"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "dataset", "likeness"], name="datasets_picture_once"),
        ]

    def committed(self) -> list[str]:
        """Return what the dataset's commitment says of it."""
        parts = [str(self.pk), self.commitment, self.caption_commitment, self.rights]
        return [part for part in parts if part]  # items of before captions were committed to have three

    @property
    def caption_id(self) -> UUID:
        """Return the sealed object that holds the caption."""
        found: UUID = self.words_id
        return found
