"""When e-mails may go: the hours of a calendar, and how many went within the last hour."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

#: People enter “until 23:59” and mean midnight, and Odoo's days end just before it: a gap between
#: two hours that is no longer is none, and an hour that is no longer is left of a day off.
SEAM = timedelta(minutes=1)
#: Days off are kept to the second, and begin and end at one that belongs to them.
SECOND = timedelta(seconds=1)
#: What counts for the limit of messages.
HOUR = timedelta(hours=1)
#: When it is never.
NEVER = datetime.max
#: How far a calendar is looked through, step by step: a week, a closed month or two, a year.
HORIZONS = (timedelta(days=9), timedelta(days=70), timedelta(days=400))

Interval = tuple[datetime, datetime]


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Return intervals in order, those that overlap or follow each other without a gap as one.

    What is left of the last minute of a day off is no interval.

    >>> from datetime import datetime
    >>> at = lambda day, hour, minute=0: datetime(2026, 5, day, hour, minute)
    >>> night = [(at(2, 0), at(2, 4)), (at(1, 20), datetime(2026, 5, 1, 23, 59, 59, 999999))]
    >>> joined(night) == [(at(1, 20), at(2, 4))]
    True
    >>> joined([(at(2, 23, 59), at(3, 0))])
    []
    """
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if end - start <= SEAM:
            continue
        if found and start - found[-1][1] <= SEAM:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def opens(intervals: Iterable[Interval], moment: datetime) -> datetime:
    """Return the first moment from ``moment`` on at which e-mails may go, :data:`NEVER` if none.

    >>> from datetime import datetime
    >>> at = lambda hour: datetime(2026, 5, 29, hour)
    >>> day = [(at(8), at(12)), (at(13), at(16))]
    >>> [opens(day, at(hour)).hour for hour in (7, 8, 11, 12, 15)], opens(day, at(16)) == NEVER
    ([8, 8, 11, 13, 15], True)
    """
    for start, end in joined(intervals):
        if moment < end:
            return max(start, moment)
    return NEVER


def closes(intervals: Iterable[Interval], moment: datetime) -> datetime:
    """Return until when e-mails may go from ``moment`` on: itself, if they may not.

    >>> from datetime import datetime
    >>> at = lambda hour: datetime(2026, 5, 29, hour)
    >>> [closes([(at(8), at(12))], at(hour)).hour for hour in (7, 8, 11, 12)]
    [7, 12, 12, 12]
    """
    for start, end in joined(intervals):
        if start <= moment < end:
            return end
    return moment


def open_days(intervals: Iterable[Interval], zone: tzinfo) -> set[date]:
    """Return the calendar dates on which e-mails may go at some time.

    :param intervals: with aware datetimes
    :param zone: whose dates they are

    >>> from datetime import UTC, datetime
    >>> late = [(datetime(2026, 5, 1, 22, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC))]
    >>> sorted(day.day for day in open_days(late, UTC))
    [1]
    """
    found = set()
    for start, end in joined(intervals):
        day, last = start.astimezone(zone).date(), (end - SEAM).astimezone(zone).date()
        while day <= last:
            found.add(day)
            day += timedelta(days=1)
    return found


def days_waited(last: date, today: date, counted: Iterable[date]) -> int:
    """Return on how many days since ``last`` something could have been sent.

    :param last: when it was issued, or last tried
    :param counted: days on which e-mails could go

    >>> from datetime import date
    >>> may = lambda day: date(2026, 5, day)
    >>> days_waited(may(1), may(8), [may(1), may(2), may(8), may(9)])
    2
    """
    return sum(last < day <= today for day in set(counted))


def open_parts(begin: datetime, end: datetime, off: Iterable[Interval]) -> list[Interval]:
    """Return what no day off covers of a day: nothing, all of it, or what is beside half of one.

    :param begin: its first second
    :param end: its last second
    :param off: first and last seconds of days off, as people entered them: to the minute

    >>> from datetime import datetime
    >>> at = lambda hour, minute=0, second=0: datetime(2026, 12, 24, hour, minute, second)
    >>> day = at(0), at(23, 59, 59)
    >>> open_parts(*day, [(at(0), at(23, 59))]), open_parts(*day, []) == [day]
    ([], True)
    >>> open_parts(*day, [(at(12), at(23, 59))]) == [(at(0), at(11, 59, 59))]
    True
    """
    parts = []
    for start, stop in sorted(off):
        if stop >= begin and start <= end:
            parts.append((begin, start - SECOND))
            begin = max(begin, stop + SECOND)
    parts.append((begin, end))
    return [(start, stop) for start, stop in parts if stop - start >= SEAM]
