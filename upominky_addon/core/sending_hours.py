"""When e-mails may go: the hours of a calendar, and how many went within the last hour."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo

#: A calendar's day ends a millionth of a second before midnight, and the next one begins at it.
SEAM = timedelta(seconds=1)
#: What counts for the limit of messages.
HOUR = timedelta(hours=1)
#: When it is never.
NEVER = datetime.max
#: How far a calendar is looked through, step by step: a week, a closed month or two, a year.
HORIZONS = (timedelta(days=9), timedelta(days=70), timedelta(days=400))

Interval = tuple[datetime, datetime]


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Return intervals in order, those that overlap or follow each other without a gap as one.

    >>> from datetime import datetime
    >>> at = lambda day, hour, minute=0: datetime(2026, 5, day, hour, minute)
    >>> night = [(at(2, 0), at(2, 4)), (at(1, 20), datetime(2026, 5, 1, 23, 59, 59, 999999))]
    >>> joined(night) == [(at(1, 20), at(2, 4))]
    True
    """
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
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


def not_closed(
    days: Iterable[tuple[date, datetime, datetime]], closed: Sequence[Interval]
) -> list[date]:
    """Return the days that are not closed from their first to their last minute.

    :param days: with when each begins and ends
    :param closed: from when to when nobody works, as people entered it: to the minute

    >>> from datetime import date, datetime, timedelta
    >>> at = lambda day, hour=0, minute=0: datetime(2026, 12, day, hour, minute)
    >>> days = [(at(day).date(), at(day), at(day + 1)) for day in (24, 25)]
    >>> [day.day for day in not_closed(days, [(at(24), at(24, 23, 59)), (at(25, 12), at(26))])]
    [25]
    """
    minute = timedelta(minutes=1)
    return [
        day
        for day, begins, ends in days
        if not any(start <= begins and end >= ends - minute for start, end in closed)
    ]
