"""Settings, read top to bottom. Everything variable comes from the environment by `config.env`."""

import logging
import os
from pathlib import Path
from typing import Any

from config import env, installation
from config.hiding import hide_memory

HERE = installation.find()
ROOT = installation.ROOT
DEBUG = env.flag("GUILDHALL_DEBUG", default=False)
PRODUCTION = env.flag("GUILDHALL_PRODUCTION", default=False)
# Which of the processes this is; a person's command is "command" and has the app's login.
PROCESS = env.text("GUILDHALL_PROCESS", "command")
PROCESS_LOGIN = {"web": "app", "command": "app", "worker": "worker", "device": "worker", "integrator": "integrator",
                 "keeper": "keeper", "admin": "owner", "beat": "none"}  # fmt: skip
if PROCESS in {"web", "worker", "device", "integrator", "keeper"}:
    hide_memory()
SECRET_KEY_GIVEN = env.text("GUILDHALL_SECRET_KEY")
SECRET_KEY = SECRET_KEY_GIVEN or HERE.secret("django-secret-key")
ALLOWED_HOSTS = env.words("GUILDHALL_HOSTS", "127.0.0.1,localhost,testserver")
PUBLIC_URL = env.text("GUILDHALL_URL", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# With a domain for studios each has a host of its own; without one, a path of the one host.
STUDIO_DOMAIN = env.text("GUILDHALL_STUDIO_DOMAIN").lower().strip(".")
if STUDIO_DOMAIN:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, f".{STUDIO_DOMAIN}"]
# Whose X-Forwarded-For is believed; a studio's allowed networks are asked of the address that it leads to.
TRUSTED_PROXIES = env.words("GUILDHALL_TRUSTED_PROXIES")
# Where the platform's own people sign in; read once, when the platform's tenant is made.
PLATFORM_ADDRESS = env.text("GUILDHALL_PLATFORM_ADDRESS", "platform")

# --- rooms -----------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.headless",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config",
    "dispatch",
    "governance.audit",
    "access",
    "governance.moderation",
    "governance.licensing",
    "governance.approvals",
    "governance.provenance",
    "tenants.vault",
    "tenants.datasets",
    "tenants.registry",
    "tenants.training",
    "tenants.generations",
    "tenants.gallery",
    "tenants.exit",
    "governance.oversight",
    "workers",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "access.middleware.NoStoreMiddleware",
    "access.middleware.StudioMiddleware",
    "access.middleware.StudioSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "access.middleware.StudioCsrfMiddleware",
    "access.middleware.LibraryRoutesMiddleware",
    "access.gating.GateMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
SESSION_ENGINE = "access.sessions"
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["access.sso.Backend"]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

# --- sign-in (allauth, headless): by e-mail within the studio of the address ---------------------------------------------

HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
# Links in mails lead to the studio's own address; the adapters make them (`access.sso`).
HEADLESS_FRONTEND_URLS: dict[str, str] = {}
HEADLESS_ADAPTER = "access.sso.HeadlessAdapter"
ACCOUNT_ADAPTER = "access.sso.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "access.sso.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Guildhall"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Whether an address is verified is asked at sign-in; who must enrol is never held up by it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
SOCIALACCOUNT_ADAPTER = "access.federation.adapter.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "access.federation.oidc.Provider"},
    "saml": {"provider_class": "access.federation.saml_provider.Provider"},
}
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "access.passwords.Common"},
    {"NAME": "access.passwords.Breached"},
]
BREACHED_PASSWORDS = env.text("GUILDHALL_BREACHED_PASSWORDS")

# --- mail ----------------------------------------------------------------------------------------------------------------

MAIL = env.mail(env.text("GUILDHALL_MAIL_URL"))
EMAIL_BACKEND = MAIL.backend
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.host, MAIL.port, MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starts_tls, MAIL.is_tls
EMAIL_FILE_PATH = MAIL.folder
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("GUILDHALL_MAIL_FROM", "guildhall@localhost")

# --- the database: one alias, and the login of this process alone -------------------------------------------------------

DB_PREFIX = env.text("DATABASE_ROLE_PREFIX") or (HERE.name if HERE.database_url("owner") else "guildhall")
DB_ROLES = {login: f"{DB_PREFIX}_{login}" for login in installation.LOGINS}
DATABASE_URL = env.text("DATABASE_URL") or HERE.database_url(PROCESS_LOGIN.get(PROCESS, "app"))
_PLACE = installation.parts(DATABASE_URL)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "config.database",
        **_PLACE,
        "CONN_MAX_AGE": 0,
        # Without server-side binding a failing set_config stands with its token in the server's log.
        "OPTIONS": {
            **_PLACE["OPTIONS"],
            "server_side_binding": True,
            **({"pool": {"min_size": 1, "max_size": 16, "timeout": 20}} if PROCESS == "web" else {}),
        },
    }
}

# --- broker and cache ------------------------------------------------------------------------------------------------

BROKER_GIVEN = env.text("BROKER_URL")
BROKER_URL = BROKER_GIVEN or HERE.broker_url()
CACHE_URL = env.text("CACHE_URL") or installation.cache_url(BROKER_GIVEN) or HERE.broker_url(cache=True)
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_FUNCTION": "access.middleware.cache_key",
    }
}
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_TIMEZONE = "UTC"
CELERY_IMPORTS = () if PROCESS == "beat" else ("workers.tasks",)  # the timetable rings by name
CELERY_TASK_ROUTES = {
    "workers.tasks.turn": {"queue": "device"},
    "workers.tasks.errand": {"queue": "cpu"},
    "workers.tasks.bells": {"queue": "cpu"},
}
# The timetable only rings; a bell that nobody heard in time is worth nothing.
CELERY_BEAT_SCHEDULE = {"bells": {"task": "workers.tasks.bells", "schedule": 5.0, "options": {"queue": "cpu", "expires": 5}}}

# --- workers -----------------------------------------------------------------------------------------------------------

DISPATCH_LEASE_SECONDS = env.number("GUILDHALL_LEASE_SECONDS", 20)
DEVICE_NAME = env.text("GUILDHALL_DEVICE", "cpu0")
DEVICE_MEMORY_MB = env.number("GUILDHALL_DEVICE_MEMORY_MB", 6000)
DEVICE_TURN_SECONDS = env.number("GUILDHALL_DEVICE_TURN_SECONDS", 30)
DEVICE_IDLE_SECONDS = env.number("GUILDHALL_DEVICE_IDLE_SECONDS", 120)
TRAINING_CHECKPOINT_SECONDS = env.number("GUILDHALL_CHECKPOINT_SECONDS", 60)
# Part of what decides a picture's bits (the record keeps it): change it, and old pictures differ by a pixel value or so.
ENGINE_THREADS = env.number("GUILDHALL_ENGINE_THREADS", 2)

# --- blobs and keys --------------------------------------------------------------------------------------------------

OBJECT_STORE_URL = env.text("OBJECT_STORE_URL")
OBJECT_STORE_ROOT = HERE.data / "objects"
KEEPER_STORE = HERE.keeper_store
KEEPER_SOCKET = Path(env.text("GUILDHALL_KEEPER_SOCKET") or HERE.run / "keeper" / "keeper.sock")
KEEPER_TOKENS_FILE = Path(env.text("GUILDHALL_KEEPER_TOKENS") or HERE.run / "keeper" / "tokens.json")
# One token per process, dropped from the environment as soon as it is read, so that no child inherits it. What the kernel
# keeps of a process's first environment stays as it was, whatever is dropped: hence hide_memory() above.
KEEPER_TOKEN = bytes.fromhex(os.environ.pop("GUILDHALL_KEEPER_TOKEN", "") or HERE.keeper_token(PROCESS))
INSTALLATION_NAME = HERE.name
STARTER_MODEL = env.folder("GUILDHALL_STARTER_MODEL", ROOT / "workers" / "starter" / "weights")
MODEL_FOLDERS = [*env.words("GUILDHALL_MODEL_FOLDERS"), str(STARTER_MODEL)]

# --- uploads: a body is never spooled to a temporary file ----------------------------------------------------------------

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
UPLOAD_BODY_LIMIT = env.number("GUILDHALL_UPLOAD_LIMIT", 64 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_BODY_LIMIT
FILE_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_BODY_LIMIT

# --- addresses that tenants choose (identity providers) -------------------------------------------------------------------

OUTWARD_ALLOWED = env.words("GUILDHALL_ALLOWED_ADDRESSES")
OUTWARD_CA = env.text("GUILDHALL_OUTWARD_CA")

# --- the portal's files ----------------------------------------------------------------------------------------------

PORTAL_DIST = ROOT / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = HERE.data / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
STATICFILES_DIRS = [("portal", PORTAL_DIST)] if PORTAL_DIST.is_dir() else []

# --- what a browser may do ---------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_COOKIES = PUBLIC_URL.startswith("https://")
# By these names a browser takes a cookie over TLS alone, and with `__Host-` for one host and no other.
SESSION_COOKIE_NAME = f"{('__Host-' if STUDIO_DOMAIN else '__Secure-') if SECURE_COOKIES else ''}guildhall_session"
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        # The component library sets styles on elements; scripts come from our own files alone.
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
}

# --- the API ---------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["access.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "config.api.NewestFirst",
    "EXCEPTION_HANDLER": "config.api.as_problem",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Guildhall",
    "DESCRIPTION": "Everything the portal does goes through this API.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "PermissionEnum": "access.api.roles.PERMISSIONS",
        "RoleEnum": "access.api.grants.ROLES",
        "AnyRoleEnum": "access.api.roles.ROLES",
        "TokenKindEnum": "access.api.serializers.TOKEN_KINDS",
        "SupportRoleEnum": ["auditor", "viewer"],
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.api.with_problem_schema"],
}

# --- logs: sentences about ids and numbers, never about content ------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.db.backends": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
    },
}
logging.captureWarnings(capture=True)
