"""The queries of the stop of orders."""

from odoo.addons.upominky_addon.models.books.queries import ITEMS, PENDING
from odoo.addons.upominky_addon.models.books.receivables import ACCOUNT_OF_CUSTOMERS

#: Ids of the accounts of customers' receivables, worked out once by the query that asks for them.
ACCOUNTS = f"ARRAY(SELECT account.id FROM account_account account WHERE {ACCOUNT_OF_CUSTOMERS})"

#: Open items of customers as the jobs read them, each with the order of its highest reminder that
#: is out: what waits for an approval or for its hour, failed or was skipped, nobody got. And
#: whether any rule of the company leaves invoices out.
REACHED = f"""
    WITH item AS ({ITEMS})
    SELECT item.*, past.level_order AS reached,
           EXISTS (
               SELECT
                 FROM upominky_rule rule
                WHERE rule.company_id = %(company)s
                  AND rule.active
                  AND rule.exclude_domain IS NOT NULL
           ) AS may_be_left_out
      FROM item
 LEFT JOIN LATERAL (
            SELECT line.level_order
              FROM upominky_reminder_line line
              JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
             WHERE line.move_line_id = item.id
               AND line.counted
               AND NOT {PENDING}
               AND (reminder.state != 'cancelled' OR reminder.sent_date IS NOT NULL)
             ORDER BY line.level_order DESC
             LIMIT 1
           ) past ON TRUE
     ORDER BY item.id
"""
