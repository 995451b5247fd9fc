from odoo import models
from odoo.exceptions import UserError

from .base.said import say


class AccountMove(models.Model):
    """The files of an invoice, which Odoo makes once and keeps with it."""

    _inherit = "account.move"

    def _upominky_files(self):
        """Return the invoice as Odoo keeps it: the PDF, and electronic invoices beside it."""
        self.ensure_one()
        # sudo: what is sent is the job's to read; people read the invoice itself with their rights.
        return self.env["account.move.send"]._get_invoice_extra_attachments(self.sudo())

    def _upominky_make_pdf(self):
        """Have Odoo make the PDF of an invoice and keep it, unless it is there already.

        Whoever makes it at the same moment writes the same row of the invoice: the second begins
        again, and finds what the first made.

        :raises UserError: if it cannot be made
        """
        self.ensure_one()
        if self.invoice_pdf_report_id:
            return
        if self.state != "posted":
            raise UserError(say(self.env, "invoice_not_posted"))
        was_sent = self.is_move_sent
        with self.env.cr.savepoint():
            self._upominky_generate()
            self.is_move_sent = was_sent  # it was made, and went nowhere yet
            # Of a program that fails without saying so Odoo keeps an empty file.
            if not self.invoice_pdf_report_id.raw:
                raise UserError(say(self.env, "invoice_pdf_empty"))

    def _upominky_generate(self):
        """Make the documents of an invoice by Odoo's own steps, and send them nowhere.

        An electronic invoice that lacks something, as the customer's number for it, stops no PDF:
        Odoo says so to whoever sends the invoice.

        :raises UserError: if there is no report for it, or it cannot be rendered
        """
        send = self.env["account.move.send"].with_company(self.company_id)
        asked = send._get_default_invoice_edi_format(self, sending_methods=set())
        for edi_format in dict.fromkeys((asked, False)):
            settings = {
                "sending_methods": set(),
                "extra_edis": set(),
                "invoice_edi_format": edi_format,
                "pdf_report": send._get_default_pdf_report_id(self),
                "author_user_id": self.env.uid,
                "author_partner_id": self.env.user.partner_id.id,
            }
            send._generate_invoice_documents({self: settings})
            if not settings.get("error"):
                return
        raise UserError(send._format_error_text(settings["error"]))
