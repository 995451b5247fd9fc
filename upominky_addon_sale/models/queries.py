"""The queries of the stop of orders."""

from odoo.addons.upominky_addon.models.books.queries import ITEMS, LAST_LINE
from odoo.addons.upominky_addon.models.books.receivables import ACCOUNT_OF_CUSTOMERS

#: Ids of the accounts of customers' receivables, worked out once by the query that asks for them.
ACCOUNTS = f"ARRAY(SELECT account.id FROM account_account account WHERE {ACCOUNT_OF_CUSTOMERS})"

#: Open items of customers as the jobs read them, each with the order of its highest counted
#: reminder: the level that the invoice shows.
REACHED = f"""
    WITH item AS ({ITEMS})
    SELECT item.*, past.level_order AS reached
      FROM item
 LEFT JOIN LATERAL ({LAST_LINE}) past ON TRUE
     ORDER BY item.id
"""
