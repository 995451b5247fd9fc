"""The first pages of lists that are sorted by what nothing stores.

A page is the beginning of what is sorted. Where some records are known to come before all others,
and fill the page, the values of the others are never worked out.
"""

from typing import NamedTuple

from odoo.tools import SQL

#: So many values are looked at for each record of a page, in turn: several may be of one record,
#: and the list may leave records out.
TIMES = (5, 100)


class Part(NamedTuple):
    """Records that come one after the other where all are sorted.

    Either those that meet a ``condition``, a function of the SQL of their id, which are of one
    value; or those of a ``table`` with ``record_id`` and ``value``, each once, by that value.
    """

    condition: object = None
    table: SQL | None = None


def sorted_by(order):
    """Return the field by which a list is sorted first, whether downwards, and what comes after.

    Records of the same value come in one order, or pages would repeat some and leave others out.

    >>> sorted_by("level desc, name")
    ('level', True, 'name, id desc')
    >>> sorted_by("level")
    ('level', False, 'id desc')
    >>> sorted_by("level desc nulls last, id")
    (None, False, 'id')
    >>> sorted_by(" ")
    (None, False, 'id desc')

    :param str order: as the client asks
    :return: None for the field where it is more than a name and a direction
    :rtype: tuple[str | None, bool, str]
    """
    first, *others = [term.strip() for term in order.split(",")]
    if not any(term.split()[:1] == ["id"] for term in others):
        others.append("id desc")
    name, *direction = first.split() or [None]
    direction = [word.lower() for word in direction]
    known = direction in ([], ["asc"], ["desc"])
    return name if known else None, direction == ["desc"], ", ".join(others)


def sorted_page(records, domain, asked, parts, **kwargs):
    """Return the order in which a list is read, and its page where its first parts fill it.

    :param records: of the model that is searched, without any
    :param tuple asked: the offset, the limit and the order
    :param dict parts: by field; called with whether it is sorted downwards and with the number of
        records that are wanted; yields each :class:`Part` from the first on, as far as it knows
    :param kwargs: of ``_search``
    :return: the order, and the query of the page, or None
    """
    offset, limit, order = asked
    name, is_down, rest = sorted_by(order) if isinstance(order, str) else (None, False, "")
    if name not in parts:
        return order, None
    records._check_field_access(records._fields[name], "read")
    offset, found = offset or 0, []
    for part in parts[name](is_down, offset + limit) if limit else ():
        query = records._search(domain, limit=offset + limit - len(found), **kwargs)
        if query.is_empty():
            break
        _keep_to(records, query, part, (name, is_down, rest))
        found += query.get_result_ids()
        if len(found) == offset + limit:
            return order, records.browse(found[offset:])._as_query()
    return f"{order.split(',')[0]}, {rest}", None


def _keep_to(records, query, part, order):
    """Have a query find a part of its records, in an order."""
    name, is_down, rest = order
    own, first = SQL.identifier(records._table, "id"), []
    if part.condition:
        query.add_where(part.condition(own))
    else:
        alias = query.make_alias(records._table, f"{name}_first")
        same = SQL("%s = %s", SQL.identifier(alias, "record_id"), own)
        query.add_join("JOIN", alias, SQL("(%s)", part.table), same)
        direction = SQL("DESC") if is_down else SQL("ASC")
        first = [SQL("%s %s", SQL.identifier(alias, "value"), direction)]
    query.order = SQL(", ").join([*first, records._order_to_sql(rest, query)])
