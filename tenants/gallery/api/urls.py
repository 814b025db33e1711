from django.urls import path

from tenants.gallery.api import views

BASE = "projects/<uuid:project>/assets"
urlpatterns = [
    path(BASE, views.AssetsView.as_view(), name="assets"),
    path(f"{BASE}/<uuid:asset>", views.AssetView.as_view(), name="asset"),
    path(f"{BASE}/<uuid:asset>/picture", views.PictureView.as_view(), name="asset-picture"),
    path(f"{BASE}/<uuid:asset>/thumbnail", views.ThumbnailView.as_view(), name="asset-thumbnail"),
    path(f"{BASE}/<uuid:asset>/download", views.DownloadView.as_view(), name="asset-download"),
    path(f"{BASE}/<uuid:asset>/withdraw", views.WithdrawView.as_view(), name="asset-withdraw"),
    path(f"{BASE}/<uuid:asset>/replay", views.ReplayView.as_view(), name="asset-replay"),
]
