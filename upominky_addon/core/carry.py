"""Whose history it is when the instalments of an invoice were made anew."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reminded:
    """A counted line of a reminder whose receivable is gone: its level, and when it was due."""

    id: int
    order: int
    due: date


def nearest(day: date, items: Mapping[int, date]) -> int | None:
    """Return which receivable took the place of one that was due on a day, None if none did.

    :param items: due dates of the invoice's receivables by id

    >>> may, june, july = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
    >>> nearest(may, {7: july, 8: june}), nearest(may, {})
    (8, None)
    """
    by_distance = {item: (abs((due - day).days), due, item) for item, due in items.items()}
    return min(by_distance, key=by_distance.__getitem__, default=None)


def carry(
    lost: Iterable[Reminded], items: Mapping[int, date], taken: Collection[tuple[int, int]] = ()
) -> dict[int, int]:
    """Return which receivable each lost line belongs to now: the one due nearest to its own date.

    A receivable takes each level once, as the database demands. What finds none stays in the
    history and counts for nothing: an instalment that is new was never reminded.

    :param items: due dates of the invoice's receivables by id
    :param taken: receivables and the orders that they have already
    :return: receivable ids by line id

    >>> may, june, july = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
    >>> carry([Reminded(1, 1, may), Reminded(2, 2, may)], {7: june, 8: july})
    {1: 7, 2: 7}
    """
    lost = tuple(lost)
    pairs = sorted(
        (abs((due - line.due).days), due, item, line.due, line.id, line.order)
        for line in lost
        for item, due in items.items()
    )
    full = set(taken)
    found: dict[int, int] = {}
    for _apart, _due, item, _was_due, line, order in pairs:
        if line not in found and (item, order) not in full:
            found[line] = item
            full.add((item, order))
    return {line: found[line] for line in sorted(found)}
