from django.urls import path

from access.api import security, views
from access.api import grants, groups, roles, views
from access.api import grants, groups, roles, service_accounts, views

urlpatterns = [
    path("studios", views.StudioView.as_view(), name="studio"),
    path("session", views.SessionView.as_view(), name="session"),
    path("projects", views.ProjectsView.as_view(), name="projects"),
    path("projects/<uuid:project>", views.ProjectView.as_view(), name="project"),
    path("projects/<uuid:project>/members", views.MembersView.as_view(), name="members"),
    path("projects/<uuid:project>/members/<uuid:person>/<slug:role>", views.MemberView.as_view(), name="member"),
    path("projects/<uuid:project>/grants", grants.ProjectGrantsView.as_view(), name="project-grants"),
    path("roles", roles.RolesView.as_view(), name="roles"),
    path("roles/<uuid:custom>", roles.RoleView.as_view(), name="role"),
    path("groups", groups.GroupsView.as_view(), name="groups"),
    path("groups/<uuid:group>", groups.GroupView.as_view(), name="group"),
    path("groups/<uuid:group>/members", groups.GroupMembersView.as_view(), name="group-members"),
    path("groups/<uuid:group>/members/<uuid:person>", groups.GroupMemberView.as_view(), name="group-member"),
    path("grants", grants.GrantsView.as_view(), name="grants"),
    path("grants/<uuid:grant>", grants.GrantView.as_view(), name="grant"),
    path("people", views.PeopleView.as_view(), name="people"),
    path("people/<uuid:person>/break-glass", security.BreakGlassView.as_view(), name="break-glass"),
    path("people/<uuid:person>/sessions", security.PersonSessionsView.as_view(), name="person-sessions"),
    path("people/<uuid:person>/suspend", security.SuspendView.as_view(), name="person-suspend"),
    path("people/<uuid:person>/restore", security.RestoreView.as_view(), name="person-restore"),
    path("security-policy", security.SecurityPolicyView.as_view(), name="security-policy"),
    path("sessions", security.SessionsView.as_view(), name="sessions"),
    path("sessions/<uuid:session>", security.OwnSessionView.as_view(), name="own-session"),
    path("tokens", views.TokensView.as_view(), name="tokens"),
    path("tokens/leaked", service_accounts.LeakedView.as_view(), name="token-leaked"),
    path("tokens/<uuid:token>", views.TokenView.as_view(), name="token"),
    path("tokens/<uuid:token>/rotate", service_accounts.TokenRotateView.as_view(), name="token-rotate"),
    path("studio-tokens", service_accounts.StudioTokensView.as_view(), name="studio-tokens"),
    path("studio-tokens/<uuid:token>", service_accounts.StudioTokenView.as_view(), name="studio-token"),
    path("service-accounts", service_accounts.ServiceAccountsView.as_view(), name="services"),
    path("service-accounts/<uuid:service>", service_accounts.ServiceAccountView.as_view(), name="service"),
    path("service-accounts/<uuid:service>/tokens", service_accounts.ServiceTokensView.as_view(), name="service-tokens"),
    path(
        "service-accounts/<uuid:service>/tokens/<uuid:token>",
        service_accounts.ServiceTokenView.as_view(),
        name="service-token",
    ),
    path(
        "service-accounts/<uuid:service>/tokens/<uuid:token>/rotate",
        service_accounts.ServiceTokenRotateView.as_view(),
        name="service-token-rotate",
    ),
]
