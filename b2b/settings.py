"""Every setting of Hanse, read from the environment (the table in README.md explains each).

Without ``DEBUG`` an unsafe value is refused when Django starts, by ``b2b.settings_guard``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF

from b2b.settings_guard import refuse_unsafe

# Lets ``models.TextField[str, str]`` be written where Django has no ``__class_getitem__`` of its own.
django_stubs_ext.monkeypatch()

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# --- Safety -----------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only" if DEBUG else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
# Base64 of the 32-byte Ed25519 seed that signs journal checkpoints; the journal outlives any SECRET_KEY.
JOURNAL_SIGNING_KEY = env.str("JOURNAL_SIGNING_KEY", default="")
# Fernet keys, newest first, that encrypt sealed prices, bank details and second-factor secrets.
FIELD_KEYS = env.list("FIELD_KEYS", default=[])
HTTPS_ONLY = SITE_URL.startswith("https://")

# --- What is installed --------------------------------------------------------------------------
INSTALLED_APPS = [
    "compliance",
    "contracts",
    "quotations",
    "procurement",
    "credit",
    "suppliers",
    "b2b.uploads",
    "b2b",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "b2b.api.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "b2b.api.middleware.ContentPolicyMiddleware",
    "b2b.api.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "b2b.api.middleware.UserLanguageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "b2b.urls"
WSGI_APPLICATION = "b2b.wsgi.application"
AUTH_USER_MODEL = "b2b.User"
# E-mail addresses are unique whatever their case, by the constraint user_email_unique.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database, cache, queue ---------------------------------------------------------------------
# script/server and script/test set DATABASE_URL to the embedded cluster when it is not given.
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres://postgres@127.0.0.1:5432/hanse")}
DATABASES["default"] |= {"CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}

# "default" holds what all processes must agree on (failed sign-ins, codes used up): without Redis, a table.
# "rates" counts every request, where a table would cost statements: without Redis, each process counts its own.
CACHES = {
    "default": env.cache_url("CACHE_URL", default="dbcache://b2b_cache"),
    "rates": env.cache_url("CACHE_URL", default="locmemcache://rates"),
}

BROKER_URL = env.str("BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_URL = BROKER_URL
# Installations that share a broker need names of their own.
CELERY_TASK_DEFAULT_QUEUE = env.str("QUEUE_NAME", default="hanse")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat" / "schedule")
if BROKER_URL.startswith("filesystem:"):
    # The embedded broker: three folders. What it loses, the outbox and the job leases ring again.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker" / "messages"),
        "data_folder_out": str(VAR_DIR / "broker" / "messages"),
        "processed_folder": str(VAR_DIR / "broker" / "done"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        "store_processed": False,
        "polling_interval": 0.05,
    }
else:
    # A broker that does not answer is noticed at once: no request waits for it, and beat rings again.
    CELERY_BROKER_CONNECTION_TIMEOUT = 2
    CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
if BROKER_URL.startswith("amqp"):
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
    CELERY_WORKER_DETECT_QUORUM_QUEUES = True
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"confirm_publish": True}
CELERY_BEAT_SCHEDULE = {
    "deliver-outbox": {"task": "b2b.deliver_outbox", "schedule": 5.0},
    "ring-stalled-jobs": {"task": "b2b.ring_stalled_jobs", "schedule": 15.0},
    "send-invitations": {"task": "b2b.send_invitations", "schedule": 60.0},
    "forget-delivered": {"task": "b2b.forget_delivered", "schedule": crontab(minute="47")},
    "sign-journal": {"task": "b2b.sign_journal", "schedule": 60.0},
    "forget-old-answers": {"task": "b2b.forget_old_answers", "schedule": crontab(minute="17")},
    "take-due-steps": {"task": "b2b.take_due_steps", "schedule": 10.0},
    "forget-rows-of-uploads": {"task": "uploads.forget_rows", "schedule": crontab(hour="2", minute="37")},
    "recompute-scores": {"task": "suppliers.recompute_scores", "schedule": crontab(hour="1", minute="7")},
}

# --- Files and mail -----------------------------------------------------------------------------
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [("app", str(FRONTEND_DIST))] if FRONTEND_DIST.is_dir() else []
STORAGES = {
    "default": {
        "BACKEND": env.str("STORAGE_BACKEND", default="django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json("STORAGE_OPTIONS", default={}),
    },
    # Compressing takes longer than the rest of a first start, so script/server does without it.
    "staticfiles": {
        "BACKEND": env.str("STATIC_STORAGE_BACKEND", default="whitenoise.storage.CompressedStaticFilesStorage"),
    },
}
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Hanse <no-reply@hanse.example>")

# --- Language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Accounts -----------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": f"{SITE_URL}/account/verify-email/{{key}}",
    "account_reset_password": f"{SITE_URL}/account/password/reset",
    "account_reset_password_from_key": f"{SITE_URL}/account/password/reset/{{key}}",
    "account_signup": f"{SITE_URL}/account/signup",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Hanse"
MFA_ADAPTER = "b2b.accounts.SealedSecrets"
# Activity would be written on every request; where and when each session began is recorded anyway.
USERSESSIONS_TRACK_ACTIVITY = False
LOGIN_URL = "/account/login"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
CSRF_FAILURE_VIEW = "b2b.api.pages.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # Ant Design and Swagger UI write style elements at run time.
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- API ----------------------------------------------------------------------------------------
API_BODY_LIMIT_BYTES = env.int("API_BODY_LIMIT_BYTES", default=5 * 1024 * 1024)
UPLOAD_LIMIT_BYTES = env.int("UPLOAD_LIMIT_BYTES", default=40 * 1024 * 1024)
SHEET_LIMIT_BYTES = env.int("SHEET_LIMIT_BYTES", default=100 * 1024 * 1024)
INVITATIONS_PER_MINUTE = env.int("INVITATIONS_PER_MINUTE", default=60)
"""How many letters to people whom tables make members may go out in a minute."""
UPLOAD_ROWS_KEPT_DAYS = env.int("UPLOAD_ROWS_KEPT_DAYS", default=90)
"""How long the rows of an ended upload stay that changed nothing, or nothing that stands."""
DATA_UPLOAD_MAX_MEMORY_SIZE = API_BODY_LIMIT_BYTES
JSON_DEPTH_LIMIT = 32
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "b2b.api.problems.problem_response",
    "DEFAULT_SCHEMA_CLASS": "b2b.api.schema.HanseSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "b2b.api.authentication.TokenAuthentication",
        "b2b.api.authentication.BrowserAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["b2b.api.acting.HasActor"],
    "DEFAULT_PARSER_CLASSES": ["b2b.api.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_RENDERER_CLASSES": ["b2b.api.rendering.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "b2b.api.paging.CursorPaging",
    "DEFAULT_FILTER_BACKENDS": ["b2b.api.filters.StrictFilters"],
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.NamespaceVersioning",
    "DEFAULT_VERSION": "v1",
    "ALLOWED_VERSIONS": ["v1"],
    "DEFAULT_THROTTLE_CLASSES": ["b2b.api.throttling.ActorRate", "b2b.api.throttling.OrganisationRate"],
    "DEFAULT_THROTTLE_RATES": {
        "anonymous": env.str("RATE_ANONYMOUS", default="120/min"),
        "actor": env.str("RATE_ACTOR", default="1200/min"),
        "organisation": env.str("RATE_ORGANISATION", default="6000/min"),
    },
    # Whose address counts for the anonymous rate: the proxy's word is taken only where there is one.
    "NUM_PROXIES": int(BEHIND_PROXY),
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Hanse",
    "DESCRIPTION": "Procurement and wholesale trading between organisations.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SORT_OPERATION_PARAMETERS": False,
    "GET_LIB_DOC_EXCLUDES": "b2b.api.undocumented.classes",
    # Choices stay where they are used: documents have states of their own, and no two share a name.
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enum_id_removal",
        "b2b.api.nullable.simplify_nullable",
        "b2b.api.problem_schema.add_problems",
        "b2b.api.examples.add_examples",
    ],
}

# --- Logs ---------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "b2b.logs.RequestId"}},
    "formatters": {
        "json": {
            "()": "b2b.logs.Formatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # What beats every few seconds would bury what people wait for.
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "django.server": {"handlers": ["stderr"], "propagate": False},
    },
}

refuse_unsafe(
    debug=DEBUG,
    secret_key=SECRET_KEY,
    allowed_hosts=ALLOWED_HOSTS,
    journal_signing_key=JOURNAL_SIGNING_KEY,
    field_keys=FIELD_KEYS,
)
