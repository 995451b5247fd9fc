"""The queries of notices and of thanks, each with the question that it answers.

They pass the record rules: each filters its company, or is asked about records that were read.
"""

from .receivables import ACCOUNT_OF_CUSTOMERS, INVOICE, RECEIVABLE

#: Receivables due from today to a day that no notice told their customer with their due date; one
#: that is due later since is told again, and so is who owes it since. An invoice that was changed
#: may have other items than it had then: what was told of those that are gone counts for all of it.
UNTOLD = f"""
    SELECT item.id, contact.commercial_partner_id, item.date_maturity
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
     WHERE item.company_id = %(company)s
       AND %(scope)s
       AND item.date_maturity BETWEEN %(today)s AND %(until)s
       AND {RECEIVABLE}
       AND NOT EXISTS (
            SELECT
              FROM upominky_reminder_line line
              JOIN upominky_reminder notice ON notice.id = line.reminder_id
              JOIN res_partner told ON told.id = notice.partner_id
             WHERE line.move_id = item.move_id
               AND line.event = %(event)s
               AND line.state = 'open'
               AND (line.move_line_id = item.id OR line.move_line_id IS NULL)
               AND line.due_date >= item.date_maturity
               AND told.commercial_partner_id = contact.commercial_partner_id
       )
"""

#: Items that somebody paid something of lately, by the payments: of all that was ever paid most
#: is old.
PAID_LATELY = """
    item.id = ANY(ARRAY(
        SELECT partial.debit_move_id
          FROM account_move_line payment
          JOIN account_partial_reconcile partial ON partial.credit_move_id = payment.id
         WHERE payment.account_id = ANY(%s)
           AND payment.date BETWEEN %s AND %s
    ))
"""

#: Reminded receivables that were paid lately, as :data:`.queries.ITEMS` has them, with the day of
#: the last payment. Paid is what money was matched with last, of a journal of a bank, a till or
#: a card: a credit note, a write-off and a set-off are no payments, nor is anything of a reversed
#: invoice.
#: What they said of holds is over; holds of the customer are not.
STILL_PAID = f"""
    SELECT item.id,
           item.move_id,
           'receivable' AS kind,
           contact.commercial_partner_id AS customer_id,
           item.currency_id,
           item.date_maturity AS due,
           '0' AS residual,
           '0' AS credited,
           FALSE AS no_followup,
           FALSE AS blocked,
           CASE WHEN {INVOICE} THEN move.partner_id ELSE item.partner_id END AS invoice_partner_id,
           NULL::int AS account,
           COALESCE(%(excluded)s, FALSE) AS excluded,
           NULL::date AS move_until,
           NULL::text AS move_reason,
           %(customer_until)s AS customer_until,
           %(customer_reason)s AS customer_reason,
           settled.paid_on
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
      JOIN res_partner customer ON customer.id = contact.commercial_partner_id
      JOIN account_account account ON account.id = item.account_id
CROSS JOIN LATERAL (
            SELECT MAX(other.date) FILTER (WHERE money.is_it) AS paid_on,
                   (ARRAY_AGG(money.is_it ORDER BY partial.id DESC))[1] AS by_money
              FROM account_partial_reconcile partial
              JOIN account_move_line other ON other.id = partial.credit_move_id
              JOIN account_journal journal ON journal.id = other.journal_id
        CROSS JOIN LATERAL (
                    SELECT journal.type IN ('bank', 'cash', 'credit') AS is_it
                   ) money
             WHERE partial.debit_move_id = item.id
               AND partial.debit_amount_currency > 0
               AND NOT EXISTS (
                       SELECT
                         FROM account_partial_reconcile cause
                        WHERE cause.exchange_move_id = other.move_id
                   )
           ) settled
CROSS JOIN LATERAL (
            SELECT MAX(reminder.sent_date) AS on_day
              FROM upominky_reminder_line line
              JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
             WHERE line.move_line_id = item.id
               AND line.counted
           ) reminded
     WHERE item.company_id = %(company)s
       AND %(scope)s
       AND {ACCOUNT_OF_CUSTOMERS}
       AND item.parent_state = 'posted'
       AND item.reconciled
       AND item.date_maturity IS NOT NULL
       AND COALESCE(move.payment_state, '') != 'reversed'
       AND settled.paid_on BETWEEN %(first)s AND %(today)s
       AND settled.by_money
       AND reminded.on_day IS NOT NULL
"""

#: Those of them that nobody was thanked for since the last reminder of them: a payment that a
#: bookkeeper undoes and books anew is one, however often; one that came back and was reminded again
#: is thanked for again.
UNTHANKED = f"""
    {STILL_PAID}
       AND NOT EXISTS (
        SELECT
          FROM upominky_reminder_line line
          JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
         WHERE line.move_id = item.move_id
           AND line.event = %(event)s
           AND line.state = 'open'
           AND (line.move_line_id = item.id OR line.move_line_id IS NULL)
           AND reminder.issue_date >= reminded.on_day
    )
"""
