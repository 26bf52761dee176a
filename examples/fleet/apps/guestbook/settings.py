"""Django's settings, all taken from configuration.json (strata render guestbook ENV --write)."""

import json
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent

with open(BASE_DIR / "configuration.json", encoding="utf-8") as f:
    ACONF = json.load(f)["guestbook"]

SECRET_KEY = ACONF["secret_key"]
ALLOWED_HOSTS = [ACONF["host"], "127.0.0.1"]
ROOT_URLCONF = "urls"
WSGI_APPLICATION = "wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles", "entries"]
MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
TIME_ZONE = "UTC"

# deploy/data/db: what people write outlives releases.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "data/db/guestbook.sqlite3",
        "OPTIONS": {"timeout": 20},
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
