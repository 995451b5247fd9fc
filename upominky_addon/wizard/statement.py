from odoo import fields, models

from ..models.statements.statement import CONFIRMATION, KINDS, STATEMENT


class UpominkyStatement(models.TransientModel):
    """Asks which statements of account, or balance confirmations, are to be made, of which day."""

    _name = "upominky.statement"
    _description = "Statement of Account to Be Made"
    _inherit = ["upominky.input"]

    kind = fields.Selection(
        KINDS,
        string="What",
        required=True,
        default=STATEMENT,
    )
    whose = fields.Selection(
        [("chosen", "These customers"), ("open", "All who had something open on that day")],
        required=True,
        default="chosen",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", context={"active_test": False}
    )
    date = fields.Date(
        string="As Of",
        required=True,
        default=lambda self: self.env.company._upominky_today(),
        help="Items are told as they were open at the end of this day, whatever was paid since.",
    )
    reply_date = fields.Date(
        string="Answer By",
        default=lambda self: self.env["upominky.case"]._reply_day(),
        help="By when the customer is asked to send the signed confirmation back.",
    )

    def action_confirm(self):
        """Have them made; rights are those of the user on each customer."""
        self.ensure_one()
        self.env["upominky.reminder"]._check_user_may()
        chosen = self._customers()
        chosen.check_access("read")
        # The letter names the customer, who may be kept for others though his contact is not.
        customers = chosen.commercial_partner_id
        customers.check_access("read")
        reply = self.reply_date if self.kind == CONFIRMATION else None
        return self.env["upominky.case"]._statements_shown(customers, self.kind, self.date, reply)

    def _customers(self):
        """Return whose statements are meant: of all who had something open, those the user sees.

        :rtype: res.partner
        """
        if self.whose == "chosen":
            return self.partner_ids
        ids = self.env["upominky.reader"]._customers_on(self.env.company, self.date)
        customers = self.env["res.partner"].with_context(active_test=False)
        return customers.search([("id", "in", ids)])
