"""What is decided once stands once: who needs it imports it."""

from pathlib import Path
from unittest import TestCase

ADDON = Path(__file__).parents[2]
#: What says it, and the only module that may.
HOMES = (
    ("out_receipt", "models/books/receivables.py"),  # what a customer invoice is
    ("asset_receivable", "models/books/receivables.py"),  # what a customer owes
    ("not_paid", "models/books/receivables.py"),  # what an open invoice is
)


class TestHomes(TestCase):
    def test_what_is_decided_once_stands_in_one_module(self):
        modules = [
            path
            for room in ("core", "text", "models", "wizard")
            for path in (ADDON / room).rglob("*.py")
        ]
        for words, home in HOMES:
            found = [p for p in modules if words in p.read_text(encoding="utf-8")]
            with self.subTest(words=words):
                self.assertEqual([str(path.relative_to(ADDON)) for path in found], [home])
