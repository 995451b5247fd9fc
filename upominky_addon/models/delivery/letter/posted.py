from odoo import fields, models
from odoo.exceptions import UserError

from ....core.lifecycle import Reminder, State
from ....core.mail_text import clean
from ....core.receipt import Reported
from ....core.recipient import LETTER
from ...base.dates import day_text
from ...base.said import say
from ...reminders.actions import MAX_REASON


class UpominkyDelivery(models.Model):
    """What people say became of printed letters; each step is taken with their reminders' rows."""

    _inherit = "upominky.delivery"

    def _unprint(self, reminders):
        """Have letters wait to be printed again.

        :raises UserError: if one was not printed, or its reminder was cancelled
        """
        letters = self._of(reminders)
        letters._refuse_letters_but({State.PRINTED})
        reminders._refuse_cancelled_letter()
        letters._set_state(State.TO_PRINT.value, printed_at=None, printed_by_id=None)
        reminders.filtered("letter_for_post").letter_for_post = False
        self._note_step(reminders, self.env._("The letter was not printed: it waits again."))

    def _leave_out(self, reminders):
        """Throw letters away, of reminders that are settled.

        :raises UserError: if nobody would be told then
        """
        letters = self._of(reminders)
        letters._refuse_letters_but({State.TO_PRINT, State.PRINTED})
        for reminder in reminders:
            if reminder.state not in {Reminder.SENT, Reminder.CANCELLED}:
                raise UserError(say(self.env, "not_to_post", reminder=reminder.name))
        words = say(self.env, "not_posted", user=self.env.user.name)
        letters._set_state(State.CANCELLED.value, error=words)
        self._note_step(reminders, self.env._("The letter is not posted."))

    def _post(self, reminders, day=None):
        """Note that letters were posted on a day.

        :param date day: default each company's today
        :raises UserError: if one was not printed, was cancelled, or the day cannot be
        """
        letters = self._of(reminders)
        reminders._refuse_cancelled_letter()
        letters._refuse_letters_but({State.PRINTED})
        for company, mine in reminders.grouped("company_id").items():
            today = company._upominky_today()
            posted = day or today
            mine._refuse_day(posted, today)
            theirs = letters.filtered(lambda letter, m=mine: letter.reminder_id in m)
            theirs._set_state(
                State.SENT.value, sent_at=company._upominky_moment_of(posted), error=None
            )
            words = self.env._("The letter was posted on %s.", day_text(self.env, posted))
            self._note_step(mine, words)

    def _return(self, reminders, day=None, note=None):
        """Note that letters came back.

        :param date day: default each company's today
        :param str note: a person's words
        :raises UserError: if one was not posted, or the day cannot be
        """
        letters = self._of(reminders)
        letters._refuse_letters_but({State.SENT})
        for letter in letters:
            company = letter.company_id
            today, posted = company._upominky_today(), company._upominky_day_of(letter.sent_at)
            returned = day or today
            if not posted <= returned <= today:
                values = {"reminder": letter.reminder_id.name, "posted": posted}
                raise UserError(say(self.env, "returned_day_refused", **values))
            letter.returned_date = returned
            letter._apply(Reported.FAILED, clean(str(note or ""), MAX_REASON))

    def _note_step(self, reminders, words):
        """Settle reminders after a step with their letters, and note it in their histories."""
        reminders._touch()
        reminders._settle(release=False)
        reminders._message_log_batch(dict.fromkeys(reminders.ids, words))

    # EXTENDS 'upominky.delivery'
    def _bounce_text(self, words):
        if self.channel != LETTER:
            return super()._bounce_text(words)
        day = self.returned_date or fields.Date.to_date(self.sent_at)
        if not words:
            return say(self.env, "letter_returned", day=day)
        return say(self.env, "letter_returned_words", day=day, words=words)


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def _refuse_cancelled_letter(self):
        """Refuse reminders of which one was cancelled: its letter is for the bin.

        :raises UserError: naming it
        """
        for reminder in self:
            if reminder.state == Reminder.CANCELLED:
                raise UserError(say(self.env, "do_not_post", reminder=reminder.name))

    # EXTENDS 'upominky.reminder'
    def _mark_sent(self, day, way, number=None, proof=None):
        """Take a printed letter for posted where a person says that the reminder went by post."""
        result = super()._mark_sent(day, way, number, proof)
        if way == "post":
            for company, mine in self.grouped("company_id").items():
                moment = company._upominky_moment_of(mine[0].sent_date)
                mine._letters(State.PRINTED)._set_state(
                    State.SENT.value, sent_at=moment, error=None
                )
            self._settle(release=False)
        return result
