from django.urls import path

from tenants.gallery.api import views

BASE = "projects/<uuid:project>/assets"
urlpatterns = [
    path(BASE, views.AssetsView.as_view(), name="assets"),
    path(f"{BASE}/<uuid:asset>", views.AssetView.as_view(), name="asset"),
    path(f"{BASE}/<uuid:asset>/picture", views.PictureView.as_view(), name="asset-picture"),
    path(f"{BASE}/<uuid:asset>/thumbnail", views.ThumbnailView.as_view(), name="asset-thumbnail"),
    path(f"{BASE}/<uuid:asset>/download", views.DownloadView.as_view(), name="asset-download"),
    path(f"{BASE}/<uuid:asset>/download-link", views.DownloadLinkView.as_view(), name="asset-download-link"),
    path("downloads/assets/<str:link>", views.LinkedDownloadView.as_view(), name="asset-by-link"),
    path(f"{BASE}/<uuid:asset>/withdraw", views.WithdrawView.as_view(), name="asset-withdraw"),
    path(f"{BASE}/<uuid:asset>/replay", views.ReplayView.as_view(), name="asset-replay"),
]
