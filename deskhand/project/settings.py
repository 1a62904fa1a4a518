"""Django's settings. Values of an installation come from `env`; what is fixed for everyone stands here."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import dj_database_url

from deskhand.project import env

PACKAGE = Path(__file__).resolve().parent.parent
HOME = env.HOME.read()
DEBUG = env.DEBUG.read()
SECRET_KEY = env.secret_key(HOME)
BASE_URL = env.BASE_URL.read() or f"http://localhost:{env.PORT.read()}"
_base = urlsplit(BASE_URL)
PORTAL_URL = env.portal_url(BASE_URL)
_hosts = [urlsplit(url).hostname or "localhost" for url in (BASE_URL, PORTAL_URL)]
ALLOWED_HOSTS = [*dict.fromkeys(_hosts), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = list(dict.fromkeys([BASE_URL, PORTAL_URL]))
TRUSTED_PROXIES = env.TRUSTED_PROXIES.read()
HTTP_ALLOW = env.HTTP_ALLOW.read()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    "deskhand.project.apps.ProjectConfig",
    "deskhand.ui",
    "deskhand.events",
    "deskhand.accounts",
    "deskhand.files",
    "deskhand.clients",
    "deskhand.tickets",
    "deskhand.allowances",
    "deskhand.sla",
    "deskhand.mail",
    "deskhand.notifications",
    "deskhand.web",
    "deskhand.workspace",
    "deskhand.portal",
]

MIDDLEWARE = [
    "deskhand.project.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "deskhand.project.middleware.CompressedPagesMiddleware",
    "deskhand.project.hosts.PortalHostMiddleware",
    "deskhand.project.middleware.DatabaseTroubleMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "deskhand.project.urls"
ASGI_APPLICATION = "deskhand.project.asgi.application"
WSGI_APPLICATION = "deskhand.project.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "deskhand.project.templating.environment",
            "context_processors": ["deskhand.project.templating.shared_context"],
        },
    },
    {  # allauth's own form renderer and messages; no page of ours uses it
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        env.DATABASE_URL.read() or "postgresql:///deskhand",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# Statements that ask for it are prepared (core/prepared.py), which Django's own default forbids; no other ever is.
DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 1_000_000_000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["deskhand.web.recognizing.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "deskhand.accounts.allauth_adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = False  # ours are rows in PostgreSQL, counted atomically (accounts/rate_limits.py)
LOGIN_URL = "web:sign_in"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _base.scheme == "https"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = _base.scheme == "https"
CSRF_FAILURE_VIEW = "deskhand.project.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _base.scheme == "https" else 0
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = env.TIME_ZONE.read()
LANGUAGE_CODE = "en-gb"
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "ui" / "static"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_ROOT = None
WHITENOISE_MAX_AGE = 3600
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9A-Za-z_-]{8}\.(js|css|woff2)$"

UPLOAD_LIMIT_BYTES = env.UPLOAD_LIMIT_MB.read() * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # bytes of a form without its files
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILES_HOME = HOME / "files"


def _default_storage(url: str) -> dict[str, Any]:
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": FILES_HOME, "file_permissions_mode": 0o600},
        }
    parts = urlsplit(url)
    if parts.scheme != "s3":
        raise env.ConfigurationError(f"STORAGE_URL={url!r} cannot be used: begin it with s3://")
    options: dict[str, Any] = {"bucket_name": parts.netloc, "location": parts.path.lstrip("/")}
    options.update(parse_qsl(parts.query))
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


STORAGES = {
    "default": _default_storage(env.STORAGE_URL.read()),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

MAIL_DELIVERY = env.MAIL_DELIVERY.read()
MAIL_DOMAIN = env.MAIL_DOMAIN.read()
MAIL_FROM = env.MAIL_FROM.read() or f"support@{MAIL_DOMAIN}"
MAIL_AUTHSERV_IDS = env.MAIL_AUTHSERV_IDS.read()
SMTP_HOST = env.SMTP_HOST.read()
SMTP_PORT = env.SMTP_PORT.read()
SMTP_USER = env.SMTP_USER.read()
SMTP_PASSWORD = env.SMTP_PASSWORD.read()
SMTP_SECURITY = env.SMTP_SECURITY.read()
# No module of ours uses Django's mail; a stray use in a library must fail loudly, not send.
EMAIL_BACKEND = "deskhand.project.no_mail.Refuse"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.LOG_LEVEL.read().upper()},
    "loggers": {name: {"level": "WARNING"} for name in ("procrastinate", "mail.log", "imapclient")},
}
