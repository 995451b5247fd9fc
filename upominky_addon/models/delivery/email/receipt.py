import re

from odoo import fields, models
from odoo.tools import consteq
from odoo.tools.misc import hmac

from ....core import delivery as core_delivery
from ....core import lifecycle
from ....core.receipt import STATE_AFTER, Reported

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

    # EXTENDS 'upominky.delivery'
    def _apply(self, event, words="", named=False):
        """Settle what came back, and say so where a person had taken it for made up."""
        dismissed = self.alleged_bounce_state == "dismissed"
        moved = super()._apply(event, words, named)
        if moved and dismissed and event == Reported.FAILED:
            self.reminder_id._message_log(body=self._true_after_all())
        return moved

    # EXTENDS 'upominky.delivery'
    def _note_after(self, event, words, moved, named):
        """Return what the history says of an event that the reminder's state does not show.

        Anybody may repeat a report that moves nothing, or make one up: it is told once, and where
        an ENVID was asked for, if it bears that.
        """
        believed = named or not self.envelope_asked
        if event == Reported.DELAYED and believed and self._is_news(event):
            return self.env._(
                "%(address)s: delivery is delayed, and goes on being tried: %(words)s",
                address=self.email_to,
                words=words,
            )
        if event == Reported.DELETED and moved:
            return self.env._(
                "%(address)s: it lies in the mailbox, but was not displayed (%(words)s).",
                address=self.email_to,
                words=words,
            )
        if event == Reported.FAILED and not moved and named and self._is_news(event):
            return self._late_bounce_text(words)
        return super()._note_after(event, words, moved, named)

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
