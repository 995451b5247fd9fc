from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...text.errors import Fault, TextError
from ...text.sandbox import check
from ...text.values import SAMPLE, with_texts
from ..base.said import say
from ..base.trusted import trusted
from .jinja import formats


class UpominkyLevel(models.Model):
    """What a level writes: its template, its plain text, and a look at both."""

    _inherit = "upominky.level"

    template_resettable = fields.Boolean(compute="_compute_template_is")
    template_shared = fields.Boolean(
        compute="_compute_template_is",
        help="Other companies use the template, or begin with it: its text cannot be changed here.",
    )

    template_warning = fields.Text(
        related="mail_template_id.upominky_warning", string="What of the Template Is Not Used"
    )

    @api.depends("mail_template_id.upominky_default_id")
    @api.depends_context("uid")
    def _compute_template_is(self):
        relied_on = self.mail_template_id._origin._upominky_relied_on()
        for level in self:
            template = level.mail_template_id._origin
            level.template_shared = template in relied_on
            level.template_resettable = bool(template.upominky_default_id) and template.can_write

    @api.constrains("text_template")
    def _check_text_template(self):
        """Try each text once: what is saved can be rendered.

        Languages without a text of their own have the English one. What was tried in this
        transaction is not tried again: a rule is saved with all its levels, and a bad text may take
        a second until it is stopped.
        """
        languages = [lang for lang, _name in self.env["res.lang"].get_installed()]
        tried = self.env.cr.cache.setdefault("upominky_tried_texts", set())
        for level in self:
            texts = {level.with_context(lang=lang).text_template: lang for lang in languages[::-1]}
            for source, lang in texts.items():
                if source and source.strip() and source not in tried:
                    level._check_text(source, lang)
                    tried.add(source)

    def _check_text(self, source, lang):
        """Try a text with sample values.

        :raises ValidationError: naming the level, the language and the line
        """
        reminder = self.env["upominky.reminder"]
        kinds = reminder._text_kinds()
        codes = [block["code"] for block in SAMPLE["currencies"]]
        currencies = self.env["res.currency"].with_context(active_test=False)
        filters = formats(self.env, lang, currencies.search([("name", "in", codes)]))
        try:
            check(source, with_texts(reminder._text_sample(), filters, kinds=kinds), filters)
        except TextError as error:
            raise ValidationError(self._text_sentence(error, lang)) from error

    # -------------------------------------------------------------- actions

    def action_open_form(self):
        """Open one level with its message and its plain text, from the rows of its rule."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "name": self.name,
        }

    def action_edit_template(self):
        """Open the level's message template for editing."""
        self.check_access("write")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.template",
            "res_id": self._needed_template().id,
            "view_mode": "form",
            "views": [(self.env.ref("upominky_addon.view_mail_template_form").id, "form")],
            "name": self.env._("Message Template"),
            # Whose message is shown beside the text.
            "context": {"upominky_level_id": self.id},
        }

    def action_reset_template(self):
        """Bring the level's template back to the default text, in every language.

        :raises UserError: if the template is none of the defaults
        """
        self.check_access("write")
        self.ensure_one()
        template = self._needed_template()
        if not template.upominky_default_id:
            raise UserError(
                self.env._(
                    "“%s” is a template of your own: there is no default text to go back to.",
                    template.name,
                )
            )
        template.check_access("write")
        # sudo: the text comes from the add-on's own file, so nothing can be brought in by it.
        trusted(template)._upominky_reset()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("“%s” has its default text again.", template.name),
            },
        }

    def action_copy_template(self):
        """Give the level a copy of its template that belongs to its company alone.

        Other levels of the company with the same template share the copy, as they did before.
        """
        self.check_access("write")
        self.ensure_one()
        template = self._needed_template()
        mine = self.with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id), ("mail_template_id", "=", template.id)]
        )
        # sudo: managers write texts; which frame and server a copy keeps they do not choose.
        mine.mail_template_id = trusted(template)._upominky_copy_for(self.company_id)
        return True

    def action_preview(self):
        """Show the level's message for a customer, as it would be sent."""
        self.ensure_one()
        return self._preview_for(self.env["upominky.level.preview"]._default_customer(self))

    def _preview_for(self, customer):
        """Open the preview of the level's message for a customer."""
        preview = self.env["upominky.level.preview"].create(
            {"level_id": self.id, "partner_id": customer.id}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Preview of “%s”", self.name),
        }

    # ------------------------------------------------------------- business

    def _needed_template(self):
        if not self.mail_template_id:
            raise UserError(
                self.env._("“%s” has no message template. Choose one first.", self.name)
            )
        return self.mail_template_id

    def _text_sentence(self, error, lang):
        """Return what is wrong with the plain text, where, and in which language.

        :param TextError error: what the sandbox says
        :param str lang: code of the language of the text
        """
        words = {
            "level": self.name,
            "language": self.env["res.lang"]._get_data(code=lang).name or lang,
            "error": self._fault_text(error),
        }
        if error.line is None:
            return say(self.env, "plain_text", **words)
        return say(self.env, "plain_text_line", line=error.line, **words)

    def _fault_text(self, error):
        what = error.what
        sentences = {
            Fault.SYNTAX: say(self.env, "text_syntax", what=what),
            Fault.UNKNOWN: say(self.env, "text_unknown", what=what),
            Fault.REFUSED: say(self.env, "text_refused", what=what),
            Fault.NOT_TEXT: say(self.env, "text_not_text"),
            Fault.NO_DATE: say(self.env, "text_no_date"),
            Fault.NO_CURRENCY: say(self.env, "text_no_currency", what=what),
            Fault.TOO_DEEP: say(self.env, "text_too_deep"),
            Fault.TOO_LONG: say(self.env, "text_too_long"),
            Fault.TOO_MANY: say(self.env, "text_too_many"),
            Fault.TOO_SLOW: say(self.env, "text_too_slow"),
            Fault.FAILED: say(self.env, "text_failed", what=what),
        }
        return sentences[error.fault]
