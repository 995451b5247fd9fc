from odoo import models


class UpominkyDelivery(models.Model):
    _inherit = "upominky.delivery"

    # EXTENDS 'upominky.delivery'
    def _post_warning(self):
        """Warn of a final notice on paper that names a day which is near: others had the time."""
        if warning := super()._post_warning():
            return warning
        reminder, today = self.reminder_id, self.company_id._upominky_today()
        short = reminder.state == "sent" and reminder._is_notice_short(today)
        return short and reminder._short_notice_text("final_posted_late", today)


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def _note_short_notices(self, day):
        """Note which final notices are posted though a contact had the time, and this one has not.

        :param date day: when they are posted
        """
        for reminder in self.filtered(lambda r: r._is_notice_short(day)):
            reminder._add_note(reminder._short_notice_text("final_posted_late", day))
