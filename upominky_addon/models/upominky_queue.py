from odoo import fields, models
from odoo.exceptions import UserError

from ..core.address import split


class UpominkyReminder(models.Model):
    """The queue of a reminder: which addresses still wait for it."""

    _inherit = "upominky.reminder"

    def _queued_deliveries(self):
        """Return the deliveries to send now; the first time, one for each address is made.

        :raises UserError: if there is no contact to write to
        """
        self.ensure_one()
        if not self._is_mailed():
            self._queue_changed()
        now = fields.Datetime.now()
        return self.delivery_ids.filtered(
            lambda d: d.state == "queued" and (not d.next_try or d.next_try <= now)
        )

    def _queue_changed(self):
        """Queue what was not queued yet, as an address that was corrected between two attempts."""
        wanted = self._wanted_addresses()
        queued = self._contact_deliveries().filtered(lambda d: d.state == "queued")
        queued.filtered(lambda d: d.email_to not in wanted)._set_state("cancelled")
        tried = set(self.delivery_ids.mapped("email_to"))
        if not tried.issuperset(wanted):
            self._queue([address for address in wanted if address not in tried])

    def _wanted_addresses(self):
        """Return the contacts' addresses, each once.

        :raises UserError: if there is none
        """
        addresses = list(split(self.email_to))
        if not addresses:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter one on the invoice address or the customer, "
                    "then retry.",
                    self.partner_id.name,
                )
            )
        return addresses

    def _copies(self):
        """Return the addresses that get a copy."""
        return split(self.level_id.extra_email)

    def _queue(self, addresses):
        contacts = [(address, False) for address in addresses]
        known = {address.lower() for address in addresses}
        copies = [(address, True) for address in self._copies() if address.lower() not in known]
        self.env["upominky.delivery"].create(
            [
                {
                    "reminder_id": self.id,
                    "company_id": self.company_id.id,
                    "email_to": address,
                    "lang": self._language_of(address),
                    "is_copy": is_copy,
                }
                for address, is_copy in contacts + copies
                if not self._is_settled(address)
            ]
        )

    def _is_settled(self, address):
        """Say whether an address has the reminder, may have it, or waits for it already."""
        states = {"queued", "sending", "sent", "delivered", "read", "uncertain"}
        return any(
            d.state in states and d.email_to.lower() == address.lower() for d in self.delivery_ids
        )

    def _check_may_send(self):
        """Refuse to send by hand what must not be sent, with the reason."""
        self.ensure_one()
        company = self.company_id
        mode = company._upominky_effective_mode()
        pilots = company.upominky_pilot_partner_ids.commercial_partner_id
        if self.state == "to_approve":
            raise UserError(self.env._("%s waits for approval: approve it first.", self.name))
        if self.state == "cancelled":
            raise UserError(self.env._("%s is cancelled.", self.name))
        if problem := company._upominky_bank_problem():
            raise UserError(problem)
        if mode == "off":
            raise UserError(self.env._("Reminders of %s are switched off.", company.name))
        if mode == "pilot" and self.partner_id not in pilots:
            raise UserError(
                self.env._(
                    "%(customer)s is not a pilot customer, and %(company)s is in pilot mode.",
                    customer=self.partner_id.name,
                    company=company.name,
                )
            )

    def _queue_again(self):
        """Put a reminder back into the queue, for the contacts that have not accepted it.

        :raises UserError: if there is nobody to send it to
        """
        self.ensure_one()
        waiting = self.delivery_ids.filtered(lambda d: d.state == "queued")
        waiting.next_try = False
        if self.delivery_ids:
            self._queue(self._wanted_addresses())
        values = {"to_send": True, "next_try": fields.Datetime.now(), "error": False}
        waits = self.delivery_ids.filtered(lambda d: d.state == "queued")
        if not waits and (self.delivery_ids or self.state == "sent"):
            raise UserError(self._nobody_left_text())
        self._set_state("sent" if self.state == "sent" else "issued", **values)

    def _nobody_left_text(self):
        """Say why there is nobody to send a reminder to."""
        states = set(self.delivery_ids.mapped("state"))
        if "uncertain" in states:
            return self.env._(
                "Nobody knows whether %s arrived. Look at its deliveries: send them again, or mark "
                "them as sent.",
                self.name,
            )
        if "sending" in states:
            return self.env._("%s is being sent right now: try again in a minute.", self.name)
        return self.env._("%s was sent to all its contacts already.", self.name)
