"""The queries of what debts came to and what lowered them when: interest is worked out from it."""

from .receivables import RECEIVABLE

#: What receivables came to, and what was reconciled with them, a row for each, or one without any.
#: Exchange differences are partials that change no amount in the receivable's own currency. Where
#: that is the company's they do: they are booked when it is matched, or the month ends, and lower
#: it on the day of the payment that they belong to. What was unreconciled, as a payment that was
#: returned, is no partial any more.
DEBTS = """
    SELECT item.id,
           item.date_maturity,
           item.amount_currency::text,
           partial.debit_amount_currency::text,
           COALESCE((
                SELECT MAX(paid.date)
                  FROM account_partial_reconcile cause
                  JOIN account_move_line paid ON paid.id = cause.credit_move_id
                 WHERE cause.exchange_move_id = note.id
                   AND cause.debit_move_id = item.id
               ), other.date) AS day,
           CASE WHEN note.move_type = 'out_refund' THEN note.reversed_entry_id END AS reverses,
           item.move_id
      FROM account_move_line item
 LEFT JOIN account_partial_reconcile partial
        ON partial.debit_move_id = item.id
       AND partial.debit_amount_currency != 0
 LEFT JOIN account_move_line other ON other.id = partial.credit_move_id
 LEFT JOIN account_move note ON note.id = other.move_id
     WHERE item.id = ANY(%s)
     ORDER BY item.id, day, partial.id
"""

#: The day on which credits were booked, and which invoice a credit note reverses.
CREDIT_DAYS = """
    SELECT item.id,
           item.date,
           CASE WHEN move.move_type = 'out_refund' THEN move.reversed_entry_id END
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
     WHERE item.id = ANY(%s)
"""

#: The first day of the oldest delay of each half-year, of overdue receivables of a company, with
#: the customers whose delay began in it.
DELAYS = f"""
    SELECT MIN(item.date_maturity) + 1, array_agg(DISTINCT contact.commercial_partner_id)
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
     WHERE item.company_id = %(company)s
       AND item.date_maturity < %(today)s
       AND {RECEIVABLE}
     GROUP BY date_part('year', item.date_maturity + 1),
              date_part('month', item.date_maturity + 1) < 7
     ORDER BY 1
"""
