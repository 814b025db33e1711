from django.urls import path

from tenants.training.api import views

BASE = "projects/<uuid:project>/training-runs"
urlpatterns = [
    path(BASE, views.RunsView.as_view(), name="training-runs"),
    path(f"{BASE}/<uuid:run>", views.RunView.as_view(), name="training-run"),
    path(f"{BASE}/<uuid:run>/cancel", views.CancelView.as_view(), name="training-run-cancel"),
    path(f"{BASE}/<uuid:run>/resume", views.ResumeView.as_view(), name="training-run-resume"),
    path(f"{BASE}/<uuid:run>/events", views.EventsView.as_view(), name="training-run-events"),
    path(f"{BASE}/<uuid:run>/samples/<int:step>/<int:number>", views.SampleView.as_view(), name="training-run-sample"),
]
