from odoo import api, fields, models
from odoo.exceptions import UserError

from ....core.lifecycle import Reminder, State
from ....core.recipient import LETTER
from ...base.dates import day_text
from ...base.said import Label, say
from ...base.trusted import trusted
from .printing import MOST_PRINTED


class UpominkyDelivery(models.Model):
    """Letters on paper, from “To Print” to the post and, now and then, back (SPEC rule 46).

    ``to_print`` is where job 2 leaves them; ``printed``, ``sent`` and ``bounced`` are what people
    say they did with them. What was printed is kept, and its amounts stay as they were.
    """

    _inherit = "upominky.delivery"

    printed_at = fields.Datetime(string="Printed", readonly=True, copy=False)
    printed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )
    pages = fields.Integer(
        readonly=True,
        copy=False,
        aggregator="sum",
        help="Of the letter, once it was printed.",
    )
    returned_date = fields.Date(string="Came Back", readonly=True, copy=False)
    post_warning = fields.Char(
        string="Before You Post It",
        compute="_compute_post_warning",
        help="What of what it asks for is not owed any more, or asked for by a later reminder, and "
        "whether the address has changed.",
    )

    # What the list and the overview ask for: hardly any is, of all that there are.
    _on_paper_idx = models.Index("(company_id) WHERE state IN ('to_print', 'printed')")

    @api.depends("state", "reminder_id.state")
    @api.depends_context("lang")
    def _compute_post_warning(self):
        told = self._still_owed_texts()
        for letter in self:
            printed = letter.state == State.PRINTED and letter._post_warning()
            waits = letter.state == State.TO_PRINT and letter._waiting_address_text()
            letter.post_warning = printed or told.get(letter) or waits

    def _post_warning(self):
        """Return what became of the reminder of a printed letter, False if it is to be posted."""
        reminder = self.reminder_id
        if reminder.state == Reminder.CANCELLED:
            return self.env._("Do not post it. Cancelled: %s", reminder.cancel_reason or "")
        if reminder.sent_way and reminder.sent_date:
            day = day_text(self.env, reminder.sent_date)
            return self.env._("Marked as sent on %s, another way.", day)
        return False

    # -------------------------------------------------------------- buttons

    def action_print_letters(self):
        """Print letters that wait, as one PDF, and mark them printed.

        :raises UserError: with the reasons, if none of them is printed
        """
        letters = self._letters_of_user()
        refused = letters._print_each()
        return self._hand_out(refused)

    def action_print_letters_again(self):
        """Print letters once more, as they were printed."""
        letters = self._letters_of_user()
        letters._refuse_letters_but({State.PRINTED, State.SENT})
        return self._in_order().reminder_id.action_print_letter()

    def action_not_printed(self):
        """Have letters wait again that were marked as printed by mistake."""
        letters = self._letters_of_user()
        return letters._take_step(self.env._("Not Printed"), letters._unprint)

    def action_leave_out(self):
        """Throw letters away that are not to be posted, because their reminder is settled."""
        letters = self._letters_of_user()
        return letters._take_step(self.env._("Do Not Post"), letters._leave_out)

    def action_ask_posted(self):
        """Ask on which day letters were posted."""
        return self._ask_letters("upominky.letter.posted", self.env._("Posted"))

    def action_posted(self, date=None):
        """Record that printed letters were posted.

        :param date: the day, default the company's today
        """
        letters = self._letters_of_user()
        day = self.env["upominky.reminder"]._day_of(date)
        return letters._take_step(self.env._("Posted"), lambda some: letters._post(some, day))

    def action_not_posted(self):
        """Have letters lie there printed again that were marked as posted by mistake."""
        letters = self._letters_of_user()
        return letters._take_step(self.env._("Not Posted"), letters._unpost)

    def action_ask_returned(self):
        """Ask when and why letters came back."""
        return self._ask_letters("upominky.letter.returned", self.env._("Came Back"))

    def action_returned(self, date=None, note=None):
        """Record that posted letters came back: nobody got them.

        :param date: the day, default the company's today
        :param str note: what the post says, for example that the addressee is unknown
        """
        letters = self._letters_of_user()
        day = self.env["upominky.reminder"]._day_of(date)
        return letters._take_step(
            self.env._("Came Back"), lambda some: letters._return(some, day, note)
        )

    # ---------------------------------------------------------------- steps

    def _letters_of_user(self):
        """Return letters that a caller chose, to take a step with, once his right was checked.

        :raises UserError: if they are none, too many, or no letters
        """
        self.reminder_id._check_user_may()
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Choose letters."))
        if len(self) > MOST_PRINTED:
            raise UserError(self.env._("At most %s letters at once: choose fewer.", MOST_PRINTED))
        if self.filtered(lambda delivery: delivery.channel != LETTER):
            raise UserError(self.env._("These are not letters: nothing of them is printed."))
        # sudo: users print and post, but write no field of a delivery themselves.
        return trusted(self)

    def _take_step(self, title, step):
        """Take a step with letters; one that cannot take it stops no other.

        :param str title: what it is called
        :param step: called with some of their reminders
        :return: the notification of what came of it
        """
        reminders = self.reminder_id
        refused = reminders._in_halves(step)
        done = self.filtered(lambda letter: letter.reminder_id.id not in refused)
        return reminders._tell(title, refused, deliveries=done)

    def _ask_letters(self, model, title):
        letters = self._letters_of_user()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_letter_ids": letters.ids},
        }

    def _of(self, reminders):
        """Return those letters that are of some reminders, whose rows are kept from others."""
        reminders._lock_rows()
        return self.filtered(lambda letter: letter.reminder_id in reminders)

    def _refuse_letters_but(self, states):
        """Refuse letters of which one is in another state.

        :param states: of deliveries
        :raises UserError: naming the reminder and the state
        """
        for letter in self:
            if letter.state not in states:
                state = Label(self._name, "state", letter.state)
                reminder = letter.reminder_id.name
                raise UserError(say(self.env, "letter_is", reminder=reminder, state=state))

    def _in_order(self):
        """Return letters as they are to lie on the pile: by country, postal code and name."""
        return self.sorted(
            lambda letter: (
                letter.postal_country_id.name or "",
                letter.postal_zip or "",
                (letter.email_to or "").lower(),
                letter.id,
            )
        )
