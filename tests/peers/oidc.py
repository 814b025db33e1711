"""An OpenID provider on django-allauth's own provider app: `python -m tests.peers.oidc --folder … --certificate … --key …`.

People sign in at its own page with e-mail and password, or, once `control/sign_in` named one, at once.
"""

import json
import time
from urllib.parse import urlencode

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from tests.peers import serving

PASSWORD = "a-long-password-of-the-peer"
STATE: dict = {"email": None, "groups": {}, "signed_in": {}, "amr": ["pwd"]}


def configure(folder) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    settings.configure(
        SECRET_KEY=serving.drawn(),
        ALLOWED_HOSTS=["*"],
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            "allauth", "allauth.account", "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware", "tests.peers.oidc.sign_in_at_once",
        ],
        TEMPLATES=[_templates()],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "peer.sqlite3")}},
        MIGRATION_MODULES=_NoMigrations(),  # a database of one run is made at once
        ROOT_URLCONF="tests.peers.oidc",
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # quick; nothing here is secret
        SESSION_COOKIE_NAME="peer_session",
        CSRF_COOKIE_NAME="peer_csrf",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        ACCOUNT_LOGIN_METHODS={"email"},
        ACCOUNT_SIGNUP_FIELDS=["email*", "password1*"],
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        IDP_OIDC_PRIVATE_KEY=pem.decode(),
        IDP_OIDC_ADAPTER="tests.peers.oidc_adapter.Adapter",
        IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT=False,
        LOGGING_CONFIG=None,
    )  # fmt: skip


def _templates():
    names = ("django.template.context_processors.request", "django.contrib.messages.context_processors.messages",
             "django.contrib.auth.context_processors.auth")  # fmt: skip
    engine = "django.template.backends.django.DjangoTemplates"
    return {"BACKEND": engine, "APP_DIRS": True, "OPTIONS": {"context_processors": list(names)}}


class _NoMigrations:
    def __contains__(self, _):
        return True

    def __getitem__(self, _):
        return None


def sign_in_at_once(get_response):
    """Sign in whom the test named, when an authorization is asked for; `prompt=login` and `max_age` sign in anew."""
    from django.contrib.auth import login

    def middleware(request):
        if request.path != "/identity/o/authorize" or not STATE["email"]:
            return get_response(request)
        user = person(STATE["email"])
        prompts = request.GET.get("prompt", "").split()
        age = time.time() - STATE["signed_in"].get(str(user.pk), 0)
        stale = "max_age" in request.GET and age > int(request.GET["max_age"])
        if "login" in prompts or stale or request.user != user:
            login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
            STATE["signed_in"][str(user.pk)] = int(time.time())
        if "login" in prompts:
            left = {**request.GET.dict(), "prompt": " ".join(one for one in prompts if one != "login")}
            request.META["QUERY_STRING"] = urlencode({name: value for name, value in left.items() if value})
            request.GET = type(request.GET)(request.META["QUERY_STRING"])
        return get_response(request)

    return middleware


# --- what the test tells --------------------------------------------------------------------------------------------------


def person(email):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(email=email)


def add_person(told):
    """Make or change a person: email, name, verified, groups, password; answer the `sub`."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model

    user, _ = get_user_model().objects.update_or_create(
        username=told["email"],
        defaults={"email": told["email"], "first_name": told.get("name", ""), "is_active": told.get("active", True)},
    )
    user.set_password(told.get("password", PASSWORD))
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=told["email"].lower(), defaults={"verified": told.get("verified", True), "primary": True}
    )
    STATE["groups"][str(user.pk)] = told.get("groups", [])
    return {"sub": str(user.pk)}


def add_client(told):
    """Make or change a client: id, secret, redirect_uris, post_logout_redirect_uris."""
    from allauth.idp.oidc.models import Client

    client = Client.objects.filter(id=told["id"]).first() or Client(id=told["id"])
    client.name, client.skip_consent = told.get("name", told["id"]), True
    client.set_secret(told["secret"])
    client.set_scopes(["openid", "profile", "email"])
    client.set_redirect_uris(told["redirect_uris"])
    client.set_post_logout_redirect_uris(told.get("post_logout_redirect_uris", []))
    client.save()
    return {}


def sign_in(told):
    """Name who is signed in at once (None: the page asks), `amr`, and how many seconds ago it was."""
    STATE.update(email=told.get("email"), amr=told.get("amr", ["pwd"]))
    if "ago" in told:
        STATE["signed_in"][str(person(told["email"]).pk)] = int(time.time()) - told["ago"]
    return {}


def control(request, what):
    from django.http import JsonResponse

    told = json.loads(request.body or b"{}")
    return JsonResponse({"person": add_person, "client": add_client, "sign_in": sign_in}[what](told))


def _urlpatterns():
    from django.http import HttpResponse
    from django.urls import include, path
    from django.views.decorators.csrf import csrf_exempt

    return [
        path("", include("allauth.idp.urls")),
        path("accounts/", include("allauth.account.urls")),
        path("control/<str:what>", csrf_exempt(control)),
        path("", lambda _: HttpResponse("an OpenID provider of the tests"), name="home"),
    ]


def __getattr__(name):
    # Django reads the routes of this module when it is set up, and not before.
    if name == "urlpatterns":
        return _urlpatterns()
    raise AttributeError(name)


def main() -> None:
    given = serving.arguments()
    server = serving.bind(given)
    given.folder.mkdir(parents=True, exist_ok=True)
    configure(given.folder)
    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", run_syncdb=True, verbosity=0)
    serving.serve(server, get_wsgi_application())


if __name__ == "__main__":
    from tests.peers import oidc  # the module that Django knows by name, with its state

    oidc.main()
