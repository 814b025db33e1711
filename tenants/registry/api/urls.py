from django.urls import path

from tenants.registry.api import allowances, views

PROJECT = "projects/<uuid:project>"
BASE = f"{PROJECT}/models"
urlpatterns = [
    path(BASE, views.ModelsView.as_view(), name="models"),
    path(f"{BASE}/<uuid:model>", views.ModelView.as_view(), name="model"),
    path(f"{BASE}/<uuid:model>/decision", views.DecisionView.as_view(), name="model-decision"),
    path(f"{PROJECT}/allowances", allowances.AllowancesView.as_view(), name="allowances"),
    path(f"{PROJECT}/allowances/own", allowances.OwnAllowanceView.as_view(), name="allowance-own"),
    path(f"{PROJECT}/allowances/<uuid:allowance>", allowances.AllowanceView.as_view(), name="allowance"),
]
