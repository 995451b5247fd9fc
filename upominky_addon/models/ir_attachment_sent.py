from odoo import api, models
from odoo.exceptions import UserError

from .ir_attachment import FIXED, IS_LETTER

#: What Odoo itself writes of a file that it puts aside, where an invoice is made anew.
PUT_ASIDE = frozenset({"name", "res_field"})
SENT = FIXED - PUT_ASIDE - {IS_LETTER}


class IrAttachment(models.Model):
    """Files of invoices that went out with a reminder stay what they were: they are the proof.

    Odoo puts them aside where the invoice is made anew; what they are and whose is kept.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        """Refuse to change what went out; to write what is there already changes nothing.

        :raises UserError: naming the reminder
        """
        if SENT & vals.keys():
            for row in self._upominky_sent_rows():
                # sudo: whoever may not read it must not change it either.
                if row.attachment_id.sudo()._upominky_differs(vals, SENT):
                    raise UserError(row._kept_text())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        for row in self._upominky_sent_rows():
            raise UserError(row._kept_text())

    def _upominky_sent_rows(self):
        """Return what is kept of those that went out with a reminder.

        :rtype: odoo.addons.upominky_addon.models.reminders.file.UpominkyReminderFile
        """
        # sudo: a file is kept whether or not the caller sees the reminder that it went out with.
        rows = self.env["upominky.reminder.file"].sudo()
        found = rows.search([("attachment_id", "in", self.ids)])
        return found.filtered(lambda row: row.reminder_id._are_invoices_out())
