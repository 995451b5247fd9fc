from odoo import models
from odoo.exceptions import UserError


class UpominkyCase(models.Model):
    """A message that carries a statement: written by Odoo's composer, sent by whoever presses Send.

    Not through the channels of reminders: a delivery is of a reminder, and what may go out, when
    and once, is decided of receivables that are asked for. A statement asks for nothing, may be
    sent twice, and a person looks at each before it leaves the house. It stays in the history of
    the customer.
    """

    _inherit = "upominky.case"

    def action_mail(self):
        """Open a message to who gets the customer's invoices, with the statement."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        self.ensure_one()
        self._check_ready()
        if not self.partner_id.has_access("write"):  # Odoo asks for it when the message is sent
            raise UserError(
                self.env._(
                    "You may not write to the history of %s: ask for the right to edit contacts, "
                    "or download the file and send it from your own mailbox.",
                    self.partner_id.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write E-mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": self._composed(),
        }

    def _composed(self):
        """Return what the composer begins with."""
        subject, body = self.with_context(lang=self._statement_lang())._statement_message()
        return {
            "default_model": "res.partner",
            "default_res_ids": self.partner_id.ids,
            "default_composition_mode": "comment",
            "default_partner_ids": self._paper_receiver().ids,
            "default_subject": subject,
            "default_body": body,
            "default_attachment_ids": self._mailed_file().ids,
            "default_email_layout_xmlid": "mail.mail_notification_light",
        }

    def _mailed_file(self):
        """Return a copy of the file for the message, which is kept longer than the statement.

        Odoo takes it away again where nothing is sent.
        """
        return self.env["ir.attachment"].create(
            {
                "name": self.attachment_id.name,
                "raw": self.attachment_id.raw,
                "mimetype": self.attachment_id.mimetype,
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )
