"""Every address of the platform. Rooms bring their own routes, relative to /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from config.portal import health, portal

API_ROOMS = (
    "access.api.urls",
    "governance.approvals.api.urls",
    "tenants.datasets.api.urls",
    "tenants.registry.api.urls",
    "tenants.training.api.urls",
    "tenants.generations.api.urls",
    "tenants.gallery.api.urls",
    "tenants.exit.api.urls",
    "governance.oversight.api.urls",
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("api/v1/", include(room)) for room in API_ROOMS),
    path("api/v1/openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    # Its script comes from an address of its own: the content security policy runs none that stands in a page.
    path("api/docs", SpectacularSwaggerSplitView.as_view(url_name="openapi"), name="docs"),
    path("scim/v2/", include("access.scim.urls")),
    path("health", health, name="health"),
    path("_allauth/", include("access.federation.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    # Everything else is the portal's own router, but never a path that looks like a file or an API address.
    re_path(r"^(?!api/|scim/|_allauth/|static/)[^.]*$", portal, name="portal"),
]

handler400 = "config.api.bad_request"
handler403 = "config.api.permission_denied"
handler404 = "config.api.page_not_found"
handler500 = "config.api.server_error"
