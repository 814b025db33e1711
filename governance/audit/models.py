"""The ledger's tables. The database refuses UPDATE, DELETE and TRUNCATE on each, whoever asks."""

from typing import ClassVar

from django.db import models

from kernel.scope import TenantModel
from kernel.walls import Ground, Wall


class Entry(TenantModel):
    """One recorded fact; `body` is its canonical JSON, which becomes a leaf."""

    wall: ClassVar[Ground] = Wall(app="select insert", worker="select insert", integrator="select", keeper="select")

    project_id = models.UUIDField(null=True)
    ts = models.DateTimeField()
    kind = models.CharField(max_length=64)
    actor = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        db_table = "audit_entry"
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "ts", "id"], name="audit_entry_by_time"),
            models.Index(fields=["ts"], name="audit_entry_by_age"),
        ]


class Leaf(TenantModel):
    """The place of an entry in its tenant's tree; a row of its own, as nothing here is ever updated."""

    wall: ClassVar[Ground] = Wall(app="select", worker="select", integrator="select insert")

    entry_id = models.UUIDField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_leaf"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant_id", "index"], name="audit_leaf_one_per_index"),
            models.UniqueConstraint(fields=["tenant_id", "entry_id"], name="audit_leaf_one_per_entry"),
        ]


class Tile(TenantModel):
    """A full tile of 256 hashes and the root above them; partial ones are computed when asked for, as they change."""

    wall: ClassVar[Ground] = Wall(app="select", worker="select", integrator="select insert")

    level = models.IntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        db_table = "audit_tile"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "level", "number"], name="audit_tile_once")]


class Checkpoint(TenantModel):
    """A signed statement of the tree's size and root; `note` is the signed note, byte for byte."""

    wall: ClassVar[Ground] = Wall(app="select", worker="select", integrator="select insert")

    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    vkey = models.TextField()
    ts = models.DateTimeField()

    class Meta:
        db_table = "audit_checkpoint"
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant_id", "size"], name="audit_checkpoint_once_per_size")]
