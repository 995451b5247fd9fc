"""Lists for daily work: one field that finds by all that people know, pages that tell the truth."""

from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ...wizard import preview
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


@tagged("post_install", "-at_install", "upominky_addon")
class TestReasons(UpominkyCommon):
    """A reason comes with its facts."""

    def row(self, move):
        """Return the row of an invoice in the preview."""
        with self.on(TODAY):
            self.env["upominky.preview.line"].action_open()
        return self.env["upominky.preview.line"].search([("move_id", "=", move.id)])

    def test_rule_12_on_hold_tells_until_when_and_why(self):
        move = self.invoice(due=10)
        day = TODAY + timedelta(days=8)
        for until, reason, told in (
            (day, "dispute", "up to and including Jun 6, 2026: Dispute"),
            (day, False, "up to and including Jun 6, 2026"),
            (False, "promise", "without an end: Promise to pay"),
        ):
            with self.subTest(until=until, reason=reason):
                move.write({"upominky_hold_until": until, "upominky_hold_reason": reason})
                self.assertEqual(self.row(move).detail, told)
                with self.on(TODAY):
                    move.invalidate_recordset(["upominky_explanation"])
                    self.assertIn(told, move.upominky_explanation)

    def test_rule_11_below_the_minimum_tells_the_minimum(self):
        self.rule.min_amount = 500
        row = self.row(self.invoice(amount=100, due=10))
        self.assertEqual(row.reason, "below_minimum")
        self.assertIn(self.czk.format(500), row.detail)

    def test_rule_06_what_waits_tells_until_when(self):
        row = self.row(self.invoice(due=3))
        self.assertEqual((row.reason, row.detail), ("not_due_yet", "until Jun 2, 2026"))

    def test_rule_16_before_the_start_tells_the_start(self):
        self.company.upominky_start_date = TODAY - timedelta(days=5)
        row = self.row(self.invoice(due=10))
        self.assertEqual(row.detail, "the start date is May 24, 2026")

    def test_a_next_day_that_has_passed_is_not_told(self):
        move = self.invoice(due=100)
        self.assertEqual(self.row(move).next_date, TODAY)
        with self.on(TODAY):
            move.invalidate_recordset(["upominky_explanation"])
            self.assertIn("May 29, 2026", move.upominky_explanation)

    def test_rule_12_an_issued_reminder_of_a_held_invoice_says_so(self):
        move, other = self.invoice(due=10), self.invoice(due=10)
        reminder = self.generate()
        with self.on(TODAY):
            self.assertFalse(reminder.hold_text)
            self.env.cr.execute(
                "UPDATE account_move SET upominky_hold_until = %s WHERE id = %s",
                [TODAY, move.id],
            )
            self.env.invalidate_all()
            self.assertIn(f"{move.name} is on hold until May 29, 2026", reminder.hold_text)
            self.assertNotIn(other.name, reminder.hold_text)
            self.assertEqual(reminder.why_text, reminder.hold_text)

    def test_a_cancelled_reminder_says_what_for(self):
        self.invoice(due=10)
        reminder = self.generate()
        with self.on(TODAY):
            reminder.action_cancel("The customer moved", "again")
        self.assertIn("The customer moved", reminder.why_text)


@tagged("post_install", "-at_install", "upominky_addon")
class TestPreviewList(UpominkyCommon):
    """The preview as a list to work with."""

    def opened(self):
        with self.on(TODAY):
            return self.env["upominky.preview.line"].action_open()

    def test_the_worst_come_first(self):
        for days, amount in ((10, 500), (90, 100), (90, 900)):
            self.invoice(amount=amount, due=days)
        self.opened()
        rows = self.env["upominky.preview.line"].search([])
        found = [(row.days_overdue, row.amount) for row in rows]
        self.assertEqual(found, [(90, 900), (90, 100), (10, 500)])

    def test_what_would_be_issued_stands_before_the_reasons_why_others_are_not(self):
        """By the codes of the reasons, “blocked” would come before “due”."""
        self.invoice(due=3)
        self.invoice(due=10)
        self.invoice(self.new_customer("Bez adresy"), due=10)
        blocked = self.invoice(self.new_customer("B", "b@b.example"), due=10)
        blocked.payment_state = "blocked"
        self.opened()
        rows = self.env["upominky.preview.line"]
        found = rows.web_read_group([], ["reason"], ["__count"])["groups"]
        codes = [group["reason"] for group in found]
        self.assertEqual(codes, ["no_email", "due", "blocked", "not_due_yet"])

    def test_groups_are_open_when_there_are_few(self):
        self.invoice(due=10)
        opened = self.env.ref("upominky_addon.view_upominky_preview_line_list_open")
        self.assertEqual(self.opened()["views"][0], (opened.id, "list"))
        with patch.object(preview, "FEW", 0):
            self.assertNotEqual(self.opened()["views"][0][0], opened.id)

    def test_chosen_rows_are_issued_or_held(self):
        moves = self.invoice(due=3) + self.invoice(due=4)
        self.opened()
        rows = self.env["upominky.preview.line"].search([("move_id", "in", moves.ids)])
        with self.on(TODAY):
            wizard = self.env["upominky.issue"].browse(rows.action_issue()["res_id"])
            self.assertEqual(wizard.line_ids.move_id, moves)
            asked = rows.action_ask_hold()
        self.assertEqual(asked["context"]["default_partner_id"], self.customer.id)

    def test_rows_of_several_customers_are_held_at_once(self):
        move = self.invoice(due=3) + self.invoice(self.new_customer("B", "b@b.example"), due=3)
        self.opened()
        with self.on(TODAY):
            asked = self.env["upominky.preview.line"].search([]).action_ask_hold()
            wizard = self.env[asked["res_model"]].with_context(**asked["context"]).create({})
            wizard.action_confirm()
            self.assertEqual(move.mapped("upominky_on_hold"), [True, True])


@tagged("post_install", "-at_install", "upominky_addon")
class TestOverdue(UpominkyCommon):
    """What is overdue, and who owes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})

    def item(self, move):
        return move.line_ids.filtered("date_maturity")

    def test_a_receivable_tells_its_days_its_level_and_what_follows(self):
        move = self.invoice(due=10)
        self.generate()
        with self.on(TODAY):
            item = self.item(move)
            found = (item.upominky_days_overdue, item.upominky_level, item.upominky_next_date)
            self.assertEqual(found, (10, 1, move.upominky_next_date))
            waiting = self.invoice(due=3)
            self.assertEqual(self.item(waiting).upominky_next_date, TODAY + timedelta(days=4))

    def test_rule_1_an_instalment_tells_its_own_level_and_next_date(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 15)
                ],
            }
        )
        issued = TODAY - timedelta(days=18)
        values = {"invoice_date": issued, "invoice_date_due": False}
        move = self.invoice(**values, invoice_payment_term_id=terms.id)
        first, second = self.item(move).sorted("date_maturity")
        self.generate()
        with self.on(TODAY):
            self.assertEqual((first.upominky_level, second.upominky_level), (1, 0))
            self.assertEqual(second.upominky_next_date, issued + timedelta(days=15 + 7))
            self.assertFalse(first.upominky_next_date, "its reminder has not gone out")
            self.assertEqual(move.upominky_next_date, second.upominky_next_date)

    def test_chosen_receivables_are_issued_or_held(self):
        items = self.item(self.invoice(due=3) + self.invoice(due=4))
        with self.on(TODAY):
            wizard = self.env["upominky.issue"].browse(items.action_upominky_issue()["res_id"])
            self.assertEqual(wizard.line_ids.move_line_id, items)
            asked = items.action_upominky_ask_hold()
            self.assertEqual(asked["context"]["default_partner_id"], self.customer.id)
            other = self.item(self.invoice(self.new_customer("Jiný", "j@jiny.example"), due=3))
            asked = (items + other).action_upominky_ask_hold()
            self.assertEqual(
                asked["context"]["default_partner_ids"], (items + other).partner_id.ids
            )
            with self.assertRaises(UserError):
                self.env["res.partner"].action_upominky_ask_hold()

    def test_debtors_by_what_they_owe_with_its_age_and_no_sum_of_currencies(self):
        contact = self.env["res.partner"].create({"name": "Sklad", "parent_id": self.customer.id})
        for days, amount in ((3, 100), (20, 200), (100, 300)):
            self.invoice(contact, amount, days)
        self.invoice(amount=1, due=0)
        self.pay(self.invoice(amount=7000, due=5))
        big = self.new_customer("Velký a.s.", "velky@velky.example")
        self.invoice(big, 50, 40, currency=self.eur)  # 1250 in the company's currency
        with self.on(TODAY):
            found = self.env["upominky.debtor"].search([])
            self.assertEqual(found.mapped("partner_id"), big + self.customer)
            euro, mine = found
            self.assertEqual((euro.currency_id, euro.amount, euro.age_3), (self.eur, 50, 50))
            told = (mine.number, mine.days_overdue, mine.amount, mine.age_1, mine.age_2, mine.age_5)
            self.assertEqual(told, (3, 100, 600, 100, 200, 300))
            action = mine.action_open_overdue()
            listed = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(sum(listed.mapped("amount_residual_currency")), mine.amount)

    def test_lists_export_for_their_users_without_the_right_to_export_all(self):
        move = self.invoice(due=10)
        reminder = self.generate()
        user = new_test_user(
            self.env, "clerk", groups="upominky_addon.group_user", company_id=self.company.id
        )
        self.assertFalse(user.has_group("base.group_allow_export"))
        with self.on(TODAY):
            mine = [reminder, reminder.line_ids, self.env["upominky.debtor"].search([])]
            for records in (*mine, self.item(move)):
                with self.subTest(model=records._name):
                    rows = records.with_user(user).export_data(["display_name"])["datas"]
                    self.assertEqual(len(rows), len(records))
            for records in (move, move.line_ids - self.item(move), self.customer):
                with self.subTest(model=records._name), self.assertRaises(UserError):
                    records.with_user(user).export_data(["display_name"])
