from typing import NamedTuple

from odoo import fields, models

from ...core.events import ISSUE
from ..base.said import SaidText


class Amounts(NamedTuple):
    """What a receivable came to and what was settled of it, in its currency."""

    total: float
    paid: float
    credited: float


def opening_item(move, item):
    """Return what an item of an opening entry is called, None of an invoice's."""
    return item.name if move.move_type == "entry" else None


def number_of(move, item):
    """Return the number by which the customer knows a debt.

    An opening entry's is in the label of its item, beside that of the entry.
    """
    return " · ".join(filter(None, [opening_item(move, item), move.name]))


class UpominkyReminderLine(models.Model):
    """One receivable in a reminder, at its own level.

    ``counted`` lines are what the next level of the receivable goes by. Only those of events that
    raise levels are counted, so that nothing else need ask for the event: a line counts from issue;
    it stops counting when it drops out or its reminder is cancelled before it was mailed.
    """

    _name = "upominky.reminder.line"
    _description = "Payment Reminder Line"
    _inherit = ["upominky.context"]
    _order = "reminder_id, due_date, id"

    reminder_id = fields.Many2one(
        "upominky.reminder", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Receivable", ondelete="set null", index="btree_not_null"
    )
    move_id = fields.Many2one("account.move", string="Invoice", required=True, ondelete="restrict")
    event = fields.Selection(
        lambda self: self.env["upominky.event"]._labels(), required=True, default=ISSUE.code
    )
    event_title = fields.Char(related="reminder_id.event_title")
    level_order = fields.Integer(string="Level No.", aggregator=False)
    level_days = fields.Integer(aggregator=False, help="Days overdue of the level when issued.")
    due_date = fields.Date()
    days_overdue = fields.Integer(aggregator=False)
    currency_id = fields.Many2one("res.currency", required=True)
    amount_issued = fields.Monetary(aggregator=False, help="Balance when the reminder was issued.")
    amount_due = fields.Monetary(
        string="Asked For", aggregator=False, help="Balance that the reminder asks for."
    )
    amount_credited = fields.Monetary(
        string="Credited",
        aggregator=False,
        help="What credit notes had taken off it when the reminder was issued, or sent.",
    )
    partner_bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account to Pay To",
        ondelete="set null",
        index="btree_not_null",
        help="The account that the invoice names. Empty: the company's.",
    )
    amount_today = fields.Monetary(
        string="Left Today", compute="_compute_amount_today", help="What is unpaid right now."
    )
    reminder_state = fields.Selection(related="reminder_id.state", string="Reminder State")
    reminder_error = SaidText(related="reminder_id.error", string="Error")
    issue_date = fields.Date(related="reminder_id.issue_date")
    sent_date = fields.Date(related="reminder_id.sent_date")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("paid", "Paid before sending"),
            ("dropped", "Dropped out"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
    )
    counted = fields.Boolean(default=True)

    # The level of each invoice, of one or of all, is read from this index alone.
    _move_idx = models.Index("(move_id) INCLUDE (level_order, counted, company_id)")
    # SPEC rule 14: the database itself refuses a level twice, whatever event raises it. What the
    # last reminder of each receivable says is read from this index alone.
    _counted_unique = models.UniqueIndex(
        "(move_line_id, level_order) INCLUDE (level_days, reminder_id, move_id) WHERE counted",
        "This receivable already has a reminder of this level.",
    )

    def _compute_amount_today(self):
        for line in self:
            # sudo: the balance alone is shown; the line itself is what the user may read.
            line.amount_today = line.sudo().move_line_id.amount_residual_currency

    def _amounts(self):
        """Return what the receivable came to, and what of it was paid and was credited by then.

        :rtype: Amounts
        """
        self.ensure_one()
        # sudo: what the invoice came to is in the letter, whoever sends it.
        total = abs(self.sudo().move_line_id.amount_currency) or self.amount_issued
        settled = self.currency_id.round(total - self.amount_due)
        credited = min(self.amount_credited, max(settled, 0.0))
        return Amounts(total, self.currency_id.round(settled - credited), credited)

    def _number(self):
        """Return the number by which the customer knows the debt."""
        self.ensure_one()
        # sudo: as above, it is in the letter.
        return number_of(self.move_id, self.sudo().move_line_id)

    def action_open_reminder(self):
        """Open the reminder of a line, from the invoice."""
        return self.reminder_id.action_open_form()


class UpominkyReminderCredit(models.Model):
    _name = "upominky.reminder.credit"
    _description = "Credit Used in a Payment Reminder"
    _inherit = ["upominky.context"]
    _order = "reminder_id, id"

    reminder_id = fields.Many2one(
        "upominky.reminder", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Credit", ondelete="set null", index="btree_not_null"
    )
    name = fields.Char(help="Number of the credit note or payment.")
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(aggregator=False, help="Deducted from the reminder; positive.")
    partner_bank_id = fields.Many2one(
        "res.partner.bank",
        string="Account to Pay To",
        ondelete="set null",
        index="btree_not_null",
        help="Of the invoices that it is deducted from. Empty: the company's.",
    )
