"""The product's settings, plus a small document of the tests' own to show the kernel on."""

import os

os.environ.setdefault("DEBUG", "1")

from b2b.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.sample"]  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# script/test keeps a migrated database to copy.
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("TEST_DATABASE_TEMPLATE") or None}  # noqa: F405
# Nobody collects static files for tests, and what serves them complains of a folder that is not there.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
