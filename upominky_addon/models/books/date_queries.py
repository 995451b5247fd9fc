"""The queries of next dates, worked out for many at once; and of what changed since.

They pass the record rules: each filters its company, or is asked about records that were read.
"""

from ..rules.queries import PLACE, joined_with_rules
from .queries import LAST_DAY, LAST_LINE, PENDING
from .receivables import ACCOUNT_OF_CUSTOMERS, INVOICE, IS_SETTLED, OPEN_ITEM, OPENING

#: The last counted reminder of each receivable: a walk along one index, backwards.
PAST_OF_ALL = """
    LEFT JOIN (
        SELECT DISTINCT ON (line.move_line_id)
               line.move_line_id,
               line.reminder_id,
               line.level_order,
               line.level_days
          FROM upominky_reminder_line line
         WHERE line.counted
         ORDER BY line.move_line_id DESC, line.level_order DESC
    ) AS past ON past.move_line_id = item.id
"""
#: The same, for few receivables: each is looked up.
PAST_OF_FEW = f"LEFT JOIN LATERAL ({LAST_LINE}) AS past ON TRUE"

#: Each contact with its customer, the place of the rule that covers it, and what a company says of
#: it.
COVERED = f"""
    SELECT contact.id AS partner_id,
           contact.commercial_partner_id AS id,
           {PLACE} AS place,
           held.is_stopped,
           held.free
      FROM res_partner contact
{joined_with_rules("contact.commercial_partner_id")}
 LEFT JOIN (
            SELECT said.id,
                   said.excluded
                    OR said.until >= %(never)s
                    OR said.until IS NULL AND said.reason IS NOT NULL AS is_stopped,
                   said.until + 1 AS free
              FROM (
                    SELECT customer.id,
                           COALESCE(%(excluded)s, FALSE) AS excluded,
                           %(customer_until)s AS until,
                           %(customer_reason)s AS reason
                      FROM res_partner customer
                   ) AS said
             WHERE said.excluded OR said.until IS NOT NULL OR said.reason IS NOT NULL
           ) AS held ON held.id = contact.commercial_partner_id
"""

#: The open items of a company with the day of their next reminder, as
#: :func:`core.schedule.decide` finds it, but for holds that end: ``free`` is the day after the last
#: of them, and counts as long as it is to come. ``day`` is NULL where there is none.
#:
#: Each speaks for the last reminder of its receivable, ``is_own`` if that is its customer's still.
#:
#: What is joined from the left stays there, and what it says is asked in the column: as conditions
#: they would make the planner expect a handful of rows and read the rest one by one.
DATED_ITEMS = f"""
    SELECT item.id AS item_id,
           item.move_id,
           item.company_id,
           customer.id AS customer_id,
           past.reminder_id,
           COALESCE(past.level_order, 0) AS reached,
           item.date_maturity AS due,
           debtor.commercial_partner_id = customer.id AS is_own,
           CASE WHEN level.days IS NOT NULL
                 AND item.no_followup IS NOT TRUE
                 AND customer.is_stopped IS NOT TRUE
                 AND (stop.item_id IS NULL OR stop.free IS NOT NULL)
                 AND %(not_left_out)s
                 AND (past.reminder_id IS NULL OR {PENDING} IS NOT TRUE)
                 AND CASE WHEN {INVOICE} THEN NOT ({IS_SETTLED}) ELSE {OPENING} END
                 AND move.payment_state IS DISTINCT FROM 'blocked'
                 AND (move.upominky_hold_until IS NOT NULL OR move.upominky_hold_reason IS NULL)
                 AND (move.upominky_hold_until IS NULL OR move.upominky_hold_until < %(never)s)
                THEN LEAST(
                    %(never)s,
                    GREATEST(
                        item.date_maturity + level.days,
                        {LAST_DAY} + GREATEST(
                            1,
                            level.days - past.level_days,
                            CASE WHEN reminder.rule_id IS DISTINCT FROM rule.id THEN %(pause)s END
                        ),
                        reminder.deadline + 1
                    )
                )
            END AS day,
           GREATEST(customer.free, stop.free, move.upominky_hold_until + 1) AS free
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN ({COVERED}) AS customer ON customer.partner_id = item.partner_id
           %(past)s
 LEFT JOIN upominky_reminder reminder ON reminder.id = past.reminder_id
 LEFT JOIN res_partner debtor ON debtor.id = reminder.partner_id
 LEFT JOIN (VALUES %(rules)s) AS rule (place, id, orders, days) ON rule.place = customer.place
CROSS JOIN LATERAL (
            SELECT rule.days[width_bucket(COALESCE(past.level_order, 0), rule.orders) + 1] AS days
           ) AS level
 LEFT JOIN unnest(%(stopped)s::int[], %(free)s::date[]) AS stop (item_id, free)
        ON stop.item_id = item.id
 %(with_left_out)s
     WHERE item.company_id = %(company)s
       AND %(scope)s
       AND {OPEN_ITEM}
       AND item.amount_residual_currency > 0
       AND item.date_maturity IS NOT NULL
       AND (%(start)s::date IS NULL OR item.date_maturity >= %(start)s)
"""

#: What rules leave out, for :data:`DATED_ITEMS`.
WITH_LEFT_OUT = """
 LEFT JOIN (
            SELECT DISTINCT rule_id, move_id FROM (%s) AS exclusion
           ) AS left_out ON left_out.rule_id = rule.id AND left_out.move_id = item.move_id
"""

#: The next dates of some ``items`` as of a day. No ``value`` is before its ``day``, of which there
#: is an index.
AS_OF = """
    SELECT item_id,
           move_id,
           customer_id,
           reminder_id,
           is_own,
           reached,
           due,
           day,
           LEAST(CASE WHEN free > %(today)s THEN GREATEST(day, free) ELSE day END, %(never)s)
               AS value
      FROM (%(items)s) AS item
     WHERE day IS NOT NULL
"""

#: Those that were kept of a company, but for some items that changed since.
KEPT_ITEMS = """
    SELECT item_id, move_id, customer_id, reminder_id, is_own, reached, due, day, free
      FROM upominky_next_date
     WHERE company_id = %(company)s
       AND %(unmarked)s
"""

#: Of a company that reminds nobody, and of none at all.
NO_DATES = """
    SELECT NULL::int AS item_id,
           NULL::int AS move_id,
           NULL::int AS customer_id,
           NULL::int AS reminder_id,
           NULL::boolean AS is_own,
           NULL::int AS reached,
           NULL::date AS due,
           NULL::date AS day,
           NULL::date AS value
     WHERE FALSE
"""

#: The earliest date of the items of each document.
MOVE_TABLE = """
    SELECT move_id AS record_id, MIN(value) AS value FROM (%(dates)s) AS dates GROUP BY move_id
"""

#: The next date of each reminder: the earliest of the items that it speaks for last, of its
#: customer.
REMINDER_TABLE = """
    SELECT reminder_id AS record_id, MIN(value) AS value
      FROM (%(dates)s) AS dates
     WHERE is_own
     GROUP BY reminder_id
"""

#: What each of the dates speaks for, by the model of the records.
SPEAKING = {
    "account.move.line": "SELECT item_id AS record_id, day, value FROM (%(dates)s) AS dates",
    "account.move": "SELECT move_id AS record_id, day, value FROM (%(dates)s) AS dates",
    "upominky.reminder": """
        SELECT reminder_id AS record_id, day, value FROM (%(dates)s) AS dates WHERE is_own
    """,
}
#: The earliest date of each record where it is in a span of days, of what :data:`SPEAKING` tells.
DATES_UNTIL = """
    SELECT record_id, MIN(value) AS value
      FROM (%(dates)s) AS dates
     WHERE day <= %(last)s
       AND value <= %(last)s
     GROUP BY record_id
    HAVING %(after)s::date IS NULL OR MIN(value) > %(after)s
"""
#: The days of some of the kept dates, by their places among them.
KEPT_DAYS = """
    SELECT DISTINCT later.day
      FROM unnest(%(places)s::int[]) AS place
CROSS JOIN LATERAL (
            SELECT day
              FROM upominky_next_date
             WHERE company_id = ANY(%(companies)s)
             ORDER BY day
            OFFSET place
             LIMIT 1
           ) AS later
     ORDER BY later.day
"""

#: The next date of each item.
ITEM_TABLE = "SELECT item_id AS record_id, value FROM (%(dates)s) AS dates"

#: Customers with a receivable that may be reminded on a day.
DUE_BY_DATES = """
    SELECT DISTINCT customer_id
      FROM (%(dates)s) AS dates
     WHERE value <= %(day)s
       AND due < %(day)s
"""

#: Receivables with the first day on which they may be reminded, of those that job 1 goes through.
COMING_BY_DATES = """
    SELECT item_id AS id, customer_id, reached AS step, GREATEST(%(first)s, due + 1, value) AS day
      FROM (%(dates)s) AS dates
     WHERE value <= %(end)s
       AND (%(pilots)s::bigint[] IS NULL OR customer_id = ANY(%(pilots)s))
"""

#: Whether any reminder is of an item that is gone.
HAS_ORPHANS = """
    SELECT EXISTS (SELECT FROM upominky_reminder_line WHERE move_line_id IS NULL AND counted)
"""

#: The same where some are: what reminded an item that is gone speaks for all of the document.
REMINDER_TABLE_WITH_ORPHANS = """
    WITH dates AS MATERIALIZED (%(dates)s)
    SELECT reminder_id AS record_id, MIN(value) AS value
      FROM (
            SELECT reminder_id, value FROM dates WHERE is_own
             UNION ALL
            SELECT line.reminder_id, dates.value
              FROM upominky_reminder_line line
              JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
              JOIN res_partner debtor ON debtor.id = reminder.partner_id
              JOIN dates ON dates.move_id = line.move_id
             WHERE line.counted
               AND line.move_line_id IS NULL
               AND dates.customer_id = debtor.commercial_partner_id
           ) AS spoken_for
     GROUP BY reminder_id
"""

#: A table that was just worked out. Of what is grouped the planner expects two hundred rows, and
#: looks through all of them for each record of a list: rows of which there are none make it expect
#: ten thousand.
WORKED_OUT = """
    WITH found AS MATERIALIZED (%(table)s)
    SELECT * FROM found
     UNION ALL
    SELECT many, NULL FROM generate_series(1, 30000) AS many WHERE random() < 0
"""

# ------------------------------------------------------------ what changed

#: Items that changed since something was kept of them, by what was marked; a few more than asked
#: for say that there are many. As arrays, so that indexes are asked however many marks there once
#: were.
MARKED = f"""
    WITH mark AS MATERIALIZED (SELECT * FROM upominky_mark)
    SELECT item_id
      FROM (
            SELECT item_id FROM mark WHERE item_id IS NOT NULL
             UNION
            SELECT item.id
              FROM account_move_line item
             WHERE item.move_id = ANY(ARRAY(SELECT move_id FROM mark WHERE move_id IS NOT NULL))
               AND item.date_maturity IS NOT NULL
             UNION
            SELECT partial.debit_move_id
              FROM account_partial_reconcile partial
             WHERE partial.credit_move_id = ANY(ARRAY(
                    SELECT item.id
                      FROM account_move_line item
                     WHERE item.move_id = ANY(ARRAY(
                            SELECT move_id FROM mark WHERE move_id IS NOT NULL
                           ))
                   ))
             UNION
            SELECT item.id
              FROM account_move_line item
              JOIN account_account account ON account.id = item.account_id
             WHERE item.partner_id = ANY(ARRAY(
                    SELECT contact.id
                      FROM res_partner contact
                     WHERE contact.id = ANY(ARRAY(
                            SELECT partner_id FROM mark WHERE partner_id IS NOT NULL
                           ))
                        OR contact.commercial_partner_id = ANY(ARRAY(
                            SELECT partner_id FROM mark WHERE partner_id IS NOT NULL
                           ))
                   ))
               AND {ACCOUNT_OF_CUSTOMERS}
               AND item.reconciled IS NOT TRUE
             UNION
            SELECT line.move_line_id
              FROM upominky_reminder_line line
             WHERE line.reminder_id = ANY(ARRAY(
                    SELECT reminder_id FROM mark WHERE reminder_id IS NOT NULL
                     UNION
                    SELECT reminder.id
                      FROM upominky_reminder reminder
                     WHERE reminder.partner_id = ANY(ARRAY(
                            SELECT partner_id FROM mark WHERE partner_id IS NOT NULL
                           ))
                   ))
               AND line.move_line_id IS NOT NULL
           ) AS marked
     LIMIT %(limit)s
"""

#: Rows that were kept of items that did not change since.
UNMARKED = """
    NOT EXISTS (SELECT FROM unnest(%(marked)s::int[]) AS marked (id) WHERE marked.id = item_id)
"""
