from django.urls import path

from tenants.generations.api import views, withheld

BASE = "projects/<uuid:project>"
urlpatterns = [
    path(f"{BASE}/generations", views.GenerationsView.as_view(), name="generations"),
    path(f"{BASE}/generations/<uuid:generation>", views.GenerationView.as_view(), name="generation"),
    path(f"{BASE}/generations/<uuid:generation>/cancel", views.CancelView.as_view(), name="generation-cancel"),
    path(f"{BASE}/generations/<uuid:generation>/events", views.EventsView.as_view(), name="generation-events"),
    path(f"{BASE}/generations/<uuid:generation>/preview", views.PreviewView.as_view(), name="generation-preview"),
    path(f"{BASE}/withheld", withheld.WithheldView.as_view(), name="withheld"),
    path(f"{BASE}/withheld/<uuid:generation>/picture", withheld.WithheldPictureView.as_view(), name="withheld-picture"),
    path(f"{BASE}/replays/<uuid:replay>", views.ReplayView.as_view(), name="replay"),
]
