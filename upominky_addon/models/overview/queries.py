"""The queries of the overview and of the analysis, each with the question that it answers.

The overview's filters its companies. The analysis' does not: it stands for a table, and the rule of
companies for the model filters it as it would one.
"""

from ..books.queries import LAST_DAY, ON_STEP, PENDING
from ..books.receivables import RECEIVABLE
from ..reminders.actions import ELSEWHERE

#: What is overdue in a company, per currency and age; ages are told by where they begin. Asked of
#: each company by its own day: of a table of days the planner makes a loop.
OVERDUE = f"""
    SELECT item.company_id,
           item.currency_id,
           width_bucket(%(today)s - item.date_maturity, %(starts)s::int[]) AS age,
           COUNT(*),
           SUM(item.amount_residual_currency)::text
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
     WHERE item.company_id = %(company)s
       AND item.partner_id IS NOT NULL
       AND item.date_maturity < %(today)s
       AND {RECEIVABLE}
     GROUP BY item.company_id, item.currency_id, age
"""

#: The day from which payments of a ``line`` count: on which its reminder reached the customer,
#: sent, else issued where it was not to be e-mailed. What another system sent has none: only what
#: was still unpaid was brought over, so it would look as if nobody ever paid for a reminder.
_START = f"""
    CASE WHEN line.state = 'open'
          AND line.move_line_id IS NOT NULL
          AND reminder.sent_way IS DISTINCT FROM '{ELSEWHERE}'
         THEN
        COALESCE(
            reminder.sent_date,
            CASE WHEN reminder.state = 'issued' AND reminder.to_send IS NOT TRUE
                 THEN reminder.issue_date END
        )
    END
"""

#: Reminded receivables of which something was paid after the reminder, by their ``line``.
#:
#: ``matched`` sums what was matched with the receivable since then: ``paid_…`` by anything but a
#: credit note, ``later_…`` by anything after those days. What was settled by then is what the
#: reminder asked for less what is open today and what was settled later; a payment of the very day
#: that was booked before the reminder is in neither. The day is that of the other entry:
#: ``max_date`` of the match would be the invoice's, where that is later. Of what is in another
#: currency by now nothing can be said. What has no number of a match has none to look for.
PAID_LINES = f"""
    SELECT line.id AS line_id,
           line.move_line_id AS item_id,
           same.currency AS is_same,
           LEAST(matched.paid_7, settled.in_7) AS paid_7,
           LEAST(matched.paid_14, settled.in_14) AS paid_14,
           LEAST(matched.paid_30, settled.in_30) AS paid_30,
           settled.in_7 >= line.amount_due AND matched.paid_7 > 0 AS full_7,
           settled.in_14 >= line.amount_due AND matched.paid_14 > 0 AS full_14,
           settled.in_30 >= line.amount_due AND matched.paid_30 > 0 AS full_30,
           CASE WHEN item.amount_residual_currency = 0 THEN matched.last_day END AS paid_on
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
      JOIN account_move_line item ON item.id = line.move_line_id
CROSS JOIN LATERAL (SELECT {_START} AS day) start
CROSS JOIN LATERAL (SELECT item.currency_id = line.currency_id AS currency) same
CROSS JOIN LATERAL (
            SELECT COALESCE(SUM(amount) FILTER (WHERE payment AND age <= 7), 0) AS paid_7,
                   COALESCE(SUM(amount) FILTER (WHERE payment AND age <= 14), 0) AS paid_14,
                   COALESCE(SUM(amount) FILTER (WHERE payment AND age <= 30), 0) AS paid_30,
                   COALESCE(SUM(amount) FILTER (WHERE age > 7), 0) AS later_7,
                   COALESCE(SUM(amount) FILTER (WHERE age > 14), 0) AS later_14,
                   COALESCE(SUM(amount) FILTER (WHERE age > 30), 0) AS later_30,
                   MAX(date) FILTER (WHERE payment) AS last_day
              FROM (
                    SELECT other.date,
                           other.date - start.day AS age,
                           partial.debit_amount_currency AS amount,
                           source.move_type != 'out_refund' AS payment
                      FROM account_partial_reconcile partial
                      JOIN account_move_line other ON other.id = partial.credit_move_id
                      JOIN account_move source ON source.id = other.move_id
                     WHERE same.currency
                       AND partial.debit_move_id = item.id
                       AND other.date >= start.day
                   ) since
           ) matched
CROSS JOIN LATERAL (
            SELECT GREATEST(owed.now - matched.later_7, 0) AS in_7,
                   GREATEST(owed.now - matched.later_14, 0) AS in_14,
                   GREATEST(owed.now - matched.later_30, 0) AS in_30
              FROM (SELECT line.amount_due - item.amount_residual_currency AS now) owed
           ) settled
     WHERE %(scope)s
       AND start.day IS NOT NULL
       AND (item.matching_number IS NOT NULL OR NOT same.currency)
       AND (matched.last_day IS NOT NULL OR NOT same.currency)
"""

#: Those that were kept, but for some items that changed since.
KEPT_PAID_LINES = "SELECT * FROM upominky_line_payment WHERE %(unmarked)s"

#: The same, read as a whole: the planner of the database may not look up each line in it.
AS_A_WHOLE = "%s OFFSET 0"

#: Each reminded receivable, with what was ``paid`` of it after that reminder. Of that there is a
#: row at most, and only where something was paid. Each line has its reminder; joined so, the
#: database leaves it out where nothing of the reminder is asked for.
ANALYSIS = f"""
    SELECT line.id,
           line.reminder_id,
           line.company_id,
           line.move_id,
           line.currency_id,
           line.level_order,
           reminder.partner_id,
           reminder.rule_id,
           reminder.event,
           reminder.state,
           reminder.issue_date,
           move.invoice_user_id AS user_id,
           line.amount_issued,
           CASE WHEN line.state = 'open' THEN line.amount_due ELSE 0 END AS amount_due,
           COALESCE(paid.paid_7, 0) AS paid_7,
           COALESCE(paid.paid_14, 0) AS paid_14,
           COALESCE(paid.paid_30, 0) AS paid_30,
           CASE WHEN %(today)s - start.day >= 7 AND paid.is_same IS NOT FALSE
                THEN 100 * COALESCE(paid.full_7, FALSE)::int
           END AS rate_7,
           CASE WHEN %(today)s - start.day >= 14 AND paid.is_same IS NOT FALSE
                THEN 100 * COALESCE(paid.full_14, FALSE)::int
           END AS rate_14,
           CASE WHEN %(today)s - start.day >= 30 AND paid.is_same IS NOT FALSE
                THEN 100 * COALESCE(paid.full_30, FALSE)::int
           END AS rate_30,
           paid.paid_on - start.day AS days_to_payment,
           CASE WHEN reminder.event = %(notice)s
                 AND start.day <= line.due_date
                 AND line.due_date < %(today)s
                 AND paid.is_same IS NOT FALSE
                THEN 100 * COALESCE(paid.paid_on <= line.due_date, FALSE)::int
           END AS rate_on_time,
           EXISTS (
                SELECT
                  FROM upominky_reminder_line told
                  JOIN upominky_reminder notice ON notice.id = told.reminder_id
                 WHERE told.move_line_id = line.move_line_id
                   AND told.event = %(notice)s
                   AND told.state = 'open'
                   AND notice.sent_date IS NOT NULL
           ) AS is_told
      FROM upominky_reminder_line line
 LEFT JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
 LEFT JOIN account_move move ON move.id = line.move_id
 LEFT JOIN (%(paid)s) AS paid ON paid.line_id = line.id
CROSS JOIN LATERAL (SELECT {_START} AS day) start
"""

#: Who owes how much and for how long: a row for each customer, company and currency. Each company
#: has its own day. ``owed`` is in the company's currency, so that rows of several currencies can be
#: put in one order; it is no sum of them.
DEBTORS = f"""
    SELECT MIN(item.id) AS id,
           item.company_id,
           item.currency_id,
           customer.commercial_partner_id AS partner_id,
           COUNT(*) AS number,
           MAX(day.today - item.date_maturity) AS days_overdue,
           SUM(item.amount_residual_currency) AS amount,
           SUM(item.amount_residual) AS owed,
           SUM(item.amount_residual_currency) FILTER (WHERE age.age = 1) AS age_1,
           SUM(item.amount_residual_currency) FILTER (WHERE age.age = 2) AS age_2,
           SUM(item.amount_residual_currency) FILTER (WHERE age.age = 3) AS age_3,
           SUM(item.amount_residual_currency) FILTER (WHERE age.age = 4) AS age_4,
           SUM(item.amount_residual_currency) FILTER (WHERE age.age = 5) AS age_5
      FROM unnest(%(companies)s::int[], %(days)s::date[]) AS day (company_id, today)
      JOIN account_move_line item ON item.company_id = day.company_id
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner customer ON customer.id = item.partner_id
CROSS JOIN LATERAL (
            SELECT width_bucket(day.today - item.date_maturity, %(starts)s::int[]) AS age
           ) age
     WHERE item.date_maturity < day.today
       AND {RECEIVABLE}
     GROUP BY item.company_id, item.currency_id, customer.commercial_partner_id
"""

#: Receivables that may come to their next level, with the first day on which they might: no later
#: than the one that the core finds. Holds and what else stops them are not looked at.
COMING_ROWS = f"""
    SELECT item.id,
           contact.commercial_partner_id AS customer_id,
           step.reached AS step,
           GREATEST(
               %(first)s,
               item.date_maturity + GREATEST(1, step.days)::int,
               {LAST_DAY} + GREATEST(1, step.days - past.level_days)::int,
               reminder.deadline + 1
           ) AS day
    {ON_STEP}
       AND item.date_maturity <= %(end)s
       AND (%(pilots)s::bigint[] IS NULL OR contact.commercial_partner_id = ANY(%(pilots)s))
       AND (past.reminder_id IS NULL OR NOT {PENDING})
"""

#: Which customers may come to their next level, by day and by the step that they are on: of days up
#: to the last, for who comes before the first may come again.
COMING = """
    SELECT day, step, array_agg(customer_id)
      FROM (
            SELECT DISTINCT day, step, customer_id
              FROM (%(rows)s) AS coming
             WHERE day <= %(end)s
           ) AS found
     GROUP BY day, step
     ORDER BY day, step
"""

#: The receivables behind a number of :data:`COMING`.
COMING_ITEMS = """
    SELECT id
      FROM (%(rows)s) AS coming
     WHERE day BETWEEN %(start)s AND %(end)s
       AND step = %(order)s
     ORDER BY id
"""
