"""Many rows, copied in SQL from one that Odoo made: for what a limit or a page could hide."""

from odoo.tools import SQL

COLUMNS = """
    SELECT attname
      FROM pg_attribute
     WHERE attrelid = %s::regclass
       AND attnum > 0
       AND NOT attisdropped
       AND attgenerated = ''
       AND attname != 'id'
"""


def copies(record, count, **values):
    """Copy a record's row, and nothing that belongs to it.

    :param int count: how many copies
    :param values: what differs, by column: SQL expressions, in which ``proto`` is the row that is
        copied and ``n`` the number of the copy, from 1 on
    :return: the copies, in the order of ``n``
    """
    env = record.env
    env.flush_all()
    env.cr.execute(COLUMNS, [record._table])
    names = [name for (name,) in env.cr.fetchall()]
    columns = [values.get(name, SQL.identifier("proto", name)) for name in names]
    query = SQL(
        "INSERT INTO %(table)s (%(names)s) SELECT %(columns)s FROM %(table)s proto, "
        "generate_series(1, %(count)s) AS n WHERE proto.id = %(id)s ORDER BY n RETURNING id",
        table=SQL.identifier(record._table),
        names=SQL(", ").join(map(SQL.identifier, names)),
        columns=SQL(", ").join(columns),
        count=count,
        id=record.id,
    )
    found = record.browse(row[0] for row in env.execute_query(query))
    env.invalidate_all()
    return found


def nth(records):
    """Return the SQL of the id of the ``n``-th of some records."""
    return SQL("(%s::int[])[n]", records.ids)


def invoices(move, count, due):
    """Copy a posted invoice with its lines.

    :param SQL due: the due date of the ``n``-th, seen from its receivable ``proto``
    :rtype: account.move
    """
    item = move.line_ids.filtered("date_maturity")
    name = SQL("proto.name || '-' || n")
    of_move = SQL("%s", item.date_maturity)
    last = SQL("(SELECT %s FROM (SELECT %s::date AS date_maturity) AS proto)", due, of_move)
    found = copies(move, count, name=name, payment_reference=name, invoice_date_due=last)
    for line in move.line_ids:
        dates = {"date_maturity": due} if line == item else {}
        copies(
            line, count, move_id=nth(found), move_name=SQL("proto.move_name || '-' || n"), **dates
        )
    return found


def reminders(reminder, moves, *, line, **values):
    """Copy a reminder of one line, once for each of some invoices.

    :param dict line: what differs in the ``n``-th line, by column, as SQL
    :param values: the same of the reminder
    :rtype: upominky.reminder
    """
    items = moves.line_ids.filtered("date_maturity").sorted(
        lambda item: moves.ids.index(item.move_id.id)
    )
    name = SQL("proto.name || '-' || n || '-' || %s", moves[:1].id)
    found = copies(reminder, len(moves), name=name, **values)
    own = {"reminder_id": nth(found), "move_id": nth(moves), "move_line_id": nth(items)}
    copies(reminder.line_ids, len(moves), **own, **line)
    return found
