from odoo.tests import tagged

from ..common import smtp_inbox
from ..delivery.test_sending_hours import HoursCommon
from .test_tours_ways import WaysCase, writable_requests


@tagged("post_install", "-at_install", "upominky_addon")
class TestAroundTours(WaysCase, HoursCommon):
    """What is done beside reminding, in a real browser."""

    def test_rule_35_outside_the_hours_a_person_is_asked_and_may_let_it_wait(self):
        reminder = self.generate(self.today)
        # Open on a day that is neither today nor tomorrow, whatever the clock says.
        self.use(days=[(self.today.weekday() + 3) % 7])
        with smtp_inbox(self.env) as inbox:
            self.tour(f"upominky/{reminder.id}", "upominky_outside_hours")
        self.assertEqual((reminder.state, len(inbox.messages)), ("sent", 1))

    def test_section_18_7_a_statement_is_made_from_a_customers_page(self):
        with writable_requests():
            self.tour(f"res.partner/{self.customer.id}", "upominky_statement")
        made = self.env["upominky.case"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((len(made), made.kind, made.state), (1, "statement", "done"))
        self.assertFalse(self.reminders())
