"""The end of a test: what was received is kept for who asked, and nobody is signed in."""

from typing import Final

from allauth.socialaccount.internal import statekit
from django.http import HttpRequest, HttpResponseRedirect

from access.errors import SignInRefused
from access.federation import drafts
from access.federation.drafts import Draft
from access.federation.places import TEST_PAGE, page
from access.federation.said import Said
from access.services.identity.tested import note_tested

PREFIX: Final = "test:"


def draft_in(request: HttpRequest, state_id: str) -> Draft | None:
    """Return the test that a state of this session belongs to; None for a sign-in. Raises SignInRefused for one that is over."""
    stashed = statekit.get_states(request).get(state_id)
    began = str(stashed[2]) if stashed is not None and len(stashed) == 3 else ""
    if not began.startswith(PREFIX):
        return None
    draft = drafts.under_way(began.removeprefix(PREFIX), tenant=request.tenant)  # type: ignore[attr-defined]  # the middleware's
    if draft is None or request.user.pk != draft.asker:
        raise SignInRefused("sso.test_over")
    return draft


def passed(request: HttpRequest, draft: Draft, said: Said) -> HttpResponseRedirect:
    """Keep what was received, note that the test passed, and lead back to the page that shows it."""
    draft.received(said.received)
    note_tested(draft)
    return HttpResponseRedirect(page(request, TEST_PAGE, test=draft.ticket))
