from django.urls import path

from tenants.exit.api import views

BASE = "projects/<uuid:project>/exits"
urlpatterns = [
    path(BASE, views.ExitsView.as_view(), name="exits"),
    path(f"{BASE}/<uuid:exit>", views.ExitView.as_view(), name="exit"),
    path(f"{BASE}/<uuid:exit>/bundle", views.BundleView.as_view(), name="exit-bundle"),
    path(f"{BASE}/<uuid:exit>/download-link", views.BundleLinkView.as_view(), name="exit-download-link"),
    path("downloads/bundles/<str:link>", views.LinkedBundleView.as_view(), name="bundle-by-link"),
]
