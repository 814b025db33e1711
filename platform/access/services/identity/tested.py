"""That a provider was tested: noted on its row, or for the row to come."""

import uuid

from django.utils import timezone

from access.federation.drafts import Draft, fingerprint
from access.models import IdentityProvider
from governance.audit import services as audit
from governance.audit.events import Event
from kernel.scope import tenant_scope


def note_tested(draft: Draft) -> None:
    """Note that a test's sign-in came back as it must, and record it; a row that has changed meanwhile stays untested."""
    draft.note_passed()
    with tenant_scope(draft.row.tenant_id):
        row = IdentityProvider.objects.filter(pk=draft.row.pk).first()
        if row is not None and fingerprint(row) == fingerprint(draft.row):
            IdentityProvider.objects.filter(pk=row.pk).update(tested=timezone.now())
        audit.append(
            id=uuid.uuid4(), tenant=draft.row.tenant_id, project=None, actor=draft.pseudonym, kind=Event.PROVIDER_TESTED,
            facts={"provider": draft.row.slug, "issuer": draft.row.issuer[:255]},
        )  # fmt: skip
