from odoo import api, models
from odoo.exceptions import UserError

from ..base.said import say
from .actions import ELSEWHERE


class UpominkyReminder(models.Model):
    """Reminders that another system sent: noted here, told apart, and never sent from here."""

    _inherit = "upominky.reminder"

    def _is_elsewhere(self):
        """Say whether another system sent it: there is no message of it here."""
        return self.sent_way == ELSEWHERE

    def _refuse_elsewhere(self):
        """Refuse what another system sent: of its message nothing is known here.

        :raises UserError: naming the reminder
        """
        for reminder in self:
            if reminder._is_elsewhere():
                raise UserError(say(self.env, "sent_elsewhere", reminder=reminder.name))

    # EXTENDS 'upominky.reminder'
    @api.depends("sent_way")
    def _compute_why_text(self):
        result = super()._compute_why_text()
        for reminder in self.filtered(lambda reminder: reminder._is_elsewhere()):
            label = reminder._label("sent_way", ELSEWHERE)
            reminder.why_text = reminder.why_text or label
        return result


class UpominkyReminderLine(models.Model):
    _inherit = "upominky.reminder.line"

    # EXTENDS 'upominky.reminder.line'
    @api.depends("reminder_id.sent_way")
    def _compute_reason_text(self):
        result = super()._compute_reason_text()
        for line in self:
            if line.reminder_id._is_elsewhere():
                label = line.reminder_id._label("sent_way", ELSEWHERE)
                line.reason_text = line.reason_text or label
        return result
