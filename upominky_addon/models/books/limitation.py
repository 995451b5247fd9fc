"""Which receivables become statute-barred, as domains that an index of dates answers."""

from datetime import timedelta

from odoo.fields import Domain

from ...core.limitation import WARNED, first_acknowledged, first_due
from .receivables import receivables

_ONE_DAY = timedelta(days=1)


def limited(first=None, last=None):
    """Return the domain of the receivables that become statute-barred in a span of days.

    :param date first: the first of them, None for any
    :param date last: the last of them, None for any
    :rtype: Domain
    """
    never = Domain("move_id.upominky_acknowledged_on", "=", False) & _between(
        "date_maturity", first and first_due(first), last and first_due(last + _ONE_DAY)
    )
    acknowledged = Domain("move_id.upominky_acknowledged_on", "!=", False) & _between(
        "move_id.upominky_acknowledged_on",
        first and first_acknowledged(first),
        last and first_acknowledged(last + _ONE_DAY),
    )
    return receivables() & (never | acknowledged)


def limited_soon(today):
    """Return the domain of the receivables that people are warned of.

    :param date today: the company's calendar date
    :rtype: Domain
    """
    return limited(today, today + WARNED)


def _between(name, first, end):
    """Return the domain of days from the first on, before the end; each may be open."""
    domain = Domain(name, ">=", first) if first else Domain.TRUE
    return domain & Domain(name, "<", end) if end else domain
