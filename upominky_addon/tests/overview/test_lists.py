"""Lists for daily work: one field that finds by all that people know, pages that tell the truth."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import TODAY, UpominkyCommon

LISTS = {
    "view_upominky_reminder_search": "upominky.reminder",
    "view_upominky_preview_line_search": "upominky.preview.line",
    "view_upominky_delivery_search": "upominky.delivery",
    "view_overdue_search": "account.move.line",
    "view_upominky_analysis_search": "upominky.analysis",
}


@tagged("post_install", "-at_install", "upominky_addon")
class TestSearch(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(due=10, payment_reference="7770001112")
        cls.other = cls.invoice(cls.new_customer("Jiný a.s.", "jiny@jiny.example"), due=10)

    def found(self, view, typed):
        """Return the invoices of what the first field of a search view finds."""
        arch = etree.fromstring(self.env.ref(f"upominky_addon.{view}").arch)
        domain = safe_eval(arch.find("field").get("filter_domain"), {"self": typed})
        found = self.env[LISTS[view]].search(domain)
        if "line_ids" in found._fields:
            return found.line_ids.move_id
        return found.reminder_id.line_ids.move_id if "email_to" in found._fields else found.move_id

    def test_one_field_finds_by_customer_invoice_symbol_and_number_of_the_reminder(self):
        reminders = self.generate()
        mine = reminders.filtered(lambda r: r.partner_id == self.customer)
        with self.on(TODAY):
            for reminder in reminders:
                self.env["upominky.delivery"].sudo().create(
                    {
                        "reminder_id": reminder.id,
                        "company_id": self.company.id,
                        "email_to": reminder.email_to,
                    }
                )
            self.env["upominky.preview.line"].action_open()
        for view in LISTS:
            for typed in ("odběratel", self.move.name, "7770001112", mine.name):
                with self.subTest(view=view, typed=typed):
                    self.assertEqual(self.found(view, typed), self.move)

    def test_a_page_that_an_action_narrows_down_says_that_none_of_these_is_left(self):
        book = self.env.ref("upominky_addon.action_upominky_reminder").help
        reminder = self.generate()[:1]
        with self.on(TODAY):
            overview = self.env["upominky.overview"].with_context(
                allowed_company_ids=self.company.ids
            )
            actions = [
                overview.action_open_figure("to_approve"),
                overview.action_open_figure("next", self.company.id),
                overview.action_open_figure("sent", self.company.id),
                reminder.run_id.action_open_reminders(),
                self.customer.action_open_upominky_reminders(),
            ]
        for action in actions:
            with self.subTest(action=action["name"]):
                self.assertNotEqual(action["help"], book)
                self.assertIn("Nothing is left here", action["help"])
