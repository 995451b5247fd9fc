from odoo import api, fields, models

from .base.said import say
from .mail_template import REMINDER

#: Bytes of all files of one message; most mailboxes take little more than twice that.
MAX_ATTACHED = 10_000_000


class MailTemplate(models.Model):
    """What a reminder's template holds beside its text: used, or said that it is not."""

    _inherit = "mail.template"

    upominky_extras = fields.Boolean(
        string="Use Attachments, Cc and Reply-To",
        default=True,
        help="Off: of this template a reminder takes the subject and the text alone.",
    )
    upominky_warning = fields.Text(
        string="What Is Not Used",
        compute="_compute_upominky_warning",
        # sudo: whether something is set is told, to whoever reads the template.
        compute_sudo=True,
    )

    @api.depends(
        "model",
        "email_from",
        "email_to",
        "partner_to",
        "email_cc",
        "use_default_to",
        "reply_to",
        "scheduled_date",
        "attachment_ids.file_size",
        "report_template_ids",
        "upominky_extras",
    )
    @api.depends_context("lang")
    def _compute_upominky_warning(self):
        for template in self:
            template.upominky_warning = template.model == REMINDER and "\n".join(
                [*template._upominky_unused(), *template._upominky_about_extras()]
            )

    def _upominky_unused(self):
        """Return sentences about what is never used: a reminder has its own (SPEC rules 18, 19)."""
        found = []
        if self.email_from:
            found.append(
                self.env._(
                    "“From” is not used: reminders come from the sender of the level, or of its "
                    "rule."
                )
            )
        if not self.use_default_to and (self.email_to or self.partner_to):
            found.append(
                self.env._("“To” is not used: reminders go to the contact that the level names.")
            )
        if self.scheduled_date:
            found.append(
                self.env._("The scheduled date is not used: the sending job has its own time.")
            )
        return found

    def _upominky_about_extras(self):
        """Return sentences about attachments, Cc and Reply-To, where a person should know more."""
        labels = self._upominky_extra_labels()
        if labels and not self.upominky_extras:
            return [
                self.env._(
                    "Set here, but not used: %s. Switch “Use Attachments, Cc and Reply-To” on to "
                    "use it.",
                    ", ".join(labels),
                )
            ]
        found = []
        if self.reply_to:
            found.append(
                self.env._(
                    "Replies and read receipts go to the “Reply-To” of this template, and not into "
                    "the history of the reminder."
                )
            )
        if sum(self.attachment_ids.mapped("file_size")) > MAX_ATTACHED:
            found.append(self._upominky_too_large())
        return found

    def _upominky_extra_labels(self):
        """Return the labels of those of the extras that are set."""
        names = ["attachment_ids", "report_template_ids", "reply_to"]
        if not self.use_default_to:  # else Odoo shows and uses no Cc
            names.append("email_cc")
        labels = self.fields_get(names, ["string"])
        return [labels[name]["string"] for name in names if self[name]]

    def _upominky_too_large(self):
        return say(
            self.env, "attachments_too_large", template=self.name, most=MAX_ATTACHED // 1_000_000
        )

    def _upominky_keep_extras_off(self):
        """Leave out what is set beside the text: for templates of a time when it had no effect."""
        self.filtered(lambda template: template._upominky_extra_labels()).upominky_extras = False
