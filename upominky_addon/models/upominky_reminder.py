from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core import delivery as core_delivery
from .upominky_delivery import DELIVERY_STATES

STATES = [
    ("to_approve", "To Approve"),
    ("issued", "Issued"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
#: Which state of a reminder may follow which.
TRANSITIONS = {
    "to_approve": {"issued", "sent", "failed", "cancelled"},
    "issued": {"sent", "failed", "cancelled"},
    "sent": {"failed", "cancelled"},
    "failed": {"issued", "sent", "cancelled"},
    "cancelled": set(),
}


class UpominkyReminder(models.Model):
    """A reminder issued to one customer: an entry of the reminder book.

    Its state is set by :meth:`_set_state` alone: issued by job 1, by hand or by approval; sent and
    failed by what became of its deliveries; cancelled by the recheck or by a person.
    """

    _name = "upominky.reminder"
    _description = "Payment Reminder"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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
    level_id = fields.Many2one("upominky.level", readonly=True, ondelete="set null")
    level_order = fields.Integer(string="Order", readonly=True, aggregator=False)
    event = fields.Selection(
        [("issue", "Issue"), ("resend", "Resend")], required=True, readonly=True, default="issue"
    )
    by_hand = fields.Boolean(string="Issued by Hand", readonly=True)
    issue_date = fields.Date(required=True, readonly=True)
    approved_date = fields.Date(readonly=True, copy=False)
    sent_date = fields.Date(readonly=True, copy=False)
    next_date = fields.Date(
        string="Next Reminder",
        compute="_compute_next_date",
        help="The earliest day on which one of its invoices may be reminded again.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="issued", tracking=True, copy=False
    )
    to_send = fields.Boolean(
        string="To E-mail",
        readonly=True,
        help="Whether the reminder is to be e-mailed. Fixed when it is issued.",
    )
    error = fields.Text(readonly=True, copy=False)
    note = fields.Text(readonly=True, copy=False, help="What was done other than set up, and why.")
    cancel_reason = fields.Char(readonly=True, copy=False)
    email_to = fields.Char(string="E-mail To", readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    line_ids = fields.One2many("upominky.reminder.line", "reminder_id", readonly=True)
    credit_ids = fields.One2many("upominky.reminder.credit", "reminder_id", readonly=True)
    delivery_ids = fields.One2many("upominky.delivery", "reminder_id", readonly=True)
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
    _resend_unique = models.UniqueIndex(
        "(company_id, partner_id, rule_id, issue_date) "
        "WHERE event = 'resend' AND by_hand IS NOT TRUE AND state != 'cancelled'",
        "A customer gets one summary a day.",
    )

    # ------------------------------------------------------------- computes

    def _compute_next_date(self):
        dates = self.env["upominky.reader"]._next_dates(self.line_ids.move_id)
        for reminder in self:
            moves = reminder.line_ids.move_id if reminder.state != "cancelled" else ()
            reminder.next_date = min((dates[m.id] for m in moves if dates.get(m.id)), default=False)

    @api.depends("currency_totals")
    @api.depends_context("lang")
    def _compute_totals_text(self):
        currencies = {c.name: c for c in self._currencies()}
        for reminder in self:
            totals = (reminder.currency_totals or {}).items()
            reminder.totals_text = " · ".join(
                currencies[name].format(amount) for name, amount in totals if name in currencies
            )

    @api.depends_context("lang")
    def _compute_invoice_table(self):
        for reminder in self:
            reminder.invoice_table = self.env["ir.qweb"]._render(
                "upominky_addon.invoice_table",
                {"reminder": reminder, "blocks": reminder._currency_blocks()},
            )

    @api.depends("company_id", "partner_id")
    def _compute_parties(self):
        for reminder in self:
            reminder.creditor_text = reminder._party(reminder.company_id.partner_id)
            reminder.debtor_text = reminder._party(reminder.partner_id)

    @api.model
    def _party(self, partner):
        """Return a party as a letter names it: name, address, registration and tax numbers."""
        place = " ".join(filter(None, [partner.zip, partner.city]))
        registry = partner.company_registry
        parts = [partner.name, partner.street, place, registry, partner.vat]
        return ", ".join(filter(None, parts))

    def _currencies(self):
        return self.env["res.currency"].with_context(active_test=False).search([])

    def _currency_blocks(self):
        """Return, per currency, what the letter lists: lines, credits, total and account to pay to.

        :rtype: list[dict]
        """
        self.ensure_one()
        blocks = []
        lines = self.line_ids.filtered(lambda line: line.state == "open")
        for currency in lines.currency_id.sorted("name"):
            mine = lines.filtered(lambda line, c=currency: line.currency_id == c)
            blocks.append(
                {
                    "currency": currency,
                    "lines": mine.sorted(lambda line: (line.due_date, line.id)),
                    "credits": self.credit_ids.filtered(
                        lambda c, cur=currency: c.currency_id == cur
                    ),
                    "total": (self.currency_totals or {}).get(currency.name, 0.0),
                    "bank": self._bank_account(currency),
                }
            )
        return blocks

    def _bank_account(self, currency):
        """Return the company's bank account to pay ``currency`` to, its own currency's first."""
        accounts = self.company_id.partner_id.bank_ids.filtered(
            lambda bank: bank.company_id.id in (False, self.company_id.id)
        )
        exact = accounts.filtered(lambda bank: bank.currency_id == currency)
        plain = accounts.filtered(lambda bank: not bank.currency_id)
        return (exact or plain)[:1]

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Let accounting managers write templates with these, and with nothing else."""
        return (
            *super().mail_allowed_qweb_expressions(),
            "object.invoice_table",
            "object.totals_text",
            "object.level_order",
            "object.issue_date",
            "object.creditor_text",
            "object.debtor_text",
            "object.company_id.name",
        )

    # ------------------------------------------------------------- business

    def _set_state(self, state, **values):
        """Move reminders to ``state`` with ``values``: the only place that writes the state.

        :raises UserError: for a step that :data:`TRANSITIONS` does not know
        """
        for reminder in self:
            if state != reminder.state and state not in TRANSITIONS[reminder.state]:
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

    def _is_mailed(self):
        """Say whether a contact has it, or may have it: then its amounts are frozen."""
        self.ensure_one()
        told = core_delivery.ACCEPTED | {core_delivery.State.UNCERTAIN, core_delivery.State.BOUNCED}
        return any(d.state in told for d in self._contact_deliveries())

    def _contact_deliveries(self):
        return self.delivery_ids.filtered(lambda delivery: not delivery.is_copy)

    def _last_attempts(self):
        """Return the last attempt for each contact's address.

        An address that is no contact's any more counts only if it took the message.
        """
        self.ensure_one()
        last = {}
        for delivery in self._contact_deliveries().sorted("id"):
            last[delivery.email_to.lower()] = delivery
        wanted = (self.email_to or "").lower()
        told = [
            delivery
            for email, delivery in last.items()
            if email in wanted or delivery.state in core_delivery.ACCEPTED
        ]
        return self.env["upominky.delivery"].union(*(told or last.values()))

    def _cancel(self, reason):
        """Cancel one reminder; its lines stop counting unless it was mailed."""
        self.ensure_one()
        self.delivery_ids._cancel_queued()
        if not self._is_mailed() and self.state != "sent":
            self.line_ids.filtered("counted").write({"state": "cancelled", "counted": False})
        self._set_state("cancelled", cancel_reason=reason, next_try=False, send_run_id=False)
        self._message_log(body=reason)

    def _is_stale(self, today):
        """Say whether nobody tried to send it for so long that it must be issued anew.

        :param date today: the company's calendar date
        """
        self.ensure_one()
        tried = [d.create_date.date() for d in self.delivery_ids]
        last = max(filter(None, [self.issue_date, self.approved_date, *tried]))
        return today - last >= core_delivery.STALE_AFTER

    def _settle(self):
        """Make of the reminders what became of their deliveries: sent, failed, or tried again."""
        for reminder in self:
            last = reminder._last_attempts()
            outcome = core_delivery.outcome(last.mapped("state"))
            queued = reminder.delivery_ids.filtered(lambda d: d.state == "queued")
            values = {
                "delivery_state": core_delivery.summary(last.mapped("state")) or False,
                "error": "\n".join(d._error_line() for d in last if d.error) or False,
                "next_try": min((d._next_time() for d in queued), default=False)
                or reminder._first_try(),
                "send_run_id": False,
            }
            if outcome == "sent" and not reminder.sent_date:
                values["sent_date"] = reminder.company_id._upominky_today()
            if reminder.state not in ("issued", "sent", "failed"):
                outcome = None
            if outcome == "failed" != reminder.state:
                reminder._message_log(body=values["error"] or self.env._("It was not sent."))
            # Not tracked: the message itself, or why it failed, is in the history already.
            settled = reminder.with_context(tracking_disable=True)
            settled._set_state(outcome or reminder.state, **values)

    def _first_try(self):
        """Return when a reminder that nobody took up yet is to be sent."""
        waits = self.state == "issued" and self.to_send and not self.delivery_ids
        return waits and (self.next_try or fields.Datetime.now())
