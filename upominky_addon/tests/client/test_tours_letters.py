from odoo.tests import tagged

from .test_tours_ways import WaysCase


@tagged("post_install", "-at_install", "upominky_addon")
class TestLettersTour(WaysCase):
    def test_rule_46_a_letter_is_printed_and_posted(self):
        self.today = self.company._upominky_today()
        self.customer.write({"street": "Krátká 2", "zip": "602 00", "city": "Brno"})
        level = self.rule.level_ids[0]
        level.write({"send": False, "send_letter": True})
        self.generate(self.today)
        self.send(self.today)
        reminder = self.reminders()
        self.assertEqual(reminder.delivery_ids.state, "to_print")
        self.tour("action-upominky_addon.action_upominky_overview", "upominky_post_letters")
        self.assertEqual((reminder.state, reminder.sent_date), ("sent", self.today))
        self.assertTrue(reminder.letter_is_out)
