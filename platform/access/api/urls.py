from django.urls import path

from access.api import views

urlpatterns = [
    path("studios", views.StudioView.as_view(), name="studio"),
    path("session", views.SessionView.as_view(), name="session"),
    path("projects", views.ProjectsView.as_view(), name="projects"),
    path("projects/<uuid:project>", views.ProjectView.as_view(), name="project"),
    path("projects/<uuid:project>/members", views.MembersView.as_view(), name="members"),
    path("projects/<uuid:project>/members/<uuid:person>/<slug:role>", views.MemberView.as_view(), name="member"),
    path("people", views.PeopleView.as_view(), name="people"),
    path("tokens", views.TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:token>", views.TokenView.as_view(), name="token"),
]
