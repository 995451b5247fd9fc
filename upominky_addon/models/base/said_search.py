"""Finding kept sentences by the words that their reader sees, though their codes are kept.

Cheap however many rows there are: which codes and labels the words may belong to is found out in
Python, once for a search; each row is compared with those in the database.
"""

import json
import re
from datetime import datetime

from odoo.tools import SQL

from ...core.wording import readings
from .dates import MONTH_FIRST
from .sentences import SENTENCES

#: How :func:`dates.day_text` writes a date where figures would be misread: "May 29, 2026".
IN_WORDS = "%b %d, %Y"
#: A place for a value in a sentence.
PLACE = re.compile(r"%\(\w+\)s")
#: A letter within a text of JSON.
LETTER = r'(?:[^"\\]|\\.)'
#: From there to the text's end, where it is neither a key nor a code.
TO_THE_END = rf'{LETTER}*"(?!: |, \{{)'


def _read_day(words, form):
    """Return the date that words are in a form of ``strptime``, whatever their blanks; or None."""
    try:
        return datetime.strptime("".join(words.split()), "".join(form.split())).date()
    except ValueError:
        return None


def words_to_sql(env, column, words, exact_case=False):
    """Return the condition that a kept text has words in it, as its reader reads it.

    :param SQL column: which keeps it by codes
    :param str words: what is looked for; ``%`` and ``_`` stand for any letters and for any one
        of a value, as everywhere, and for nothing else in a sentence's own text
    :param bool exact_case: whether upper and lower case differ
    """
    look = _Look(env, column, exact_case)
    wanted = words if exact_case else words.lower()
    found = [look.in_value(words)]
    for code, sentence in SENTENCES.items():
        text = env._(sentence)
        literals = PLACE.split(text if exact_case else text.lower())
        literals = [literal.replace("%%", "%") for literal in literals]
        for parts in readings(literals, wanted):
            values = [look.in_value(part) for part in parts]
            found.append(SQL(" AND ").join([look.has(f"{json.dumps(code)}, {{"), *values]))
    return SQL("(%s)", SQL(" OR ").join(SQL("(%s)", condition) for condition in found))


class _Look:
    """Conditions on one column, for one reader."""

    def __init__(self, env, column, exact_case):
        self.env, self.column, self.exact_case = env, column, exact_case

    def has(self, text):
        """Say whether a piece of JSON is kept."""
        return SQL("strpos(%s, %s) > 0", self.column, text)

    def in_value(self, words):
        """Say whether a value has words in it, a date or a label as its reader knows it."""
        pattern = "".join(self._letter(letter) for letter in words) + TO_THE_END
        unaccent = self.env.registry.unaccent
        column, wanted = unaccent(self.column), unaccent(SQL("%s", pattern))
        found = [SQL("%s %s %s", column, SQL("~" if self.exact_case else "~*"), wanted)]
        found += [self.has(f'{{"day": "{day}"}}') for day in self._days(words)]
        found += [self.has(json.dumps({"label": label})) for label in self._labels(words)]
        return SQL("(%s)", SQL(" OR ").join(found))

    def _letter(self, letter):
        """Return a letter of a ``LIKE`` as a pattern finds it in a text of JSON."""
        if letter in "%_":
            return rf"({LETTER})*" if letter == "%" else LETTER
        return re.escape(json.dumps(letter, ensure_ascii=False)[1:-1])

    def _days(self, words):
        """Return the day that words are, if they are one as the reader writes or reads it."""
        form = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").date_format or ""
        forms = [form, IN_WORDS] if form == MONTH_FIRST else [form]
        days = [_read_day(words, form) for form in forms]
        return [day.isoformat() for day in days if day]

    def _labels(self, words):
        """Return the values of our selections that the reader knows by these words."""
        wanted = words if self.exact_case else words.lower()
        return [
            [name, field.name, chosen]
            for name in self.env.registry
            if name.startswith("upominky.")
            for field in self.env[name]._fields.values()
            if field.type == "selection" and isinstance(field.selection, list)
            for chosen, label in field._description_selection(self.env)
            if wanted in (label if self.exact_case else label.lower())
        ]
