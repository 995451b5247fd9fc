from odoo.tests import tagged

from odoo.addons.upominky_addon.tests.common import UpominkyCommon


@tagged("post_install", "-at_install", "upominky_addon")
class TestExample(UpominkyCommon):
    """An add-on that adds to payment reminders changes nothing for those who do not use it."""

    def test_reminders_are_issued_as_without_it(self):
        self.invoice(amount=12100, due=10)
        reminder = self.generate()
        self.assertEqual(reminder.currency_totals, {"CZK": 12100})
