"""The queries of the product, each with the question that it answers.

They pass the record rules: each filters its company, or is asked about records that were read.
"""

from ..rules.queries import PLACE, joined_with_rules
from .receivables import (
    INVOICE,
    LEFT_OUT,
    OPEN_ITEM,
    RECEIVABLE,
    REFUNDED,
    SETTLED,
)

#: What credit notes took off an invoice already, ``item``.
CREDITED = """
    COALESCE((
        SELECT SUM(partial.debit_amount_currency)
          FROM account_partial_reconcile partial
          JOIN account_move_line other ON other.id = partial.credit_move_id
          JOIN account_move note ON note.id = other.move_id
         WHERE partial.debit_move_id = item.id
           AND note.move_type = 'out_refund'
    ), 0)
"""

#: The day on which a ``reminder`` reached its customer, or was issued to: the next one is counted
#: from it.
LAST_DAY = "COALESCE(reminder.sent_date, reminder.issue_date)"

#: A ``reminder`` that is not out yet: nothing follows it until it is.
PENDING = """(
    reminder.state = 'to_approve'
    OR reminder.to_send AND reminder.state IN ('issued', 'failed')
)"""

#: Open items of customers: what may be reminded, what they have open on the other side, and what
#: uses that up. Holds of a customer are the company's.
ITEMS = f"""
    SELECT item.id,
           item.move_id,
           item.date,
           move.write_date AS changed,
           CASE WHEN item.amount_residual_currency < 0 THEN 'credit'
                WHEN {RECEIVABLE} THEN 'receivable'
                WHEN {LEFT_OUT} THEN 'left_out'
                ELSE 'offset'
            END AS kind,
           contact.commercial_partner_id AS customer_id,
           item.currency_id,
           item.date_maturity AS due,
           item.amount_residual_currency::text AS residual,
           COALESCE(item.no_followup, FALSE) AS no_followup,
           move.payment_state = 'blocked' AS blocked,
           CASE WHEN {INVOICE} THEN move.partner_id ELSE item.partner_id END AS invoice_partner_id,
           move.reversed_entry_id,
           CASE WHEN {INVOICE} THEN move.partner_bank_id END AS account,
           CASE WHEN item.amount_residual_currency > 0
                 AND item.amount_residual_currency != item.amount_currency
                THEN {CREDITED} ELSE 0
            END::text AS credited,
           COALESCE(%(excluded)s, FALSE) AS excluded,
           move.upominky_hold_until AS move_until,
           move.upominky_hold_reason AS move_reason,
           %(customer_until)s AS customer_until,
           %(customer_reason)s AS customer_reason,
           customer.lang
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
      JOIN res_partner customer ON customer.id = contact.commercial_partner_id
     WHERE item.company_id = %(company)s
       AND %(scope)s
       AND {OPEN_ITEM}
       AND item.amount_residual_currency != 0
       AND NOT (item.amount_residual_currency > 0 AND {SETTLED})
       AND NOT (item.amount_residual_currency < 0 AND {REFUNDED})
     ORDER BY item.id
"""

#: Scope of :data:`ITEMS`: customers and their contacts. An array, so that the planner goes by the
#: index on the partner: with a join it scans all open items of the company, chunk after chunk.
OF_CUSTOMERS = """
    item.partner_id = ANY(ARRAY(
        SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)
    ))
"""

#: The highest counted line of an ``item`` (SPEC rules 5 and 7): the first in the index, one item
#: after the other. Asked for all of them at once, the planner scans every line there is.
LAST_LINE = """
    SELECT line.level_order, line.level_days, line.reminder_id
      FROM upominky_reminder_line line
     WHERE line.move_line_id = item.id
       AND line.counted
     ORDER BY line.level_order DESC
     LIMIT 1
"""

#: That line of an ``item``, and its ``reminder``, where it has any.
WITH_PAST = f"""
 LEFT JOIN LATERAL ({LAST_LINE}) past ON TRUE
 LEFT JOIN upominky_reminder reminder ON reminder.id = past.reminder_id
"""

#: What is known of the highest counted reminder of each receivable.
PAST = f"""
    SELECT item.id,
           past.level_order,
           past.level_days,
           {LAST_DAY},
           reminder.rule_id,
           {PENDING},
           reminder.deadline
      FROM unnest(%(items)s::int[]) AS item (id)
CROSS JOIN LATERAL ({LAST_LINE}) past
      JOIN upominky_reminder reminder ON reminder.id = past.reminder_id
"""

_OF_ITEMS = """
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
"""
_IS_OVERDUE = f"""
     WHERE item.company_id = %(company)s
       AND item.date_maturity < %(today)s
       AND {RECEIVABLE}
"""

#: Customers with an overdue receivable, ascending.
DUE_CUSTOMERS = f"""
    SELECT DISTINCT contact.commercial_partner_id
    {_OF_ITEMS}
    {_IS_OVERDUE}
     ORDER BY 1
"""

#: Contacts that have an overdue receivable, so many of them, whichever are found first. They are
#: asked one by one: where there are many, few are looked at.
_OWING_CONTACTS = f"""
    SELECT contact.id, contact.commercial_partner_id AS customer_id
      FROM res_partner contact
    {{joins}}
     WHERE EXISTS (
            SELECT
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
            {_IS_OVERDUE}
               AND item.partner_id = contact.id
           )
       AND {{are}}
     LIMIT %(contacts)s
"""

#: Customers that owe, with the number of their contacts that do.
OWING = f"""
    SELECT customer_id, COUNT(*)
      FROM ({_OWING_CONTACTS.format(joins="", are="TRUE")}) AS contact
     GROUP BY customer_id
     ORDER BY customer_id
"""

#: Some customers that owe, of a rule or of any; those of whom a message shows all at a glance come
#: before the others.
SOME_OWING = f"""
    SELECT customer_id
      FROM ({
    _OWING_CONTACTS.format(
        joins=joined_with_rules("contact.commercial_partner_id"),
        are=f"(%(place)s::int IS NULL OR {PLACE} = %(place)s)",
    )
}) AS contact
CROSS JOIN LATERAL (
            SELECT COUNT(*) AS number
              FROM (
                    SELECT
                      FROM account_move_line item
                     WHERE item.partner_id = contact.id
                       AND item.company_id = %(company)s
                       AND {OPEN_ITEM}
                     LIMIT %(glance)s + 1
                   ) AS open_item
           ) AS message
     GROUP BY customer_id
     ORDER BY SUM(message.number) > %(glance)s, customer_id
"""

#: What was due before a day: how many documents, the oldest due date, and what is left to pay, for
#: each currency and, without one, altogether.
OLD_DEBTS = f"""
    SELECT item.currency_id,
           COUNT(DISTINCT item.move_id),
           MIN(item.date_maturity),
           SUM(item.amount_residual_currency)::text
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
     WHERE item.company_id = %(company)s
       AND item.partner_id IS NOT NULL
       AND item.date_maturity < %(before)s
       AND {RECEIVABLE}
     GROUP BY GROUPING SETS ((item.currency_id), ())
"""

#: Customers with something for the preview, ascending: overdue, or left out.
SHOWN_CUSTOMERS = f"""
    SELECT DISTINCT contact.commercial_partner_id
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
     WHERE item.company_id = %(company)s
       AND COALESCE(item.date_maturity < %(today)s, TRUE)
       AND (({RECEIVABLE}) OR ({LEFT_OUT}))
     ORDER BY 1
"""

#: Receivables, each with the step of :func:`core.candidates.steps` that it is on; those on none are
#: left out. A place in :func:`core.candidates.rungs` is found without a join.
ON_STEP = f"""
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
{WITH_PAST}
CROSS JOIN LATERAL (
            SELECT width_bucket(COALESCE(past.level_order, 0), %(reached)s::int[]) AS place
           ) AS rung
CROSS JOIN LATERAL (
            SELECT (%(reached)s::int[])[rung.place] AS reached,
                   (%(days)s::int[])[rung.place] AS days
           ) AS step
     WHERE item.company_id = %(company)s
       AND (%(since)s::date IS NULL OR item.date_maturity >= %(since)s)
       AND step.days IS NOT NULL
       AND {RECEIVABLE}
"""

#: Customers with a receivable that may be due for its next level, ascending: one of the steps of
#: :func:`core.candidates.steps` lets it pass. Its last reminder is the first in the index.
CANDIDATES = f"""
    SELECT DISTINCT contact.commercial_partner_id
    {ON_STEP}
       AND item.date_maturity < %(today)s
       AND %(today)s - item.date_maturity >= step.days
       AND (
            past.reminder_id IS NULL
            OR %(today)s - {LAST_DAY} >= GREATEST(1, step.days - past.level_days)
               AND (reminder.deadline IS NULL OR reminder.deadline < %(today)s)
               AND NOT {PENDING}
       )
     ORDER BY 1
"""

#: A message of what is reminded, or one on its way; where days count from the last message, one
#: counts too that failed.
MAIL = """
    reminder.state != 'cancelled'
    AND reminder.event = ANY(%(reminding)s)
    AND (
        reminder.sent_date IS NOT NULL
        OR reminder.state = 'issued' AND reminder.to_send
        OR reminder.event = ANY(%(repeating)s)
    )
"""

#: Reminders of customers, also of those who have since become contacts of one.
REMINDED = """
    reminder.company_id = %(company)s
    AND reminder.partner_id = ANY(ARRAY(
        SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%(partners)s)
    ))
"""

#: The day of each customer's last message, as a table; takes which reminders are meant.
LAST_MAILS = f"""
    SELECT contact.commercial_partner_id AS customer_id, MAX({LAST_DAY}) AS day
      FROM upominky_reminder reminder
      JOIN res_partner contact ON contact.id = reminder.partner_id
     WHERE {{whose}}
       AND {MAIL}
     GROUP BY contact.commercial_partner_id
"""
LAST_MAIL = LAST_MAILS.format(whose=REMINDED)

#: Customers whose last message is old enough for a summary.
WAITED = f"""
    SELECT mailed.customer_id
      FROM ({LAST_MAILS.format(whose="reminder.company_id = %(company)s")}) AS mailed
     WHERE %(today)s - mailed.day >= %(days)s
"""

#: Receivables that were mailed a reminder (SPEC rule 24).
MAILED = f"""
    SELECT DISTINCT line.move_line_id
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
     WHERE {REMINDED}
       AND reminder.event = ANY(%(raising)s)
       AND reminder.sent_date IS NOT NULL
       AND line.state = 'open'
       AND line.move_line_id IS NOT NULL
"""

#: Whom a company reminds and by what, in one word: the same word is the same company, rules, levels
#: and tags, so that what was read of them still holds.
TERMS = """
    WITH rule AS (
        SELECT * FROM upominky_rule WHERE company_id = %(company)s
    )
    SELECT md5(CONCAT_WS(
                ' ',
                (SELECT company::text FROM res_company company WHERE id = %(company)s),
                (
                    SELECT string_agg(res_partner_id::text, ',' ORDER BY res_partner_id)
                      FROM upominky_pilot_partner_rel
                     WHERE res_company_id = %(company)s
                ),
                (SELECT string_agg(rule::text, ' ' ORDER BY id) FROM rule),
                (
                    SELECT string_agg(level::text, ' ' ORDER BY level.id)
                      FROM upominky_level level
                      JOIN rule ON rule.id = level.rule_id
                ),
                (
                    SELECT CONCAT_WS(' ', COUNT(*), SUM(listed.res_partner_id))
                      FROM upominky_rule_partner_rel listed
                      JOIN rule ON rule.id = listed.upominky_rule_id
                ),
                (
                    SELECT CONCAT_WS(' ', COUNT(*), SUM(listed.res_partner_category_id))
                      FROM upominky_rule_category_rel listed
                      JOIN rule ON rule.id = listed.upominky_rule_id
                ),
                (SELECT string_agg(parent_path, ' ' ORDER BY id) FROM res_partner_category)
           ))
"""

#: Open receivables of a company, for add-ons that stop some of them.
OPEN_ITEMS = f"""
    SELECT item.id, item.move_id, contact.commercial_partner_id AS customer_id
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
     WHERE item.company_id = %(company)s
       AND {RECEIVABLE}
"""
