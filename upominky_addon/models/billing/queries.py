"""The queries of what may be billed."""

from ..books.receivables import ACCOUNT_OF_CUSTOMERS, INVOICE, OPENING, SETTLED

#: What a ``partial`` matched with ``item`` after its due date: ``other``, which has the date.
#: Credit notes that were matched later are no late payment.
LATE_PAYMENT = """
      FROM account_partial_reconcile partial
      JOIN account_move_line other ON other.id = partial.credit_move_id
      JOIN account_move note ON note.id = other.move_id
     WHERE partial.debit_move_id = item.id
       AND partial.debit_amount_currency != 0
       AND note.move_type != 'out_refund'
       AND other.date > item.date_maturity
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

#: Whether what a ``bill`` bills is billed: not what was cancelled, or credited in full, by a credit
#: note that was matched with it, or by one that its money was paid back for.
LIVE = """
    bill.state != 'cancel'
    AND bill.payment_state IS DISTINCT FROM 'reversed'
    AND NOT EXISTS (
        SELECT
          FROM account_move credit
         WHERE credit.reversed_entry_id = bill.id
           AND credit.move_type = 'out_refund'
           AND credit.state = 'posted'
           AND credit.currency_id = bill.currency_id
        HAVING SUM(credit.amount_total) >= bill.amount_total
    )
"""

#: What was billed of receivables: days of interest, or its cost. Drafts are no claim: nobody was
#: sent one.
BILLED = f"""
    SELECT billed.move_line_id, billed.kind, billed.date_from, billed.date_to
      FROM upominky_billed billed
      JOIN account_move bill ON bill.id = billed.billed_move_id
     WHERE billed.move_line_id = ANY(%(items)s)
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

#: When invoices were paid last, of payments after their due date, and how many days late that was.
DAYS_LATE = f"""
    SELECT item.move_id, MAX(late.date), MAX(late.date - item.date_maturity)
      FROM account_move_line item
     CROSS JOIN LATERAL (SELECT other.date {LATE_PAYMENT}) late
     WHERE item.move_id = ANY(%(ids)s)
       AND item.reconciled
     GROUP BY item.move_id
"""

#: On what terms the last reminder asked interest of each receivable, of those that went out, that
#: nobody cancelled after that, and that asked for anything beside the debt.
LAST_TERMS = """
    SELECT DISTINCT ON (line.move_line_id) line.move_line_id, reminder.claim_terms
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
     WHERE line.move_line_id = ANY(%s)
       AND line.counted
       AND reminder.sent_date IS NOT NULL
       AND reminder.state != 'cancelled'
       AND jsonb_typeof(reminder.claim_terms) = 'object'
     ORDER BY line.move_line_id, line.level_order DESC, line.id DESC
"""

#: Takes away what dead bills billed of receivables, so that it may be billed anew.
FORGET_DEAD = f"""
    DELETE FROM upominky_billed billed
     USING account_move bill
     WHERE bill.id = billed.billed_move_id
       AND billed.move_line_id = ANY(%s)
       AND NOT ({LIVE})
"""
