"""What the books say of numbers that people give."""

from .receivables import INVOICE, RECEIVABLE

#: Items of customers that go by one of some numbers: that of their document, the one it is paid
#: under, or what the item itself is called (an opening entry has one number for all that it brings
#: over; an invoice's item may be called by more than its number). All that were posted: of what is
#: paid by now, or is another company's, is told that it is.
BY_NUMBER = f"""
    SELECT item.id,
           item.move_id,
           item.company_id,
           item.currency_id,
           move.name AS document,
           TRIM(move.payment_reference) AS reference,
           TRIM(item.name) AS label,
           contact.commercial_partner_id AS customer_id,
           customer.name AS customer_name,
           customer.lang,
           ARRAY[customer.name, customer.vat, customer.company_registry, customer.ref] AS names,
           item.date_maturity AS due,
           item.amount_residual_currency::text AS residual,
           COALESCE({INVOICE}, FALSE) AS is_invoice,
           COALESCE({RECEIVABLE}, FALSE) AS is_open
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
      JOIN res_partner customer ON customer.id = contact.commercial_partner_id
     WHERE item.company_id = ANY(%(companies)s)
       AND item.account_id = ANY(%(accounts)s)
       AND item.parent_state = 'posted'
       AND (
            move.name = ANY(%(numbers)s)
            OR TRIM(move.payment_reference) = ANY(%(numbers)s)
            OR TRIM(item.name) = ANY(%(numbers)s)
       )
     ORDER BY item.id
"""

#: What is overdue and was never reminded here, by the number that :data:`BY_NUMBER` finds it by:
#: that, the customer, the due date, what is left to pay, the currency. An invoice is there once,
#: whatever its instalments. All of them: what is left empty in the file costs no row of it.
NEVER_REMINDED = f"""
    SELECT COALESCE(
               NULLIF(TRIM(CASE WHEN move.move_type = 'entry' THEN MIN(item.name) END), ''),
               move.name
           ),
           customer.name,
           MIN(item.date_maturity),
           SUM(item.amount_residual_currency)::text,
           currency.name
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
      JOIN res_partner customer ON customer.id = contact.commercial_partner_id
      JOIN res_currency currency ON currency.id = item.currency_id
     WHERE item.company_id = %(company)s
       AND item.date_maturity < %(today)s
       AND {RECEIVABLE}
       AND NOT EXISTS (
            SELECT
              FROM upominky_reminder_line line
             WHERE line.move_line_id = item.id
               AND line.counted
           )
     GROUP BY move.id,
              customer.id,
              currency.id,
              CASE WHEN move.move_type = 'entry' THEN item.id END
     ORDER BY customer.name, MIN(item.date_maturity), move.id
"""
