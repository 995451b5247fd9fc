"""Which receivables become statute-barred, as domains that an index of dates answers."""

from datetime import timedelta

from odoo.fields import Domain

from ...core.limitation import WARNED, first_acknowledged, first_due
from .receivables import receivables

_ONE_DAY = timedelta(days=1)


def limited(moves, first=None, last=None):
    """Return the domain of the receivables that become statute-barred in a span of days.

    Few debts are acknowledged, and whose were in that span is asked first: a condition on the
    invoice beside one on the due date would have the database read all that is open.

    :param moves: invoices without any, with the rights of who looks
    :param date first: the first of them, None for any
    :param date last: the last of them, None for any
    :rtype: Domain
    """
    never = Domain("move_id.upominky_acknowledged_on", "=", False) & _between(
        "date_maturity", first and first_due(first), last and first_due(last + _ONE_DAY)
    )
    acknowledged = Domain("upominky_acknowledged_on", "!=", False) & _between(
        "upominky_acknowledged_on",
        first and first_acknowledged(first),
        last and first_acknowledged(last + _ONE_DAY),
    )
    return receivables() & (never | Domain("move_id", "in", moves.search(acknowledged).ids))


def limited_soon(moves, today):
    """Return the domain of the receivables that people are warned of.

    :param moves: as in :func:`limited`
    :param date today: the company's calendar date
    :rtype: Domain
    """
    return limited(moves, today, today + WARNED)


def _between(name, first, end):
    """Return the domain of days from the first on, before the end; each may be open."""
    domain = Domain(name, ">=", first) if first else Domain.TRUE
    return domain & Domain(name, "<", end) if end else domain
