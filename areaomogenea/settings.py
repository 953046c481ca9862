"""Every setting, each with the default that a fresh clone runs on; the environment overrides."""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from js_asset import static_lazy

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# What the portal makes while it runs: never committed, and on a server the same for every release.
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
PUBLIC_KEYS = {"", "only-for-a-fresh-clone"}  # whoever reads this repository knows them
if SECRET_KEY in PUBLIC_KEYS and not (DEBUG and SECRET_KEY):
    raise ImproperlyConfigured(
        "SECRET_KEY manca, o è quella pubblica: il portale non parte. Su questo computer «bin/prepare settings» scrive"
        " in .env ciò che serve; su un server la dà l’ambiente (docs/messa-in-produzione.md)."
        " / SECRET_KEY is missing or public, so the portal does not start: run bin/prepare settings, or set it."
    )
# Second factors are kept under a key apart (accounts.encryption). The first of the list writes, all of them read.
SECOND_FACTOR_KEYS = env.list("SECOND_FACTOR_KEY", default=[])
HTTPS = env.bool("HTTPS", not DEBUG)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "areaomogenea.identity",
    "areaomogenea.municipalities",
    "areaomogenea.topics",
    "areaomogenea.library",
    "areaomogenea.accounts",
    "areaomogenea.search",
    "areaomogenea.monitoring",
    "areaomogenea.publishing",
    "areaomogenea.quality",
    "areaomogenea.desk",
    "areaomogenea.deadlines",
    "areaomogenea.offices",
    "news",
    "initiatives",
    "areaomogenea.distribution",
    "areaomogenea",
    "areaomogenea.desk.admin_config.DeskConfig",  # django.contrib.admin, with the desk as its first page
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_prose_editor",
]
MIDDLEWARE = [
    "areaomogenea.monitoring.middleware.traced",
    "areaomogenea.trackers.ignored",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "areaomogenea.caching.conditional",
    "areaomogenea.response_cache.cached_responses",
    "django_http_compression.middleware.HttpCompressionMiddleware",
    "areaomogenea.caching.tagged",
    "areaomogenea.caching.public_pages",
    "areaomogenea.headers.policies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "areaomogenea.distribution.forgiving.forgiven",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "areaomogenea.accounts.middleware.noting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "areaomogenea.storable.without_nul",
    "allauth.account.middleware.AccountMiddleware",
    "areaomogenea.accounts.presence.idle_sessions_end",
    "areaomogenea.accounts.second_factor.second_factor_first",
]
ROOT_URLCONF = "areaomogenea.urls"
WSGI_APPLICATION = "areaomogenea.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "areaomogenea.context_processors.identity",
            ],
            "builtins": ["areaomogenea.identity.address"],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    # Each thread keeps a connection, and asks first whether it still lives: no reader meets one that a restart has cut.
    # A pool would lend such ones too, and let readers wait half a minute while there is no database.
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ENGINE": "areaomogenea.postgresql"}
    # Seconds until a host whose packets are lost is given up: of an attempt to connect, of a question (in thousandths).
    patience = {"connect_timeout": 3, "tcp_user_timeout": 3_000}
    DATABASES["default"]["OPTIONS"] = patience | DATABASES["default"].get("OPTIONS", {})
# What processes must agree on, without a server of its own. It forgets when it is full: nothing that guards stays here.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # Who reads the API how often: each process counts for itself, until CACHE_URL names a server for all.
    "counters": env.cache_url("CACHE_URL", default="locmemcache://counters?max_entries=20000"),
}
if CACHES["counters"]["BACKEND"].endswith("RedisCache"):  # who does not answer in half a second is done without
    CACHES["counters"].setdefault("OPTIONS", {}).update(socket_connect_timeout=0.5, socket_timeout=0.5)
RESPONSE_CACHE_MB = env.int("RESPONSE_CACHE_MB", 0 if DEBUG else 8)  # of each process
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 120)  # from one address
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "areaomogenea.accounts.passwords.KnownNamesValidator",
        "OPTIONS": {"places": BASE_DIR / "areaomogenea" / "municipalities" / "data" / "municipalities.csv"},
    },
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "farewell"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
INVITATION_DAYS = 7
LEDGER_DAYS = env.int("LEDGER_DAYS", 730)  # how long each line of the ledger is kept, as of its writing

ACCOUNT_ADAPTER = "areaomogenea.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "areaomogenea.accounts.forms.LoginForm",
    "reset_password": "areaomogenea.accounts.forms.ForgottenPasswordForm",
}
# Attempts are counted by accounts.attempts, in a table: the library would count them in the cache, which forgets.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation or a reset has already proved the address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Django's own: allauth's would keep a second list of addresses beside the one of our users.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("CONFIRMATION_SECONDS", 15 * 60)  # before grave pages ask again who is there
MFA_ADAPTER = "areaomogenea.accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "areaomogenea.accounts.forms.SecondStepForm",
    "reauthenticate": "areaomogenea.accounts.forms.ConfirmByCodeForm",
    "activate_totp": "areaomogenea.accounts.forms.ConnectAppForm",
    "add_webauthn": "areaomogenea.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "areaomogenea.accounts.forms.RenamePasskeyForm",
    "login_webauthn": "areaomogenea.accounts.forms.EnterByPasskeyForm",
    "authenticate_webauthn": "areaomogenea.accounts.forms.SecondStepByPasskeyForm",
    "reauthenticate_webauthn": "areaomogenea.accounts.forms.ConfirmByPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Area Omogenea Cremasca"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http://localhost, for a trial

LANGUAGE_CODE = "it"
TIME_ZONE = "Europe/Rome"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "areaomogenea.formats"
FORMS_URLFIELD_ASSUME_HTTPS = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"  # made with the code, and of one release with it
STATICFILES_DIRS = [BASE_DIR / "static" / "dist", ("guida", BASE_DIR / "docs" / "immagini")]
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))
# What was redacted, a line each: kept apart from database and uploaded files, so that no older copy brings it back.
REDACTIONS_FILE = Path(env.str("REDACTIONS_FILE", str(VAR_DIR / "redactions.jsonl")))
BACKUPS_FOLDER = env.str("BACKUPS_FOLDER", "")  # where `manage.py backup` puts copies, and where their age is read
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])  # age1…: only who holds the other half reads
MEDIA_URL = "/media/"  # nobody serves it: uploaded files leave by /file/, which asks whether they are published
STORAGES = {
    "default": {
        "BACKEND": "areaomogenea.library.storage.AtomicFileStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT), "base_url": "/file/"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["webp", "avif", "png", "jpg", "woff2", "br", "gz", "map"]

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^salute/"]  # who watches from this very machine asks past the proxy
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if HTTPS else 0
# Both bind every name under ours, for a year: only whoever looks after the whole domain can say so.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", int(SECURE_PROXY_SSL_HEADER is not None))
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 24 * 60 * 60  # from the login, however busy the day: see accounts.adapters
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", 2 * 60 * 60)  # at the desk, after which one comes in again
# A browser takes a __Host- cookie only from this very host, and only over HTTPS.
HOST_COOKIE = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{HOST_COOKIE}sessionid", f"{HOST_COOKIE}csrftoken"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = SESSION_COOKIE_AGE
MESSAGE_STORAGE = "areaomogenea.accounts.message_storage.HostMessages"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "areaomogenea.views.form_expired"
# The editor injects one <style> of its own: the browser's console names the new hash if an upgrade changes it.
PROSE_EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
# Ours come later and so take the place of the editor's own of the same name. What is kept, prose.html.clean decides.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {
        "js": [static_lazy("desk/prose.js"), static_lazy("desk/paste.js")],
        "extensions": dict.fromkeys(["Abbreviation", "Desk", "Paste"], "areaomogenea.prose.html.clean"),
    },
    {
        "js": [static_lazy("desk/figure.js")],
        "extensions": dict.fromkeys(["Figure", "Image"], "areaomogenea.prose.html.clean_with_pictures"),
    },
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, PROSE_EDITOR_STYLE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# A link that is checked from here must not reach what only we can reach, save these IP addresses.
PRIVATE_PLACES_TO_CHECK = env.list("PRIVATE_PLACES_TO_CHECK", default=[])
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Area Omogenea Cremasca <redazione@example.org>")

# The code of the owner in the national index of public bodies (IPA): it identifies the open data.
IPA_CODE = env.str("IPA_CODE", "")
# Where the portal answers, in every address that leaves it; a server must be told (see checks), a desk guesses.
GUESSED_ADDRESS = f"https://{[*ALLOWED_HOSTS, 'localhost'][0]}" if HTTPS else "http://localhost:8000"
SITE_ADDRESS = env.str("SITE_ADDRESS", GUESSED_ADDRESS).rstrip("/")
# Whom to tell of a hole (security.txt): an e-mail address or an https page, before those of the site’s identity.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
# Where feeds are announced when something is published (WebSub); empty: nobody is told, readers come and ask.
WEBSUB_HUB = env.str("WEBSUB_HUB", "")

ADMINS = [("", address) for address in env.list("ADMINS", default=[])]  # told when a page fails
# Who looks after the server, as the pages of the desk name them: «Mario Rossi, 0373 000000».
TECHNICAL_CONTACT = env.str("TECHNICAL_CONTACT", "")
SERVER_EMAIL, EMAIL_SUBJECT_PREFIX = DEFAULT_FROM_EMAIL, "[Portale] "
SENTRY_DSN = env.str("SENTRY_DSN", "")  # where else errors are told
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # by which a Prometheus asks /metriche/; without one there is nothing
LOG_LEVEL = env.str("LOG_LEVEL", "WARNING")
LOG_REQUESTS = env.bool("LOG_REQUESTS", HTTPS)  # a line for each; what refused one is told anyway
LOG_FORM = "json" if HTTPS else "plain"  # for programs; for whoever tries the portal out
ERRORS_FILE = VAR_DIR / "errors.json"  # those of the last day, counted by all processes of this machine
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "areaomogenea.monitoring.logs.JSONFormatter"},
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s", "datefmt": "%H:%M:%S"},
    },
    "filters": {"worth_a_line": {"()": "areaomogenea.monitoring.logs.WorthALine"}},
    "handlers": {
        # On the handler too: what Django's own loggers hand up does not ask the root for its level.
        "console": {
            "class": "logging.StreamHandler",
            "level": LOG_LEVEL,
            "formatter": LOG_FORM,
            "filters": ["worth_a_line"],
        },
        "requests": {"class": "logging.StreamHandler", "formatter": LOG_FORM},
        "admins": {"class": "areaomogenea.monitoring.letters.AdminsHandler"},
    },
    "loggers": {
        "areaomogenea.requests": {
            "handlers": ["requests"],
            "level": "INFO" if LOG_REQUESTS else "WARNING",
            "propagate": False,
        },
        "django": {"handlers": [], "level": "INFO"},  # its own would write to administrators who asked, and from where
    },
    "root": {"handlers": ["console", "admins"], "level": LOG_LEVEL},
}
