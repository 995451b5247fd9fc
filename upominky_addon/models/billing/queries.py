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

#: Invoices that were paid in full, a part of it after the due date, with days until the last such
#: payment whose interest nobody billed.
PAID_LATE = f"""
    SELECT DISTINCT item.move_id
      FROM account_move_line item
     WHERE item.reconciled
       AND item.id IN ({LATE})
       AND (SELECT MAX(other.date) {LATE_PAYMENT}) - item.date_maturity > COALESCE((
            SELECT SUM(billed.date_to - billed.date_from + 1)
              FROM upominky_billed billed
              JOIN account_move bill ON bill.id = billed.billed_move_id
             WHERE billed.move_line_id = item.id
               AND billed.kind = 'interest'
               AND {LIVE}
           ), 0)
"""
ALL_PAID_LATE = PAID_LATE.format(scope="TRUE")
PAID_LATE_OF_MOVES = PAID_LATE.format(scope=OF_MOVES)

#: On what terms the last reminder that asked interest of each receivable did so, of those that went
#: out and that nobody cancelled after that; where none did, that one asked a cost alone.
LAST_TERMS = """
    SELECT DISTINCT ON (line.move_line_id) line.move_line_id, reminder.claim_terms
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
     WHERE line.move_line_id = ANY(%s)
       AND line.counted
       AND reminder.sent_date IS NOT NULL
       AND reminder.state != 'cancelled'
       AND jsonb_typeof(reminder.claim_terms) = 'object'
     ORDER BY line.move_line_id,
              reminder.claim_terms ->> 'interest' = 'none',
              line.level_order DESC,
              line.id DESC
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
