"""What a reminder says: a frozen letter, which HTML, plain text and templates only write.

Amounts are ``Decimal`` in the currency of their block; currencies are never added together.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .letter_claim import LetterClaim
from .payment_codes import PaymentCode

#: Rows and deductions that are listed in a message; a list of them all is attached beyond them.
MOST_LINES = 80
#: Rows and deductions that stay on one page of paper with their total, which never stands alone.
WITH_TOTAL = 2
#: Bytes of the table in HTML. Gmail cuts off what is above 102 kB, frame and text included.
MOST_BYTES = 70_000


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
    in whose cell it stands in small letters, where it is not empty (``always``: also then), and
    does not say the same as the column ``unless``.
    """

    key: str
    label: Any
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    under: str | None = None
    strong: bool = False
    always: bool = False
    unless: str | None = None

    def is_shown_in(self, row: "Row") -> bool:
        """Say whether it is worth a line in small letters.

        >>> total = Column("total", "Total", float, Kind.MONEY, under="left", unless="left")
        >>> [total.is_shown_in(Row({"total": 5, "left": left})) for left in (5, 3)]
        [False, True]
        """
        value = row.values[self.key]
        return self.is_shown(value) and (self.unless is None or value != row.values[self.unless])

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
    ``left_out``: how many of its rows and deductions are not in it, but in the list of them all.
    ``codes`` are to pay its total by: none where its level has none, or the account cannot.
    """

    currency: str
    rows: tuple[Row, ...]
    deductions: tuple[Deduction, ...]
    total: Decimal
    account: str = ""
    bank: str = ""
    shares_currency: bool = False
    left_out: int = 0
    codes: tuple[PaymentCode, ...] = ()

    @property
    def lines(self) -> int:
        """Return how many rows and deductions are in it."""
        return len(self.rows) + len(self.deductions)

    def first(self, most: int) -> "Block":
        """Return it with its first rows, then deductions; its total stays that of all of them."""
        rows = self.rows[:most]
        deductions = self.deductions[: most - len(rows)]
        left_out = self.left_out + self.lines - len(rows) - len(deductions)
        return replace(self, rows=rows, deductions=deductions, left_out=left_out)

    def last(self, most: int = WITH_TOTAL) -> tuple[tuple[Row | Deduction, ...], ...]:
        """Return its rows and deductions in two parts: those that stay with the total come second.

        >>> block = Block("CZK", (Row({}),) * 3, (Deduction("RFV 1", Decimal(5)),), Decimal(9))
        >>> [len(part) for part in block.last()], [len(part) for part in block.last(9)]
        ([2, 2], [0, 4])
        """
        lines = (*self.rows, *self.deductions)
        place = max(0, len(lines) - most)
        return lines[:place], lines[place:]

    @property
    def is_of_one(self) -> bool:
        """Say whether it is of one row alone."""
        return len(self.rows) == 1 and not self.left_out

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
        return not self.total and bool(self.deductions or self.left_out)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be paid, as the reader of a reminder sees it.

    ``deadline``: by which day; ``claim``: the interest and costs that are asked beside it. None
    where there is none.
    """

    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    deadline: date | None = None
    claim: LetterClaim | None = None

    @property
    def lines(self) -> int:
        """Return how many rows and deductions are in it, those of its calculation too."""
        reckoned = len(self.claim.rows) if self.claim else 0
        return sum(block.lines for block in self.blocks) + reckoned

    @property
    def left_out(self) -> int:
        """Return how many rows and deductions are not in it, but in the list of them all."""
        reckoned = self.claim.left_out if self.claim else 0
        return sum(block.left_out for block in self.blocks) + reckoned

    @property
    def codes(self) -> tuple[PaymentCode, ...]:
        """Return all codes to pay by that are in it."""
        payments = self.claim.payments if self.claim else ()
        return tuple(code for part in (*self.blocks, *payments) for code in part.codes)

    def first(self, most: int) -> "Letter":
        """Return it with its first rows and deductions, then of its calculation, and every total.

        >>> block = Block("CZK", (Row({}), Row({}), Row({})), (), Decimal(9))
        >>> [(b.lines, b.left_out, b.total) for b in Letter((), (block, block)).first(4).blocks]
        [(3, 0, Decimal('9')), (1, 2, Decimal('9'))]
        """
        blocks = []
        for block in self.blocks:
            blocks.append(block.first(most))
            most -= blocks[-1].lines
        claim = self.claim and self.claim.first(most)
        return replace(self, blocks=tuple(blocks), claim=claim)

    def cells(self) -> list[tuple[Column, tuple[Column, ...]]]:
        """Return the columns of the table, each with those in small letters in its cells.

        What stands under a column that is not there gets a cell of its own; what stands under one
        in small letters is in the same cell.

        >>> number = Column("number", "Invoice", str)
        >>> due = Column("due_date", "Due", str, Kind.DAY)
        >>> ref = Column("ref", "Your order", str, under="number")
        >>> letter = Letter((number, due, ref), ())
        >>> [(top.key, [small.key for small in under]) for top, under in letter.cells()]
        [('number', ['ref']), ('due_date', [])]
        """
        by_key = {column.key: column for column in self.columns}

        def top_of(column):
            while column.under in by_key:
                column = by_key[column.under]
            return column

        tops = {column.key: top_of(column) for column in self.columns}
        return [
            (top, tuple(c for c in self.columns if c is not top and tops[c.key] is top))
            for top in self.columns
            if tops[top.key] is top
        ]


def fitted(
    letter: Letter,
    write: Callable[[Letter], str],
    most_lines: int = MOST_LINES,
    most_bytes: int = MOST_BYTES,
) -> tuple[Letter, str]:
    """Return as much of a letter as a mailbox shows, and how it is written.

    All of it where it is written whole, however much is left out: by a table of somebody's own.

    :param write: writes a letter as HTML
    :param most_lines: rows and deductions that it has at most
    :param most_bytes: bytes that it has at most in UTF-8, unless one line alone has more

    >>> block = Block("CZK", tuple(Row({}) for _ in range(9)), (), Decimal(9))
    >>> fitted(Letter((), (block,)), lambda letter: "x" * 10 * letter.lines, 8, 50)[0].left_out
    4
    >>> fitted(Letter((), (block,)), lambda letter: "x" * 90, 8, 50)[0].left_out
    0
    """
    shown = letter if letter.lines <= most_lines else letter.first(most_lines)
    text = write(shown)
    while (size := len(text.encode())) > most_bytes and shown.lines > 1:
        shown = letter.first(max(1, min(shown.lines - 1, shown.lines * most_bytes // size)))
        text = write(shown)
        if len(text.encode()) >= size:
            return letter, write(letter)
    return shown, text


def read_row(columns: Iterable[Column], line: Any) -> Row:
    """Return a row with the value of each column, read from ``line``."""
    return Row({column.key: column.value(line) for column in columns})
