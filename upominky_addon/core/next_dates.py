"""What :func:`.schedule.decide` says of next dates, as tables that a query can look things up in.

A list of all invoices is sorted and grouped by dates that nothing stores; the database then works
them out itself. What it is given is made here, of the very values that the core decides by.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .reasons import passes
from .schedule import ONE_DAY, Rule, Stop, later

#: No level is further away, for dates end; the database would count past it and fail.
FURTHEST = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Ladder:
    """A rule's levels by their orders, ascending, and the days of each: None where by hand."""

    rule: int
    orders: tuple[int, ...]
    days: tuple[int | None, ...]

    def days_after(self, reached: int) -> int | None:
        """Return the days of the level after an order, None where none comes by itself.

        >>> Ladder(1, (1, 5), (7, None)).days_after(0)
        7
        >>> Ladder(1, (1, 5), (7, None)).days_after(2) is None
        True
        """
        place = bisect_right(self.orders, reached)
        return self.days[place] if place < len(self.days) else None


def ladder(rule: Rule) -> Ladder:
    """Return the levels of a rule as :meth:`Ladder.days_after` looks them up.

    By one that is broken none comes by itself.

    >>> from .schedule import Level
    >>> ladder(Rule(3, (Level(1, 5, 21, auto=False), Level(2, 1, 7))))
    Ladder(rule=3, orders=(1, 5), days=(7, None))
    """

    def by_itself(level):
        return min(level.days, FURTHEST) if level.auto and not rule.broken else None

    by_order = {}
    for level in rule.levels:
        by_order.setdefault(level.order, by_itself(level))
    orders = tuple(sorted(by_order))
    return Ladder(rule.id, orders, tuple(by_order[order] for order in orders))


def free_again(stops: Iterable[Stop], today: date) -> date | None:
    """Return the first day that stops leave free, None while one does not pass by itself.

    :param stops: of one receivable; what ended before ``today`` stops nothing
    """
    active = [stop for stop in stops if stop.until is None or today <= stop.until]
    ends = [stop.until or date.max for stop in active]
    if date.max in ends or not passes(stop.code for stop in active):
        return None
    return max((later(end, ONE_DAY) for end in ends), default=date.min)
