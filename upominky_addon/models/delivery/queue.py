from odoo import fields, models
from odoo.exceptions import UserError

from ...core.address import split
from ...core.lifecycle import ACCEPTED, OPEN, WAITING, No, Situation, State, may_send
from ...core.recipient import EMAIL, Recipient
from ..base.said import say


class UpominkyReminder(models.Model):
    """The queue of a reminder: which addresses still wait for it."""

    _inherit = "upominky.reminder"

    preparing_deaths = fields.Integer(
        readonly=True, copy=False, help="How many workers died while they prepared its message."
    )
    is_prepared = fields.Boolean(
        readonly=True, copy=False, help="Whether who has it in hand came as far as its message."
    )

    def _queued_deliveries(self):
        """Return the deliveries to send now; the first time, one for each address is made.

        :raises UserError: if there is no contact to write to
        """
        self.ensure_one()
        if not self.delivery_ids:
            self._queue(self._wanted_recipients(), self._copies())
        elif self.state == "issued" and not self._is_frozen():
            self._redirect_queued()
        now = fields.Datetime.now()
        return self.delivery_ids.filtered(
            lambda d: d.state == "queued" and (not d.next_try or d.next_try <= now)
        )

    def _redirect_queued(self):
        """Let letters that wait for another attempt follow the contacts, whose addresses changed.

        :raises UserError: if there is no contact to write to
        """
        wanted = {recipient.key: recipient for recipient in self._wanted_recipients()}
        last = {d._recipient().key: d for d in self._contact_deliveries().sorted("id")}
        for key, delivery in last.items():
            if key not in wanted:
                delivery._cancel_queued()
        self._queue(
            recipient
            for key, recipient in wanted.items()
            if key not in last or last[key].state == "cancelled"
        )

    def _wanted_recipients(self):
        """Return whom the reminder is for.

        :raises UserError: if there is nobody
        """
        found = self._recipients()
        if not found:
            raise UserError(self.env["upominky.transport"]._nobody_text(self))
        return found

    def _copies(self):
        """Return the addresses that get a copy."""
        return split(self.level_id.extra_email)

    def _queue_first(self):
        """Queue many reminders for the first time, together; without an address it is left out."""
        values = [
            vals
            for reminder in self.filtered(lambda r: not r.delivery_ids)
            for vals in reminder._delivery_values(reminder._recipients(), reminder._copies())
        ]
        self.env["upominky.delivery"].create(values)

    def _queue(self, recipients, copies=()):
        self.env["upominky.delivery"].create(self._delivery_values(recipients, copies))

    def _delivery_values(self, recipients, copies=()):
        """Return the values of deliveries to contacts, and to those that get a copy.

        Copies are e-mails, beside one to a contact, whom they never stand in for (SPEC rule 18).

        :param copies: e-mail addresses
        """
        contacts = [(recipient, False) for recipient in recipients]
        known = {recipient.key for recipient, _is_copy in contacts}
        beside = [(Recipient(EMAIL, address, self.lang), True) for address in copies]
        if not any(recipient.channel == EMAIL for recipient, _is_copy in contacts):
            beside = []
        beside = [pair for pair in beside if pair[0].key not in known]
        wanted = [pair for pair in contacts + beside if not self._is_settled(pair[0])]
        values = self._values_of(recipient for recipient, _is_copy in wanted)
        return [
            {**vals, "is_copy": is_copy}
            for vals, (_to, is_copy) in zip(values, wanted, strict=True)
        ]

    def _values_of(self, recipients):
        """Return the values of deliveries to recipients, one each."""
        return [
            {
                "reminder_id": self.id,
                "company_id": self.company_id.id,
                "channel": recipient.channel,
                "email_to": recipient.address,
                "lang": recipient.lang or self.lang,
                "state": self.env["upominky.transport"]._of(recipient.channel)._first_state,
            }
            for recipient in recipients
        ]

    def _is_settled(self, recipient):
        """Say whether a recipient has the reminder, may have it, or waits for it already."""
        states = OPEN | ACCEPTED
        return any(
            d.state in states and d._recipient().key == recipient.key
            for d in self.delivery_ids
            if not d.is_repeat
        )

    def _check_may_send(self):
        """Refuse to send by hand what must not be sent, with the reason.

        :raises UserError: with what to do instead
        """
        self.ensure_one()
        self._refuse_elsewhere()
        company = self.company_id
        now = Situation(
            state=self.state,
            mode=company._upominky_effective_mode(),
            is_pilot=self.partner_id in company._upominky_pilots(),
        )
        if no := may_send(now):
            raise UserError(self._no_text(no))
        if problem := company._upominky_bank_problem():
            raise UserError(problem)

    def _no_text(self, no):
        """Return why it may not go out, in words.

        :param core.lifecycle.No no: the reason
        """
        company, customer = self.company_id.name, self.partner_id.name
        return {
            No.TO_APPROVE: say(self.env, "to_approve", reminder=self.name),
            No.CANCELLED: say(self.env, "is_cancelled", reminder=self.name),
            No.MODE_OFF: say(self.env, "mode_off", company=company),
            No.NOT_PILOT: say(self.env, "not_pilot", customer=customer, company=company),
        }[no]

    def _queue_again(self):
        """Put a reminder back into the queue, for the contacts that have not accepted it.

        :raises UserError: if there is nobody to send it to
        """
        self.ensure_one()
        self._drop_unwanted_letters()
        before = self.delivery_ids.filtered(lambda d: d.state in WAITING)
        queued = before.filtered(lambda d: d.state == "queued")
        queued.next_try = False
        if self.delivery_ids:
            self._queue(self._recipients(), self._copies())
        now = fields.Datetime.now()
        values = {"to_send": True, "next_try": now, "error": False, "preparing_deaths": 0}
        waits = self.delivery_ids.filtered(lambda d: d.state in WAITING)
        if (
            waits == before - queued
            and self._recipients()
            and (self.delivery_ids or self.state == "sent")
        ):
            raise UserError(self._nobody_left_text())
        self._set_state("sent" if self.state == "sent" else "issued", **values)

    def _drop_unwanted_letters(self):
        """Take out letters to print whose address is no contact's any more: another one follows."""
        recipients = self._recipients()
        channels = {recipient.channel for recipient in recipients}
        wanted = {recipient.key for recipient in recipients}
        self._contact_deliveries().filtered(
            lambda d: (
                d.state == State.TO_PRINT
                and d.channel in channels
                and d._recipient().key not in wanted
            )
        )._cancel_queued()

    def _nobody_left_text(self):
        """Say why there is nobody to send a reminder to."""
        states = set(self.delivery_ids.mapped("state"))
        if "uncertain" in states:
            return say(self.env, "fate_unknown", reminder=self.name)
        if "sending" in states:
            return say(self.env, "being_sent", reminder=self.name)
        if states & {"to_print", "printed"}:
            return say(self.env, "on_paper", reminder=self.name)
        return say(self.env, "all_have_it", reminder=self.name)
