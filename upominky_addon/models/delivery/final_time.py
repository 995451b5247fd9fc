from odoo import models
from odoo.exceptions import UserError

from ...core.final_notice import LEAST_DAYS, is_too_short
from ..base.said import say


class UpominkyReminder(models.Model):
    """The time that a final notice leaves where its day stays, as somebody has it (§ 142a).

    It is counted from the first sending. What waits since, as for a contact whose address was
    wrong, would name a day that is near, or past.
    """

    _inherit = "upominky.reminder"

    def _is_notice_short(self, day):
        """Say whether a final notice whose day to pay by stays leaves less than the law asks.

        :param date day: when it would be sent
        """
        self.ensure_one()
        stays = self.is_final and self.deadline and (self._is_frozen() or self.sent_date)
        return bool(stays) and is_too_short((self.deadline - day).days)

    def _short_notice_text(self, code, day):
        """Return what is to be known of a final notice that leaves too little time.

        :param str code: of the sentence
        """
        words = {"reminder": self.name, "deadline": self.deadline, "day": day}
        return say(self.env, code, least=LEAST_DAYS, **words)

    def _refuse_short_notice(self, day):
        """Refuse to post a final notice that leaves less time to pay than the law asks (§ 142a).

        :param date day: when it is posted
        :raises UserError: naming it
        """
        for reminder in self.filtered(lambda r: r.is_final and r.deadline):
            if is_too_short((reminder.deadline - day).days):
                raise UserError(reminder._short_notice_text("final_print_again", day))

    def _withhold_short_notices(self, day):
        """Have what waits fail of final notices that would leave too little time, with a sentence.

        What is sent once more on a person's word goes to those who had the time.

        :param date day: the company's, on which it is sent
        """
        for reminder in self.filtered(lambda r: r._is_notice_short(day)):
            waiting = reminder.delivery_ids.filtered(
                lambda d: d.state == "queued" and not d.is_repeat
            )
            waiting._fail(reminder._short_notice_text("final_too_late", day))
