from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ...core.events import ISSUE
from ...core.lifecycle import may_become
from ..base.dates import day_text
from ..base.said import SaidChar, SaidText, verbatim

STATES = [
    ("to_approve", "To Approve"),
    ("issued", "Issued"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
#: Also of the last attempt for each contact, see `upominky.delivery`.
DELIVERY_STATES = [
    ("queued", "Queued"),
    ("to_print", "To Print"),
    ("printed", "Printed"),
    ("sending", "Sending"),
    ("sent", "Sent"),
    ("delivered", "Delivered"),
    ("read", "Read"),
    ("bounced", "Bounced"),
    ("failed", "Failed"),
    ("uncertain", "Uncertain"),
    ("cancelled", "Cancelled"),
]


class UpominkyReminder(models.Model):
    """A reminder issued to one customer: an entry of the reminder book.

    Its state is set by :meth:`_set_state` alone: issued by job 1, by hand or by approval; sent and
    failed by what became of its deliveries; cancelled by the recheck or by a person.
    """

    _name = "upominky.reminder"
    _description = "Payment Reminder"
    _inherit = ["upominky.thread", "mail.activity.mixin"]
    _order = "issue_date desc, id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    rule_id = fields.Many2one("upominky.rule", readonly=True, ondelete="restrict", index=True)
    level_id = fields.Many2one(
        "upominky.level", readonly=True, ondelete="set null", index="btree_not_null"
    )
    level_order = fields.Integer(string="Level No.", readonly=True, aggregator=False)
    event = fields.Selection(
        lambda self: self.env["upominky.event"]._labels(),
        required=True,
        readonly=True,
        default=ISSUE.code,
    )
    event_title = fields.Char(
        compute="_compute_event_title",
        help="What it is, where the number of its level does not say.",
    )
    by_hand = fields.Boolean(string="Issued by Hand", readonly=True)
    is_merged = fields.Boolean(
        readonly=True, copy=False, help="Issued to a customer that was merged into this one."
    )
    issue_date = fields.Date(required=True, readonly=True)
    approved_date = fields.Date(readonly=True, copy=False)
    sent_date = fields.Date(readonly=True, copy=False)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="issued", tracking=True, copy=False
    )
    to_send = fields.Boolean(
        string="To Be Sent",
        readonly=True,
        help="Whether it is to be sent, by e-mail or another way. Fixed when it is issued.",
    )
    error = SaidText(readonly=True, copy=False)
    note = SaidText(readonly=True, copy=False, help="What was done other than set up, and why.")
    cancel_reason = SaidChar(readonly=True, copy=False)
    email_to = fields.Char(string="E-mail To", readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    line_ids = fields.One2many(
        "upominky.reminder.line", "reminder_id", string="Lines", readonly=True
    )
    credit_ids = fields.One2many(
        "upominky.reminder.credit", "reminder_id", string="Credits", readonly=True
    )
    delivery_ids = fields.One2many(
        "upominky.delivery", "reminder_id", string="Deliveries", readonly=True
    )
    delivery_state = fields.Selection(DELIVERY_STATES, readonly=True, copy=False)
    currency_totals = fields.Json(
        string="Totals", readonly=True, help="Total to pay per currency: lines less credits."
    )
    totals_text = fields.Char(string="Total to Pay", compute="_compute_totals_text")
    invoice_table = fields.Html(
        compute="_compute_invoice_table", sanitize=False, help="The table of the letter."
    )
    creditor_text = fields.Char(compute="_compute_parties")
    debtor_text = fields.Char(compute="_compute_parties")
    run_id = fields.Many2one("upominky.run", readonly=True, index="btree_not_null")
    send_run_id = fields.Many2one(
        "upominky.run", readonly=True, copy=False, index="btree_not_null", help="Who sends it now."
    )
    next_try = fields.Datetime(
        readonly=True, copy=False, help="When the sending job takes it up; empty: it does not."
    )

    _next_try_idx = models.Index("(company_id, next_try, id) WHERE next_try IS NOT NULL")
    _state_idx = models.Index("(company_id, state, id)")
    # What the overview counts: hardly any is, and all that were sent would be read for it.
    _uncertain_idx = models.Index("(company_id) WHERE delivery_state = 'uncertain'")
    # The order of the book: a page of it is read without sorting all that there is.
    _issue_date_idx = models.Index("(issue_date, id)")
    # An event of an add-on that raises no level brings an index of its own, as RESEND has this one.
    _resend_unique = models.UniqueIndex(
        "(company_id, partner_id, rule_id, issue_date) "
        "WHERE event = 'resend' AND by_hand IS NOT TRUE AND is_merged IS NOT TRUE "
        "AND state != 'cancelled'",
        "A customer gets one summary a day.",
    )

    _friendly_unique = models.UniqueIndex(
        "(company_id, partner_id, event, issue_date) "
        "WHERE event IN ('notice', 'thanks') AND by_hand IS NOT TRUE AND is_merged IS NOT TRUE "
        "AND state != 'cancelled'",
        "A customer gets one notice, and is thanked once, a day.",
    )

    # ------------------------------------------------------------- computes

    @api.depends("currency_totals")
    @api.depends_context("lang")
    def _compute_totals_text(self):
        currencies = {c.name: c for c in self._currencies()}
        for reminder in self:
            totals = (reminder.currency_totals or {}).items()
            reminder.totals_text = " · ".join(
                currencies[name].format(amount) for name, amount in totals if name in currencies
            )

    @api.depends("event")
    @api.depends_context("lang")
    def _compute_event_title(self):
        for reminder in self:
            reminder.event_title = self.env["upominky.event"]._title(reminder.event)

    @api.depends("company_id", "partner_id", "level_id.is_final")
    @api.depends_context("lang")
    def _compute_parties(self):
        for reminder in self:
            reminder.creditor_text = reminder._party(reminder.company_id.partner_id)
            reminder.debtor_text = reminder._party(reminder.partner_id)

    def _currencies(self):
        return self.env["res.currency"].with_context(active_test=False).search([])

    @api.model
    def _day_text(self, day):
        """Return a date as the reader writes it."""
        return self._written(day, lambda: day_text(self.env, day))

    @api.model
    def _money_text(self, currency, amount):
        """Return an amount as the reader writes it."""
        return self._written(
            (currency.id, amount), lambda: format_amount(self.env, amount, currency)
        )

    @api.model
    def _written(self, value, write):
        """Return a value in the reader's language, written once in a transaction.

        A letter has most of its dates and amounts twice, as HTML and as text, and a batch has the
        same days over and over: to write them took a fifth of its time.
        """
        written = self.env.cr.cache.setdefault("upominky_written", {})
        key = (self.env.lang, value)
        if key not in written:
            written[key] = write()
        return written[key]

    # ------------------------------------------------------------- business

    def _set_state(self, state, **values):
        """Move reminders to ``state`` with ``values``: the only place that writes the state.

        :raises UserError: for a step that :data:`core.lifecycle.REMINDER_STEPS` does not know
        """
        for reminder in self:
            if not may_become(reminder.state, state):
                raise UserError(
                    self.env._(
                        "%(reminder)s is “%(old)s” and cannot become “%(new)s”.",
                        reminder=reminder.name,
                        old=reminder._label("state", reminder.state),
                        new=reminder._label("state", state),
                    )
                )
        self.write({"state": state, **values})

    def _label(self, name, value):
        return dict(self._fields[name]._description_selection(self.env)).get(value, value)

    def _cancel(self, reason, keep_counted=False):
        """Cancel reminders; their lines stop counting, unless they were mailed.

        :param bool keep_counted: whether they count all the same, so that the next level follows
        """
        self.delivery_ids._cancel_queued()
        unmailed = self.filtered(lambda r: not r._is_out())
        counted = unmailed.line_ids.filtered("counted")
        counted.write({"state": "cancelled", "counted": keep_counted})
        kept_as = verbatim(self.env, reason)
        self._set_state("cancelled", cancel_reason=kept_as, next_try=False, send_run_id=False)
        self._message_log_batch(dict.fromkeys(self.ids, reason))
