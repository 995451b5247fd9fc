from odoo import api, fields, models
from odoo.tools import SQL

from ...core.events import NOTICE
from ..reminders.reminder import STATES
from .queries import ANALYSIS, AS_A_WHOLE

#: In the context where lines are grouped.
GROUPED = "upominky_grouped"


class UpominkyAnalysis(models.Model):
    """What came of reminders: one row for each receivable in each reminder.

    Not one for each reminder, because in one reminder receivables may be at different levels, and
    because what was paid is known of receivables. Amounts of several currencies have no sum.
    """

    _name = "upominky.analysis"
    _description = "Payment Reminder Analysis"
    _inherit = ["upominky.context"]
    _auto = False
    _order = "issue_date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move": ["invoice_user_id", "move_type"],
        "account.move.line": [
            "amount_residual_currency",
            "currency_id",
            "date",
            "matching_number",
        ],
        "account.partial.reconcile": [
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
        ],
        "upominky.reminder": [
            "event",
            "issue_date",
            "partner_id",
            "rule_id",
            "sent_date",
            "sent_way",
            "state",
            "to_send",
        ],
        "upominky.reminder.line": [
            "amount_due",
            "amount_issued",
            "company_id",
            "currency_id",
            "due_date",
            "level_order",
            "move_id",
            "move_line_id",
            "reminder_id",
            "state",
        ],
    }

    reminder_id = fields.Many2one("upominky.reminder", string="Reminders", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    category_ids = fields.Many2many(
        related="partner_id.category_id",
        string="Customer Group",
        help="The customer's tags. A customer with two tags is in both rows, and once in totals.",
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    rule_id = fields.Many2one("upominky.rule", readonly=True)
    level_order = fields.Integer(string="Level", readonly=True, aggregator=False)
    event = fields.Selection(lambda self: self.env["upominky.event"]._labels(), readonly=True)
    raises_level = fields.Boolean(compute="_compute_raises_level", search="_search_raises_level")
    state = fields.Selection(STATES, readonly=True)
    issue_date = fields.Date(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_issued = fields.Monetary(
        readonly=True, help="What was left to pay when the reminder was issued, before credits."
    )
    amount_due = fields.Monetary(
        string="Amount Asked For",
        readonly=True,
        help="What was left to pay when it was sent, before credits; nothing if it dropped out.",
    )
    paid_7 = fields.Monetary(
        string="Paid within 7 Days",
        readonly=True,
        help="Of the amount asked for, what was paid from the day of the reminder to 7 days later.",
    )
    paid_14 = fields.Monetary(string="Paid within 14 Days", readonly=True)
    paid_30 = fields.Monetary(string="Paid within 30 Days", readonly=True)
    rate_7 = fields.Float(
        string="% Settled within 7 Days",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Of 100 invoices that were reminded at least 7 days ago, how many were paid in full "
        "within 7 days.",
    )
    rate_14 = fields.Float(
        string="% Settled within 14 Days", digits=(16, 1), readonly=True, aggregator="avg"
    )
    rate_30 = fields.Float(
        string="% Settled within 30 Days", digits=(16, 1), readonly=True, aggregator="avg"
    )
    days_to_payment = fields.Float(
        string="Days to Payment",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="From the reminder to the payment by which the invoice was paid in full.",
    )

    rate_on_time = fields.Float(
        string="% Paid on Time",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Of 100 invoices that a notice told before they were due, and whose due date has "
        "passed, how many were paid in full by that date.",
    )

    is_told = fields.Boolean(
        string="Told Before Due",
        readonly=True,
        help="A notice told of the invoice before it was due. Reminders of invoices that were told "
        "and of others can be set side by side.",
    )

    @api.depends("event")
    def _compute_raises_level(self):
        raising = self.env["upominky.event"]._raising()
        for row in self:
            row.raises_level = row.event in raising

    @api.model
    def _search_raises_level(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("event", "in" if True in value else "not in", self.env["upominky.event"]._raising())
        ]

    @property
    def _table_query(self):
        paid = self.env["upominky.line.payment"]._paid()
        if self.env.context.get(GROUPED):
            paid = SQL(AS_A_WHOLE, paid)
        today = self.env.company._upominky_today()
        return SQL(ANALYSIS, today=today, paid=paid, notice=NOTICE.code)

    def _read_group(self, *args, **kwargs):
        """Read all lines for groups: for some of many the planner would look up each line alone."""
        # EXTENDS 'base'
        grouped = self.with_context(**{GROUPED: True})
        return super(UpominkyAnalysis, grouped)._read_group(*args, **kwargs)

    def _read_group_select(self, aggregate_spec, query):
        """Give amounts of several currencies no sum, neither as they are nor converted."""
        # EXTENDS 'base'
        total = super()._read_group_select(aggregate_spec, query)
        name, _colon, aggregator = aggregate_spec.partition(":")
        if aggregator not in ("sum", "sum_currency") or self._fields[name].type != "monetary":
            return total
        currency = self._field_to_sql(self._table, "currency_id", query)
        return SQL("CASE WHEN MIN(%s) = MAX(%s) THEN %s END", currency, currency, total)

    def _read_group_empty_value(self, spec):
        """Tell a sum that there is not from one of nothing."""
        # EXTENDS 'base'
        name, _colon, aggregator = spec.partition(":")
        if aggregator == "sum_currency" and self._fields[name].type == "monetary":
            return False
        return super()._read_group_empty_value(spec)

    def action_open_reminder(self):
        """Open the reminder of a row."""
        return self.reminder_id.action_open_form()
