import io
import time

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfReader

from ....core.lifecycle import Reminder, State
from ....core.recipient import LETTER
from ...base.said import said, say
from ...base.transactions import COLLISIONS, attempt, commit

#: Seconds after which a request prints no more letters: what it printed by then is handed out.
SECONDS = 60


class UpominkyDelivery(models.Model):
    """Printing letters that wait: each is read again, kept and marked in a step of its own.

    So nobody waits for the letters of others, and whoever loses the file prints the same bytes
    again: what is marked is kept.
    """

    _inherit = "upominky.delivery"

    def _print_each(self):
        """Print letters and mark them, one after the other.

        :return: why some are not printed, by id of the reminder
        :rtype: dict[int, str]
        """
        reminders = self._in_order().reminder_id
        commit(self.env)  # whatever led here; each letter is read on a fresh snapshot
        end, refused = time.monotonic() + SECONDS, {}
        for reminder in reminders:
            if time.monotonic() > end:
                words = say(self.env, "no_time_to_print", reminder=reminder.name)
            else:
                words = reminder._print_or_say()
            if words:
                refused[reminder.id] = words
        return refused

    def _hand_out(self, refused):
        """Return the file of those that were printed, and why others were not.

        :param dict refused: sentences by id of the reminder
        :raises UserError: with the reasons, if none was printed
        """
        reminders = self._in_order().reminder_id
        printed = reminders.filtered(lambda reminder: reminder.id not in refused)
        reasons = reminders._shown(list(dict.fromkeys(refused.values())))
        if not printed:
            raise UserError("\n".join(reasons))
        action = printed.action_print_letter()
        if not refused:
            return action
        title = self.env._("Not printed: %s", len(refused))
        params = {"title": title, "message": " ".join(reasons), "type": "warning", "sticky": True}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {**params, "next": action},
        }

    def _mark_printed(self, data):
        """Mark letters as printed.

        :param bytes data: the PDF
        """
        pages = len(PdfReader(io.BytesIO(data)).pages)
        values = {"printed_at": fields.Datetime.now(), "printed_by_id": self.env.uid}
        self._set_state(State.PRINTED.value, pages=pages, error=None, **values)


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def _print_or_say(self):
        """Print the letter of one reminder.

        :return: why it is not printed; None if it is
        """
        try:
            return attempt(self.env, self._print_to_post)
        except COLLISIONS:
            return say(self.env, "in_other_hands", reminder=self.name)
        except UserError as error:
            return say(self.env, "of_reminder", reminder=self.name, problem=said(error))

    def _print_to_post(self):
        """Read a reminder again, keep its letter and mark it as printed.

        What became of the reminder when it was read stays, whether or not it is printed.

        :return: why it is not printed; None if it is
        :raises UserError: if it must not go out now, is being e-mailed, or cannot be made
        """
        self._lock_rows()
        self._refuse_being_sent()
        self._check_may_send()
        self._recheck()
        if self.state == Reminder.CANCELLED:
            reason = self.cancel_reason
            return say(self.env, "of_reminder", reminder=self.name, problem=reason)
        if not self._approved():
            return say(self.env, "of_reminder", reminder=self.name, problem=self.error)
        with self.env.cr.savepoint():
            if self.state == Reminder.ISSUED and not self._is_frozen():
                self._redirect_queued()
            elif self._letters(State.TO_PRINT):
                self._redirect_letters()
            letters = self._letters(State.TO_PRINT)
            if letters:
                self._keep_printed(letters)
        return None if letters else self._not_waiting_text()

    def _keep_printed(self, letters):
        """Keep the letter of a reminder as it is printed, and mark its letters.

        :raises UserError: if it cannot be made
        """
        carries = self._carries_letter()
        self._fix_deadlines()  # the day that stands on paper is the one that counts
        data = self._letter_to_send().data
        if not carries and not self.letter_for_post:
            self.letter_for_post = True
        letters._mark_printed(data)
        self._touch()
        self._settle(release=False)
        self._message_log(body=self.env._("The letter was printed, to be posted."))

    def _not_waiting_text(self):
        """Return why no letter of it is printed though a person chose it."""
        if printed := self._letters(State.PRINTED)[:1]:
            user = printed.printed_by_id.name or ""
            return say(self.env, "printed_meanwhile", reminder=self.name, user=user)
        channels = {recipient.channel for recipient in self._recipients()}
        if LETTER in self._channels() and LETTER not in channels:
            return self.env["upominky.transport"]._of(LETTER)._unreachable_text(self)
        last = self._letters().sorted("id")[-1:]
        if last.state == State.CANCELLED and last.error:  # as it was withheld just now
            return say(self.env, "of_reminder", reminder=self.name, problem=last.error)
        return say(self.env, "no_letter_waits", reminder=self.name)
