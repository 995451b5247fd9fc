from odoo import api, models

from ...core.recipient import INVOICE_ONLY, Recipient


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
        invoice_to = self._invoice_addresses(company, partners, rows)
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

    @api.model
    def _invoice_address(self, companies, partner):
        """Return the id of a partner's invoice address, as Odoo finds it for people of the company.

        The job sees all contacts; those that another company keeps for itself are not its own.

        :param set companies: ids of those whose contacts they may read, False for everybody's
        """
        id = partner.address_get(["invoice"])["invoice"]
        if partner.browse(id).company_id.id in companies:
            return id
        near = partner.child_ids + partner.parent_id.child_ids
        mine = near.filtered(lambda c: c.type == "invoice" and c.company_id.id in companies)
        return (mine or partner)[:1].id

    def _invoice_addresses(self, company, partners, rows):
        """Return how invoice addresses are reached, else the customers.

        :param res.company company: whose invoices they are
        :return: by the ids of the invoice's partner and of the customer
        :rtype: dict[tuple, tuple[core.recipient.Recipient, ...]]
        """
        pairs = {(row["invoice_partner_id"], row["customer_id"]) for row in rows}
        billed = {pair: self._billed(partners, *pair) for pair in pairs}
        # sudo: the ids of the companies above are compared; their branch's user cannot read them.
        companies = {False, *company.sudo().parent_ids.ids}
        ids = {p.id: self._invoice_address(companies, p) for p in set(billed.values())}
        # sudo: whoever issues the reminder, it goes to these addresses.
        addresses = {p.id: p for p in self.env["res.partner"].sudo().browse(set(ids.values()))}
        # Most customers are their own invoice address: each contact is asked once.
        known = {}
        return {
            pair: self._first_of_each(known, addresses[ids[partner.id]], partners[pair[1]])
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
        to = {id: self._order_recipients(p) if p.active else () for id, p in people.items()}
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
    def _order_recipients(self, person):
        """Return how the contact person of an order is reached."""
        return self._recipients(person, but=INVOICE_ONLY)

    @api.model
    def _first_of_each(self, known, *partners):
        """Return the recipients of the first contact that has some, channel by channel.

        :param dict known: recipients of contacts that were asked before, by id; gets these
        """
        found = {}
        for partner in dict.fromkeys(partners):
            if partner.id not in known:
                known[partner.id] = self._recipients(partner)
            of_partner = {}
            for recipient in known[partner.id]:
                of_partner.setdefault(recipient.channel, []).append(recipient)
            found = of_partner | found
        return tuple(recipient for mine in found.values() for recipient in mine)

    @api.model
    def _recipients(self, partner, but=()):
        """Return how a contact is reached, by each channel that there is.

        :param but: channels that are not meant
        :rtype: tuple[core.recipient.Recipient, ...]
        """
        return tuple(
            Recipient(transport._channel, address, partner.lang or None)
            for transport in self.env["upominky.transport"]._all()
            if transport._channel not in but
            for address in transport._addresses(partner)
        )
