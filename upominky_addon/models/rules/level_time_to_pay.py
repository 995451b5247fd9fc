from odoo import api, fields, models
from odoo.tools import html2plaintext

from ...core.time_to_pay import time_to_pay


class UpominkyLevel(models.Model):
    """A level that gives a day to pay by, and a text that names another time."""

    _inherit = "upominky.level"

    deadline_warning = fields.Text(
        compute="_compute_deadline_warning", string="A Second Time to Pay"
    )

    @api.depends(
        "deadline_days",
        "text_template",
        "mail_template_id.subject",
        "mail_template_id.body_html",
    )
    @api.depends_context("lang")
    def _compute_deadline_warning(self):
        for level in self:
            names_day = level.deadline_days and level.rule_id._event().demands
            words = level._time_in_texts() if names_day else ""
            level.deadline_warning = words and self.env._(
                "The message names the day to pay by, and its own text says “%s” as well: two "
                "different terms. Take that out of the text, in each language; or press “Reset "
                "Template”, if it is a default text.",
                words,
            )

    def _time_in_texts(self):
        """Return the words by which a text of it names a time to pay, in whatever language."""
        for lang, _name in self.env["res.lang"].get_installed():
            # sudo: whether a text names a time is told to whoever reads the level.
            level = self.sudo().with_context(lang=lang)
            template = level.mail_template_id
            body = html2plaintext(template.body_html or "")
            for text in (template.subject, body, level.text_template):
                if words := time_to_pay(text or ""):
                    return words
        return ""
