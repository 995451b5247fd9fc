from markupsafe import Markup

from odoo import fields, models
from odoo.tools import is_html_empty

from ...core.mail_text import header_words, visible
from .introduction import introduction, with_introduction
from .plain import MARK

#: Characters of a subject; mail programs show fewer.
MAX_SUBJECT = 250


class UpominkyReminder(models.Model):
    """What a person wrote into this one letter, in the place of what its template says.

    It goes to every contact as it was written, in the language that it was written in.
    """

    _inherit = "upominky.reminder"

    own_subject = fields.Char(
        readonly=True, copy=False, help="The subject of this letter, where a person changed it."
    )
    own_introduction = fields.Html(
        readonly=True,
        copy=False,
        help="What this letter says before its table, where a person changed it.",
    )
    own_lang = fields.Char(
        readonly=True, copy=False, help="The language that a person wrote this letter in."
    )

    # EXTENDS 'upominky.reminder'
    def _language(self):
        return self.own_lang or super()._language()

    def _as_written(self, subject, body):
        """Return what a template gave, with what a person wrote instead of it.

        :param str subject: of the template, rendered
        :param str body: of the template, rendered, without the frame
        :rtype: tuple[str, Markup]
        """
        self.ensure_one()
        subject = header_words(self.own_subject or subject or "", MAX_SUBJECT)
        body = visible(body or "")
        if self.own_introduction:
            body = with_introduction(body, self._letter_table(), str(self.own_introduction))
        return subject, Markup(body)

    def _introduction_of(self, body):
        """Return what a rendered body says before its table."""
        return introduction(str(body), self._letter_table())

    def _own_values(self, subject, text):
        """Return the values of a letter that a person changed, cleaned as they are sent.

        :param str subject: the new subject
        :param str text: the new introduction
        """
        words = header_words(subject, MAX_SUBJECT)
        clean = visible(self._clean_introduction(text)).replace(MARK, "")
        return {"own_subject": words, "own_introduction": clean}

    def _clean_introduction(self, text):
        """Return HTML without anything that runs, "" if it says nothing."""
        clean = self._fields["own_introduction"].convert_to_column(text, self) or ""
        return "" if is_html_empty(clean) else clean
