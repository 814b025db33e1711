"""A studio with its mark on everything: names, prompts, captions, file names, what is told, and the pixels of its pictures."""

import io
import secrets
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from PIL import Image

from tests.factories.studio import PASSWORD, Studio, found
from tests.factories.working import png_of, published


@dataclass
class Marked:
    """The studio, its mark as a word and as a colour, and its rows."""

    studio: Studio
    mark: str
    colour: tuple[int, int, int]
    base: UUID = field(init=False)
    dataset: UUID = field(init=False)
    items: list[UUID] = field(init=False)
    run: UUID = field(init=False)
    asked: list[UUID] = field(init=False)
    assets: list[UUID] = field(init=False)

    @property
    def words(self):
        """What must never reach anybody else, in small letters."""
        ids = [self.studio.tenant, self.studio.project, *self.studio.people.values(), self.base, self.dataset, self.run]
        ids += [*self.items, *self.asked, *self.assets]
        return [self.mark.lower().encode(), *(str(one).encode() for one in ids), *(one.hex.encode() for one in ids)]

    def words_in(self, content):
        """Return which of them stand in these bytes."""
        small = content.lower()
        return [word for word in self.words if word in small]

    def draw(self, width, height):
        """Return pixels of the studio's colour, each time others."""
        grain = np.frombuffer(secrets.token_bytes(width * height), np.uint8).reshape(height, width, 1) // 12
        return np.clip(np.array(self.colour, np.int16) + grain - 10, 0, 255).astype(np.uint8).tobytes()

    def picture(self, size=64, kind="PNG"):
        """Return a picture of the studio's colour."""
        if kind == "PNG":
            return png_of(self.draw(size, size), size, size)
        out = io.BytesIO()
        Image.frombytes("RGB", (size, size), self.draw(size, size)).save(out, kind)
        return out.getvalue()

    def is_ours(self, picture):
        """Return whether these bytes are a picture of this studio's colour."""
        with Image.open(io.BytesIO(picture)) as image:
            mean = np.asarray(image.convert("RGB"), np.float64).mean(axis=(0, 1))
        return bool(np.abs(mean - self.colour).max() < 40)


def marked(worker, name, colour):
    """Found a studio and fill it."""
    mark = f"{name}{secrets.token_hex(5)}"
    made = Marked(found(mark), mark, colour)
    _people(made)
    _models(made)
    _pictures(made, worker)
    return made


def _people(made):
    from access import services as access
    from access.roles import Role

    owner = made.studio.actor("tom", project=False)
    made.studio.project = access.create_project(owner, name=f"{made.mark} film").pk
    for who, role in (("alice", Role.ARTIST), ("tina", Role.TRAINER), ("lena", Role.LEAD)):
        access.grant(owner, person=made.studio.people[who], role=role, project=made.studio.project)
    # One more person, who has the mark in her name and address.
    extra = access.add_person(owner, email=f"{made.mark}@example.com", name=f"{made.mark} Person", password=PASSWORD)
    access.grant(owner, person=extra.pk, role=Role.ARTIST, project=made.studio.project)


def _models(made):
    from django.conf import settings

    from tenants.datasets import services as datasets
    from tenants.registry import services as registry
    from tenants.training import services as training

    tina, owner = made.studio.actor("tina"), made.studio.actor("tom", project=False)
    made.base = registry.register_base(owner, folder=settings.STARTER_MODEL, name=f"{made.mark} base", licence="Apache-2.0").pk
    made.dataset, made.items = _dataset(made, "foxes")
    frozen, _ = _dataset(made, "frozen")
    datasets.freeze(tina, dataset=frozen)
    config = training.TrainConfig(steps=2, rank=4, trigger="zyx")
    made.run = training.start(tina, ask=training.Ask(frozen, made.base, f"{made.mark} style", config)).pk


def _dataset(made, name):
    from governance.licensing.rules import RightsBasis
    from tenants.datasets import services as datasets

    tina = made.studio.actor("tina")
    dataset = datasets.create(tina, name=f"{made.mark} {name}").pk
    uploads = [
        datasets.Upload(made.picture(), f"{made.mark} {number}.png", RightsBasis.OWN_WORK, f"{made.mark} caption")
        for number in range(3)
    ]
    return dataset, [datasets.add_item(tina, dataset=dataset, upload=upload).item.pk for upload in uploads]


def _pictures(made, worker):
    from tenants.generations import services as generations

    alice = made.studio.actor("alice")
    orders = [generations.Order(prompt=f"{made.mark} a fox {number}", base=made.base, seed=number) for number in range(5)]
    rows = [generations.submit(alice, order=order)[0] for order in orders]
    made.asked = [row.pk for row in rows]
    # Two go on waiting, to be listened to.
    made.assets = [published(worker, row, draw=made.draw, thumbnail=made.picture(32, "WEBP")).pk for row in rows[:3]]
