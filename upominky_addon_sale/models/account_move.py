from odoo import models
from odoo.tools import SQL

#: Who ordered what the lines of each invoice bill, the first order first.
ORDER_CONTACTS = """
    SELECT line.move_id, sale_order.partner_id
      FROM account_move_line line
      JOIN sale_order_line_invoice_rel billed ON billed.invoice_line_id = line.id
      JOIN sale_order_line order_line ON order_line.id = billed.order_line_id
      JOIN sale_order ON sale_order.id = order_line.order_id
     WHERE line.move_id = ANY(%s)
     GROUP BY line.move_id, sale_order.partner_id
     ORDER BY line.move_id, MIN(sale_order.id)
"""


class AccountMove(models.Model):
    _inherit = "account.move"

    # EXTENDS 'upominky_addon'
    def _upominky_order_contacts(self):
        """Add who ordered what an invoice bills; a contact person chosen on the invoice wins.

        That is the sale order's customer (``sale.order.partner_id``), a person or the company
        itself. An invoice of several orders has the contacts of all of them, each once. One query
        for all invoices, past the record rules: it tells who to write to and shows no order.

        :rtype: dict[int, res.partner]
        """
        chosen = super()._upominky_order_contacts()
        others = [move_id for move_id in self.ids if move_id not in chosen]
        if not others:
            return chosen
        for name in ("account.move.line", "sale.order.line", "sale.order"):
            self.env[name].flush_model()
        found = {}
        for move_id, partner_id in self.env.execute_query(SQL(ORDER_CONTACTS, others)):
            found.setdefault(move_id, []).append(partner_id)
        Partner = self.env["res.partner"]
        return chosen | {move_id: Partner.browse(ids) for move_id, ids in found.items()}
