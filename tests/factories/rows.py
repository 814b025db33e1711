"""One real row of each kind in a studio, made by the rooms' own services: what a stranger would name if it knew it."""

import uuid
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from tests.factories.adapters import NUMBERS, adapter
from tests.factories.pictures import picture
from tests.factories.providers import federated
from tests.factories.working import head_of, judged, pixels_of, png_of, published

SAMPLE = (1, 0)  # step, number
# How each preview is shown again: one lives for a minute, and a slow machine's tests take longer.
PREVIEWS = []


@dataclass(frozen=True)
class Rows:
    """The ids by name; several of a kind where a deed uses one up."""

    project: UUID
    alice: UUID
    tina: UUID
    lena: UUID
    dataset: UUID
    item: UUID
    spare_item: UUID
    unfrozen: UUID
    frozen: UUID
    base: UUID
    run: UUID
    waiting_run: UUID
    stopped_run: UUID
    model: UUID
    candidate: UUID
    undecided: UUID
    generation: UUID
    waiting_generation: UUID
    withheld: UUID
    previewed: UUID
    asset: UUID
    spare_asset: UUID
    replay: UUID
    exit: UUID
    allowance: UUID
    spare_allowance: UUID
    token: UUID
    spare_token: UUID
    session: UUID
    spare_session: UUID
    spare_person: UUID
    third_token: UUID
    rotated_token: UUID
    review: UUID
    spare_review: UUID
    project_review: UUID
    review_item: UUID
    service: UUID
    spare_service: UUID
    service_token: UUID
    spare_service_token: UUID
    directory_token: UUID
    spare_directory_token: UUID
    entry: UUID
    custom: UUID
    spare_custom: UUID
    group: UUID
    spare_group: UUID
    grant: UUID
    spare_grant: UUID
    consent: UUID
    spare_consent: UUID
    provider: UUID
    spare_provider: UUID
    mapping: UUID
    spare_mapping: UUID
    domain: UUID
    spare_domain: UUID


def filled(studio, worker):
    """Fill a studio by its cast's hands and a worker's; return what there is in it."""
    things = _pictured(studio) | _models(studio, worker)
    things |= _pictures(studio, worker, things["base"])
    things |= _waiting(studio, worker, things)
    things |= {"exit": _bundle(studio, worker, things["model"])} | _tokens(studio) | _directory_tokens(studio)
    things |= _people(studio) | _held(studio) | _services(studio) | _consents(studio) | _allowances(studio)
    things |= _reviews(studio) | federated(studio)
    things |= {who: studio.people[who] for who in ("alice", "tina", "lena")}
    with worker.be("integrator"):
        _integrate()
    return Rows(project=studio.project, entry=_entry(studio, things["asset"]), **things)


def _dataset(studio, count=3):
    from governance.licensing.rules import RightsBasis
    from tenants.datasets import services as datasets

    tina = studio.actor("tina")
    made = datasets.create(tina, name=f"Foxes {uuid.uuid4()}").pk
    uploads = [datasets.Upload(picture(number), f"fox {number}.png", RightsBasis.OWN_WORK, "a fox") for number in range(count)]
    return made, [datasets.add_item(tina, dataset=made, upload=upload).item.pk for upload in uploads]


def _frozen(studio):
    from tenants.datasets import services as datasets

    made, _ = _dataset(studio)
    datasets.freeze(studio.actor("tina"), dataset=made)
    return made


def _pictured(studio):
    (dataset, items), (unfrozen, _) = _dataset(studio, 2), _dataset(studio, 1)
    return {"dataset": dataset, "item": items[0], "spare_item": items[1], "unfrozen": unfrozen, "frozen": _frozen(studio)}


def _models(studio, worker):
    from django.conf import settings

    from tenants.registry import services as registry

    owner = studio.actor("tom", project=False)
    base = registry.register_base(owner, folder=settings.STARTER_MODEL, name="Starter", licence="Apache-2.0").pk
    frozen = _frozen(studio)
    (run, model), (_, candidate), (_, undecided) = (_trained(studio, worker, frozen, base) for _ in range(3))
    registry.decide(studio.actor("lena"), model=model, approve=True, reason="fits")
    return {"base": base, "run": run, "model": model, "candidate": candidate, "undecided": undecided}


def _started(studio, dataset, base):
    from tenants.training import services as training

    config = training.TrainConfig(steps=2, rank=4, trigger="zyx")
    return training.start(studio.actor("tina"), ask=training.Ask(dataset, base, "Fox style", config))


def _trained(studio, worker, dataset, base):
    """Return a run and its model, measured, with one sample."""
    from tenants.registry import services as registry
    from tenants.training import services as training

    run = _started(studio, dataset, base)
    with worker.holding(run.intent_id) as held:
        begun = training.begin(held.actor, run=run.pk)
        training.keep_sample(held.actor, begun=begun, at=SAMPLE, png=png_of(pixels_of(64, 64), 64, 64), verdict=judged())
        made = training.Finished(adapter(), dict(begun.config), {"device": "none"}, {"0": 0.1}, [[1, 0.5], [2, 0.4]])
        model = training.finish(held.actor, begun=begun, made=made, lease=held.lease, ticket=held.ticket)
    with worker.holding(UUID(model.measuring["intent"])) as held:
        registry.record_evaluation(held.actor, model=model.pk, numbers=NUMBERS, lease=held.lease, ticket=held.ticket)
    return run.pk, model.pk


def _asked(studio, base):
    from tenants.generations import services as generations

    (row,) = generations.submit(studio.actor("alice"), order=generations.Order(prompt="a red apple", base=base, seed=5))
    return row


def _pictures(studio, worker, base):
    shown, spare, withheld = (_asked(studio, base) for _ in range(3))
    small = picture(7, kind="WEBP")
    asset, spare_asset = (published(worker, row, thumbnail=small).pk for row in (shown, spare))
    _withhold(worker, withheld)
    return {"generation": shown.pk, "asset": asset, "spare_asset": spare_asset, "withheld": withheld.pk}


def _withhold(worker, row):
    from tenants.generations import services as generations

    with worker.holding(row.intent_id) as held:
        begun = generations.start(held.actor, generation=row.pk)
        generations.withhold(
            held.actor, generation=row.pk, png=png_of(pixels_of(64, 64), 64, 64), record=head_of(begun),
            verdict=judged(allowed=False), lease=held.lease, ticket=held.ticket,
        )  # fmt: skip


def _waiting(studio, worker, things):
    """Leave work behind: what waits, what was stopped, and a request that has shown a preview."""
    from tenants.generations import services as generations
    from tenants.training import services as training

    previewed = _asked(studio, things["base"])
    _preview(worker, previewed)
    replay = generations.replay(studio.actor("alice"), asset=things["asset"]).pk
    waiting, stopped = (_started(studio, things["frozen"], things["base"]).pk for _ in range(2))
    training.cancel(studio.actor("tina"), run=stopped)
    asked = _asked(studio, things["base"]).pk
    return {
        "previewed": previewed.pk, "replay": replay, "waiting_run": waiting, "stopped_run": stopped, "waiting_generation": asked,
    }  # fmt: skip


def _preview(worker, row):
    from dispatch import services as dispatch
    from tenants.vault import services as vault

    with worker.holding(row.intent_id) as held:
        sealer = vault.sealer(held.actor, entry=row.intent_id, media_type="image/png")
        blob = sealer.seal(png_of(pixels_of(64, 64), 64, 64))
    show = partial(dispatch.show, tenant=held.actor.tenant, project=held.actor.project, row=row.pk, blob=blob)
    show()
    PREVIEWS.append(show)


def _bundle(studio, worker, model):
    from tenants.exit import services as leaving

    asked = leaving.request(studio.actor("lena"), model=model)
    with worker.be("integrator"):
        _integrate()
    with worker.holding(asked.intent_id, process="worker") as held:
        leaving.assemble(held.actor, exit_id=asked.pk, lease=held.lease, ticket=held.ticket)
    return asked.pk


def _integrate():
    from governance.audit import services as audit

    audit.integrate_once()


def _allowances(studio):
    """Leave everybody what they may, and a row besides that says no more."""
    from access import services as access

    tom = studio.actor("tom")
    everybody = access.set_allowance(tom, to=access.To(), limits=access.Limits()).pk
    spare = access.set_allowance(tom, to=access.To(person=studio.people["olive"]), limits=access.Limits(pictures_a_day=9)).pk
    return {"allowance": everybody, "spare_allowance": spare}


def _tokens(studio):
    from access import services as access
    from access.models import ApiToken

    olive = studio.actor("olive", project=False)
    names = ["token", "spare_token", "third_token", "rotated_token"]
    for name in names:
        access.issue_token(olive, name=name, project=studio.project)
    with olive.reading():
        return dict(ApiToken.objects.filter(user_id=olive.person, name__in=names).values_list("name", "pk"))


def _services(studio):
    from access import services as access
    from access.roles import Permission, Role

    owner = studio.actor("tom", project=False)
    service, spare = (access.make_service(owner, name=name, keeper=studio.people["alice"]).pk for name in ("Render farm", "Spare"))
    access.grant(owner, person=service, role=Role.VIEWER, project=studio.project)
    draft = access.TokenDraft("nightly", studio.project, scope=frozenset({Permission.PROJECT_READ}))
    token, spare_token = (access.issue_service_token(owner, service=service, draft=draft).row.pk for _ in range(2))
    return {"service": service, "spare_service": spare, "service_token": token, "spare_service_token": spare_token}


def _people(studio):
    """Sign alice in at two devices, add somebody, and set a policy of the studio's own."""
    from access import services as access
    from access.models import Session
    from tests.access.signing_in import Browser
    from tests.factories.studio import PASSWORD

    owner = studio.actor("tom", project=False)
    for _ in range(2):
        assert Browser(studio.slug).sign_in("alice").status_code == 200
    spare = access.add_person(owner, email="spare@example.com", name="Spare", password=PASSWORD).pk
    access.set_security_policy(owner, wanted=access.Wanted(idle_minutes=600), address="127.0.0.1")
    with owner.reading():
        session, spare_session = Session.objects.filter(user_id=studio.people["alice"]).values_list("pk", flat=True)[:2]
    return {"session": session, "spare_session": spare_session, "spare_person": spare}


def _held(studio):
    """Leave groups, roles of the studio's own, and grants: the group holds such a role in the project, alice is in it."""
    from access import services as access
    from access.roles import Permission, Reach, Role

    owner = studio.actor("tom", project=False)
    looks = frozenset({Permission.PROJECT_READ})
    custom, spare_custom = (
        access.define_role(owner, draft=access.RoleDraft(name, Reach.PROJECT, looks)).pk for name in ("Looker", "Spare looker")
    )
    group, spare_group = (access.make_group(owner, name=name).pk for name in ("Group", "Spare group"))
    access.add_member(owner, group=group, person=studio.people["alice"])
    grant, spare_grant = (
        access.grant_to(owner, to=access.To(group=group), post=access.Post(role, studio.project)).pk
        for role in (custom, Role.VIEWER)
    )
    return {
        "custom": custom, "spare_custom": spare_custom, "group": group, "spare_group": spare_group,
        "grant": grant, "spare_grant": spare_grant,
    }  # fmt: skip


def _consents(studio):
    from datetime import timedelta

    from access import services as access
    from access.roles import Role

    tom = studio.actor("tom", project=False)
    terms = access.Terms(Role.VIEWER, studio.project, timedelta(hours=2), "a picture is missing")
    return {name: access.admit_support(tom, terms=terms).pk for name in ("consent", "spare_consent")}


def _reviews(studio):
    """Leave reviews of the studio and of the project, and in the first an item that the owner may decide."""
    from datetime import timedelta

    from django.utils import timezone

    from access import services as access
    from access.models import ReviewItem

    owner, lead, due = studio.actor("tom", project=False), studio.actor("lena"), timezone.now() + timedelta(days=7)
    review, spare = (access.open_review(owner, due=due).pk for _ in range(2))
    project_review = access.open_review(lead, due=due).pk
    with owner.reading():
        item = ReviewItem.objects.get(review=review, holder_id=studio.people["tina"]).pk
    return {"review": review, "spare_review": spare, "project_review": project_review, "review_item": item}


def _directory_tokens(studio):
    from access.services import provisioning

    tom = studio.actor("tom", project=False)
    return {name: provisioning.issue(tom, name=name, days=1).row.pk for name in ("directory_token", "spare_directory_token")}


def _entry(studio, asset):
    from tenants.gallery.models import Asset

    with studio.actor("lena").reading():
        return Asset.objects.get(pk=asset).entry_id
