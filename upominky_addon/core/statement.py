"""A statement of account: what a customer and a company owed each other at the end of a day.

It says what the books said: what was matched up to that day lowered a debt, what was matched later
did not. Amounts are ``Decimal`` in the currency of their item; currencies are never added together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .ages import AGES, age_of
from .money import ZERO


class Kind(StrEnum):
    """What an item is."""

    INVOICE = "invoice"
    INTEREST = "interest"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    ENTRY = "entry"


class Section(StrEnum):
    """Where an item stands in the statement, in this order."""

    OVERDUE = "overdue"
    NOT_DUE = "not_due"
    INTEREST = "interest"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Match:
    """What was matched with an item on a day: positive lowers what the customer owes."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """An item on the customer's account; a positive ``amount`` is owed by the customer.

    ``on`` is the day of its entry, ``due`` its due date: None of what has none.
    """

    id: int
    kind: Kind
    currency: int
    on: date
    due: date | None
    amount: Decimal
    matches: tuple[Match, ...] = ()

    def open_on(self, day: date) -> Decimal:
        """Return what of it was open at the end of a day.

        >>> paid = (Match(date(2026, 5, 2), Decimal(30)), Match(date(2026, 6, 1), Decimal(70)))
        >>> item = Item(1, Kind.INVOICE, 1, date(2026, 5, 1), None, Decimal(100), paid)
        >>> days = (date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 1))
        >>> [str(item.open_on(day)) for day in days]
        ['0', '100', '70', '0']
        """
        if self.on > day:
            return ZERO
        return self.amount - sum((m.amount for m in self.matches if m.on <= day), ZERO)


@dataclass(frozen=True, slots=True)
class Row:
    """An item that was open on a day: how much of it, where it stands, how many days overdue."""

    item: Item
    section: Section
    balance: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Block:
    """What was open in one currency."""

    currency: int
    rows: tuple[Row, ...]

    @property
    def balance(self) -> Decimal:
        """Return what the customer owes on the whole; negative: what is owed to him."""
        return sum((row.balance for row in self.rows), ZERO)

    def of(self, section: Section) -> tuple[Row, ...]:
        """Return the rows of a section."""
        return tuple(row for row in self.rows if row.section == section)

    def total(self, section: Section) -> Decimal:
        """Return the total of a section."""
        return sum((row.balance for row in self.of(section)), ZERO)

    @property
    def ages(self) -> tuple[Decimal, ...]:
        """Return what is owed by age: what is not overdue, then a total for each of ``AGES``.

        Credits are in none of them: nobody said which debt they are for.
        """
        totals = [ZERO] * (len(AGES) + 1)
        for row in self.rows:
            if row.section != Section.CREDIT:
                age = age_of(row.days)
                totals[0 if age is None else age + 1] += row.balance
        return tuple(totals)


def statement(items: Iterable[Item], day: date) -> tuple[Block, ...]:
    """Return what was open at the end of a day, a block for each currency, by its id.

    >>> may = date(2026, 5, 1)
    >>> invoice = Item(1, Kind.INVOICE, 1, may, date(2026, 5, 15), Decimal(100))
    >>> payment = Item(2, Kind.PAYMENT, 1, may, may, Decimal(-130))
    >>> (block,) = statement([invoice, payment], date(2026, 5, 20))
    >>> [(str(row.section), str(row.balance), row.days) for row in block.rows]
    [('overdue', '100', 5), ('credit', '-130', 0)]
    >>> str(block.balance)
    '-30'
    """
    blocks: dict[int, list[Row]] = {}
    for item in items:
        if balance := item.open_on(day):
            row = Row(item, _section(item, balance, day), balance, _days(item, balance, day))
            blocks.setdefault(item.currency, []).append(row)
    return tuple(
        Block(currency, tuple(sorted(rows, key=_place)))
        for currency, rows in sorted(blocks.items())
    )


def _is_debt(item: Item, balance: Decimal) -> bool:
    """Say whether it is a debt: what is open of payments and credit notes is a credit.

    A payment that was returned, or a credit that was paid out, stands among them, whichever way.
    """
    return balance > ZERO and item.kind not in (Kind.PAYMENT, Kind.CREDIT_NOTE)


def _section(item: Item, balance: Decimal, day: date) -> Section:
    """Return where an item stands; on its due date, and without any, it is not due yet."""
    if not _is_debt(item, balance):
        return Section.CREDIT
    if item.kind == Kind.INTEREST:
        return Section.INTEREST
    return Section.OVERDUE if _days(item, balance, day) else Section.NOT_DUE


def _days(item: Item, balance: Decimal, day: date) -> int:
    """Return how many days overdue a debt is, 0 if it is not."""
    if item.due is None or not _is_debt(item, balance):
        return 0
    return max(0, (day - item.due).days)


def _place(row: Row) -> tuple:
    """Return the place of a row: by section, the day that it is due or was booked, and id."""
    sections = list(Section)
    is_credit = row.section == Section.CREDIT
    when = row.item.on if is_credit else row.item.due or date.max
    return sections.index(row.section), when, row.item.on, row.item.id
