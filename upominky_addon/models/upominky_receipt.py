import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq
from odoo.tools.misc import hmac

from ..core import delivery as core_delivery
from ..core import lifecycle
from ..core.receipt import STATE_AFTER, Event
from .trusted import trusted

ENVELOPE_ID = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})")
CLAIM_STATES = [("open", "Waits"), ("dismissed", "Dismissed")]


class UpominkyDelivery(models.Model):
    """What comes back about a delivery: how it is known, and what it changes."""

    _inherit = "upominky.delivery"

    # Empty for what the first version sent: its bounces settle as they did then.
    envelope_asked = fields.Boolean(
        string="Verified Reports",
        readonly=True,
        copy=False,
        help="The mail server was asked to name the delivery's secret identifier in its reports, "
        "so that nobody else can make up a bounce.",
    )
    claim_state = fields.Selection(
        CLAIM_STATES, string="Unverified Message", readonly=True, copy=False
    )
    claimed_at = fields.Datetime(string="Unverified Message Came", readonly=True, copy=False)
    claimed_from = fields.Char(string="Unverified Sender", readonly=True, copy=False)
    claimed_error = fields.Text(string="What It Says", readonly=True, copy=False)
    claim_text = fields.Char(string="Unverified Bounce", compute="_compute_claim_text")

    _claim_idx = models.Index("(reminder_id) WHERE claim_state = 'open'")

    @api.depends("claim_state", "claimed_from", "claimed_error", "email_to")
    @api.depends_context("lang")
    def _compute_claim_text(self):
        for delivery in self:
            is_open = delivery.claim_state == "open"
            delivery.claim_text = is_open and delivery._claim_line()

    def action_confirm_bounce(self):
        """Take what unverified messages say for true: the reminders came back."""
        for delivery in self._open_claims():
            words = delivery._decision_words()
            text = self.env._(
                "%(address)s: %(user)s confirmed what %(sender)s says: it bounced.", **words
            )
            delivery.reminder_id._message_log(body=text)
            delivery._apply(Event.FAILED, delivery.claimed_error or "")
        return True

    def action_dismiss_bounce(self):
        """Take what unverified messages say for untrue: the deliveries stay as they are."""
        for delivery in self._open_claims():
            words = delivery._decision_words()
            text = self.env._(
                "%(address)s: %(user)s dismissed what %(sender)s says: it bounced.", **words
            )
            delivery.reminder_id._message_log(body=text)
            delivery.claim_state = "dismissed"
        return True

    def _open_claims(self):
        """Return, as superuser, those of the deliveries that wait for the caller's decision.

        :raises AccessError: if the caller may not work with their reminders
        :raises UserError: if there is none
        """
        self.reminder_id._check_user_may()
        # sudo: users decide about bounces, but write no field of deliveries themselves.
        mine = trusted(self)
        mine.reminder_id._lock_rows()
        waiting = mine.filtered(lambda delivery: delivery.claim_state == "open")
        if not waiting:
            raise UserError(self.env._("No unverified bounce waits for a decision here."))
        return waiting

    def _envelope_id(self):
        """Return the ENVID (RFC 3461) of a delivery, which nobody can make up."""
        self.ensure_one()
        # sudo: the secret of the database is for nobody to read.
        seal = hmac(self.env(su=True), "upominky_addon.envelope_id", self.id)
        return f"{self.id}-{seal[:32]}"

    def _find_reported(self, report):
        """Return the delivery that a report is about; never by an address alone.

        :param core.receipt.Report report: what came back
        """
        # sudo: reports come for any company, through whatever user fetches the mail.
        Delivery = self.sudo()
        known = ENVELOPE_ID.fullmatch(report.envelope_id.lower())
        if known:
            delivery = Delivery.browse(int(known[1])).exists()
            if delivery and delivery._is_named_by(report):
                return delivery
        ids = report.message_ids
        found = Delivery.search([("message_id", "in", ids)]) if ids else Delivery
        return found.sorted(lambda delivery: ids.index(delivery.message_id))[:1]

    def _is_named_by(self, report):
        """Say whether a report bears the ENVID of this delivery; a made-up one counts as none."""
        known = ENVELOPE_ID.fullmatch(report.envelope_id.lower())
        return bool(known) and consteq(self._envelope_id(), known[0])

    def _receive(self, report, sender):
        """Settle what a report says, or keep it for a person where anybody may have written it.

        :param core.receipt.Report report: what came back
        :param str sender: the address that the message gives as its own
        :return: the event if it moved the delivery, else None
        """
        fate = report.fate_of(self.email_to)
        new = STATE_AFTER[fate.event]
        if core_delivery.settles_itself(new, self.envelope_asked, self._is_named_by(report)):
            return fate.event if self._apply(fate.event, fate.words) else None
        self._keep_claim(fate.words, sender)
        return None

    def _keep_claim(self, words, sender):
        """Keep the first unverified failure that might be true.

        Later ones add nothing, also after it was dismissed: whoever makes up one can make up a
        hundred, and should not keep a person busy who has looked into it.
        """
        self.reminder_id._lock_rows()
        possible = lifecycle.allowed(self.state, lifecycle.State.BOUNCED)
        if self.claim_state or not possible:
            return
        self.write(
            {
                "claim_state": "open",
                "claimed_at": fields.Datetime.now(),
                "claimed_from": sender,
                "claimed_error": words,
            }
        )
        self.reminder_id._message_log(body=self.claim_text)

    def _claim_line(self):
        return self.env._(
            "%(address)s: bounced, says an unverified message from %(sender)s: %(words)s",
            address=self.email_to,
            sender=self._claimed_sender(),
            words=self.claimed_error or self.env._("no reason given"),
        )

    def _claimed_sender(self):
        return self.claimed_from or self.env._("an unknown address")

    def _decision_words(self):
        sender = self._claimed_sender()
        return {"address": self.email_to, "user": self.env.user.name, "sender": sender}

    def _apply(self, event, words=""):
        """Settle what came back: the one way from a report to a delivery and its reminder.

        Late and repeated reports change nothing.

        :param core.receipt.Event event: what is reported
        :param str words: those of the system that reports it, plain text of sane length
        :return: whether the delivery moved
        """
        self.ensure_one()
        reminder = self.reminder_id
        reminder._lock_rows()
        values = self._values_after(event, fields.Datetime.now())
        if event == Event.FAILED:
            values["error"] = self._bounce_text(words)
        moved = self._set_state(STATE_AFTER[event].value, **values)
        if moved:
            reminder._settle(release=False)
        note = self._note_after(event, words, moved)
        if note:
            reminder._message_log(body=note)
        return bool(moved)

    def _values_after(self, event, now):
        """Return what an event that is no failure writes beside the state."""
        if event == Event.FAILED:
            return {}
        values = {"error": None, "sent_at": SQL("COALESCE(sent_at, %s)", now)}
        if event == Event.DELIVERED:
            values["delivered_at"] = now
        elif event == Event.DISPLAYED:
            values["read_at"] = now
        return values

    def _bounce_text(self, words):
        if not words:
            return self.env._("The message came back. Correct the address, then retry.")
        return self.env._("The message came back: %s. Correct the address, then retry.", words)

    def _note_after(self, event, words, moved):
        """Return what the history says of an event that the reminder's state does not show."""
        if event == Event.DELAYED:
            return self.env._(
                "%(address)s: delivery is delayed, and goes on being tried: %(words)s",
                address=self.email_to,
                words=words,
            )
        if event == Event.DELETED and moved:
            return self.env._(
                "%(address)s: it lies in the mailbox, but was not displayed (%(words)s).",
                address=self.email_to,
                words=words,
            )
        if event == Event.FAILED and moved and self.reminder_id.state != "failed":
            return self._error_line()
        return ""


class UpominkyReminder(models.Model):
    """What unverified messages say of a reminder's deliveries, for its lists."""

    _inherit = "upominky.reminder"

    claim_text = fields.Text(string="Unverified Bounces", compute="_compute_claim_text")

    @api.depends("delivery_ids.claim_state")
    @api.depends_context("lang")
    def _compute_claim_text(self):
        domain = [("reminder_id", "in", self.ids), ("claim_state", "=", "open")]
        claims = self.env["upominky.delivery"].search(domain).grouped("reminder_id")
        for reminder in self:
            mine = claims.get(reminder._origin)
            reminder.claim_text = mine and "\n".join(mine.mapped("claim_text"))
