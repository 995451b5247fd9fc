"""When a claim becomes statute-barred, by the Czech civil code (89/2012 Sb.).

Three years from the day on which it could first be claimed, that after its due date (§ 619, § 629);
ten years from the day on which the debtor acknowledged it in writing (§ 639), which takes nothing
from these three years where he did so before it was due. A reminder does not stop it.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

YEARS, YEARS_ACKNOWLEDGED = 3, 10
#: So long before it people are warned.
WARNED = relativedelta(months=6)
_ONE_DAY = timedelta(days=1)
#: The day after which no claim is looked at: dates end.
_LAST = date.max - timedelta(days=366 * YEARS_ACKNOWLEDGED)


def limited_on(due: date, acknowledged: date | None = None) -> date:
    """Return the day on which a claim becomes statute-barred.

    :param acknowledged: the day on which the debtor acknowledged it in writing

    >>> limited_on(date(2023, 3, 15))
    datetime.date(2026, 3, 16)
    >>> limited_on(date(2024, 2, 28))
    datetime.date(2027, 2, 28)
    >>> limited_on(date(2023, 3, 15), date(2025, 1, 31))
    datetime.date(2035, 1, 31)
    >>> limited_on(date(2031, 5, 1), date(2020, 1, 10))
    datetime.date(2034, 5, 2)
    """
    claimed = min(due, _LAST) + _ONE_DAY + relativedelta(years=YEARS)
    if not acknowledged:
        return claimed
    return max(claimed, min(acknowledged, _LAST) + relativedelta(years=YEARS_ACKNOWLEDGED))


def first_due(day: date) -> date:
    """Return the earliest due date of what becomes statute-barred on a day or later.

    >>> first_due(date(2026, 3, 16)), limited_on(first_due(date(2027, 3, 1)))
    (datetime.date(2023, 3, 15), datetime.date(2027, 3, 1))
    """
    due = day - relativedelta(years=YEARS) - _ONE_DAY
    while limited_on(due - _ONE_DAY) >= day:
        due -= _ONE_DAY
    while limited_on(due) < day:
        due += _ONE_DAY
    return due


def first_acknowledged(day: date) -> date:
    """Return the earliest acknowledgement of what becomes statute-barred on a day or later.

    >>> first_acknowledged(date(2035, 1, 31))
    datetime.date(2025, 1, 31)
    """
    due = date.min  # so long ago that it does not matter
    found = day - relativedelta(years=YEARS_ACKNOWLEDGED)
    while limited_on(due, found - _ONE_DAY) >= day:
        found -= _ONE_DAY
    while limited_on(due, found) < day:
        found += _ONE_DAY
    return found
