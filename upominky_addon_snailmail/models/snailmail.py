"""Letters of payment reminders that Odoo's Snailmail prints and posts instead of people."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, LazyTranslate

from odoo.addons.upominky_addon.core.lifecycle import State
from odoo.addons.upominky_addon.models.base.said import say
from odoo.addons.upominky_addon.models.base.sentences import SENTENCES
from odoo.addons.upominky_addon.models.base.trusted import trusted

_lt = LazyTranslate(__name__)

SENTENCES |= {
    "snailmail_address": _lt(
        "Snailmail needs a street, a postal code, a city and a country: %(customer)s lacks one of "
        "them. Enter it on the addressee, or print the letter yourself."
    ),
    "snailmail_refused": _lt("Snailmail did not post the letter: %(words)s. It waits again."),
    "snailmail_unknown": _lt(
        "Nobody knows whether Snailmail posted the letter of %(reminder)s. Look into your account "
        "there, then choose Posted or Not Printed."
    ),
    "snailmail_too_late": _lt(
        "The letter of %(reminder)s went another way meanwhile: Snailmail does not send it."
    ),
}
#: States of a letter at Snailmail that is still there.
THERE = ("pending", "error")
#: What the service says if it says nothing that is known.
UNKNOWN = (False, "UNKNOWN_ERROR")


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
        # sudo: users need no right to Snailmail to know that it has the letter.
        if any(letter.state == "pending" for letter in self.sudo().snailmail_ids):
            return self.env._("Snailmail has it and posts it: leave it to that.")
        return super()._post_warning()

    def _snailmail_sent(self):
        """Note that Snailmail posted it, whatever became of its reminder meanwhile."""
        now = fields.Datetime.now()
        if self._set_state(State.SENT.value, sent_at=now, error=None):
            self._note_step(self.reminder_id, self.env._("Snailmail posted the letter."))

    def _snailmail_failed(self, letter):
        """Have it wait again, unless nobody knows whether it was posted.

        :param letter: of Snailmail
        """
        reminder = self.reminder_id
        if letter.state == "error" and letter.error_code in UNKNOWN:
            self.error = say(self.env, "snailmail_unknown", reminder=reminder.name)
            reminder._settle(release=False)
            return
        words = letter.error_code or self.env._("cancelled there")
        error = say(self.env, "snailmail_refused", words=words)
        gone = {"printed_at": None, "printed_by_id": None, "error": error}
        if self._set_state(State.TO_PRINT.value, **gone):
            self._note_step(reminder, error)
            # Odoo's job would try again by itself, whatever became of the reminder by then.
            if letter.state != "canceled":
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


class SnailmailLetter(models.Model):
    _inherit = "snailmail.letter"

    upominky_delivery_id = fields.Many2one(
        "upominky.delivery",
        string="Payment Reminder",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="base.group_system",  # all employees make letters of Snailmail
    )

    # EXTENDS 'snailmail'
    def write(self, vals):
        """Tell reminders what became of their letters.

        :raises AccessError: if somebody says so who does not work with reminders
        """
        result = super().write(vals)
        if "state" in vals:
            # sudo: whose letter it is decides who may say what became of it.
            for letter in self.sudo().filtered("upominky_delivery_id"):
                letter.upominky_delivery_id.reminder_id.with_env(self.env)._check_user_may()
                letter._upominky_tell()
        return result

    def _upominky_tell(self):
        """Tell the reminder what Snailmail says of its letter."""
        # sudo: it is the service's word, whoever asked it.
        delivery = trusted(self.upominky_delivery_id)
        if self.state == "sent":
            delivery._snailmail_sent()
        elif self.state == "pending":
            delivery._snailmail_again()
        else:
            delivery._snailmail_failed(self)
