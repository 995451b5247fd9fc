"""Which receivables become statute-barred, as domains that an index of dates answers."""

from datetime import timedelta

from odoo.fields import Domain

from ...core.limitation import WARNED, first_acknowledged, first_due
from .receivables import receivables

_ONE_DAY = timedelta(days=1)
#: What the day follows from, of an item: when it was due, and when the debtor acknowledged it.
DUE, SAID = "date_maturity", "move_id.upominky_acknowledged_on"


def limited(moves, first=None, last=None):
    """Return the domain of the receivables that become statute-barred in a span of days.

    Few debts are acknowledged, and whose were in that span is asked first: a condition on the
    invoice beside one on the due date would have the database read all that is open.

    :param moves: invoices without any, with the rights of who looks
    :param date first: the first of them, None for any
    :param date last: the last of them, None for any
    :rtype: Domain
    """
    never = Domain(SAID, "=", False) & _from(DUE, first, first_due) & _to(DUE, last, first_due)
    # The later of the two days counts.
    said = Domain("upominky_acknowledged_on", "!=", False)
    said &= _to("upominky_acknowledged_on", last, first_acknowledged)
    begin = _from(SAID, first, first_acknowledged) | _from(DUE, first, first_due)
    acknowledged = Domain("move_id", "in", moves.search(said).ids) & begin
    return receivables() & (never | acknowledged & _to(DUE, last, first_due))


def limited_soon(moves, today):
    """Return the domain of the receivables that people are warned of.

    :param moves: as in :func:`limited`
    :param date today: the company's calendar date
    :rtype: Domain
    """
    return limited(moves, today, today + WARNED)


def _from(name, day, earliest):
    """Return the domain of what becomes statute-barred on a day or later; None: any.

    :param earliest: says the first value of the field of what becomes so
    """
    return Domain(name, ">=", earliest(day)) if day else Domain.TRUE


def _to(name, day, earliest):
    """Return the domain of what becomes statute-barred on a day or before; None: any."""
    return Domain(name, "<", earliest(day + _ONE_DAY)) if day else Domain.TRUE
