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

#: Whether an invoice is one of those whose value of the summary meets a condition. Not ``id IN``:
#: what is not found is searched for as well, and of many ids ``NOT IN`` compares each with all.
SUMMARISED = {
    name: f"""
        EXISTS (
            SELECT
              FROM (
                SELECT line.move_id
                  FROM upominky_reminder_line line
                  {_JOIN if "reminder." in value else ""}
                 WHERE %(condition)s
                 GROUP BY line.move_id
                HAVING %(meets)s
              ) AS found
             WHERE found.move_id = %(move)s
        )
    """
    for name, value in SUMMARY_VALUES.items()
}

#: The highest counted level of each invoice, as a table that invoices are joined with.
MOVE_LEVELS = """
    SELECT move_id AS record_id, MAX(level_order) AS value
      FROM upominky_reminder_line
     WHERE counted
     GROUP BY move_id
"""

#: Next dates that were decided already, as a table that invoices or reminders are joined with.
DECIDED_DATES = """
    SELECT * FROM unnest(%s::int[], %s::date[]) AS decided (record_id, value)
"""

#: Invoices that a reminder speaks for last: no later level of the same receivable was issued.
SPEAKS_FOR = """
    SELECT line.reminder_id, ARRAY_AGG(DISTINCT line.move_id)
      FROM upominky_reminder_line line
 LEFT JOIN upominky_reminder_line later
        ON later.move_line_id = line.move_line_id
       AND later.level_order > line.level_order
       AND later.counted
     WHERE line.counted
       AND line.reminder_id = ANY(%s)
       AND later.id IS NULL
     GROUP BY line.reminder_id
"""
