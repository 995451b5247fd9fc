from odoo import models

from .smtp import Trouble


class UpominkySend(models.AbstractModel):
    """What went wrong with a mail server, in the reader's words."""

    _inherit = "upominky.send"

    def _trouble_words(self, failure):
        """Return the server's answer, or what is the matter with it.

        :param Failure failure: why it did not take a message
        """
        answer = failure.answer
        sentences = {
            Trouble.CERTIFICATE: self.env._("its certificate is not valid (%s)", answer),
            Trouble.NOT_SMTP: self.env._("it does not speak SMTP (“%s”)", answer),
            Trouble.LETTERS: self.env._(
                "it takes plain letters before the @ only, as it does not offer SMTPUTF8"
            ),
        }
        return sentences.get(failure.trouble) or f"{failure.code or ''} {answer}".strip()
