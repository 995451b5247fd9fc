from odoo import models
from odoo.exceptions import UserError

from ...core.mail_text import clean
from ..base.said import say
from ..base.trusted import trusted
from .actions import MAX_REASON

#: What is held from a reminder.
HELD = [("invoices", "These invoices"), ("customers", "All that the customers owe")]


class UpominkyReminder(models.Model):
    """Holding from the reminder: who is on the phone has it open, not the invoices."""

    _inherit = "upominky.reminder"

    def action_ask_hold(self):
        """Ask until when, why and what of these reminders is on hold."""
        self._check_user_may()
        return self._ask_hold({"default_reminder_ids": self.ids})

    def action_hold(self, held="invoices", until=None, reason=None, note=None):
        """Put the invoices or the customers of reminders on hold; the history keeps it.

        What is not sent yet of them does not go out, and no further level is issued, until the day
        is over. What is on hold for longer stays so.

        :param str held: one of :data:`HELD`
        :param until: the last day of the hold, none if it has no end
        :param str reason: why
        :param str note: what else is to be known
        :raises UserError: if there is neither a day nor a reason, or the day is over
        """
        self._check_user_may()
        self._refuse_choice(held, HELD)
        self._check_hold(until, reason)
        for company, mine in self.grouped("company_id").items():
            there = mine.with_company(company)
            if held == "customers":
                # sudo: whoever reads the reminder may hold its customer, also one of others.
                customers = trusted(there).partner_id.commercial_partner_id
                customers.action_upominky_hold(until=until, reason=reason, at_least=True)
            else:
                # sudo: the invoices of a reminder that the caller reads.
                moves = trusted(there).line_ids.move_id
                moves.action_upominky_hold(until, reason, note, at_least=True)
        if note := note and clean(str(note), MAX_REASON):
            # sudo: users may note this, but write no field of a reminder themselves.
            trusted(self)._message_log_batch(dict.fromkeys(self.ids, note))
        return {"type": "ir.actions.act_window_close"}

    def _check_hold(self, until, reason):
        """Refuse a hold that holds nothing.

        :raises UserError: if there is neither a day nor a reason, or the day is over
        """
        if not until and not reason:
            raise UserError(self.env._("Enter until when, or why: without either nothing is held."))
        day = self._day_of(until)
        if day and day < self.env.company._upominky_today():
            raise UserError(say(self.env, "hold_needs_day"))

    def _ask_hold(self, context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold Reminders"),
            "res_model": "upominky.hold.many",
            "view_mode": "form",
            "target": "new",
            "context": context,
        }
