"""The queries of what was open on a day, whatever is open today."""

from ..books.receivables import INVOICE

#: Items of customers that were booked by a day and may have been open at its end: those that are
#: open today, and those that something was matched with later. Entries of exchange differences are
#: no items: they only lower or raise what they are matched with.
_OPEN_THEN = """
       item.company_id = %(company)s
   AND item.account_id = ANY(%(accounts)s)
   AND item.parent_state = 'posted'
   AND item.date <= %(day)s
   AND (
        item.reconciled IS NOT TRUE
        OR EXISTS (
            SELECT
              FROM account_partial_reconcile later
             WHERE later.debit_move_id = item.id AND later.max_date > %(day)s
           )
        OR EXISTS (
            SELECT
              FROM account_partial_reconcile later
             WHERE later.credit_move_id = item.id AND later.max_date > %(day)s
           )
       )
   AND NOT EXISTS (
        SELECT FROM account_partial_reconcile cause WHERE cause.exchange_move_id = item.move_id
       )
"""

#: The day on which a ``partial`` changed what was open: the later one of both entries. An exchange
#: difference, in ``other``, belongs to the day of the match that it is of: it is booked when that
#: is made, or at the end of its month.
_MATCHED = """
    SELECT COALESCE((
                SELECT MAX(cause.max_date)
                  FROM account_partial_reconcile cause
                 WHERE cause.exchange_move_id = other.move_id
                   AND item.id IN (cause.debit_move_id, cause.credit_move_id)
               ), partial.max_date) AS day,
           {amount} AS amount
      FROM account_partial_reconcile partial
      JOIN account_move_line other ON other.id = partial.{other}
     WHERE partial.{mine} = item.id
       AND partial.{amount_of} != 0
"""
_AS_DEBT = _MATCHED.format(
    amount="partial.debit_amount_currency",
    amount_of="debit_amount_currency",
    mine="debit_move_id",
    other="credit_move_id",
)
_AS_CREDIT = _MATCHED.format(
    amount="-partial.credit_amount_currency",
    amount_of="credit_amount_currency",
    mine="credit_move_id",
    other="debit_move_id",
)

#: What an item is, as :class:`core.statement.Kind` names it.
_KIND = f"""
    CASE WHEN {INVOICE} AND move.upominky_is_interest THEN 'interest'
         WHEN {INVOICE} THEN 'invoice'
         WHEN move.move_type = 'out_refund' THEN 'credit_note'
         WHEN move.origin_payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL
         THEN 'payment'
         ELSE 'entry'
     END
"""

#: Of some customers and their contacts: an array, so that the planner goes by the partner's index.
_OF_THESE = """
       item.partner_id = ANY(ARRAY(
            SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%(customers)s)
           ))
"""

#: Such items of customers, a row for each match in their own currency, or one without any.
BALANCES = f"""
    SELECT item.id,
           contact.commercial_partner_id AS customer_id,
           {_KIND} AS kind,
           item.currency_id,
           item.date,
           item.date_maturity,
           item.amount_currency::text,
           matched.day,
           matched.amount::text
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
 LEFT JOIN LATERAL ({_AS_DEBT} UNION ALL {_AS_CREDIT}) matched ON TRUE
     WHERE {_OPEN_THEN}
       AND {_OF_THESE}
     ORDER BY item.id, matched.day
"""

#: How many such items there are.
COUNT = f"SELECT COUNT(*) FROM account_move_line item WHERE {_OPEN_THEN} AND {_OF_THESE}"

#: Customers with such an item, ascending.
CUSTOMERS = f"""
    SELECT DISTINCT contact.commercial_partner_id
      FROM account_move_line item
      JOIN res_partner contact ON contact.id = item.partner_id
     WHERE {_OPEN_THEN}
     ORDER BY 1
"""
