from odoo.tests import tagged

from ..common import smtp_inbox
from ..delivery.test_final_notice import FinalCommon
from ..pages import pages
from .test_tours_ways import WaysCase, writable_requests

NUMBER = "25596641"


@tagged("post_install", "-at_install", "upominky_addon")
class TestFinalTour(WaysCase, FinalCommon):
    """The last call before a suit, approved by a clerk in a real browser."""

    def setUp(self):
        super().setUp()
        self.customer.company_registry = False
        self.clerk = self.first
        self.clerk.group_ids += self.env.ref("base.group_partner_manager")

    def test_rule_40_what_is_missing_is_entered_and_the_notice_approved(self):
        reminder = self.generate(self.today)
        self.assertEqual((reminder.state, reminder.is_final), ("to_approve", True))
        with smtp_inbox(self.env) as inbox:
            with writable_requests():
                self.tour(
                    f"upominky/{reminder.id}", "upominky_final_notice", login=self.clerk.login
                )
            self.assertEqual(self.customer.company_registry, NUMBER)
            self.assertEqual((reminder.state, reminder.error), ("issued", False))
            self.assertTrue(reminder.approved_word)
            self.send(self.today, 23)  # it was approved by the clock of the wall
        self.assertEqual(reminder.state, "sent", reminder.error)
        (attached,) = inbox.messages[0].iter_attachments()
        data = attached.get_payload(decode=True)
        self.assertEqual(data, reminder.letter_id.raw)
        self.assertIn(NUMBER, " ".join(pages(data)))
