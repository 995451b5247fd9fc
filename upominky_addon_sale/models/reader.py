from odoo import api, models
from odoo.tools import SQL

#: Who ordered what the lines of a reminder's invoices bill.
ORDER_PEOPLE = """
    SELECT sale_order.partner_id
      FROM upominky_reminder_line reminded
      JOIN account_move_line line ON line.move_id = reminded.move_id
      JOIN sale_order_line_invoice_rel billed ON billed.invoice_line_id = line.id
      JOIN sale_order_line order_line ON order_line.id = billed.order_line_id
      JOIN sale_order ON sale_order.id = order_line.order_id
     WHERE reminded.reminder_id = reminder.id
"""


class UpominkyReader(models.AbstractModel):
    _inherit = "upominky.reader"

    # EXTENDS 'upominky_addon'
    @api.model
    def _order_people(self):
        """Add who ordered what a reminder's invoices bill."""
        return SQL("%s UNION ALL %s", super()._order_people(), SQL(ORDER_PEOPLE))
