"""What a reminder says: a frozen letter, which HTML, plain text and templates only write.

Amounts are ``Decimal`` in the currency of their block; currencies are never added together.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How a value is written: as it is, as a date, as a whole number, as money of the block."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Column:
    """What a letter says of each invoice.

    ``key`` is its name in templates; ``label`` what stands above it or before it, translated when
    it is written; ``value`` gets it from what the row is about. ``under`` is the key of the column
    in whose cell it stands in small letters, where it is not empty (``always``: also then).
    """

    key: str
    label: Any
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    under: str | None = None
    strong: bool = False
    always: bool = False

    def is_shown(self, value: Any) -> bool:
        """Say whether a value in small letters is worth a line.

        >>> paid = Column("paid", "Paid", float, Kind.MONEY, under="total")
        >>> paid.is_shown(Decimal("0.00")), paid.is_shown(Decimal(5)), paid.is_shown(None)
        (False, True, False)
        """
        return self.always or bool(value)


@dataclass(frozen=True, slots=True)
class Row:
    """An invoice in the letter: its values by the keys of the columns."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deduction:
    """A credit that is deducted in a block; ``amount`` is positive."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Block:
    """What is to be paid in one currency to one account. ``total``: rows less deductions.

    ``shares_currency``: other blocks are of the same currency, so that this is not all of it.
    """

    currency: str
    rows: tuple[Row, ...]
    deductions: tuple[Deduction, ...]
    total: Decimal
    account: str = ""
    bank: str = ""
    shares_currency: bool = False

    @property
    def asks(self) -> bool:
        """Say whether anything of it is to be paid."""
        return self.total > 0

    @property
    def is_covered(self) -> bool:
        """Say whether credits cover all of it: a total of zero would look like something owed.

        >>> Block("CZK", (), (Deduction("RFV 1", Decimal(5)),), Decimal("0.00")).is_covered
        True
        """
        return bool(self.deductions) and not self.total


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be paid, as the reader of a reminder sees it."""

    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]

    def cells(self) -> list[tuple[Column, tuple[Column, ...]]]:
        """Return the columns of the table, each with those in small letters in its cells.

        What stands under a column that is not there gets a cell of its own.

        >>> number = Column("number", "Invoice", str)
        >>> due = Column("due_date", "Due", str, Kind.DAY)
        >>> ref = Column("ref", "Your order", str, under="number")
        >>> letter = Letter((number, due, ref), ())
        >>> [(top.key, [small.key for small in under]) for top, under in letter.cells()]
        [('number', ['ref']), ('due_date', [])]
        """
        keys = {column.key for column in self.columns}
        tops = [column for column in self.columns if column.under not in keys]
        return [(top, tuple(c for c in self.columns if c.under == top.key)) for top in tops]


def read_row(columns: Iterable[Column], line: Any) -> Row:
    """Return a row with the value of each column, read from ``line``."""
    return Row({column.key: column.value(line) for column in columns})
