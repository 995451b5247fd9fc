from odoo import api, models

from ...core import address, schedule


class UpominkyReader(models.AbstractModel):
    """Reads whom to write to (SPEC rule 18), in a number of queries that no customer adds to."""

    _inherit = "upominky.reader"

    def _contacts(self, company, rows, facts=None):
        """Return what a receivable knows about its contacts, per invoice and customer.

        :rtype: dict[tuple[int, int], dict]
        """
        rows = [row for row in rows if row["kind"] == "receivable"]
        # sudo: a contact's address is read to write to it, whoever starts the job.
        Partner = self.env["res.partner"].sudo()
        ids = {id for row in rows for id in (row["invoice_partner_id"], row["customer_id"]) if id}
        partners = {partner.id: partner for partner in Partner.browse(ids)}
        invoice_to = self._invoice_addresses(partners, rows)
        order_to = self._order_addresses(rows)
        own = facts.languages.own if facts else company.partner_id.lang
        langs = {id: partners[id].lang or own for id in {row["customer_id"] for row in rows}}
        return {
            (row["move_id"], row["customer_id"]): {
                **order_to.get(row["move_id"], {}),
                "invoice_to": invoice_to[row["invoice_partner_id"], row["customer_id"]],
                "lang": langs[row["customer_id"]],
            }
            for row in rows
        }

    @api.model
    def _billed(self, partners, partner_id, customer_id):
        """Return whose invoice address is asked for: the invoice's partner, or the customer."""
        partner = partners.get(partner_id)
        return partner if partner and partner.active else partners[customer_id]

    def _invoice_addresses(self, partners, rows):
        """Return the e-mail addresses of invoice addresses, else of the customers.

        :return: by the ids of the invoice's partner and of the customer
        :rtype: dict[tuple, tuple[core.schedule.Address, ...]]
        """
        pairs = {(row["invoice_partner_id"], row["customer_id"]) for row in rows}
        billed = {pair: self._billed(partners, *pair) for pair in pairs}
        ids = {p.id: p.address_get(["invoice"])["invoice"] for p in set(billed.values())}
        # sudo: whoever issues the reminder, it goes to these addresses.
        addresses = {p.id: p for p in self.env["res.partner"].sudo().browse(set(ids.values()))}
        return {
            pair: self._addresses(addresses[ids[partner.id]]) or self._addresses(partners[pair[1]])
            for pair, partner in billed.items()
        }

    def _order_addresses(self, rows):
        """Return the addresses of the orders' contact persons, and who of them has none.

        :rtype: dict[int, dict]
        """
        # sudo: whoever issues the reminder, it goes to the contacts of these invoices.
        moves = self.env["account.move"].sudo().browse({row["move_id"] for row in rows})
        contacts = moves._upominky_order_contacts()
        ids = {id for people in contacts.values() for id in people.ids}
        # sudo: as above; their addresses alone are read.
        people = {person.id: person for person in self.env["res.partner"].sudo().browse(ids)}
        to = {id: self._addresses(person) if person.active else () for id, person in people.items()}
        return {
            move_id: {
                "order_to": tuple(found for id in mine.ids for found in to[id]),
                "order_unreachable": tuple(
                    people[id].name or people[id].display_name for id in mine.ids if not to[id]
                ),
            }
            for move_id, mine in contacts.items()
        }

    @api.model
    def _addresses(self, partner):
        """Return the e-mail addresses of a contact; what is no address is kept for its error."""
        lang = partner.lang or None
        return tuple(schedule.Address(email, lang) for email in address.split(partner.email))
