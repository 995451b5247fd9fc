from odoo import models

from ...base.said import say
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
            Trouble.CERTIFICATE: say(self.env, "certificate", words=answer),
            Trouble.NOT_SMTP: say(self.env, "not_smtp", words=answer),
            Trouble.LETTERS: say(self.env, "plain_letters_only"),
        }
        return sentences.get(failure.trouble) or f"{failure.code or ''} {answer}".strip()
