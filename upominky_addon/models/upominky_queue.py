from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all


class UpominkyReminder(models.Model):
    """The queue of a reminder: which addresses still wait for it."""

    _inherit = "upominky.reminder"

    def _queued_deliveries(self):
        """Return the deliveries to send now; the first time, one for each address is made.

        :raises UserError: if there is no contact to write to
        """
        self.ensure_one()
        if not self.delivery_ids:
            self._queue(self._wanted_addresses())
        now = fields.Datetime.now()
        return self.delivery_ids.filtered(
            lambda d: d.state == "queued" and (not d.next_try or d.next_try <= now)
        )

    def _wanted_addresses(self):
        """Return the contacts' addresses, each once.

        :raises UserError: if there is none
        """
        addresses = [part.strip() for part in (self.email_to or "").split(",") if part.strip()]
        if not addresses:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter one on the invoice address or the customer, "
                    "then retry.",
                    self.partner_id.name,
                )
            )
        return list(dict.fromkeys(addresses))

    def _copies(self):
        """Return the addresses that get a copy."""
        return email_normalize_all(self.level_id.extra_email or "")

    def _queue_first(self):
        """Queue many reminders for the first time, together; without an address it is left out."""
        new = self.filtered(lambda r: not r.delivery_ids and r.email_to)
        self.env["upominky.delivery"].create(
            [vals for r in new for vals in r._delivery_values(r._wanted_addresses())]
        )

    def _queue(self, addresses):
        self.env["upominky.delivery"].create(self._delivery_values(addresses))

    def _delivery_values(self, addresses):
        """Return the values of deliveries to contacts, and to those that get a copy."""
        contacts = [(address, False) for address in addresses]
        known = {address.lower() for address in addresses}
        copies = [(address, True) for address in self._copies() if address.lower() not in known]
        return [
            {
                "reminder_id": self.id,
                "company_id": self.company_id.id,
                "email_to": address,
                "is_copy": is_copy,
            }
            for address, is_copy in contacts + copies
            if not self._is_settled(address)
        ]

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
        """Put a reminder back into the queue, for the contacts that have not accepted it."""
        self.ensure_one()
        waiting = self.delivery_ids.filtered(lambda d: d.state == "queued")
        waiting.next_try = False
        if self.delivery_ids:
            self._queue(self._wanted_addresses())
        values = {"to_send": True, "next_try": fields.Datetime.now(), "error": False}
        if self.state == "sent" and not self.delivery_ids.filtered(lambda d: d.state == "queued"):
            raise UserError(self.env._("%s was sent to all its contacts already.", self.name))
        self._set_state("sent" if self.state == "sent" else "issued", **values)
