from odoo import api, models


class AccountMove(models.Model):
    """The contact person that is chosen on an invoice: one whom its clerk may read.

    Odoo asks for no right to the record at the other end of a link: it would show the name of
    another company's customer, and the reminder, which is written past all rights, would go there.
    """

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._upominky_check_contact()
        return moves

    def write(self, vals):
        result = super().write(vals)
        if "upominky_contact_id" in vals:
            self._upominky_check_contact()
        return result

    def copy_data(self, default=None):
        """Let a copy, or the invoice that reverses another, begin without whom one may not read."""
        vals_list = super().copy_data(default)
        for vals in vals_list:
            contact = self.env["res.partner"].browse(vals.get("upominky_contact_id") or ())
            if not contact.has_access("read"):
                vals["upominky_contact_id"] = False
        return vals_list

    def _upominky_check_contact(self):
        """Refuse contact persons whom the user may not read.

        :raises AccessError: naming the field
        """
        if self.env.su:
            return
        # sudo: whom these invoices lead to is looked at in order to ask for the right to it.
        linked = self.sudo().upominky_contact_id
        self.env["upominky.input"]._check_readable(self._fields["upominky_contact_id"], linked)
