from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tours import TourCase


@tagged("post_install", "-at_install", "upominky_addon")
class TestTours(TourCase):
    """Ways through the client, in a real browser."""

    def setUp(self):
        super().setUp()
        self.move = self.invoice(amount=12100, due=10)
        self.reminder = self.generate()

    def test_the_book_a_reminder_and_a_rule(self):
        self.tour("", "upominky_book")

    def test_the_invoice_tab(self):
        action = self.env.ref("account.action_move_out_invoice").id
        self.tour(f"action-{action}/{self.move.id}", "upominky_invoice")

    def test_issue_by_hand_from_an_invoice(self):
        self.reminder.action_cancel()
        action = self.env.ref("account.action_move_out_invoice").id
        self.tour(f"action-{action}/{self.move.id}", "upominky_issue")
        issued = self.reminders() - self.reminder
        self.assertTrue(issued.by_hand)
        self.assertEqual(issued.line_ids.move_id, self.move)

    def test_cancel_a_reminder(self):
        self.tour(f"upominky/{self.reminder.id}", "upominky_cancel")
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertEqual(self.move.upominky_hold_reason, "other")

    def test_the_overview_a_list_and_the_analysis(self):
        self.reminder.sudo()._set_state("failed", error="The address does not exist.")
        self.customer.email = "second@odberatel.example"
        self.invoice(self.customer, 40.0, due=10, currency=self.eur)
        self.generate()
        # The browser's day is not TODAY: this one is overdue for ten real days.
        self.invoice(amount=3500, due=fields.Date.today() - timedelta(days=10))
        self.tour("", "upominky_overview")
