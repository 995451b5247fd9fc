from odoo import api, fields, models

from ....core.postal import postal_line
from ....core.recipient import LETTER
from ...base.said import say
from ...base.trusted import trusted


class UpominkyTransportLetter(models.AbstractModel):
    """Letters by post: whom they are addressed to.

    Job 2 hands over none of them. It leaves them to people, who print and post them; see
    `on_paper.py`.
    """

    _name = "upominky.transport.letter"
    _inherit = ["upominky.transport"]
    _description = "Reminders by Post"

    _channel = LETTER
    _first_state = "to_print"

    @api.model
    def _addresses(self, partner):
        """Return the postal address of a contact in a line, none without a street or a city."""
        names = (partner.commercial_partner_id.name, partner.name)
        streets = (partner.street, partner.street2)
        line = postal_line(names, streets, partner.zip, partner.city)
        return (line,) if line else ()

    @api.model
    def _unreachable_text(self, reminder):
        return say(self.env, "no_postal_address", customer=reminder.partner_id.name)


class UpominkyDelivery(models.Model):
    _inherit = "upominky.delivery"

    postal_partner_id = fields.Many2one(
        "res.partner",
        string="Addressee",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Whose address stands on the letter.",
    )
    postal_country_id = fields.Many2one(
        "res.country",
        string="Country",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    postal_zip = fields.Char(string="ZIP", readonly=True)


class UpominkyReminder(models.Model):
    """Whom the letter of a reminder is addressed to."""

    _inherit = "upominky.reminder"

    # EXTENDS 'upominky.reminder'
    def _values_of(self, recipients):
        found = super()._values_of(recipients)
        for values in found:
            if values["channel"] == LETTER:
                addressee = self._addressee(values["email_to"])
                values |= {
                    "postal_partner_id": addressee.id,
                    "postal_country_id": addressee.country_id.id,
                    "postal_zip": addressee.zip,
                }
        return found

    # EXTENDS 'upominky.reminder'
    def _queue_first(self):
        for reminder in self.filtered(lambda r: not r.delivery_ids):
            reminder._note_no_letter()
        return super()._queue_first()

    def _note_no_letter(self):
        """Note that there is no letter for want of an address, where an e-mail goes out at least.

        With nobody at all the reminder fails with the same sentence.
        """
        channels = {recipient.channel for recipient in self._recipients()}
        if channels and LETTER not in channels and LETTER in self._channels():
            transport = self.env["upominky.transport"]._of(LETTER)
            self._add_note(transport._unreachable_text(self))

    def _addressee(self, address):
        """Return the contact that a postal address is of, none if it has another one by now.

        :param str address: in a line, as of the channel
        """
        # sudo: who it is for was found by the reader, whoever asks.
        me = trusted(self)
        transport = me.env["upominky.transport"]._of(LETTER)
        family = me.env["res.partner"].search(
            [
                ("commercial_partner_id", "in", me._commercial_partners().ids),
                ("street", "!=", False),
                ("city", "!=", False),
            ]
        )
        of_invoices = me.line_ids.move_id.partner_id & family
        wanted = of_invoices + (family - of_invoices)
        return wanted.filtered(lambda p: transport._addresses(p) == (address,))[:1]

    def _letters(self, *states):
        """Return the letters of reminders that are in some states, all of them if none is given.

        :param core.lifecycle.State states: of deliveries
        """
        return self.delivery_ids.filtered(
            lambda d: d.channel == LETTER and (not states or d.state in states)
        )

    # EXTENDS 'upominky.reminder'
    def _paper_receiver(self):
        """Return whose address stands in the window: of whom the letter is for, or went to.

        Before there is a letter it is whom one would be for: what a person reads to approve it is
        addressed as what goes out.
        """
        wanted = [r.address for r in self._recipients() if r.channel == LETTER]
        addressee = self._addressee(wanted[-1]) if wanted else self.partner_id.browse()
        if not addressee:  # it has another address by now
            # sudo: who it is for was found by the reader, whoever asks.
            addressee = self._letters().sudo().sorted("id")[-1:].postal_partner_id
        return addressee.with_env(self.env) or super()._paper_receiver()
