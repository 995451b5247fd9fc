"""The queries of what invoices and the reminder book show of reminders.

They pass the record rules: each is asked about records that were read.
"""

#: What an invoice shows of its ``line``s and their ``reminder``s: highest counted order, number of
#: issued reminders, and the last of them. A reminder counts as its line does: not when it was
#: cancelled or the line dropped out before it was mailed, but when it was cancelled after that
#: (SPEC rules 5 and 28). Lines of events that raise no level never count.
SUMMARY_VALUES = {
    "upominky_level": "COALESCE(MAX(line.level_order) FILTER (WHERE line.counted), 0)",
    "upominky_count": "COUNT(DISTINCT line.reminder_id) FILTER (WHERE line.counted)",
    "upominky_last_date": "MAX(reminder.issue_date) FILTER (WHERE line.counted)",
    "upominky_status": """
        (ARRAY_AGG(reminder.state ORDER BY reminder.issue_date DESC, reminder.id DESC)
            FILTER (WHERE line.event = ANY(%(raising)s)))[1]
    """,
}
_JOIN = "JOIN upominky_reminder reminder ON reminder.id = line.reminder_id"

SUMMARY = f"""
    SELECT line.move_id, {", ".join(SUMMARY_VALUES.values())}
      FROM upominky_reminder_line line
      {_JOIN}
     WHERE %(condition)s
     GROUP BY line.move_id
"""

_OF_MOVE = "WHERE line.move_id = %(move)s AND %(condition)s"
_COUNTED = f"{_OF_MOVE} AND line.counted"

#: The same values of one ``move`` alone, for searches. A list asks for a page of invoices, and a
#: few lines tell all of one: what is worked out for all of them is mostly thrown away.
MOVE_VALUES = {
    "upominky_level": f"""
        COALESCE((SELECT MAX(line.level_order) FROM upominky_reminder_line line {_COUNTED}), 0)
    """,
    "upominky_count": f"""
        (SELECT COUNT(DISTINCT line.reminder_id) FROM upominky_reminder_line line {_COUNTED})
    """,
    "upominky_last_date": f"""
        (SELECT MAX(reminder.issue_date) FROM upominky_reminder_line line {_JOIN} {_COUNTED})
    """,
    "upominky_status": f"""
        (SELECT reminder.state
           FROM upominky_reminder_line line
           {_JOIN}
          {_OF_MOVE}
            AND line.event = ANY(%(raising)s)
          ORDER BY reminder.issue_date DESC, reminder.id DESC
          LIMIT 1)
    """,
}

#: What a value comes from, a column of one line and its reminder; None for what no line alone has.
VALUE_COLUMNS = {
    "upominky_level": "line.level_order",
    "upominky_count": None,
    "upominky_last_date": "reminder.issue_date",
    "upominky_status": "reminder.state",
}

#: Whether a ``move`` has any line that ``meets`` what its value is to meet: else nor does it.
#: What is rare is found by the indexes of lines and reminders, without looking at each invoice.
SOME_LINE = {
    name: f"""
        EXISTS (
            SELECT
              FROM upominky_reminder_line line
              {_JOIN if "reminder." in (column or "") else ""}
             {_OF_MOVE}
               AND %(meets)s
        )
    """
    for name, column in VALUE_COLUMNS.items()
}

#: The highest counted level of each invoice, as a table that invoices are joined with.
MOVE_LEVELS = """
    SELECT move_id AS record_id, MAX(level_order) AS value
      FROM upominky_reminder_line
     WHERE counted
     GROUP BY move_id
"""

#: Whether so many rows of a table have one of some values that many of all invoices may meet what
#: is asked, by what the planner knows of the tables.
ARE_COMMON = """
    SELECT SUM(common.share) * own.number > moves.number / 4
      FROM (SELECT reltuples AS number FROM pg_class WHERE oid = 'account_move'::regclass) AS moves
CROSS JOIN (SELECT reltuples AS number FROM pg_class WHERE oid = %(table)s::regclass) AS own
CROSS JOIN pg_stats stats
CROSS JOIN LATERAL unnest(
            stats.most_common_vals::text::text[], stats.most_common_freqs
           ) AS common (value, share)
     WHERE stats.schemaname = current_schema()
       AND stats.tablename = %(table)s
       AND stats.attname = %(column)s
       AND common.value = ANY(%(values)s)
     GROUP BY moves.number, own.number
"""

#: In how many lines an invoice stands that stands in any, by what the planner knows.
LINES_OF_AN_INVOICE = """
    SELECT own.reltuples / NULLIF(
               CASE WHEN stats.n_distinct < 0 THEN -stats.n_distinct * own.reltuples
                    ELSE stats.n_distinct END, 0)
      FROM pg_class own
      JOIN pg_stats stats ON stats.tablename = own.relname
     WHERE own.oid = 'upominky_reminder_line'::regclass
       AND stats.schemaname = current_schema()
       AND stats.attname = 'move_id'
"""

#: Invoices that stand in more reminders than most: they are counted all at once.
IN_MANY = """
    %(move)s IN (
        SELECT line.move_id
          FROM upominky_reminder_line line
         WHERE line.counted AND %(condition)s
         GROUP BY line.move_id
        HAVING %(meets)s
    )
"""
#: What is counted of them.
NUMBER = "COUNT(DISTINCT line.reminder_id)"

#: The levels that invoices are at.
LEVELS_THERE_ARE = (
    "SELECT DISTINCT level_order FROM upominky_reminder_line WHERE counted ORDER BY 1"
)

#: Whether a level is the highest counted one of a ``move``, which an index of its lines answers.
IS_LEVEL = """
    EXISTS (
        SELECT
          FROM upominky_reminder_line line
         WHERE line.move_id = %(move)s AND line.counted AND line.level_order = %(level)s
    )
    AND NOT EXISTS (
        SELECT
          FROM upominky_reminder_line line
         WHERE line.move_id = %(move)s AND line.counted AND line.level_order > %(level)s
    )
"""
#: Whether no line of a ``move`` counts.
HAS_NO_LEVEL = """
    NOT EXISTS (
        SELECT FROM upominky_reminder_line line WHERE line.move_id = %(move)s AND line.counted
    )
"""

#: The highest counted level of each of some journal items that were reminded.
ITEM_LEVELS = """
    SELECT move_line_id, MAX(level_order)
      FROM upominky_reminder_line
     WHERE counted
       AND move_line_id = ANY(%s)
     GROUP BY move_line_id
"""

#: The highest counted level of one of them, as it is asked for one row of a query.
ITEM_LEVEL = """
    COALESCE((
        SELECT MAX(level_order)
          FROM upominky_reminder_line
         WHERE counted
           AND move_line_id = %(item)s
    ), 0)
"""

#: Next dates that were decided already, as a table that invoices or reminders are joined with.
DECIDED_DATES = """
    SELECT * FROM unnest(%s::int[], %s::date[]) AS decided (record_id, value)
"""

#: What a reminder speaks for last: no later level of the same receivable was issued.
SPEAKS_FOR = """
    SELECT line.reminder_id, line.move_id, line.move_line_id
      FROM upominky_reminder_line line
 LEFT JOIN upominky_reminder_line later
        ON later.move_line_id = line.move_line_id
       AND later.level_order > line.level_order
       AND later.counted
     WHERE line.counted
       AND line.reminder_id = ANY(%s)
       AND later.id IS NULL
"""

#: The flat cost that was asked of receivables first, by reminders that went out and that nobody
#: cancelled after that; others than these.
COSTS_BEFORE = """
    SELECT DISTINCT ON (line.move_line_id) line.move_line_id, line.flat_cost::text
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
     WHERE line.move_line_id = ANY(%(items)s)
       AND line.reminder_id != ALL(%(reminders)s)
       AND line.flat_cost > 0
       AND reminder.sent_date IS NOT NULL
       AND reminder.state != 'cancelled'
     ORDER BY line.move_line_id, line.id
"""
