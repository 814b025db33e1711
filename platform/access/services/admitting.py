"""What the gate needs to know of a studio and a person, read in the caller's scope."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, OuterRef

from access.actor import Actor
from access.gate import Policy, Standing, Verdict, Voucher
from access.models import ApiToken, IdentityProvider, SecurityPolicy, User

# Recovery codes let in who lost her device; alone they are no factor.
FACTORS: Final = (Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value)


@dataclass(frozen=True)
class Admitted:
    """What the gate decided for a request, and on what grounds."""

    verdict: Verdict
    policy: Policy
    standing: Standing


@dataclass(frozen=True)
class Demands:
    """What a studio asks of a session, and what its person has."""

    policy: Policy
    kinds: tuple[str, ...]
    must: str | None


_MUST: Final = {Verdict.ENROL: "enrol_factor", Verdict.FACTOR: "show_factor"}


def demands_on(actor: Actor, admitted: Admitted | None) -> Demands:
    """Return what is asked of the Actor's session, in the caller's scope; a token has nothing more to show."""
    kinds = tuple(dict.fromkeys(factors_of(actor.person)))
    if admitted is None:
        return Demands(policy_here(), kinds, None)
    return Demands(admitted.policy, kinds, _MUST.get(admitted.verdict))


def policy_here() -> Policy:
    """Return the studio's policy, or the defaults where it never set one."""
    row: SecurityPolicy | None = SecurityPolicy.objects.first()
    if row is None:
        return Policy()
    return Policy(
        sso_only=row.sso_only, second_factor=row.second_factor, provider_step_up=row.provider_step_up,
        session=timedelta(hours=row.session_hours), idle=timedelta(minutes=row.idle_minutes), networks=tuple(row.networks),
    )  # fmt: skip


def factors_of(person: UUID) -> tuple[str, ...]:
    """Return the kinds of second factors that a person has, each as often as she has it."""
    return tuple(Authenticator.objects.filter(user_id=person, type__in=FACTORS).order_by("id").values_list("type", flat=True))


def voucher_of(token: ApiToken) -> Voucher:
    """Return whether the provider that vouched for a token is enabled and still linked to its person.

    A token from before that was noted rests on any provider of which this is true.
    """
    if not token.by_provider:
        return Voucher.NONE
    linked = SocialAccount.objects.filter(user_id=token.user_id, provider=OuterRef("slug"))
    standing = IdentityProvider.objects.filter(Exists(linked), is_enabled=True)
    if token.provider_id is None:
        return Voucher.STANDS if standing.exists() else Voucher.NONE
    return Voucher.STANDS if standing.filter(pk=token.provider_id).exists() else Voucher.GONE


def standing_of(person: UUID) -> Standing:
    """Return what is true of a person; of somebody unknown nothing is."""
    is_break_glass = bool(User.objects.filter(pk=person, is_active=True, is_break_glass=True).exists())
    return Standing(has_factor=bool(factors_of(person)), is_break_glass=is_break_glass)
