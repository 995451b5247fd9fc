"""Next dates as a column: nothing stores them, so they are decided before a query runs."""

from copy import copy

from odoo.exceptions import UserError
from odoo.tools import SQL

from .queries import DECIDED_DATES

#: How many records are decided within one request; about a tenth of a millisecond each.
DECIDED_AT_ONCE = 50_000


def decided(records, domain):
    """Return the records of a domain whose next dates are to be decided.

    :raises UserError: there are too many for one request; what to do instead
    """
    found = records.search(domain, limit=DECIDED_AT_ONCE + 1)
    if len(found) > DECIDED_AT_ONCE:
        raise UserError(
            records.env._(
                "Searching, sorting and grouping by the next reminder works on at most %(limit)s "
                "records at once, and there are more here. Filter the list by something else "
                "first, such as customer or due date, then sort or group it.",
                limit=f"{DECIDED_AT_ONCE:,}".replace(",", "\N{NO-BREAK SPACE}"),
            )
        )
    return found


def whole(query):
    """Return a query for all that ``query`` is about, past the page that it is cut to.

    Odoo limits a query to the number of groups asked for before it builds the column that it
    groups by; what lies beyond that limit is to be decided as well.
    """
    found = copy(query)
    found._joins, found._where_clauses = dict(query._joins), list(query._where_clauses)
    found.limit = found.offset = found.order = None
    return found


def dates_table(dates):
    """Return a table of decided dates by record, for a query to join with.

    :param dict[int, date] dates: by id
    """
    return SQL("(%s)", SQL(DECIDED_DATES, list(dates), list(dates.values())))
