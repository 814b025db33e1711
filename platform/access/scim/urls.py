from django.urls import path

from access.scim import views

urlpatterns = [
    path("", views.RootView.as_view(), name="scim-root"),
    path("Users", views.UsersView.as_view(), name="scim-users"),
    path("Users/.search", views.UserSearchView.as_view(), name="scim-users-search"),
    path("Users/<str:resource>", views.UserView.as_view(), name="scim-user"),
    path("Groups", views.GroupsView.as_view(), name="scim-groups"),
    path("Groups/.search", views.GroupSearchView.as_view(), name="scim-groups-search"),
    path("Groups/<str:resource>", views.GroupView.as_view(), name="scim-group"),
    path(".search", views.SearchView.as_view(), name="scim-search"),
    path("ServiceProviderConfig", views.ProviderConfigView.as_view(), name="scim-config"),
    path("Schemas", views.SchemasView.as_view(), name="scim-schemas"),
    path("Schemas/<str:name>", views.SchemaView.as_view(), name="scim-schema"),
    path("ResourceTypes", views.ResourceTypesView.as_view(), name="scim-types"),
    path("ResourceTypes/<str:name>", views.ResourceTypeView.as_view(), name="scim-type"),
    path("Me", views.NotSupportedView.as_view(), name="scim-me"),
    path("Bulk", views.NotSupportedView.as_view(), name="scim-bulk"),
    path("<path:rest>", views.NowhereView.as_view(), name="scim-nowhere"),
]
