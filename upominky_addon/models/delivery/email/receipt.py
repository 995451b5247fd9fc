import re

from odoo import fields, models
from odoo.tools import SQL, consteq
from odoo.tools.misc import hmac

from ....core import delivery as core_delivery
from ....core import lifecycle
from ....core.receipt import STATE_AFTER, Event
from ...base.said import say

ENVELOPE_ID = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})")


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
    noted_reports = fields.Char(
        readonly=True, copy=False, help="Kinds of reports that the history tells of already."
    )

    def _envelope_id(self):
        """Return the ENVID (RFC 3461) of a delivery, which nobody can make up."""
        self.ensure_one()
        # sudo: the secret of the database is for nobody to read.
        seal = hmac(self.env(su=True), "upominky_addon.envelope_id", self.id)
        return f"{self.id}-{seal[:32]}"

    def _note_unasked(self):
        """Note that no ENVID is asked for after all: another connection does not offer it.

        True bounces will not bear it then, and must not wait for a person.
        """
        self.envelope_asked = False

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
        fate, named = report.fate_of(self.email_to), self._is_named_by(report)
        new = STATE_AFTER[fate.event]
        if core_delivery.settles_itself(new, self.envelope_asked, named):
            return fate.event if self._apply(fate.event, fate.words, named) else None
        self._keep_alleged_bounce(fate.words, sender)
        return None

    def _apply(self, event, words="", named=False):
        """Settle what came back: the one way from a report to a delivery and its reminder.

        Late and repeated reports change nothing.

        :param core.receipt.Event event: what is reported
        :param str words: those of the system that reports it, plain text of sane length
        :param bool named: whether the report names the delivery's ENVID, so that it is true
        :return: whether the delivery moved
        """
        self.ensure_one()
        reminder = self.reminder_id
        reminder._lock_rows()
        values = self._values_after(event, fields.Datetime.now())
        if event == Event.FAILED:
            values["error"] = self._bounce_text(words)
        dismissed = self.alleged_bounce_state == "dismissed"
        moved = self._set_state(STATE_AFTER[event].value, **values)
        if moved:
            reminder._settle(release=False)
        notes = [self._note_after(event, words, moved, named)]
        if moved and dismissed and event == Event.FAILED:
            notes.append(self._true_after_all())
        for note in filter(None, notes):
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
            return say(self.env, "came_back")
        return say(self.env, "came_back_words", words=words)

    def _note_after(self, event, words, moved, named):
        """Return what the history says of an event that the reminder's state does not show.

        Anybody may repeat a report that moves nothing, or make one up: it is told once, and where
        an ENVID was asked for, if it bears that.
        """
        believed = named or not self.envelope_asked
        if event == Event.DELAYED and believed and self._is_news(event):
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
        if event == Event.FAILED and not moved and named and self._is_news(event):
            return self._late_bounce_text(words)
        return ""

    def _is_news(self, event):
        """Note that the history tells of a kind of report, and say whether it did not yet."""
        noted = (self.noted_reports or "").split()
        if event.value in noted:
            return False
        self.noted_reports = " ".join([*noted, event.value])
        return True

    def _true_after_all(self):
        return self.env._(
            "%s: it did bounce. What had been dismissed as unverified is proved by the mail "
            "server's own report.",
            self.email_to,
        )

    def _late_bounce_text(self, words):
        """Return what the history says of a true bounce of what had arrived, or was settled."""
        if self.state not in lifecycle.ACCEPTED:
            return ""
        return self.env._(
            "%(address)s: the mail server reports that it bounced, after it had been reported as "
            "arrived: %(words)s",
            address=self.email_to,
            words=words or self.env._("no reason given"),
        )
