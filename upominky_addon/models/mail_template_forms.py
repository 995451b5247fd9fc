from odoo import api, models

from ..core.number_forms import for_number
from .mail_template import REMINDER


class MailTemplate(models.Model):
    """A reminder's text says “invoice” of one and “invoices” of several: its author wrote both."""

    _inherit = "mail.template"

    # EXTENDS 'mail'
    @api.model
    def _render_template(self, template_src, model, res_ids, *args, **options):
        """Render a reminder's text with the forms for one invoice, or for several.

        They are chosen in the text as it was written: what a placeholder puts in stays as it is.
        """
        if model != REMINDER or "|" not in (template_src or ""):
            return super()._render_template(template_src, model, res_ids, *args, **options)
        rendered = {}
        reminders = self.env[REMINDER].browse(res_ids)
        for is_one, mine in reminders.grouped(lambda r: r._is_of_one_invoice()).items():
            text = for_number(str(template_src), is_one)
            rendered |= super()._render_template(text, model, mine.ids, *args, **options)
        return rendered
