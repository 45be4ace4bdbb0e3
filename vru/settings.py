"""One settings file; the environment decides. Without any, it is a development server on SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
import structlog
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from vru.lib.environment import Environment

env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VRU_VAR_DIR", str(BASE_DIR / "var")))

# The mode. Production is the default for anything that sets a host name; development needs saying.
DEBUG = env.boolean("DJANGO_DEBUG", default=False)
DEMO = env.boolean("VRU_DEMO", default=False)
PRODUCTION = env.boolean("VRU_PRODUCTION", default=False)
if PRODUCTION and (DEBUG or DEMO):
    raise ImproperlyConfigured("VRU_PRODUCTION=1 cannot be combined with DJANGO_DEBUG=1 or VRU_DEMO=1. Unset them.")
SECRET_KEY = env.text("DJANGO_SECRET_KEY", None if PRODUCTION else "development-only-key-never-used-in-production")
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("DJANGO_SECRET_KEY is too short; use at least 50 random characters.")
ALLOWED_HOSTS = env.words("DJANGO_ALLOWED_HOSTS", [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "DJANGO_ALLOWED_HOSTS is not set. Give the host names the site answers to, separated by commas."
    )
# Mail is written by a worker, which no request tells the site's address.
SITE_URL = env.text("VRU_SITE_URL", None if PRODUCTION else "http://localhost:8000").rstrip("/")
if not SITE_URL.startswith(("https://",) if PRODUCTION else ("https://", "http://")):
    raise ImproperlyConfigured(
        f"VRU_SITE_URL is {SITE_URL!r}; give the site's whole address, such as https://returns.example.org."
    )
CSRF_TRUSTED_ORIGINS = env.words("DJANGO_CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "vru.apps.VruConfig",
    "vru.accounts.apps.AccountsConfig",
    "vru.jobs.apps.JobsConfig",
    "programmes.apps.ProgrammesConfig",
    "grants.apps.GrantsConfig",
    "evaluation.apps.EvaluationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "auditlog",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "vru.middleware.RefuseNulMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vru.middleware.RequestSizeMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "vru.middleware.PrivatePagesMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "vru.urls"
WSGI_APPLICATION = "vru.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "vru.context.site",
            ],
            "builtins": ["vru.lib.govuk.tags", "vru.lib.govuk.filters"],
        },
    },
]
FORM_RENDERER = "vru.lib.govuk.renderer.GovukRenderer"


def _database(url: str) -> dict[str, Any]:
    """Django's database dictionary for a URL; SQLite gets the settings that keep it safe under two processes."""
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except Exception as error:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. Use postgres://user:password@host:5432/name or sqlite:///path/to/file."
        ) from error
    if config["ENGINE"].endswith("sqlite3"):
        config["CONN_MAX_AGE"] = 0
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    return config


DATABASES = {
    "default": _database(env.text("DATABASE_URL", None if PRODUCTION else f"sqlite:///{VAR_DIR / 'db.sqlite3'}"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", None if PRODUCTION else "-")
HAS_REDIS = REDIS_URL != "-"
if PRODUCTION and not HAS_REDIS:
    raise ImproperlyConfigured("REDIS_URL must be the address of a Redis server: sign-in limits need a shared cache.")
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if HAS_REDIS
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "vru.accounts.adapter.InvitationOnlyAdapter"
# The subject says what a message is about; the sender says whose site it is.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Sign-in limits count by address; behind a proxy the address is in a header that only a trusted proxy may set.
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("VRU_TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ADAPTER = "vru.accounts.adapter.PlainMFAAdapter"
MFA_TOTP_ISSUER = "Violence reduction unit"
# Approving and paying need a second factor. A demonstration has none to hand, and moves no money.
MFA_REQUIRED = env.boolean("VRU_MFA_REQUIRED", default=not DEMO)
if PRODUCTION and not MFA_REQUIRED:
    raise ImproperlyConfigured("VRU_MFA_REQUIRED=0 cannot be combined with VRU_PRODUCTION=1. Unset it.")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    # Never served from a public path: a view checks access and streams the file.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "files"), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.integer("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", default=PRODUCTION)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "unit@localhost")

# Background work. Without Redis the broker is a folder, with the same code path.
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL if HAS_REDIS else "filesystem://localhost"
CELERY_BROKER_TRANSPORT = None if HAS_REDIS else "vru.jobs.broker:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {}
    if HAS_REDIS
    else {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.5,
    }
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# The renderer keeps memory for as long as its process lives, so a process that a PDF has made big is replaced. By
# size (KiB), not after every task: with Redis the pool replaces a process up to five seconds late.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 350_000
# A worker busy with a report must not sit on the wake-up of the next one.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
# Hours are London's, also in summer.
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "sweep-jobs": {"task": "vru.jobs.tasks.sweep", "schedule": 30.0},
    "open-returns": {"task": "grants.tasks.open_returns", "schedule": crontab(hour="0", minute="5")},
    "lock-approved": {"task": "grants.tasks.lock_approved", "schedule": crontab(hour="0", minute="15")},
    "remind": {"task": "grants.tasks.remind", "schedule": crontab(hour="8", minute="0")},
    "scheduled-drafts": {"task": "evaluation.tasks.make_drafts", "schedule": crontab(hour="6", minute="0")},
    "prune-drafts": {"task": "evaluation.tasks.prune", "schedule": crontab(hour="3", minute="30")},
}
JOB_LEASE_SECONDS = env.integer("VRU_JOB_LEASE_SECONDS", default=60, minimum=2)
JOB_MAX_ATTEMPTS = env.integer("VRU_JOB_MAX_ATTEMPTS", default=3, minimum=1)

# Field-by-field history of the records that people change by hand. The library does not see `bulk_create` and `update`:
# a test forbids them on these models outside the demonstration's generator. Revisions of returns are immutable.
AUDITLOG_INCLUDE_TRACKING_MODELS: tuple[Any, ...] = (
    {"model": "accounts.User", "exclude_fields": ["password", "last_login"]},
    "accounts.StaffRole",
    "accounts.Membership",
    "accounts.Organisation",
    "accounts.Contact",
    "accounts.DueDiligenceCheck",
    "accounts.OrganisationPolicy",
    "programmes.Unit",
    "programmes.StrategyVersion",
    "programmes.Objective",
    "programmes.Outcome",
    "programmes.LogicLink",
    "programmes.AimLink",
    "programmes.StrategyCommitment",
    "programmes.WorkplanAction",
    "programmes.Decision",
    "programmes.Programme",
    "programmes.ProgrammeRisk",
    "programmes.FundingSource",
    "programmes.FunderAgreement",
    "programmes.Allocation",
    "programmes.FunderRule",
    "programmes.AgreementChange",
    "programmes.Claim",
    "programmes.Receipt",
    "programmes.YearEndStatement",
    "programmes.Overcommitment",
    "programmes.BudgetLine",
    "programmes.IndicatorVersion",
    "programmes.IndicatorTarget",
    "grants.Commitment",
    "grants.Variation",
    "grants.Payment",
    "grants.PaymentRun",
    "grants.RecoveryDebt",
    "grants.Virement",
    "grants.AwardAgreement",
    "grants.ConsortiumPartner",
    "grants.GrantClosing",
    "evaluation.Recommendation",
    "evaluation.Response",
    "evaluation.Edition",
)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 100,
    # An address in a header counts only when a trusted proxy wrote it; without one the connection's own is taken.
    "NUM_PROXIES": env.integer("VRU_TRUSTED_PROXIES", default=0),
}
# What a grantee's own system may ask of the API: by key, and by address for keys that are not known.
API_REQUESTS_PER_MINUTE = env.integer("VRU_API_REQUESTS_PER_MINUTE", default=60, minimum=1)
API_WRONG_KEYS_PER_MINUTE = env.integer("VRU_API_WRONG_KEYS_PER_MINUTE", default=10, minimum=1)
API_MAX_BYTES = 2 * 1024 * 1024
SPECTACULAR_SETTINGS = {"TITLE": "Violence reduction unit", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.boolean("DJANGO_SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Files that people send. A larger request is refused before any of it is read.
ATTACHMENT_MAX_BYTES = env.integer("VRU_ATTACHMENT_MAX_MB", default=10, minimum=1) * 1024 * 1024
ATTACHMENT_MAX_FILES = env.integer("VRU_ATTACHMENT_MAX_FILES", default=20, minimum=1)
REQUEST_MAX_BYTES = 5 * ATTACHMENT_MAX_BYTES
# Where a ClamAV daemon listens: unix:/path or tcp:host:port. Without one, files are marked as not scanned.
CLAMAV_ADDRESS = env.text("VRU_CLAMAV_ADDRESS", "")

# Open data: what identifiers of grants begin with, as registered with 360Giving.
PUBLISHER_PREFIX = env.text("VRU_PUBLISHER_PREFIX", "360G-vru")
# Publication rules are settings, never constants in code.
# Drafts of a report that stay whatever their age, and the days for which every draft stays.
DRAFTS_KEPT = env.integer("VRU_DRAFTS_KEPT", default=5, minimum=1)
DRAFTS_KEPT_DAYS = env.integer("VRU_DRAFTS_KEPT_DAYS", default=30, minimum=1)
DISCLOSURE_THRESHOLD = env.integer("VRU_DISCLOSURE_THRESHOLD", default=5, minimum=1)
DISCLOSURE_WIDTH = env.integer("VRU_DISCLOSURE_WIDTH", default=5, minimum=1)
# Counts of people that are printed, to the nearest of this; 0 prints them as they are.
DISCLOSURE_ROUNDING = env.integer("VRU_DISCLOSURE_ROUNDING", default=0, minimum=0)
# A figure from fewer of the returns due than this is marked in drafts and asked about before sign-off.
REPORT_THIN_PERCENT = env.integer("VRU_REPORT_THIN_PERCENT", default=80, minimum=0)
RETURN_THRESHOLDS = {
    "spend_off_profile_percent": 10,
    "reach_off_target_percent": 25,
    "not_known_percent": 20,
    "indirect_times_direct": 5,
    "unit_cost_times_median": 2,
    "underspend_percent": 2,
    "same_as_last_quarter_from": 10,
}
# Reminders go out this many days before a return is due; the day after; and then every so often, so many times in all.
RETURN_REMINDER_DAYS = (7, 1)
RETURN_OVERDUE_EVERY_DAYS = env.integer("VRU_RETURN_OVERDUE_EVERY_DAYS", default=7, minimum=1)
RETURN_OVERDUE_REMINDERS = env.integer("VRU_RETURN_OVERDUE_REMINDERS", default=5, minimum=0)
RETURN_DUE_DAYS = env.integer("VRU_RETURN_DUE_DAYS", default=15, minimum=1)
RETURN_OPENS_DAYS_BEFORE_END = env.integer("VRU_RETURN_OPENS_DAYS_BEFORE_END", default=14, minimum=0)
# "About to close": said to grantee and manager this many days before a quarter's cut-off. A fortnight is long enough to
# ask for more time, and short enough to be about now.
RETURN_CLOSING_DAYS = env.integer("VRU_RETURN_CLOSING_DAYS", default=14, minimum=1)
# An extension moves the due day by one click this far, and at most that far from today or the day it was due.
RETURN_EXTENSION_DAYS = env.integer("VRU_RETURN_EXTENSION_DAYS", default=7, minimum=1)
RETURN_EXTENSION_MOST_DAYS = env.integer("VRU_RETURN_EXTENSION_MOST_DAYS", default=42, minimum=1)

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": env.text("VRU_LOG_LEVEL", "WARNING")},
}
