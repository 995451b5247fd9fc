from odoo import api, models
from odoo.exceptions import UserError

#: What a file is, however it is written.
CONTENTS = frozenset({"raw", "datas", "db_datas"})


class IrAttachment(models.Model):
    """Files of invoices that went out with a reminder stay what they were: they are the proof.

    Odoo puts them aside where the invoice is made anew; only their contents are kept as they are.
    """

    _inherit = "ir.attachment"

    def write(self, vals):
        if CONTENTS & vals.keys():
            self._upominky_refuse_sent()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._upominky_refuse_sent()

    def _upominky_refuse_sent(self):
        """Refuse to change or delete what went out with a reminder.

        :raises UserError: naming the reminder
        """
        of_invoices = self.filtered(lambda file: file.res_model == "account.move")
        if not of_invoices:
            return
        # sudo: a file is kept whether or not the caller sees the reminder that it went out with.
        rows = self.env["upominky.reminder.file"].sudo()
        for row in rows.search([("attachment_id", "in", of_invoices.ids)]):
            if row.reminder_id._are_invoices_out():
                raise UserError(
                    self.env._(
                        "“%(file)s” went out with the reminder %(reminder)s. It is kept: nobody "
                        "can change or delete it. To correct the invoice, reset it to draft.",
                        file=row.name,
                        reminder=row.reminder_id.name,
                    )
                )
