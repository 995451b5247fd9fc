"""The queries of the product, each with the question that it answers.

They pass the record rules: each filters its company, or is asked about records that were read.
"""

from .receivables import INVOICE, LEFT_OUT, OPEN_ITEM, RECEIVABLE, REFUNDED, SETTLED

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

#: The highest counted reminder of each receivable (SPEC rules 5 and 7).
PAST = f"""
    SELECT DISTINCT ON (line.move_line_id)
           line.move_line_id,
           line.level_order,
           line.level_days,
           {LAST_DAY},
           reminder.rule_id,
           {PENDING}
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
     WHERE line.counted
       AND line.move_line_id = ANY(%(items)s)
     ORDER BY line.move_line_id, line.level_order DESC
"""

_OVERDUE = f"""
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
     WHERE item.company_id = %(company)s
       AND item.date_maturity < %(today)s
       AND {RECEIVABLE}
"""

#: Customers with an overdue receivable, ascending.
DUE_CUSTOMERS = f"""
    SELECT DISTINCT contact.commercial_partner_id
    {_OVERDUE}
     ORDER BY 1
"""

#: Those of as many overdue receivables as are asked for, whichever are found first.
SOME_DUE_CUSTOMERS = f"""
    SELECT DISTINCT customer_id
      FROM (SELECT contact.commercial_partner_id AS customer_id {_OVERDUE} LIMIT %(items)s) AS found
     ORDER BY 1
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

#: Customers with a receivable that may be due for its next level, ascending: one of the steps of
#: :func:`core.candidates.steps` lets it pass. Its last reminder is the first in the index.
CANDIDATES = f"""
    SELECT DISTINCT contact.commercial_partner_id
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
 LEFT JOIN LATERAL (
            SELECT line.level_order, line.level_days, line.reminder_id
              FROM upominky_reminder_line line
             WHERE line.move_line_id = item.id
               AND line.counted
             ORDER BY line.level_order DESC
             LIMIT 1
           ) past ON TRUE
 LEFT JOIN upominky_reminder reminder ON reminder.id = past.reminder_id
      JOIN unnest(%(reached)s::bigint[], %(above)s::bigint[], %(days)s::bigint[])
           AS step (reached, above, days)
        ON COALESCE(past.level_order, 0) >= step.reached
       AND (step.above IS NULL OR COALESCE(past.level_order, 0) < step.above)
     WHERE item.company_id = %(company)s
       AND item.date_maturity < %(today)s
       AND %(today)s - item.date_maturity >= step.days
       AND {RECEIVABLE}
       AND (
            past.reminder_id IS NULL
            OR %(today)s - {LAST_DAY} >= GREATEST(1, step.days - past.level_days)
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

#: Gives out the next customers of a run, under its lock.
TAKE = """
    WITH held AS (
        SELECT id,
               place,
               jsonb_array_length(customer_ids) AS total,
               jsonb_path_query_array(
                   customer_ids,
                   '$[$first to $last]',
                   jsonb_build_object('first', place, 'last', place + %(last)s)
               ) AS taken
          FROM upominky_run
         WHERE id = %(run)s
           AND jsonb_typeof(customer_ids) = 'array'
           FOR NO KEY UPDATE
    )
    UPDATE upominky_run run
       SET place = held.place + jsonb_array_length(held.taken)
      FROM held
     WHERE run.id = held.id
 RETURNING held.taken, held.total - run.place
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
