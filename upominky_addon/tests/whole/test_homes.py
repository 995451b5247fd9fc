"""What is decided once stands once: who needs it imports it."""

from pathlib import Path
from unittest import TestCase

ADDON = Path(__file__).parents[2]
#: What says it, and the only module that may.
HOMES = (
    ("out_receipt", "models/books/receivables.py"),  # what a customer invoice is
    ("asset_receivable", "models/books/receivables.py"),  # what a customer owes
    ("not_paid", "models/books/receivables.py"),  # what an open invoice is
    ("COALESCE(reminder.sent_date", "models/books/queries.py"),  # since when the next one counts
    ("reminder.to_send AND", "models/books/queries.py"),  # what is pending
)


class TestHomes(TestCase):
    def test_what_is_decided_once_stands_in_one_module(self):
        modules = [
            path
            for room in ("core", "text", "models", "wizard")
            for path in (ADDON / room).rglob("*.py")
        ]
        for words, home in HOMES:
            counts = {str(p.relative_to(ADDON)): p.read_text("utf-8").count(words) for p in modules}
            with self.subTest(words=words):
                self.assertEqual({name: n for name, n in counts.items() if n}, {home: 1})
