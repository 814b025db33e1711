"""A studio whose model went the whole way by the rooms' own services: frozen, trained, measured, approved."""

import contextlib
import os
import uuid
from dataclasses import dataclass, replace

import pytest

from tests.factories.adapters import NUMBERS, adapter
from tests.factories.pictures import picture


@dataclass
class Trained:
    """A studio and its approved model."""

    studio: object
    dataset: uuid.UUID
    model: uuid.UUID
    adapter: bytes


class Processes:
    """Speaks as another process: its database login, and its own line to the keeper."""

    def __init__(self, services, as_login):
        self.services, self.as_login = services, as_login

    @contextlib.contextmanager
    def be(self, process):
        from django.conf import settings

        from kernel import keys

        name, before = (str(settings.KEEPER_SOCKET), settings.KEEPER_TOKEN), keys.keeper()
        keys._known[name] = keys.Keeper(settings.KEEPER_SOCKET, bytes.fromhex(self.services.tokens.drawn[process]))
        login = {"device": "worker", "web": "app"}.get(process, process)
        try:
            with self.as_login(login):
                yield
        finally:
            keys._known[name] = before

    def integrate(self):
        from governance.audit import services as audit

        with self.be("integrator"):
            audit.integrate_once()

    @contextlib.contextmanager
    def errand(self, kind, process="worker"):
        """Claim the one ticket of a kind, and act as the person who asked for it."""
        from access import services as access
        from dispatch import services as dispatch
        from workers.tasks.errands import Errand

        with self.be(process):
            claim = dispatch.claim(worker=f"test:{uuid.uuid4()}", kinds=[kind])
            (ticket,) = claim.tickets
            yield Errand(
                claim, ticket, access.actor_for(ticket.person, tenant=claim.tenant, project=ticket.project, lease=claim.lease)
            )


@pytest.fixture
def processes(services, as_login):
    return Processes(services, as_login)


@pytest.fixture
def no_tickets(services):
    """What other tests left waiting would be claimed first."""
    import psycopg

    with psycopg.connect(services.postgres.url("owner"), autocommit=True) as owner:
        owner.execute("DELETE FROM dispatch_ticket")


@pytest.fixture
def base_folder(tmp_path, monkeypatch):
    from django.conf import settings

    folder = tmp_path / "toy"
    (folder / "unet").mkdir(parents=True)
    (folder / "model_index.json").write_text('{"_class_name": "StableDiffusionPipeline"}')
    (folder / "unet" / "weights.safetensors").write_bytes(os.urandom(64))
    (folder / "NOTICE").write_text("Toy, by the toy makers")
    monkeypatch.setattr(settings, "MODEL_FOLDERS", [str(tmp_path)])
    return folder


def frozen_dataset(studio):
    from governance.licensing.rules import RightsBasis
    from tenants.datasets import services as datasets

    tina = studio.actor("tina")
    made = datasets.create(tina, name=f"Foxes {uuid.uuid4()}").pk
    for number, rights in enumerate((RightsBasis.OWN_WORK, RightsBasis.OPEN_LICENCE, RightsBasis.OWN_WORK)):
        upload = datasets.Upload(picture(number), f"fox by Somebody {number}.png", rights)
        assert isinstance(datasets.add_item(tina, dataset=made, upload=upload), datasets.Added)
    datasets.freeze(tina, dataset=made)
    return made


@pytest.fixture
def trained(studio, processes, no_tickets, base_folder):
    """Return an approved model, trained on three pictures of which one is held on an open licence."""
    from tenants.registry import services as registry
    from tenants.training import services as training

    base = registry.register_base(studio.actor("tom", project=False), folder=base_folder, name="Toy", licence="Apache-2.0")
    dataset, weights = frozen_dataset(studio), adapter()
    config = training.TrainConfig(steps=2, rank=4, trigger="zyx")
    run = training.start(studio.actor("tina"), ask=training.Ask(dataset, base.pk, "Fox style", config))
    with processes.errand("train", "device") as errand:
        begun = training.begin(errand.actor, run=run.pk)
        made = training.Finished(weights, config.plain(), {"device": "none"}, {"0": 0.1}, [[1, 0.5], [2, 0.4]])
        lease = {"lease": errand.claim.lease, "ticket": errand.ticket.id}
        model = training.finish(errand.actor, begun=begun, made=made, **lease).pk
    with processes.errand("evaluate", "device") as errand:
        lease = {"lease": errand.claim.lease, "ticket": errand.ticket.id}
        registry.record_evaluation(errand.actor, model=model, numbers=NUMBERS, **lease)
    registry.decide(studio.actor("lena"), model=model, approve=True, reason="fits")
    return Trained(studio, dataset, model, weights)


@pytest.fixture
def under_licence(trained):
    """Put the model under another licence, as if its base had been registered with it."""

    def put(licence):
        from tenants.registry.models import RegisteredModel

        with trained.studio.actor("lena").writing():
            RegisteredModel.objects.filter(pk=trained.model).update(licences=[licence])

    return put


@pytest.fixture
def assembled(trained, processes):
    """Ask for the bundle as lena and assemble it as the worker does; return the request."""
    from tenants.exit import services as leaving
    from workers.tasks.exit import Exit

    asked = leaving.request(trained.studio.actor("lena"), model=trained.model)
    processes.integrate()
    with processes.errand("exit") as errand:
        Exit().run(errand)
    return asked


def without(actor, permission):
    return replace(actor, permissions=actor.permissions - {permission})
