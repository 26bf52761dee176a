"""Django's settings, all taken from configuration.json (strata render storefront ENV --write)."""

import json
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent

with open(BASE_DIR / "configuration.json", encoding="utf-8") as f:
    CONF = json.load(f)
ACONF = CONF["storefront"]
CCONF = CONF["common"]

DEBUG = ACONF["debug"]
SECRET_KEY = ACONF["secret_key"]
ALLOWED_HOSTS = [CCONF["domain"]["main"], *ACONF["allowed_hosts"]]
ROOT_URLCONF = "urls"
WSGI_APPLICATION = "wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": CCONF["db"]["host"],
        "PORT": CCONF["db"]["port"],
        "NAME": CCONF["db"]["name"],
        "USER": CCONF["db"]["user"],
        "PASSWORD": CCONF["db"]["password"],
        "CONN_MAX_AGE": CCONF["db"]["pool"]["recycle_after"],
        # libpq counts in whole seconds, and takes 1 for 2.
        "OPTIONS": {"connect_timeout": max(2, round(CCONF["db"]["timeout"]))},
    }
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": [f"redis://{host}" for host in CCONF["cache"]["hosts"]],
        "TIMEOUT": CCONF["cache"]["ttl"],
    }
}

# Signed cookies: a basket is small, and a deploy logs nobody out.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = ACONF["session"]["cookie"]
SESSION_COOKIE_SECURE = ACONF["session"]["secure"]
SESSION_COOKIE_AGE = ACONF["session"]["days"] * 24 * 3600

STATIC_URL = ACONF["static"]["url"]
STATIC_ROOT = BASE_DIR / "static"
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if ACONF["static"]["hashed_names"]
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
}

EMAIL_HOST = CCONF["smtp"]["host"]
EMAIL_PORT = CCONF["smtp"]["port"]
EMAIL_HOST_USER = CCONF["smtp"]["username"] or ""
EMAIL_HOST_PASSWORD = CCONF["smtp"]["password"] or ""
EMAIL_USE_TLS = "tls" in CCONF["smtp"]
DEFAULT_FROM_EMAIL = CCONF["smtp"]["sender"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": CCONF["log"]["level"].upper()},
}
