from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    # EXTENDS 'mail': the one step that posting, mass mailing and scheduling have in common
    def _prepare_mail_values(self, res_ids):
        """Refuse to mail a reminder past the sending job: it would be sent once more by that.

        What a person writes to the customer himself is a message like any other.

        :raises UserError: saying what to do
        """
        threads = self.env["mail.thread"]._upominky_threads()
        for composer in self:
            many = composer.composition_mode == "mass_mail" and composer.model in self.env
            ours = many and isinstance(self.env[composer.model], threads)
            # sudo: what a template is made for decides about the right to it, and is no secret.
            if ours or composer.template_id.sudo()._upominky_ours():
                composer.template_id._upominky_refuse_to_mail()
        return super()._prepare_mail_values(res_ids)
