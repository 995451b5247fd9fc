from odoo import api, fields, models

from ..core.mail_text import clean
from ..core.schedule import Hold
from .base.dates import day_text
from .base.tracked import told_together
from .base.trusted import trusted
from .res_company import INSIDE
from .res_partner_holds import ACCOUNTING, HOLD_REASONS

#: What an invoice says of its own hold.
OWN_HOLD = frozenset({"upominky_hold_until", "upominky_hold_reason"})
#: Characters of a note that are kept.
MAX_NOTE = 500


class AccountMove(models.Model):
    """Whether an invoice is on hold, and by whom: its own hold, or the one on its customer."""

    _inherit = "account.move"

    upominky_on_hold = fields.Boolean(
        string="Reminders On Hold",
        compute="_compute_upominky_on_hold",
        groups=INSIDE,
        help="On hold today.",
    )
    upominky_customer_hold = fields.Text(
        string="Hold of the Customer",
        compute="_compute_upominky_customer_hold",
        groups=ACCOUNTING,
        help="The company's hold on the customer, on top of the invoice's own. It is set and "
        "lifted on the customer's form, under Issued Reminders.",
    )

    def action_upominky_hold_many(self):
        """Ask until when and why these invoices are on hold."""
        reminders = self.env["upominky.reminder"]
        reminders._check_user_may()
        self.check_access("read")
        return reminders._ask_hold({"default_move_ids": self.ids})

    def action_upominky_hold(self, until=False, reason=False, note=None, at_least=False):
        """Put invoices on hold, or lift what holds them; the history of each keeps it.

        :param until: the last day of the hold, none if it has no end or there is none
        :param str reason: one of :data:`.res_partner_holds.HOLD_REASONS`, if any
        :param str note: what else is to be known
        :param bool at_least: whether what is on hold for longer stays so, with its reason
        :raises UserError: if the day or the reason is none
        """
        reminders = self.env["upominky.reminder"]
        reminders._check_user_may()
        self.check_access("read")
        if reason:
            reminders._refuse_choice(reason, HOLD_REASONS)
        # sudo: users may hold invoices, but change nothing else of them.
        mine, until = trusted(self), reminders._day_of(until)
        held = mine._upominky_held_past(until, reason) if at_least else mine.browse()
        (mine - held)._upominky_set_hold(until, reason)
        if note := note and clean(str(note), MAX_NOTE):
            mine._message_log_batch(dict.fromkeys(mine.ids, note))
        return True

    def _upominky_held_past(self, until, reason):
        """Return the invoices whose own hold lasts longer than one until a day, or for a reason."""
        new = Hold(until or None, reason or None)
        return self.filtered(
            lambda move: move._upominky_hold().outlasts(new, move.company_id._upominky_today())
        )

    def _upominky_hold(self):
        """Return an invoice's own hold.

        :rtype: core.schedule.Hold
        """
        return Hold(self.upominky_hold_until or None, self.upominky_hold_reason or None)

    def _upominky_set_hold(self, until, reason):
        """Replace the own hold of invoices."""
        # A hold changes no item: without this Odoo would look for changes in each invoice and write
        # its items, and whoever registers a payment would wait for them.
        still = {"skip_invoice_sync": True, "skip_is_manually_modified": True}
        self.with_context(**still).write(
            {"upominky_hold_until": until, "upominky_hold_reason": reason}
        )

    # EXTENDS 'mail'
    def _message_track(self, fields_iter, initial_values_dict):
        """Tell the holds of many at once; what else changes is Odoo's to tell."""
        odoo = super()._message_track
        return told_together(self, fields_iter, initial_values_dict, odoo, only=OWN_HOLD)

    @api.depends("upominky_hold_until", "upominky_hold_reason", "commercial_partner_id")
    def _compute_upominky_on_hold(self):
        self._upominky_read_holds()
        for move in self:
            holds = (move._upominky_hold(), move._upominky_held_customer()._upominky_hold())
            today = move.company_id._upominky_today()
            move.upominky_on_hold = any(hold.end(today) for hold in holds)

    @api.depends("commercial_partner_id")
    @api.depends_context("lang")
    def _compute_upominky_customer_hold(self):
        self._upominky_read_holds()
        for move in self:
            customer = move._upominky_held_customer()
            is_held = customer._upominky_hold().end(move.company_id._upominky_today())
            move.upominky_customer_hold = is_held and move._upominky_hold_sentence(customer)

    def _upominky_read_holds(self):
        """Read the holds of the customers of all these at once, as each company has them."""
        for moves in self.grouped("company_id").values():
            moves._upominky_held_customer().fetch(("upominky_hold_until", "upominky_hold_reason"))

    def _upominky_held_customer(self):
        """Return whose hold counts for invoices of a company, as it holds them or does not.

        :return: the customers as superuser, in the company of the invoices
        """
        # sudo: who reads the invoice may know that it is held, also through its customer, which
        # its company holds or does not, whichever the reader has active.
        there = self.sudo().with_company(self.company_id)
        return there.commercial_partner_id.commercial_partner_id

    def _upominky_hold_told(self):
        """Say in a sentence that an invoice is on hold: by its own hold, else by its customer's."""
        self.ensure_one()
        if not self._upominky_hold().end(self.company_id._upominky_today()):
            return self.upominky_customer_hold
        reasons = dict(self._fields["upominky_hold_reason"]._description_selection(self.env))
        words = {
            "invoice": self.name,
            "reason": reasons.get(self.upominky_hold_reason),
            "day": day_text(self.env, self.upominky_hold_until),
        }
        if not self.upominky_hold_until:
            return self.env._("%(invoice)s is on hold without an end: %(reason)s.", **words)
        if not self.upominky_hold_reason:
            return self.env._("%(invoice)s is on hold until %(day)s.", **words)
        return self.env._("%(invoice)s is on hold until %(day)s: %(reason)s.", **words)

    def _upominky_hold_sentence(self, customer):
        reasons = customer._fields["upominky_hold_reason"]._description_selection(self.env)
        reason, until = customer.upominky_hold_reason, customer.upominky_hold_until
        words = {
            "customer": customer.name,
            "company": self.company_id.name,
            "reason": dict(reasons).get(reason),
            "day": day_text(self.env, until),
        }
        if not until:
            return self.env._(
                "%(company)s holds the reminders of %(customer)s without an end: %(reason)s.",
                **words,
            )
        if not reason:
            return self.env._(
                "%(company)s holds the reminders of %(customer)s until %(day)s.", **words
            )
        return self.env._(
            "%(company)s holds the reminders of %(customer)s until %(day)s: %(reason)s.", **words
        )
