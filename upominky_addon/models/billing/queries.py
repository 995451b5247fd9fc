"""The queries of what may be billed."""

from ..books.receivables import ACCOUNT_OF_CUSTOMERS, INVOICE, OPENING, SETTLED

#: Whether what a ``partial`` matched with ``item`` paid it after its due date: ``other`` of
#: ``note``, which has the date. Credit notes of the invoice itself that were matched later are no
#: late payment, and nor are exchange differences: they are booked when a payment is matched, or at
#: the end of its month.
IS_LATE = """
       partial.debit_amount_currency != 0
       AND (note.move_type = 'out_refund' AND note.reversed_entry_id = item.move_id) IS NOT TRUE
       AND NOT EXISTS (
            SELECT FROM account_partial_reconcile cause WHERE cause.exchange_move_id = note.id
           )
       AND other.date > item.date_maturity
"""
LATE_PAYMENT = f"""
      FROM account_partial_reconcile partial
      JOIN account_move_line other ON other.id = partial.credit_move_id
      JOIN account_move note ON note.id = other.move_id
     WHERE partial.debit_move_id = item.id
       AND {IS_LATE}
"""

#: Receivables of customer invoices and opening entries that are overdue, or were paid after their
#: due date. What is in payment counts as paid, but when it is not known yet.
LATE = f"""
    SELECT item.id
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN account_account account ON account.id = item.account_id
     WHERE item.company_id = %(company)s
       AND {{scope}}
       AND item.parent_state = 'posted'
       AND item.date_maturity < %(today)s
       AND item.amount_currency > 0
       AND ({INVOICE} OR (item.no_followup IS NOT TRUE AND {OPENING}))
       AND {ACCOUNT_OF_CUSTOMERS}
       AND move.upominky_is_interest IS NOT TRUE
       AND (item.reconciled OR NOT ({SETTLED}))
       AND (item.reconciled IS NOT TRUE OR EXISTS (SELECT {LATE_PAYMENT}))
"""
OF_MOVES = "item.move_id = ANY(%(ids)s)"
LATE_OF_MOVES = LATE.format(scope=OF_MOVES)
LATE_OF_ITEMS = LATE.format(scope="item.id = ANY(%(ids)s)")
LATE_OF_CUSTOMERS = LATE.format(
    scope="""item.partner_id = ANY(ARRAY(
        SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%(ids)s)
    ))"""
)

#: Whether what a ``bill`` bills is billed: not what was cancelled, or credited in full, by credit
#: notes that reverse it, its money paid back or not, and others that were matched with it. Odoo's
#: own word for it (``reversed``) also means what an entry offset in part.
LIVE = """
    bill.state != 'cancel'
    AND NOT EXISTS (
        SELECT
          FROM (
            SELECT credit.amount_total AS amount
              FROM account_move credit
             WHERE credit.reversed_entry_id = bill.id
               AND credit.move_type = 'out_refund'
               AND credit.state = 'posted'
               AND credit.currency_id = bill.currency_id
             UNION ALL
            SELECT partial.debit_amount_currency
              FROM account_move_line owed
              JOIN account_partial_reconcile partial ON partial.debit_move_id = owed.id
              JOIN account_move_line other ON other.id = partial.credit_move_id
              JOIN account_move credit ON credit.id = other.move_id
             WHERE owed.move_id = bill.id
               AND credit.move_type = 'out_refund'
               AND NOT (
                credit.reversed_entry_id IS NOT DISTINCT FROM bill.id
                AND credit.currency_id = bill.currency_id
               )
          ) credited
        HAVING SUM(amount) >= bill.amount_total
    )
"""

#: What was billed of receivables: days of interest, or its cost. Drafts are no claim: nobody was
#: sent one.
BILLED = f"""
    SELECT billed.move_line_id, billed.kind, billed.date_from, billed.date_to
      FROM upominky_billed billed
      JOIN account_move bill ON bill.id = billed.billed_move_id
      JOIN account_move_line item ON item.id = billed.move_line_id
     WHERE billed.move_line_id = ANY(%(items)s)
       AND billed.company_id = item.company_id
       AND (%(drafts)s OR bill.state = 'posted')
       AND {LIVE}
     ORDER BY billed.move_line_id, billed.date_from
"""

#: A reminder that went out, that nobody cancelled after that, and that asked for anything beside
#: the debt of its ``line``.
_ASKED = """
    line.counted
    AND reminder.sent_date IS NOT NULL
    AND reminder.state != 'cancelled'
    AND jsonb_typeof(reminder.claim_terms) = 'object'
"""
#: Whether it asked for a cost alone.
_NO_INTEREST = "reminder.claim_terms ->> 'interest' = 'none'"

#: When invoices were paid last, of payments after their due date, and how many days late that was.
DAYS_LATE = f"""
    SELECT item.move_id, MAX(late.date), MAX(late.date - item.date_maturity)
      FROM account_move_line item
     CROSS JOIN LATERAL (SELECT other.date {LATE_PAYMENT}) late
     WHERE item.move_id = ANY(%(ids)s)
       AND item.reconciled
     GROUP BY item.move_id
"""

#: On what terms the last such reminder that asked interest of each receivable did so; where none
#: did, that one asked a cost alone.
LAST_TERMS = f"""
    SELECT DISTINCT ON (line.move_line_id) line.move_line_id, reminder.claim_terms
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
     WHERE line.move_line_id = ANY(%s)
       AND {_ASKED}
     ORDER BY line.move_line_id, {_NO_INTEREST}, line.level_order DESC, line.id DESC
"""

#: The same of one receivable, of ``late``.
_TERMS = f"""
    SELECT reminder.claim_terms ->> 'interest' AS interest,
           (reminder.claim_terms ->> 'percent')::numeric AS percent
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
     WHERE line.move_line_id = late.item_id
       AND {_ASKED}
     ORDER BY {_NO_INTEREST}, line.level_order DESC, line.id DESC
     LIMIT 1
"""

#: The last day of a late payment, ``other``, that interest is asked for.
_LAST_DAY = "LEAST(other.date, company.today)"

#: How many days of the delay of ``item`` until then a living bill bills.
_BILLED_DAYS = f"""
    COALESCE((
        SELECT SUM(
                   LEAST(billed.date_to, {_LAST_DAY})
                   - GREATEST(billed.date_from, item.date_maturity + 1) + 1
               )
          FROM upominky_billed billed
          JOIN account_move bill ON bill.id = billed.billed_move_id
         WHERE billed.move_line_id = item.id
           AND billed.kind = 'interest'
           AND billed.date_from <= {_LAST_DAY}
           AND billed.date_to > item.date_maturity
           AND {LIVE}
    ), 0)
"""

#: Receivables that were paid in full, a part of it after the due date, each with its ``weight``: so
#: much for so many days, of those that nobody billed. A year's interest on one for one day is a
#: 36,500th of the rate, so the weight and the rate tell the interest. They are found from what was
#: paid: most invoices are paid in time. ``least`` is the least amount that is not rounded to zero.
_LATE_PAID = f"""
    SELECT item.id AS item_id,
           item.move_id,
           currency.rounding / 2 AS least,
           SUM(
               partial.debit_amount_currency
               * GREATEST(0, {_LAST_DAY} - item.date_maturity - {_BILLED_DAYS})
           ) AS weight
      FROM account_partial_reconcile partial
      JOIN account_move_line item ON item.id = partial.debit_move_id
      JOIN account_move_line other ON other.id = partial.credit_move_id
      JOIN account_move note ON note.id = other.move_id
      JOIN account_move move ON move.id = item.move_id
      JOIN account_account account ON account.id = item.account_id
      JOIN res_currency currency ON currency.id = item.currency_id
      JOIN unnest(%(companies)s::int[], %(days)s::date[]) AS company (id, today)
        ON company.id = item.company_id
     WHERE {{scope}}
       AND {IS_LATE}
       AND item.date_maturity < company.today
       AND item.reconciled
       AND item.parent_state = 'posted'
       AND item.amount_currency > 0
       AND ({INVOICE} OR (item.no_followup IS NOT TRUE AND {OPENING}))
       AND {ACCOUNT_OF_CUSTOMERS}
       AND move.upominky_is_interest IS NOT TRUE
     GROUP BY item.id, item.move_id, currency.rounding
    OFFSET 0  -- else the weight is worked out again for each condition on it
"""

#: The interest, for sure and at most: at the rate that was agreed on, else at the lowest and at the
#: highest that a law asks for.
_INTEREST = """
    late.weight * CASE WHEN terms.interest = 'none' THEN 0
                       WHEN terms.interest = 'contractual' THEN terms.percent
                       ELSE {by_law}
                  END
"""
_AT_LEAST = _INTEREST.format(by_law="%(lowest)s * 36500 / 36600")  # also in a leap year
_AT_MOST = _INTEREST.format(by_law="%(highest)s")

_PAID_LATE = f"""
      FROM ({_LATE_PAID}) AS late
 LEFT JOIN LATERAL ({_TERMS}) AS terms ON TRUE
     WHERE late.weight > 0
"""
_SURE = f"{_AT_LEAST} >= late.least * 36500"
_PERHAPS = f"{_AT_MOST} >= late.least * 36500 AND NOT ({_SURE})"

#: Invoices whose interest is not zero, whatever the rate that a law asks for.
SURELY_PAID_LATE = f"SELECT late.move_id {_PAID_LATE.format(scope='TRUE')} AND {_SURE}"

#: Receivables of which so little was paid late that the rate says whether there is any interest:
#: few, and so small that they are found by their amounts.
PERHAPS_PAID_LATE = f"""
    SELECT late.item_id
    {
    _PAID_LATE.format(
        scope="partial.debit_amount_currency * %(lowest)s < currency.rounding * 18300"
    )
}
       AND {_PERHAPS}
"""

#: The same of some invoices: each with the receivables whose rate says it, and whether it is sure.
PAID_LATE_OF_MOVES = f"""
    SELECT late.move_id, late.item_id, {_SURE}
    {_PAID_LATE.format(scope=OF_MOVES)}
       AND ({_SURE} OR {_PERHAPS})
"""

#: Takes away what dead bills billed of receivables, so that it may be billed anew.
FORGET_DEAD = f"""
    DELETE FROM upominky_billed billed
     USING account_move bill
     WHERE bill.id = billed.billed_move_id
       AND billed.move_line_id = ANY(%s)
       AND NOT ({LIVE})
"""

#: Lines that say what they bill, of living posted invoices of interest to customers.
LIVING_LINES = f"""
    SELECT line.id
      FROM account_move bill
      JOIN account_move_line line ON line.move_id = bill.id
     WHERE bill.company_id = ANY(%(companies)s)
       AND bill.partner_id = ANY(ARRAY(
            SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%(customers)s)
           ))
       AND bill.upominky_is_interest
       AND bill.move_type = 'out_invoice'
       AND bill.state = 'posted'
       AND jsonb_typeof(line.upominky_bills) = 'array'
       AND {LIVE}
     ORDER BY line.id
"""
