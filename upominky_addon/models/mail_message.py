from odoo import models
from odoo.exceptions import AccessError

#: What people write themselves, and may correct as anywhere in Odoo.
OWN_WORDS = "comment"
#: Who is told of a message, or marks it for himself, changes nothing of what it says.
ABOUT_READERS = frozenset(
    {"partner_ids", "notified_partner_ids", "starred_partner_ids", "notification_ids"}
)


class MailMessage(models.Model):
    """What was sent, came back or was done stays in the history as it was: it is the proof.

    Odoo lets the author of a message change it, whatever he may do with the document: with a
    reminder that is its sender, who need have no right to reminders at all.
    """

    _inherit = "mail.message"

    def write(self, vals):
        if vals.keys() - ABOUT_READERS:
            self._upominky_check_kept()
        return super().write(vals)

    def unlink(self):
        self._upominky_check_kept()
        return super().unlink()

    def _upominky_check_kept(self):
        """Refuse to change the history of our records, but for what somebody wrote himself.

        :raises AccessError: for anybody but the program
        """
        if self.env.su:
            return
        threads = self.env["mail.thread"]._upominky_threads()
        # sudo: which kind of message it is, of which document, decides about the right to it.
        for message in self.sudo():
            ours = message.model in self.env and isinstance(self.env[message.model], threads)
            if ours and message.message_type != OWN_WORDS:
                raise AccessError(
                    self.env._(
                        "This message is part of the history of a payment reminder or of its "
                        "rule: it stays as it is."
                    )
                )
