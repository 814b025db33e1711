"""Where a browser begins: a link at the sign-in page, at the provider's own dashboard, or for a step-up."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from access.federation.saml_provider import is_too_often


@require_GET
def begin(request: HttpRequest, slug: str) -> Any:
    """Lead to the provider. `next` is where to go afterwards; `fresh=1` asks who is signed in to sign in there anew."""
    if is_too_often(request, "begin"):
        return HttpResponse(status=429)
    try:
        provider = get_adapter().get_provider(request, slug)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    fresh = request.GET.get("fresh") == "1" and request.user.is_authenticated
    try:
        return provider.redirect(
            request, AuthProcess.LOGIN, next_url=request.GET.get("next"), data={"fresh": True} if fresh else None
        )
    except ImmediateHttpResponse as stopped:
        return stopped.response
