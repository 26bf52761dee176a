"""The settings as they are while the artifact is built: needs configuration.json (strata build, strata render --write)."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import settings


class SettingsTest(unittest.TestCase):
    def test_static_files_get_the_names_that_they_have_in_production(self):
        backend = settings.STORAGES["staticfiles"]["BACKEND"]
        self.assertTrue(backend.endswith("ManifestStaticFilesStorage"))

    def test_errors_are_not_shown_to_customers(self):
        self.assertFalse(settings.DEBUG)

    def test_a_laptop_may_always_ask(self):
        self.assertIn("127.0.0.1", settings.ALLOWED_HOSTS)


if __name__ == "__main__":
    unittest.main()
