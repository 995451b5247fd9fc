"""The queries of what may be billed."""

from ..books.receivables import ACCOUNT_OF_CUSTOMERS, INVOICE

#: Receivables of customer invoices that are overdue, or were paid after their due date. Credit
#: notes that were matched later are no late payment.
LATE = f"""
    SELECT item.id
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN account_account account ON account.id = item.account_id
     WHERE item.company_id = %(company)s
       AND {{scope}}
       AND item.parent_state = 'posted'
       AND item.date_maturity < %(today)s
       AND {INVOICE}
       AND {ACCOUNT_OF_CUSTOMERS}
       AND move.upominky_is_interest IS NOT TRUE
       AND (item.reconciled IS NOT TRUE OR EXISTS (
            SELECT
              FROM account_partial_reconcile partial
              JOIN account_move_line other ON other.id = partial.credit_move_id
              JOIN account_move note ON note.id = other.move_id
             WHERE partial.debit_move_id = item.id
               AND partial.debit_amount_currency != 0
               AND note.move_type != 'out_refund'
               AND other.date > item.date_maturity
           ))
"""
LATE_OF_MOVES = LATE.format(scope="item.move_id = ANY(%(ids)s)")
LATE_OF_CUSTOMERS = LATE.format(
    scope="""item.partner_id = ANY(ARRAY(
        SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%(ids)s)
    ))"""
)

#: Whether what a ``bill`` bills is billed: not what was cancelled, or credited in full.
LIVE = "bill.state != 'cancel' AND bill.payment_state IS DISTINCT FROM 'reversed'"

#: What was billed of receivables: up to which day, and whether the cost.
BILLED = f"""
    SELECT billed.move_line_id, MAX(billed.date_to), bool_or(billed.kind = 'cost')
      FROM upominky_billed billed
      JOIN account_move bill ON bill.id = billed.billed_move_id
     WHERE billed.move_line_id = ANY(%s)
       AND {LIVE}
     GROUP BY billed.move_line_id
"""

#: Invoices that were paid in full, a part of it after the due date, whose interest nobody billed.
PAID_LATE = f"""
    SELECT DISTINCT late.move_id
      FROM account_move_line late
     WHERE late.reconciled
       AND late.id IN ({LATE.format(scope="TRUE")})
       AND NOT EXISTS (
            SELECT FROM upominky_billed billed
              JOIN account_move bill ON bill.id = billed.billed_move_id
             WHERE billed.move_line_id = late.id
               AND {LIVE}
           )
"""

#: The level of the last reminder that went out of each receivable.
LAST_LEVELS = """
    SELECT DISTINCT ON (line.move_line_id) line.move_line_id, reminder.level_id
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
     WHERE line.move_line_id = ANY(%s)
       AND line.counted
       AND reminder.sent_date IS NOT NULL
       AND reminder.level_id IS NOT NULL
     ORDER BY line.move_line_id, line.level_order DESC
"""

#: Takes away what dead bills billed of receivables, so that it may be billed anew.
FORGET_DEAD = f"""
    DELETE FROM upominky_billed billed
     USING account_move bill
     WHERE bill.id = billed.billed_move_id
       AND billed.move_line_id = ANY(%s)
       AND NOT ({LIVE})
"""
