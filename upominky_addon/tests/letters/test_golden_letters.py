"""SPEC rules 10, 13, 20: an upgrade changes no letter; what 19.0.1.0.1 wrote is kept as files.

The files are what that version wrote of the same books, in ``data/letters``: subject, what a reader
sees of the HTML with the cells of a row apart, and the plain text (``_`` is a no-break space).
Where 19.0.1.1.0 writes something else on purpose, the file has today's text, and says why in lines
that begin with ``#``.
"""

from difflib import unified_diff
from pathlib import Path

from .. import letter_books
from ..common import UpominkyCommon
from ..letter_books import DAY

FOLDER = Path(__file__).parents[1] / "data" / "letters"


def read(name):
    """Return the lines of a letter as it was, or is since then on purpose."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


class TestGoldenLetters(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        letter_books.prepare_company(cls.env, cls.company)
        cls.customers = letter_books.make_customers(cls.env, cls.company)

    def test_rule_20_letters_say_what_they_said(self):
        issued = self.generate(DAY).grouped("partner_id")
        self.assertEqual({path.stem for path in FOLDER.iterdir()}, set(self.customers))
        with self.on(DAY):
            for name, partner in self.customers.items():
                with self.subTest(name):
                    kept = read(name)
                    today = letter_books.written(issued[partner]).splitlines()
                    other = "\n".join(
                        unified_diff(kept, today, "before", "today", n=1, lineterm="")
                    )
                    self.assertFalse(other, other)
