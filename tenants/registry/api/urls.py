from django.urls import path

from tenants.registry.api import views

BASE = "projects/<uuid:project>/models"
urlpatterns = [
    path(BASE, views.ModelsView.as_view(), name="models"),
    path(f"{BASE}/<uuid:model>", views.ModelView.as_view(), name="model"),
    path(f"{BASE}/<uuid:model>/decision", views.DecisionView.as_view(), name="model-decision"),
]
