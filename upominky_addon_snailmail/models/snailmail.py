"""Letters of payment reminders that Odoo's Snailmail prints and posts instead of people."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, LazyTranslate

from odoo.addons.upominky_addon.core.lifecycle import Reminder, State
from odoo.addons.upominky_addon.core.recipient import LETTER
from odoo.addons.upominky_addon.models.base.said import said, say
from odoo.addons.upominky_addon.models.base.sentences import SENTENCES
from odoo.addons.upominky_addon.models.base.trusted import trusted

_lt = LazyTranslate(__name__)

SENTENCES |= {
    "snailmail_address": _lt(
        "Snailmail needs a street, a postal code, a city and a country: %(customer)s lacks one of "
        "them. Enter it on the addressee, or print the letter yourself."
    ),
    "snailmail_refused": _lt("Snailmail did not post the letter: %(words)s. It waits again."),
    "snailmail_withheld": _lt("The letter is not posted by Snailmail: %(words)s It waits again."),
    "snailmail_has_it": _lt(
        "The letter of %(reminder)s is being handed to Snailmail at this moment. Try again in a "
        "minute: by then it is known what became of it."
    ),
    "snailmail_unknown": _lt(
        "Nobody knows whether Snailmail posted the letter of %(reminder)s. Look into your account "
        "there, then choose Posted or Not Printed."
    ),
    "snailmail_too_late": _lt(
        "The letter of %(reminder)s went another way meanwhile: Snailmail does not send it."
    ),
}


class UpominkyDelivery(models.Model):
    """A letter is printed when Snailmail has it, and posted when it says so."""

    _inherit = "upominky.delivery"

    snailmail_ids = fields.One2many(
        "snailmail.letter", "upominky_delivery_id", string="At Snailmail", readonly=True
    )

    def action_snailmail(self):
        """Have Snailmail print and post letters that wait, each as it is kept."""
        letters = self._letters_of_user()
        refused = letters._refused_by_snailmail()
        ready = letters.filtered(lambda letter: letter.reminder_id.id not in refused)
        refused |= ready._print_each()
        reminders = ready.reminder_id.filtered(lambda reminder: reminder.id not in refused)
        printed = reminders._letters(State.PRINTED)
        # sudo: who may have letters printed may hand them to Snailmail; its rights are not theirs.
        service = trusted(self.env["snailmail.letter"])
        service.create([letter._snailmail_values() for letter in printed])
        # sudo: Odoo's job hands them over; once a day by itself is late for a deadline.
        trusted(self.env.ref("snailmail.snailmail_print"))._trigger()
        title = self.env._("Send by Snailmail")
        return letters.reminder_id._tell(title, refused, deliveries=printed)

    def _refused_by_snailmail(self):
        """Return why Snailmail could not post letters, by id of the reminder.

        :rtype: dict[int, str]
        """
        service = self.env["snailmail.letter"]
        return {
            letter.reminder_id.id: say(
                self.env, "snailmail_address", customer=letter.partner_id.name
            )
            for letter in self
            if not service._is_valid_address(letter.postal_partner_id)
        }

    def _snailmail_values(self):
        return {
            "upominky_delivery_id": self.id,
            "user_id": self.env.uid,
            "partner_id": self.postal_partner_id.id,
            "company_id": self.company_id.id,
            "model": "upominky.reminder",
            "res_id": self.reminder_id.id,
            "attachment_id": self.reminder_id.letter_id.id,
        }

    # EXTENDS 'upominky_addon'
    def _post_warning(self):
        if self._waiting_there():
            return self.env._("Snailmail has it and posts it: leave it to that.")
        return super()._post_warning()

    # EXTENDS 'upominky_addon'
    def _set_state(self, state, guard=None, **values):
        """Take letters back from Snailmail that go another way, or no way, from now on."""
        moved = super()._set_state(state, guard, **values)
        if state != State.PRINTED:
            letters = moved.filtered(lambda delivery: delivery.channel == LETTER)
            letters._waiting_there().cancel()
        return moved

    def _waiting_there(self):
        """Return what waits at Snailmail of these letters: it may still be taken back."""
        # sudo: whoever decides about a letter needs no right to Snailmail.
        return self.sudo().snailmail_ids.filtered(lambda there: there.state == "pending")

    # EXTENDS 'upominky_addon'
    def _refuse_letters_but(self, states):
        self.reminder_id._refuse_at_snailmail()
        return super()._refuse_letters_but(states)

    def _why_not_snailmail(self):
        """Return why Snailmail is not to post a printed letter now, None if it is.

        Asked just before it gets the letter, which may be days after a person chose it.
        """
        reminder = self.reminder_id
        reminder._lock_rows()
        self.invalidate_recordset()
        if self.state != State.PRINTED or reminder.state == Reminder.CANCELLED:
            return say(self.env, "snailmail_too_late", reminder=reminder.name)
        try:
            reminder._check_may_send()
            reminder._refuse_short_notice(self.company_id._upominky_today())
        except UserError as error:
            return said(error)
        return self._still_owed_texts().get(self)

    def _snailmail_sent(self):
        """Note that Snailmail posted it, whatever became of its reminder meanwhile."""
        now = fields.Datetime.now()
        moved = self._set_state(State.SENT.value, sent_at=now, error=None)
        if moved or self.state != State.SENT:
            self._note_step(self.reminder_id, self.env._("Snailmail posted the letter."))

    def _snailmail_failed(self, letter):
        """Have it wait again, unless nobody knows whether it was posted.

        :param letter: of Snailmail
        """
        if letter._is_unknown():
            self.error = say(self.env, "snailmail_unknown", reminder=self.reminder_id.name)
            self.reminder_id._settle(release=False)
            return
        words = letter.error_code or self.env._("cancelled there")
        self._snailmail_back(letter, say(self.env, "snailmail_refused", words=words))

    def _snailmail_back(self, letter, error):
        """Have a letter that Snailmail does not post wait to be printed again.

        :param letter: of Snailmail
        :param str error: why
        """
        gone = {"printed_at": None, "printed_by_id": None, "error": error}
        if self._set_state(State.TO_PRINT.value, **gone):
            self._note_step(self.reminder_id, error)
        # Odoo's job would try again by itself, whatever became of the reminder by then.
        if letter.state not in ("canceled", "sent"):
            letter.cancel()

    def _snailmail_again(self):
        """Take it for printed where Snailmail is to try once more.

        :raises UserError: if it went another way meanwhile
        """
        reminder = self.reminder_id
        reminder._lock_rows()
        values = {"printed_at": fields.Datetime.now(), "printed_by_id": self.env.uid}
        waits = SQL("state = %s", State.TO_PRINT.value)  # none that was posted another way
        if self.state == State.PRINTED or self._set_state(
            State.PRINTED.value, guard=waits, **values
        ):
            reminder._settle(release=False)
            return
        raise UserError(say(self.env, "snailmail_too_late", reminder=reminder.name))


class UpominkyReminder(models.Model):
    """What is being handed to Snailmail stays as it is; what is cancelled is taken back from it."""

    _inherit = "upominky.reminder"

    def _refuse_at_snailmail(self):
        """Refuse while a letter is being handed to Snailmail.

        :raises UserError: naming the reminder
        """
        # sudo: users need no right to Snailmail to know that it is being asked.
        for letter in self.sudo().delivery_ids.snailmail_ids:
            if letter._is_being_handed_over():
                reminder = letter.upominky_delivery_id.reminder_id.name
                raise UserError(say(self.env, "snailmail_has_it", reminder=reminder))

    # EXTENDS 'upominky_addon'
    def _refuse_being_sent(self):
        self._refuse_at_snailmail()
        return super()._refuse_being_sent()

    # EXTENDS 'upominky_addon'
    def _cancel(self, reason, keep_counted=False):
        """Take the letter back first: what is cancelled is posted by nobody."""
        for letter in self._letters(State.PRINTED):
            for there in letter._waiting_there():
                letter._snailmail_back(there, reason)
        return super()._cancel(reason, keep_counted)

    # EXTENDS 'mail'
    def message_post(self, **kwargs):
        """Have the history say what is so: Snailmail's own words tell it posted what only waits."""
        if kwargs.get("message_type") == "snailmail":
            kwargs["body"] = self.env._("The letter was handed over to Snailmail, to be posted.")
        return super().message_post(**kwargs)
