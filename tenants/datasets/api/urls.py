from django.urls import path

from tenants.datasets.api import views

BASE = "projects/<uuid:project>/datasets"
urlpatterns = [
    path(BASE, views.DatasetsView.as_view(), name="datasets"),
    path(f"{BASE}/<uuid:dataset>", views.DatasetView.as_view(), name="dataset"),
    path(f"{BASE}/<uuid:dataset>/freeze", views.FreezeView.as_view(), name="dataset-freeze"),
    path(f"{BASE}/<uuid:dataset>/items", views.ItemsView.as_view(), name="dataset-items"),
    path(f"{BASE}/<uuid:dataset>/items/<uuid:item>", views.ItemView.as_view(), name="dataset-item"),
    path(f"{BASE}/<uuid:dataset>/items/<uuid:item>/picture", views.PictureView.as_view(), name="dataset-item-picture"),
]
