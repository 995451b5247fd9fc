from odoo import api, models
from odoo.exceptions import ValidationError

from ..core.mail_text import says_nothing
from ..core.template_size import MAX_FIELD, Part, excess

FIELDS = ("subject", "email_from", "email_to", "email_cc", "reply_to", "partner_to", "lang")


class MailTemplate(models.Model):
    """A reminder's template says something, and not too much: each letter is written from it."""

    _inherit = "mail.template"

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates._upominky_refuse_empty()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if "body_html" in vals:
            self._upominky_refuse_empty()
        return result

    def _upominky_refuse_empty(self):
        """Refuse a person's text, in their language, that would be mailed as an empty frame.

        The program itself makes a company's copy first, and gives it the texts after.

        :raises ValidationError: naming the template
        """
        for template in self._upominky_ours():
            if not self.env.su and says_nothing(template.body_html or ""):
                raise ValidationError(template._upominky_empty_text())

    @api.constrains("body_html", "model_id", *FIELDS)
    def _upominky_check_size(self):
        """Refuse a text in the user's language that is too long, or holds too much.

        What was saved before is sent as it is, until it is changed.
        """
        for template in self._upominky_ours():
            if found := excess(str(template.body_html or "")):
                raise ValidationError(template._upominky_excess_text(*found))
            for name in FIELDS:
                if len(template[name] or "") > MAX_FIELD:
                    raise ValidationError(template._upominky_long_field_text(name))

    # EXTENDS 'base'
    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        for lang in translations:
            self.with_context(lang=lang)._upominky_check_size()
            self.with_context(lang=lang)._upominky_refuse_empty()
        return result

    def _upominky_empty_text(self):
        return self.env._(
            "“%s” has no text: customers would get an empty frame. Write what it is to say.",
            self.name,
        )

    def _upominky_excess_text(self, part, found):
        words = {"template": self.name, "found": found, "most": part.value}
        sentences = {
            Part.CHARACTERS: self.env._(
                "The text of “%(template)s” has %(found)s characters; a message may have %(most)s. "
                "Shorten it; pictures that were pasted into it belong on a web page.",
                **words,
            ),
            Part.ELEMENTS: self.env._(
                "The text of “%(template)s” has %(found)s pieces of formatting; a message may have "
                "%(most)s. Make it simpler: paste it in as plain text.",
                **words,
            ),
            Part.PLACEHOLDERS: self.env._(
                "The text of “%(template)s” has %(found)s placeholders; a message may have "
                "%(most)s. Take some out.",
                **words,
            ),
            Part.TABLES: self.env._(
                "The text of “%(template)s” has the table of invoices %(found)s times; a message "
                "may have it %(most)s times. Take some out.",
                **words,
            ),
        }
        return sentences[part]

    def _upominky_long_field_text(self, name):
        return self.env._(
            "“%(field)s” of “%(template)s” is longer than %(most)s characters. Shorten it.",
            field=self.fields_get([name], ["string"])[name]["string"],
            template=self.name,
            most=MAX_FIELD,
        )
