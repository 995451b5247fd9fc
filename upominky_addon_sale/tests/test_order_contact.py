"""SPEC rule 18: the contact person is who ordered what the invoice bills."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.upominky_addon.tests.common import UpominkyCommon, smtp_inbox

ADDRESS = "fakturace@odberatel.example"
JANA = "jana@odberatel.example"
PETR = "petr@odberatel.example"


@tagged("post_install", "-at_install", "upominky_addon")
class TestOrderContact(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.rule.level_ids[0].contact = "order"
        cls.product = cls.env["product.product"].create(
            {"name": "Přeprava", "type": "service", "invoice_policy": "order", "taxes_id": False}
        )
        cls.jana = cls.person("Jana Horáková", JANA)
        cls.petr = cls.person("Petr Dvořák", PETR)

    @classmethod
    def person(cls, name, email=None):
        return cls.new_customer(name, email, is_company=False, parent_id=cls.customer.id)

    @classmethod
    def invoice_address(cls, email=ADDRESS):
        return cls.new_customer(
            "Invoices", email, is_company=False, parent_id=cls.customer.id, type="invoice"
        )

    @classmethod
    def order(cls, partner, amount=1000):
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "partner_shipping_id": cls.customer.id,
                "company_id": cls.company.id,
                "currency_id": cls.czk.id,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "price_unit": amount})
                ],
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def bill(cls, *orders, **values):
        """Post the one invoice of some orders, 10 days overdue."""
        move = cls.env["sale.order"].union(*orders)._create_invoices()
        move.write({"invoice_date": "2026-05-05", "invoice_date_due": "2026-05-19", **values})
        move.action_post()
        return move.ensure_one()

    def issue_and_send(self):
        """Return what each address was sent: the invoices of its message."""
        with smtp_inbox(self.env) as inbox:
            reminders = self.generate()
            self.send()
            names = reminders.line_ids.move_id.mapped("name")
            got = {
                to: {name for name in names if name in inbox.text(index)}
                for index, (_sender, (to,)) in enumerate(inbox.envelopes)
            }
            self.assertEqual(len(got), len(inbox.messages), "an address got two messages")
        return reminders, got

    def test_each_contact_gets_the_invoices_that_are_theirs(self):
        janas = self.bill(self.order(self.jana)), self.bill(self.order(self.jana))
        petrs = self.bill(self.order(self.petr))
        reminders, got = self.issue_and_send()
        self.assertEqual(got, {JANA: {*(m.name for m in janas)}, PETR: {petrs.name}})
        self.assertEqual(reminders.mapped("state"), ["sent", "sent"])
        self.assertFalse(any(reminders.mapped("note")))

    def test_an_invoice_of_several_orders_goes_to_all_their_contacts_once_each(self):
        self.invoice_address()
        orders = [self.order(p) for p in (self.jana, self.petr, self.jana)]
        move = self.bill(*orders)
        self.assertEqual(len(move.invoice_line_ids.sale_line_ids.order_id), 3)
        reminder, got = self.issue_and_send()
        self.assertEqual(got, {JANA: {move.name}, PETR: {move.name}})
        self.assertEqual(len(reminder), 1)
        self.assertEqual(reminder.email_to, f"{JANA}, {PETR}")

    def test_the_company_itself_ordered(self):
        self.invoice_address("faktury@odberatel.example")
        move = self.bill(self.order(self.customer))
        self.assertEqual(move.partner_id.email, "faktury@odberatel.example")
        _reminder, got = self.issue_and_send()
        self.assertEqual(list(got), [ADDRESS])

    def test_a_contact_chosen_on_the_invoice_wins(self):
        move = self.bill(self.order(self.jana), upominky_contact_id=self.petr.id)
        self.assertEqual(move._upominky_order_contacts(), {move.id: self.petr})
        _reminder, got = self.issue_and_send()
        self.assertEqual(list(got), [PETR])

    def test_who_ordered_gets_it_at_the_address_of_the_last_moment(self):
        """Also who belongs to another customer, and between the letter and the hand-over."""
        buyer = self.new_customer("Buyer", "old@x.example")
        order = self.order(buyer)
        order.partner_invoice_id = self.customer
        self.bill(order)
        self.generate()
        sender = type(self.env["upominky.send"])
        original = sender._mark_sending

        def moved(send, delivery, *args, **kwargs):
            buyer.email = "new@x.example"
            self.env.flush_all()
            return original(send, delivery, *args, **kwargs)

        with smtp_inbox(self.env) as inbox:
            with patch.object(sender, "_mark_sending", moved):
                self.send()
            self.send(hour=10)
            self.assertEqual(inbox.recipients, ["new@x.example"])

    def test_both_contacts(self):
        self.rule.level_ids[0].contact = "both"
        self.bill(self.order(self.jana))
        _reminder, got = self.issue_and_send()
        # The invoice is Jana's, and the customer has no invoice address of its own.
        self.assertEqual(set(got), {JANA})
        self.invoice_address()
        self.bill(self.order(self.petr))
        _reminder, got = self.issue_and_send()
        self.assertEqual(set(got), {PETR, ADDRESS})

    def test_a_contact_without_an_address_is_noted_by_name(self):
        silent = self.person("Karel Tichý")
        self.invoice_address()
        move = self.bill(self.order(silent))
        reminder, got = self.issue_and_send()
        self.assertEqual(got, {ADDRESS: {move.name}})
        self.assertIn("Karel Tichý, the contact person of the order", reminder.note)
        self.assertIn("the invoice address is used", reminder.note)

    def test_two_queries_for_many_invoices(self):
        moves = self.env["account.move"]
        for _number in range(5):
            moves |= self.bill(self.order(self.jana))
        by_hand = self.bill(self.order(self.jana), upominky_contact_id=self.petr.id)
        without = self.invoice(due=10)
        moves += by_hand + without
        self.env.flush_all()
        with self.assertQueryCount(2):  # contacts chosen on invoices, and those of orders
            contacts = moves._upominky_order_contacts()
        self.assertEqual(contacts[by_hand.id], self.petr)
        self.assertNotIn(without.id, contacts)
        self.assertEqual(contacts[moves[0].id], self.jana)
        self.assertEqual(len(contacts), 6)
