"""Next dates as a column, which nothing stores.

Of few records they are decided before a query runs, of many the database works them out.
"""

from copy import copy

from odoo.tools import SQL

from .first_pages import TIMES, Part
from .queries import DECIDED_DATES

#: So many records are decided one by one; of more, the dates of all that is open are read at once.
FEW = 500


def few_of(records, alias, query, is_whole):
    """Return what a query is about if that is little, past the page that it is cut to; else None.

    Odoo limits a query to the number of groups asked for before it builds the column that it
    groups by; what lies beyond that limit is to be decided as well.

    :param records: an empty recordset of the model that the column is of
    :param str alias: of its table; None too where the query is about another, along a path
    :param bool is_whole: whether the query has all its conditions by now; None if not
    """
    if not (is_whole and alias == query.table == records._table):
        return None
    if query.is_empty():
        return records.browse()
    found = copy(query)
    found._joins, found._where_clauses = dict(query._joins), list(query._where_clauses)
    found.limit, found.offset, found.order = FEW + 1, None, None
    rows = records.env.execute_query(found.select())
    return records.browse(row[0] for row in rows) if len(rows) <= FEW else None


def dates_table(dates):
    """Return a table of decided dates by record, for a query to join with.

    :param dict[int, date] dates: by id
    """
    return SQL("(%s)", SQL(DECIDED_DATES, list(dates), list(dates.values())))


def join_by_id(query, alias, joined, table):
    """Join a table of values by record with the records of a query."""
    own = SQL("%s = %s", SQL.identifier(joined, "record_id"), SQL.identifier(alias, "id"))
    query.add_join("LEFT JOIN", joined, table, own)


def companies_searched(records):
    """Return the companies whose books a query may return; a superuser's are those of all."""
    env = records.env
    return env["res.company"].search([]) if env.su else env.companies


def kept_condition(kept, own, operator, value):
    """Return the condition that the earliest of the kept dates of a record compares so.

    A list asks for a page: the database looks up few records one by one, where a joined table
    would have to be grouped for all of them first.

    :param SQL kept: dates by ``record_id``
    :param SQL own: the record's id
    :param operator: ``in``, ``not in``, ``<``, ``<=``, ``>`` or ``>=``
    :param value: a date, or a set of dates and of False for none
    """

    def some(sign=None, day=None):
        meets = SQL("value %s %s", SQL(sign), day) if sign else SQL("TRUE")
        if sign:  # by an index, of days that no value is before
            meets = SQL("day <= %s AND %s", day, meets)
        return SQL(
            "EXISTS (SELECT FROM (%s) AS kept WHERE kept.record_id = %s AND %s)", kept, own, meets
        )

    if operator in ("<", "<="):
        return some(operator, value)
    if operator in (">", ">="):
        return SQL("(%s AND NOT %s)", some(), some("<" if operator == ">=" else "<=", value))
    found = [SQL("(%s AND NOT %s)", some("=", day), some("<", day)) for day in value if day]
    found += [SQL("NOT %s", some())] if False in value else []
    return SQL(
        "%s(%s)",
        SQL("NOT " if operator == "not in" else ""),
        SQL(" OR ").join(found or [SQL("FALSE")]),
    )


def first_dates(records):
    """Return what yields which records come first where they are sorted by their next dates.

    Not of all: nobody turns so many pages.

    :param records: of the model that is sorted, without any
    """

    def parts(is_down, number):
        reader, companies = records.env["upominky.reader"], companies_searched(records)
        kept = reader._kept_dates(companies, records._name)
        if kept is None:
            return
        if is_down:  # as PostgreSQL has it: what has no value is the highest
            yield Part(lambda own: kept_condition(kept, own, "in", {False}))
            return
        after = None
        for last in reader._kept_days(companies, [times * number for times in TIMES]):
            yield Part(table=reader._dates_until(kept, after, last))
            after = last

    return parts
