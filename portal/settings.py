"""All settings, read from the environment (`.env.example` lists every variable).

`PORTAL_MODE` is `production` unless it says otherwise; `embedded` is `make run`, `test` is the test suite.
"""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from portal import env
from portal.logs import processors, renderer
from portal.schedule import QUEUES, SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("PORTAL_VAR", str(BASE_DIR / "var")))

MODE = env.text("PORTAL_MODE", "production")
if MODE not in {"production", "embedded", "test"}:
    raise ImproperlyConfigured(f"PORTAL_MODE must be production, embedded or test, not {MODE!r}.")
PRODUCTION = MODE == "production"
EMBEDDED = MODE == "embedded"

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text(
    "SECRET_KEY",
    None if PRODUCTION else "only-for-this-machine-" + "0123456789" * 4,
    hint="Set it to 50 or more random characters: python -c 'import secrets; print(secrets.token_urlsafe(64))'",
)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
SITE_URL = env.text(
    "SITE_URL",
    None if PRODUCTION else "http://localhost:8000",
    hint="The public address, for links in e-mail, such as https://portal.example.org",
).rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "*")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Name the portal's host names, separated by commas.")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", SITE_URL)

# --- Applications -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "campaigns.apps.CampaignsConfig",
    "meetings.apps.MeetingsConfig",
    "trainings.apps.TrainingsConfig",
    "research.apps.ResearchConfig",
    "legislation.apps.LegislationConfig",
    "surveys.apps.SurveysConfig",
    "partners.apps.PartnersConfig",
    "mailing.apps.MailingConfig",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "portal.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
    "django_prose_editor",
    "import_export",
    "simple_history",
]

MIDDLEWARE = [
    "portal.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.RequestGuardMiddleware",
    "portal.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.StaffDeskMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "partners.context_processors.coalition",
            ],
            "builtins": ["portal.templatetags.blueprint"],
        },
    },
]

# --- Data --------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        env.text(
            "DATABASE_URL",
            None if PRODUCTION else "postgresql://postgres@localhost:5432/portal",
            hint="Such as postgresql://user:password@host:5432/portal",
        ),
        conn_max_age=env.number("DATABASE_CONN_MAX_AGE", 60),
        conn_health_checks=True,
    )
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# Plans are kept where the code asks for it (`mailing.plans`); Django's own cursors ask for none.
DATABASES["default"]["OPTIONS"].setdefault("prepare_threshold", 5)

REDIS_URL = env.text(
    "REDIS_URL",
    None if PRODUCTION else "redis://localhost:6379/0",
    hint="Such as redis://host:6379/0",
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
PAGE_CACHE_SECONDS = env.number("PAGE_CACHE_SECONDS", 300)

MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
LOGO_MAX_BYTES = 2 * 1024 * 1024
# What people hand in with answers to surveys, where staff ask for files at all; never served from here.
PRIVATE_ROOT = VAR_DIR / "private"
SURVEY_FILES = env.flag("SURVEY_FILES")
SURVEY_FILE_MAX_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Files included. Above the logo's limit, so that a large photo still gets its answer at the field.
MAX_BODY_BYTES = 32 * 1024 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
# Pages name only the hashed copies; compressing the others too would double the time of a first start.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- People ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("my:dashboard")
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "partners.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Per network address and per e-mail address or login, as django-allauth writes them; what is not named keeps its default.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reauthenticate": "10/m/user",
    "manage_email": "10/h/user",
}
ACCOUNT_FORMS = {
    "login": "partners.forms.login.PortalLoginForm",
    "reset_password": "partners.forms.login.PortalResetPasswordForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Illinois Partners portal"
# The embedded demonstration signs staff in with a password alone; everywhere else staff need a second factor.
STAFF_SECOND_FACTOR_REQUIRED = env.flag("STAFF_SECOND_FACTOR_REQUIRED", not EMBEDDED)
INVITATION_DAYS = 14

# --- Language and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Chicago"

# --- Mail --------------------------------------------------------------------------------------------------------

# Every message Django sends goes into the outbox; the worker speaks SMTP.
EMAIL_BACKEND = "mailing.backends.OutboxBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 587 if PRODUCTION else 2525)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", PRODUCTION)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", 20)
# Several mail servers, the preferred one first; when empty, the one above.
EMAIL_RELAYS = env.words("EMAIL_RELAYS")
# A provider's web service instead of a mail server; its keys are anymail's settings.
MAILING_PROVIDER = env.text("MAILING_PROVIDER", "")
ANYMAIL = env.prefixed("ANYMAIL_")
# Our own signature, for mail servers that add none.
MAILING_DKIM_DOMAIN = env.text("MAILING_DKIM_DOMAIN", "")
MAILING_DKIM_SELECTOR = env.text("MAILING_DKIM_SELECTOR", "")
MAILING_DKIM_KEY = env.text("MAILING_DKIM_KEY", "")
MAILING_DKIM_KEY_FILE = env.text("MAILING_DKIM_KEY_FILE", "")
DEFAULT_FROM_EMAIL = env.text(
    "DEFAULT_FROM_EMAIL",
    None if PRODUCTION else "Illinois Partners for Human Service <portal@illinoispartners.example>",
    hint="The sender of every message, such as Illinois Partners <news@example.org>",
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Addresses are remembered by a keyed hash; keep this key when SECRET_KEY is rotated.
MAILING_HASH_KEY = env.text("MAILING_HASH_KEY", SECRET_KEY)
MAILING_IDENTITY = "partners.services.identity.sender_identity"
# Who hears when mail stands still; with nobody named, the function's answer: every superuser.
MAILING_ALARM_TO = env.words("MAILING_ALARM_TO")
MAILING_ALARM_RECIPIENTS = "partners.services.identity.alarm_recipients"
MAILING_LEASE_SECONDS = env.number("MAILING_LEASE_SECONDS", 120)
# A batch is what a worker takes at a time; a window, what a fault may leave unknown for each worker.
MAILING_BATCH_SIZE = env.number("MAILING_BATCH_SIZE", 500)
MAILING_WINDOW_SIZE = env.number("MAILING_WINDOW_SIZE", 25)
MAILING_TURN_SECONDS = env.number("MAILING_TURN_SECONDS", 110)
MAILING_MAX_WORKERS = env.number("MAILING_MAX_WORKERS", 8)
# Messages a minute: of all alerts together (0 is no limit), and to single domains, such as gmail.com=300.
MAILING_SENDER_RATE = env.number("MAILING_SENDER_RATE", 0)
MAILING_DOMAIN_RATES = env.words("MAILING_DOMAIN_RATES")
# Before an alert is sent, staff may have its links to other sites tried from here.
ALERT_LINK_CHECK = env.flag("ALERT_LINK_CHECK", MODE != "test")
# The embedded SMTP catcher keeps each message as a file here, and /mailbox/ reads them.
MAILBOX_DIR = VAR_DIR / "mailbox"

# --- Research -----------------------------------------------------------------------------------------------------

# Whether the pages that findings name as their sources are opened every week, and how long one may take.
SOURCE_CHECKS = env.flag("SOURCE_CHECKS", MODE != "test")
SOURCE_CHECK_TIMEOUT = env.number("SOURCE_CHECK_TIMEOUT", 10)

# --- Celery ------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    # A page that queues a task waits no longer than this for a Redis that is gone; workers ask it every second.
    "socket_connect_timeout": 2,
    "socket_timeout": 2,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_ROUTES = {task: {"queue": queue} for queue, tasks in QUEUES.items() for task in tasks}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- Legislature ------------------------------------------------------------------------------------------------

# A folder with legislative files: the demonstration reads them in place of its invented legislature.
LEGISLATURE_DATA = env.text("LEGISLATURE_DATA", "")
# What beat fetches: names of sources, each with an address of its own after "=" where the usual one is not meant.
LEGISLATURE_SOURCES = env.words(
    "LEGISLATURE_SOURCES", "openstates-people,openstates-api,ilga-hearings" if PRODUCTION else ""
)
# Pages at the General Assembly; {hearing} stands for the hearing's number. Without a slip page, the hearing's page.
ILGA_HEARING_URL = env.text("ILGA_HEARING_URL", "https://my.ilga.gov/Hearing/HearingDetail/{hearing}")
ILGA_SLIP_URL = env.text("ILGA_SLIP_URL", "")
# Months in which the General Assembly usually sits; then sources are read every hour, else every night.
LEGISLATURE_SESSION_MONTHS = [
    int(month) for month in env.words("LEGISLATURE_SESSION_MONTHS", "1,2,3,4,5,10,11")
]

# What one network address may ask the JSON API, as django-ratelimit writes it. Stored answers are not counted.
API_RATE = env.text("API_RATE", "120/m")
# How often one network address may search the whole site. Stored answers are not counted.
SEARCH_RATE = env.text("SEARCH_RATE", "60/m")
# A bill's fact sheet that staff upload.
FACT_SHEET_MAX_BYTES = 10 * 1024 * 1024
# Sources with a key; without it they are left out.
OPENSTATES_API_KEY = env.text("OPENSTATES_API_KEY", "")
OPENSTATES_API_URL = env.text("OPENSTATES_API_URL", "https://v3.openstates.org").rstrip("/")
OPENSTATES_REQUESTS_PER_MINUTE = env.number("OPENSTATES_REQUESTS_PER_MINUTE", 10)
OPENSTATES_REQUESTS_PER_DAY = env.number("OPENSTATES_REQUESTS_PER_DAY", 500)
OPENSTATES_PEOPLE_URL = env.text("OPENSTATES_PEOPLE_URL", "https://data.openstates.org/people/current/il.csv")
LEGISCAN_API_KEY = env.text("LEGISCAN_API_KEY", "")
LEGISCAN_API_URL = env.text("LEGISCAN_API_URL", "https://api.legiscan.com/")
# The General Assembly's own; every address is a template, so that a change of its site is a change of one line.
ILGA_BILLSTATUS_URL = env.text(
    "ILGA_BILLSTATUS_URL",
    "https://ilga.gov/ftp/legislation/{ga}/BillStatus/XML/{ga:03d}00{type}{number:04d}.xml",
)
ILGA_HEARINGS_URL = env.text(
    "ILGA_HEARINGS_URL",
    "https://my.ilga.gov/Hearing/_GetPostedHearingsByDateRange?chamber={chamber}&committeeid=0"
    "&begindate={begin}&enddate={end}",
)
ILGA_HEARINGS_DAYS = env.number("ILGA_HEARINGS_DAYS", 60)
ILGA_SLIPS_URL = env.text(
    "ILGA_SLIPS_URL",
    "https://my.ilga.gov/Legislation/BillStatus/ExportWitnessSlips?legdocid={document}&legislationname={name}",
)
# Seconds that a server may keep us waiting for the next piece, and that one run may pause in all.
LEGISLATURE_TIMEOUT = env.number("LEGISLATURE_TIMEOUT", 30)
LEGISLATURE_MAX_WAIT = env.number("LEGISLATURE_MAX_WAIT", 180)

# Addresses become points there ("Who represents me?"); without an address visitors are asked for a ZIP code or the map.
CENSUS_GEOCODER_URL = env.text(
    "CENSUS_GEOCODER_URL",
    "" if MODE == "test" else "https://geocoding.geo.census.gov/geocoder/locations/onelineaddress",
)
CENSUS_GEOCODER_BENCHMARK = env.text("CENSUS_GEOCODER_BENCHMARK", "Public_AR_Current")
CENSUS_GEOCODER_SECONDS = env.number("CENSUS_GEOCODER_SECONDS", 4)

# --- Paying by card ---------------------------------------------------------------------------------------------

# Stripe's pages. Without both keys nobody is offered to pay by card; the service is told to send its messages to
# /card-service/messages/.
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", "")
STRIPE_API_BASE = env.text("STRIPE_API_BASE", "https://api.stripe.com").rstrip("/")
STRIPE_CHECKOUT_ORIGIN = env.text("STRIPE_CHECKOUT_ORIGIN", "https://checkout.stripe.com").rstrip("/")
STRIPE_TIMEOUT = env.number("STRIPE_TIMEOUT", 6)

# --- Security ----------------------------------------------------------------------------------------------------

HTTPS = env.flag("HTTPS", PRODUCTION)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
if env.flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 1 if env.flag("BEHIND_PROXY") else 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
# Only under the admin's path: django-unfold ships Alpine, which evaluates expressions and sets inline styles.
ADMIN_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
}

RATELIMIT_ENABLE = env.flag("RATELIMIT_ENABLE", True)
RATELIMIT_USE_CACHE = "default"
# The public forms' limits, as django-ratelimit writes them.
FORM_RATE = env.text("FORM_RATE", "30/h")

# --- Forms, admin, history ---------------------------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = "blueprint"
CRISPY_TEMPLATE_PACK = "blueprint"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
SIMPLE_HISTORY_REVERT_DISABLED = True

UNFOLD = {
    "SITE_TITLE": _("Illinois Partners staff"),
    "SITE_HEADER": _("Illinois Partners"),
    "SITE_SUBHEADER": _("Staff desk"),
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "DASHBOARD_CALLBACK": "portal.staff_desk.dashboard",
    "STYLES": ["portal.staff_desk.stylesheet"],
    "SCRIPTS": ["portal.staff_desk.script"],
    "SITE_ICON": "portal.staff_desk.mark",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "portal.staff_desk.mark"}],
    "COLORS": {
        "primary": {
            "50": "oklch(97% .015 185)",
            "100": "oklch(93% .03 185)",
            "200": "oklch(86% .05 185)",
            "300": "oklch(77% .07 184)",
            "400": "oklch(72% .08 184)",
            "500": "oklch(66% .08 184)",
            "600": "oklch(39% .065 184)",
            "700": "oklch(34% .055 184)",
            "800": "oklch(29% .045 184)",
            "900": "oklch(25% .035 184)",
            "950": "oklch(19% .025 184)",
        },
    },
    "SIDEBAR": {"show_search": True, "navigation": "portal.navigation.sidebar.navigation"},
}

# --- Logs and errors ---------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processor": renderer,
            "foreign_pre_chain": processors,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # They log whole addresses, among them keys of sources and what people asked the geocoder for.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
SENTRY_DSN = env.text("SENTRY_DSN", "")

if MODE == "test":
    # Tests say themselves when they read real files.
    LEGISLATURE_DATA = ""
    # Files are found where they stand, so that no test waits for collectstatic.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
