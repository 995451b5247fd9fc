from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...core.lifecycle import UNFINISHED
from ...core.recheck import Left, Missing
from ..base.names import some_names
from ..base.reason_words import dropped_labels
from ..base.said import Label, SaidText, say

_lt = LazyTranslate(__name__)
#: Why a line dropped out before its reminder was mailed, beside the table of reasons.
MISSING = [
    (Left.PAID.value, _lt("Paid")),
    (Left.IN_PAYMENT.value, _lt("A payment is registered")),
    (Left.UNPOSTED.value, _lt("The invoice is not posted any more")),
    (Left.REVERSED.value, _lt("The invoice is reversed")),
    (Left.CURRENCY.value, _lt("The invoice was changed to another currency")),
    (Left.MOVED.value, _lt("Belongs to another customer now")),
    (Left.NO_RECEIVABLE.value, _lt("Not a receivable any more")),
    (Left.NOT_AHEAD.value, _lt("Overdue by now")),
    (Left.NOT_SOON.value, _lt("Due later by now")),
    (Left.UNTHANKED.value, _lt("Not paid any more, or paid too long ago")),
    (Left.OWES_OTHERS.value, _lt("The customer has not paid all that was reminded")),
    (Left.LEFT_ALONE.value, _lt("The customer is excluded or on hold")),
]
NAMES_SHOWN = 3


class UpominkyReminderLine(models.Model):
    _inherit = "upominky.reminder.line"

    drop_reason = fields.Selection(
        lambda self: self._drop_reasons(),
        string="Why It Dropped Out",
        readonly=True,
        help="What happened between issue and sending, as it was read again.",
    )
    reason_text = SaidText(
        string="Reason",
        compute="_compute_reason_text",
        help="Why it dropped out, why the reminder was cancelled, or why it could not be sent.",
    )

    @api.depends(
        "drop_reason", "reminder_id.state", "reminder_id.cancel_reason", "reminder_id.error"
    )
    @api.depends_context("lang")
    def _compute_reason_text(self):
        labels = dict(self._fields["drop_reason"]._description_selection(self.env))
        for line in self:
            reminder = line.reminder_id
            whole = reminder.cancel_reason if reminder.state == "cancelled" else reminder.error
            line.reason_text = labels.get(line.drop_reason) or whole or line._gone_text()

    def _gone_text(self):
        """Say that a line dropped out for a reason of an add-on that is not installed any more."""
        code = self.drop_reason
        return code and say(self.env, "reason_gone", reason=code)

    def _hold_sentences(self):
        """Return by whom and until when the invoices of held lines are on hold; False of none."""
        told = [move._upominky_hold_told() for move in self.move_id]
        return bool(told) and "\n".join(dict.fromkeys(told))

    @api.model
    def _drop_reasons(self):
        missing = [(code, self.env._(words)) for code, words in MISSING]
        return missing + dropped_labels(self.env)

    def _invoice_names(self):
        """Return the numbers of the invoices in a sentence, the first few of them."""
        # sudo: numbers of invoices that the reminder lists.
        names = self.sudo().move_id.mapped("name")
        return some_names(self.env, names[:NAMES_SHOWN], len(names))


class UpominkyReminder(models.Model):
    """Why lines drop out of an unmailed reminder, as facts for the core and in words of people."""

    _inherit = "upominky.reminder"

    hold_text = fields.Text(
        string="On Hold",
        compute="_compute_hold_text",
        help="What of a reminder that was not sent yet is on hold today.",
    )
    why_text = SaidText(
        string="Reason",
        compute="_compute_why_text",
        help="Why it failed, was cancelled, will not be sent as it is, or may have come back.",
    )

    @api.depends_context("lang")
    def _compute_hold_text(self):
        unfinished = self.filtered(lambda reminder: reminder.state in UNFINISHED)
        (self - unfinished).hold_text = False
        # sudo: who reads the reminder may know what of it is held. All of them are asked at once.
        lines = unfinished.sudo().line_ids.filtered(lambda line: line.state == "open")
        held = lines.filtered("move_id.upominky_on_hold").grouped("reminder_id")
        for reminder in unfinished:
            # sudo: as above, to find what was asked for.
            reminder.hold_text = held.get(reminder.sudo(), lines.browse())._hold_sentences()

    @api.depends("state", "error", "cancel_reason")
    @api.depends_context("lang")
    def _compute_why_text(self):
        for reminder in self:
            is_cancelled = reminder.state == "cancelled"
            told = reminder.cancel_reason if is_cancelled else reminder.error
            reminder.why_text = told or reminder.hold_text

    def _missing(self, items, customer):
        """Return what became of journal items that the customer does not owe any more.

        :param items: of the reminder's open lines, as superuser
        :param core.plan.Customer customer: what it owes
        :rtype: dict[int, core.recheck.Missing]
        """
        owed = {receivable.id for receivable in customer.receivables}
        return {
            item.id: Missing(
                posted=item.parent_state == "posted",
                same_customer=item.partner_id.commercial_partner_id == self.partner_id,
                payment=item.move_id.payment_state,
            )
            for item in items
            if item.id not in owed
        }

    def _write_lost(self, lines):
        """Drop lines whose journal item is gone, or in another currency than they are."""
        for line in lines:
            # sudo: whether the item is there is asked for.
            reason = Left.CURRENCY if line.sudo().move_line_id else Left.NO_RECEIVABLE
            line.write({"state": "dropped", "counted": False, "drop_reason": reason})

    def _reason_sentence(self, reason, whys=None):
        """Return why nothing of the reminder is sent: the reason of each line.

        :param str reason: of :class:`core.recheck.Rechecked`
        :param dict whys: the reason by line, None: as they dropped out
        """
        if whys is None:
            whys = {line: line.drop_reason for line in self.line_ids}
        if reason == "below_minimum":
            return say(self.env, "below_the_minimum")
        if set(whys.values()) == {Left.PAID}:
            return say(self.env, "all_paid")
        told = say(self.env, "nothing_left")
        for code, mine in self.line_ids.filtered(whys.get).grouped(whys.get).items():
            why = Label("upominky.reminder.line", "drop_reason", str(code))
            names = mine._invoice_names()
            dropped = say(self.env, "dropped", reason=why, invoices=names)
            told = say(self.env, "both", first=told, second=dropped)
        return told
