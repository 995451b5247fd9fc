"""What a line of an invoice of interest says that it bills: days of a debt, or its cost.

It is kept on the line as JSON, which whoever may write invoices can fill with what he likes: it is
read here, and nowhere believed before that.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: What a row has; others of these may be missing, and nothing else is in it.
NEEDED = frozenset({"move_line_id", "kind", "amount"})
OF_INTEREST = frozenset({"date_from", "date_to"})
KNOWN = NEEDED | OF_INTEREST | {"move_id", "due_date"}
KINDS = ("interest", "cost")
#: Ids are of this size in PostgreSQL.
MOST_ID = 2**31 - 1


class MalformedError(ValueError):
    """It is nothing that the program writes."""


@dataclass(frozen=True, slots=True)
class Said:
    """One row: ``item`` is the id of a receivable, ``move`` that of its document, if it is told.

    Days are told of interest alone.
    """

    item: int
    kind: str
    first: date = date.min
    last: date = date.max
    move: int | None = None

    def meets(self, other: "Said") -> bool:
        """Say whether two rows bill the same: a day of a debt, or its cost.

        >>> may = Said(7, "interest", date(2026, 5, 1), date(2026, 5, 31))
        >>> may.meets(Said(7, "interest", date(2026, 5, 31), date(2026, 6, 9)))
        True
        >>> may.meets(Said(7, "interest", date(2026, 6, 1), date(2026, 6, 9))), may.meets(
        ...     Said(7, "cost")
        ... )
        (False, False)
        """
        same = (self.item, self.kind) == (other.item, other.kind)
        return same and self.first <= other.last and other.first <= self.last


def read(given: object) -> tuple[Said, ...]:
    """Return what a line says, read from its JSON.

    :raises MalformedError: if it is nothing that the program writes

    >>> read([{"move_line_id": 7, "kind": "cost", "amount": 1200.0}])[0].item
    7
    """
    if not isinstance(given, list):
        raise MalformedError("rows")
    return tuple(_read_row(row) for row in given)


def any_meets(rows: Iterable[Said], others: Iterable[Said]) -> Said | None:
    """Return the first row that one of the others bills too, None if none does."""
    others = tuple(others)
    return next((row for row in rows if any(row.meets(other) for other in others)), None)


def _read_row(row: object) -> Said:
    if not isinstance(row, dict) or not row.keys() >= NEEDED or row.keys() - KNOWN:
        raise MalformedError("row")
    if row["kind"] not in KINDS:
        raise MalformedError("kind")
    amount = row["amount"]
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not math.isfinite(amount):
        raise MalformedError("amount")
    item, move = _read_id(row, "move_line_id"), None
    if row.get("move_id") is not None:
        move = _read_id(row, "move_id")
    if row.get("due_date") is not None:
        _read_day(row, "due_date")
    if row["kind"] == "cost":
        return Said(item, "cost", move=move)
    first, last = (_read_day(row, name) for name in ("date_from", "date_to"))
    if last < first:
        raise MalformedError("date_to")
    return Said(item, "interest", first, last, move)


def _read_id(row: dict, name: str) -> int:
    found = row[name]
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found <= MOST_ID:
        raise MalformedError(name)
    return found


def _read_day(row: dict, name: str) -> date:
    try:
        day = date.fromisoformat(row.get(name))
    except (TypeError, ValueError):
        raise MalformedError(name) from None
    if day.isoformat() != row[name]:  # others are ISO too, but nothing that the program writes
        raise MalformedError(name)
    return day
