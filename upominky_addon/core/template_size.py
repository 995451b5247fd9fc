"""How much a message template may hold, so that a letter takes a fraction of a second to write.

Some mailboxes cut off what is above 102 kB.
"""

import re
from enum import Enum

MAX_BODY = 100_000
MAX_ELEMENTS = 5_000
MAX_PLACEHOLDERS = 100
#: A letter has one table of invoices, or one for each of a few languages.
MAX_TABLES = 3
#: Characters of any other field.
MAX_FIELD = 1_000

_ELEMENT = re.compile(r"<[a-z]", re.I)
_PLACEHOLDER = re.compile(r"\bt-[a-z]", re.I)
_TABLE = re.compile(r"\binvoice_table\b")


class Part(Enum):
    """What there can be too much of, and how much there may be."""

    CHARACTERS = MAX_BODY
    ELEMENTS = MAX_ELEMENTS
    PLACEHOLDERS = MAX_PLACEHOLDERS
    TABLES = MAX_TABLES


def excess(body: str) -> tuple[Part, int] | None:
    """Return what there is too much of in the body of a template, and how much; None if nothing.

    >>> excess('<p>Hello <t t-out="object.name"/></p><t t-out="object.invoice_table"/>')
    >>> excess('<t t-out="object.invoice_table"/>' * 4)
    (<Part.TABLES: 3>, 4)
    """
    if len(body) > MAX_BODY:
        return Part.CHARACTERS, len(body)
    counts = {
        Part.TABLES: len(_TABLE.findall(body)),
        Part.PLACEHOLDERS: len(_PLACEHOLDER.findall(body)),
        Part.ELEMENTS: len(_ELEMENT.findall(body)),
    }
    too_much = (pair for pair in counts.items() if pair[1] > pair[0].value)
    return next(too_much, None)
