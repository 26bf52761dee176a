from django.test import TestCase

from .models import Entry


class GuestbookTest(TestCase):
    def test_shows_what_was_written(self):
        self.assertEqual(self.client.post("/", {"text": " Lovely paper "}).status_code, 302)
        self.assertContains(self.client.get("/"), "<p>Lovely paper</p>")

    def test_keeps_nothing_empty(self):
        self.client.post("/", {"text": "  "})
        self.assertEqual(Entry.objects.count(), 0)

    def test_is_healthy(self):
        self.assertContains(self.client.get("/health"), "ok, 0 entries")
