from odoo import fields, models
from odoo.exceptions import UserError

from ....core.lifecycle import ACCEPTED, Reminder, State, allowed, may_withdraw
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
        reminders._drop_unposted()
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
        reminders._drop_unposted()
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
            # One that a contact has already names the day that it names.
            told = mine.filtered(lambda r: r.state == Reminder.SENT)
            (mine - told)._refuse_short_notice(posted)
            told._note_short_notices(posted)
            theirs = letters.filtered(lambda letter, m=mine: letter.reminder_id in m)
            theirs._refuse_before_print(posted)
            theirs._set_state(
                State.SENT.value, sent_at=company._upominky_moment_of(posted), error=None
            )
            words = self.env._("The letter was posted on %s.", day_text(self.env, posted))
            self._note_step(mine, words)

    def _unpost(self, reminders):
        """Take letters for printed that were marked as posted by mistake.

        :raises UserError: if one was not posted, or its reminder was cancelled
        """
        letters = self._of(reminders)
        letters._refuse_letters_but({State.SENT})
        reminders._refuse_cancelled_letter()
        letters._take_word_back()
        letters._set_state(State.PRINTED.value, sent_at=None)
        self._note_step(reminders, self.env._("The letter was not posted yet."))

    def _refuse_before_print(self, day):
        """Refuse letters of which one was not there yet on the day it is to have been posted.

        :raises UserError: naming the reminder and the day it was printed
        """
        for letter in self:
            printed = letter.company_id._upominky_day_of(letter.printed_at)
            if day < printed:
                values = {"reminder": letter.reminder_id.name, "printed": printed}
                raise UserError(say(self.env, "posted_day_refused", **values))

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
    def _apply(self, event, words="", named=False):
        if event == Reported.FAILED and allowed(self.state, State.BOUNCED):
            self._take_word_back()
        return super()._apply(event, words, named)

    def _take_word_back(self):
        """Take back a person's word that reminders went by post, where it meant these letters."""
        letters = self.filtered(lambda d: d.channel == LETTER and not d.is_repeat)
        told = letters.reminder_id.filtered(lambda reminder: reminder.sent_way == "post")
        told.write({"sent_way": False, "sent_number": False})

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
        if way == "post":
            for company, mine in self.grouped("company_id").items():
                posted = self._day_of(day) or company._upominky_today()
                mine._letters(State.PRINTED)._refuse_before_print(posted)
                mine.filtered(lambda r: r._is_frozen())._refuse_short_notice(posted)
        result = super()._mark_sent(day, way, number, proof)
        if way == "post":
            for company, mine in self.grouped("company_id").items():
                moment = company._upominky_moment_of(mine[0].sent_date)
                mine._letters(State.PRINTED)._set_state(
                    State.SENT.value, sent_at=moment, error=None
                )
            self._settle(release=False)
        return result

    def _drop_unposted(self):
        """Forget letters that were printed to be posted and are not: nobody has them."""
        out = ACCEPTED | {State.PRINTED, State.BOUNCED}
        kept = self.filtered(lambda r: r.is_final and r.state == Reminder.SENT and r.sent_way)
        for reminder in (self - kept).filtered(lambda r: r.letter_id and not r._letters(*out)):
            # A message that is being handed over may carry it.
            is_free = may_withdraw(reminder.delivery_ids.mapped("state"))
            if reminder.letter_for_post or (is_free and not reminder._is_told()):
                reminder._drop_letter()

    # EXTENDS 'upominky.reminder'
    def _check_may_cancel(self, reason, afterwards, until):
        result = super()._check_may_cancel(reason, afterwards, until)
        self._refuse_printed(reason)
        return result

    # EXTENDS 'upominky.reminder'
    def _cancel_by_hand(self, reason, afterwards, until):
        """Cancel; with a letter on somebody's table, why is said to whoever is about to post it."""
        self._lock_rows()
        self._refuse_printed(reason)
        return super()._cancel_by_hand(reason, afterwards, until)

    def _refuse_printed(self, reason):
        """Refuse to cancel reminders without a reason while a letter of one lies there printed.

        :raises UserError: saying who printed it, and when
        """
        letters = self.filtered(lambda r: r.state != Reminder.CANCELLED)._letters(State.PRINTED)
        if not letters or reason:
            return
        letter = letters[0]
        values = {
            "reminder": letter.reminder_id.name,
            "day": letter.company_id._upominky_day_of(letter.printed_at),
            "user": letter.printed_by_id.name or "",
        }
        raise UserError(say(self.env, "printed_needs_reason", **values))
