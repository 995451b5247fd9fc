import re

from odoo import fields, models
from odoo.tools import SQL, consteq
from odoo.tools.misc import hmac

from ..core.receipt import STATE_AFTER, Event

ENVELOPE_ID = re.compile(r"(\d{1,18})-([0-9a-f]{32})")


class UpominkyDelivery(models.Model):
    """What comes back about a delivery: how it is known, and what it changes."""

    _inherit = "upominky.delivery"

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
            if delivery and consteq(delivery._envelope_id(), known[0]):
                return delivery
        ids = report.message_ids
        found = Delivery.search([("message_id", "in", ids)]) if ids else Delivery
        return found.sorted(lambda delivery: ids.index(delivery.message_id))[:1]

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
