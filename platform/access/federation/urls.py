"""The routes of identity providers, under the names by which the sign-in library looks for them."""

from django.urls import path

from access.federation import beginning, ending, oidc, saml_provider

urlpatterns = [
    path("oidc/<slug:slug>/login/", beginning.begin, name="openid_connect_login"),
    path("oidc/<slug:slug>/login/callback/", oidc.callback, name="openid_connect_callback"),
    path("oidc/<slug:slug>/logout/", ending.oidc_backchannel, name="openid_connect_logout"),
    path("saml/<slug:slug>/login/", beginning.begin, name="saml_login"),
    path("saml/<slug:slug>/acs/", saml_provider.acs, name="saml_acs"),
    path("saml/<slug:slug>/acs/finish/", saml_provider.finish_acs, name="saml_finish_acs"),
    path("saml/<slug:slug>/sls/", ending.saml_log_out, name="saml_sls"),
    path("saml/<slug:slug>/metadata/", saml_provider.metadata, name="saml_metadata"),
]
