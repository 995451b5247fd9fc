"""SPEC rules 1, 13 and 15: what is open and no receivable: offsets, deposits, opening entries."""

from datetime import timedelta

from lxml import etree

from odoo.tools.safe_eval import safe_eval

from ..common import TODAY
from ..entries import BooksCase

#: What the page of reminders on a journal entry is shown by.
PAGE = (
    "move_type",
    "upominky_is_opening",
    "upominky_count",
    "upominky_is_opening",
    "upominky_hold_until",
    "upominky_hold_reason",
)


class TestOffsets(BooksCase):
    def test_rule_13_what_is_no_receivable_uses_up_credits(self):
        cases = (
            ("an entry beside a payment", 400, lambda: (self.entry(500), self.payment(500)), 400),
            ("a refund paid out", 1000,
             lambda: (self.credit_note(amount=300), self.payment(-300)), 1000),
            ("a returned payment", 250, lambda: (self.payment(100), self.payment(-100)), 250),
            ("returned, by a bank statement", 250,
             lambda: (self.payment(100), self.statement_line(-100)), 250),
            ("a part of it", 1000, lambda: (self.payment(500), self.payment(-200)), 700),
            ("more than there was", 1000, lambda: (self.payment(500), self.payment(-900)), 1000),
            ("no credit", 1000, lambda: (self.payment(-900),), 1000),
            ("in another currency", 1000,
             lambda: (self.payment(300), self.payment(-300, currency=self.eur)), 700),
            ("of another customer", 1000,
             lambda: (self.payment(300), self.payment(-300, self.new_customer("X", "x@x.cz"))),
             700),
        )  # fmt: skip
        for name, amount, book, total in cases:
            for policy in ("deduct", "hold"):
                with self.subTest(name, policy=policy), self.env.cr.savepoint() as savepoint:
                    self.rule.credit_policy = policy
                    self.invoice(amount=amount, due=10)
                    book()
                    left = total == amount
                    expected = [{"CZK": total}] if policy == "deduct" or left else []
                    self.assertEqual(self.asked(), expected)
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_rule_13_oldest_credit_first(self):
        """What is left is the younger one, whatever their numbers say."""
        move = self.invoice(amount=1000, due=10)
        young = self.payment(300, day=TODAY)
        self.payment(200, day=TODAY - timedelta(days=9))
        self.payment(-200)
        reminder = self.generate()
        self.assertEqual(reminder.currency_totals, {"CZK": 700})
        self.assertEqual(reminder.credit_ids.move_line_id.move_id, young.move_id)
        self.assertEqual(reminder.line_ids.move_id, move)

    def test_rule_13_reading_again_sees_what_was_returned_since(self):
        self.invoice(amount=1000, due=10)
        self.payment(300)
        reminder = self.generate()
        self.assertEqual(reminder.currency_totals, {"CZK": 700})
        self.payment(-300)
        with self.on(TODAY):
            reminder.sudo()._recheck()
        self.assertEqual(reminder.currency_totals, {"CZK": 1000})
        self.assertFalse(reminder.credit_ids)

    def test_rule_13_a_contacts_refund_counts_for_its_customer(self):
        contact = self.new_customer("Clerk", is_company=False, parent_id=self.customer.id)
        self.invoice(amount=1000, due=10)
        self.credit_note(amount=300)
        self.payment(-300, contact)
        self.assertEqual(self.asked(), [{"CZK": 1000}])

    def test_rule_01_returned_payments_are_no_opening_entries(self):
        """Items of payments are followed up by default: nobody switched that on for them."""
        paid_out, line = self.payment(-300), self.statement_line(-100)
        undone = self.payment(100).move_id._reverse_moves([{"date": TODAY}])
        undone.action_post()
        in_bank = self.entry(50, journal=self.bank, date_maturity=TODAY - timedelta(days=30))
        moves = paid_out.move_id + line.move_id + undone + in_bank
        items = moves.line_ids.filtered(lambda item: item.account_id == self.receivable)
        self.assertEqual(len(items.filtered(lambda item: item.amount_currency > 0)), 4)
        items.no_followup = False
        items.date_maturity = TODAY - timedelta(days=30)
        self.assertFalse(self.generate())
        self.assertFalse(self.preview())

    def test_rule_02_an_invoice_in_payment_owes_nothing_and_uses_up_no_credit(self):
        self.invoice(amount=1000, due=10)
        paid = self.invoice(amount=300, due=10)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET payment_state = 'in_payment' WHERE id = %s", [paid.id]
        )
        self.env.invalidate_all()
        self.payment(200)
        self.assertEqual(self.asked(), [{"CZK": 800}])
        self.assertNotIn(paid, self.preview())

    def test_rule_13_a_credit_note_in_payment_is_no_credit_any_more(self):
        self.invoice(amount=1000, due=10)
        note = self.credit_note(amount=300)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET payment_state = 'in_payment' WHERE id = %s", [note.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.asked(), [{"CZK": 1000}])


class TestNonTrade(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deposits = cls.receivable.copy({"code": "311999", "name": "D", "non_trade": True})

    def test_rule_01_deposits_are_never_read(self):
        for policy in ("deduct", "hold"):
            with self.subTest(policy=policy):
                self.rule.credit_policy = policy
                customer = self.new_customer(policy, "d@d.example")
                self.invoice(customer, 1000, due=10)
                self.entry(-1000, customer, account=self.deposits)
                self.assertEqual(self.asked(), [{"CZK": 1000}])

    def test_rule_01_nothing_owed_on_such_an_account_is_asked_for(self):
        due = TODAY - timedelta(days=30)
        self.entry(700, account=self.deposits, no_followup=False, date_maturity=due)
        self.invoice(amount=100, due=10)
        self.payment(40)
        self.assertEqual(self.asked(), [{"CZK": 60}])

    def test_rule_25_the_overview_counts_what_its_list_shows(self):
        due = TODAY - timedelta(days=30)
        self.entry(700, account=self.deposits, no_followup=False, date_maturity=due)
        opening = self.entry(800, no_followup=False, date_maturity=due)
        self.entry(900, date_maturity=due)
        move = self.invoice(amount=100, due=30)
        overview = self.env["upominky.overview"]
        with self.on(TODAY):
            row = overview.retrieve_dashboard()["overdue"][0]
            action = overview.action_open_figure("overdue", self.company.id, self.czk.id)
        items = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(items.move_id, move + opening)
        self.assertEqual(row["total"]["count"], 2)

    def test_rule_05_the_history_is_not_carried_to_such_an_account(self):
        move = self.invoice(amount=1000, due=10)
        reminder = self.generate()
        item = move.line_ids.filtered("date_maturity")
        item.account_id = self.deposits
        with self.on(TODAY):
            reminder.sudo()._recheck()
        self.assertEqual(reminder.state, "cancelled")


class TestOpeningEntries(BooksCase):
    """Balances brought over from another system, and what else is owed and asked for nowhere."""

    def late(self, amount=1000, days=30, **values):
        return self.entry(amount, date_maturity=TODAY - timedelta(days=days), **values)

    def test_rule_17_what_a_person_leaves_out_since_drops_out_for_that_reason(self):
        opening = self.late(no_followup=False)
        reminder = self.generate()
        item = opening.line_ids.filtered(lambda item: item.account_id == self.receivable)
        item.no_followup = True
        reminder.sudo()._recheck()
        line = reminder.line_ids
        self.assertEqual((reminder.state, line.drop_reason), ("cancelled", "no_followup"))

    def test_rule_26_an_opening_entry_shows_its_reminders_and_its_hold(self):
        opening, other = self.late(no_followup=False), self.entry(-1)
        views = [(self.env.ref("account.view_move_form").id, "form")]
        shown = self.env["account.move"].get_views(views)["views"]["form"]["arch"]
        page = etree.fromstring(shown).find(".//page[@name='upominky']")
        for move, hidden in ((opening, False), (other, True)):
            with self.subTest(hidden=hidden), self.on(TODAY):
                values = {field: move[field] for field in PAGE}
                self.assertEqual(bool(safe_eval(page.get("invisible"), values)), hidden)
        opening.upominky_hold_until = TODAY
        self.assertFalse(self.generate())

    def test_rule_01_items_of_one_entry_are_told_by_what_they_are_called(self):
        opening, invoice = self.late(no_followup=False, name="2026001"), self.invoice(due=10)
        reminder = self.generate()
        named = {line.move_id: line.opening_item for line in reminder.line_ids}
        self.assertEqual(named, {opening: "2026001", invoice: False})
        self.assertTrue(reminder.has_opening_items)
        self.assertEqual(opening.upominky_line_ids.opening_item, "2026001")
        self.preview()
        rows = self.env["upominky.preview.line"].search([("company_id", "=", self.company.id)])
        self.assertEqual({row.move_id: row.opening_item for row in rows}, named)

    def test_rule_28_an_opening_entry_has_the_button_that_issues(self):
        opening, invoice = self.late(no_followup=False), self.invoice(due=10)
        views = [(self.env.ref("account.view_move_form").id, "form")]
        shown = self.env["account.move"].get_views(views)["views"]["form"]["arch"]
        button = etree.fromstring(shown).find(".//button[@name='action_upominky_issue']")
        names = ("move_type", "state", "payment_state", "upominky_is_opening")
        for move, hidden in ((opening, False), (invoice, False), (self.entry(-1), True)):
            with self.subTest(move=move.name):
                values = {name: move[name] for name in names}
                self.assertEqual(bool(safe_eval(button.get("invisible"), values)), hidden)
        with self.on(TODAY):
            action = opening.action_upominky_issue()
            self.env["upominky.issue"].browse(action["res_id"]).action_issue()
        self.assertEqual(self.reminders().line_ids.move_id, opening)

    def test_rule_01_an_opening_entry_that_is_followed_up_is_reminded(self):
        opening = self.late(no_followup=False)
        reminder = self.generate()
        self.assertEqual(reminder.line_ids.move_id, opening)
        self.assertEqual(reminder.currency_totals, {"CZK": 1000})
        self.assertEqual(reminder.email_to, self.customer.email)
        self.assertEqual(self.preview(), {opening: "previous_not_sent"})

    def test_rule_01_an_entry_of_many_customers_reminds_each_of_its_own(self):
        other = self.new_customer("Jiný", "jiny@jiny.example")
        entry = self.entry_of_two(other)
        reminders = self.generate()
        self.assertEqual(
            sorted((r.email_to, r.currency_totals["CZK"]) for r in reminders),
            [("fakturace@odberatel.example", 100), ("jiny@jiny.example", 200)],
        )
        with self.on(TODAY):
            reminders.action_mark_sent(TODAY)
            entry.button_draft()
            entry.action_post()
        self.assertTrue(all(reminders.line_ids.mapped("counted")))
        other.upominky_hold_until = TODAY + timedelta(days=60)
        with self.on(TODAY + timedelta(days=1)):
            days = {r.partner_id: r.next_date for r in reminders}
        self.assertEqual(days[self.customer], TODAY + timedelta(days=14))
        self.assertEqual(days[other], TODAY + timedelta(days=61))

    def test_rule_15_what_is_left_out_is_in_the_preview_with_its_reason(self):
        unfollowed, undated = self.late(), self.entry(200, no_followup=False)
        both = self.entry(300)
        no_date = self.invoice(amount=400, due=10)
        no_date.line_ids.filtered("date_maturity").date_maturity = False
        self.late(500, days=-5)  # not overdue yet
        self.payment(-600)
        self.late(-700)
        self.assertEqual(
            self.preview(),
            {
                unfollowed: "no_followup",
                undated: "no_due_date",
                both: "no_followup",
                no_date: "no_due_date",
            },
        )
        self.assertIn("no due date", self.explained(no_date))
        self.rule.active = False
        self.assertEqual(set(self.preview().values()), {"no_rule"})
        self.rule.active = True
        self.customer.upominky_excluded = True
        self.assertEqual(set(self.preview().values()), {"excluded"})

    def test_rule_15_matched_entries_are_not_in_the_preview(self):
        items = (self.late() + self.late(-1000)).line_ids
        items.filtered(lambda item: item.account_id == self.receivable).reconcile()
        self.assertFalse(self.preview())

    def test_rule_28_by_hand_says_why_a_chosen_document_is_left_out(self):
        no_date, good = self.invoice(amount=400, due=10), self.invoice(amount=500, due=10)
        no_date.line_ids.filtered("date_maturity").date_maturity = False
        with self.on(TODAY):
            action = (no_date + good).action_upominky_issue()
            wizard = self.env["upominky.issue"].browse(action["res_id"])
            self.assertEqual(
                {line.move_id: line.reason for line in wizard.line_ids},
                {no_date: "no_due_date", good: "due"},
            )
            wizard.action_issue()
        self.assertEqual(wizard.reminder_ids.line_ids.move_id, good)
        self.assertFalse(wizard.problem_text)

    def test_rule_13_what_is_left_out_uses_up_credits(self):
        self.late(300)
        self.invoice(amount=1000, due=10)
        self.payment(300)
        self.assertEqual(self.asked(), [{"CZK": 1000}])

    def test_rule_26_an_entry_knows_its_level_and_next_date(self):
        opening = self.late(no_followup=False)
        with self.on(TODAY):
            self.assertEqual(opening.upominky_next_date, TODAY - timedelta(days=23))
            found = opening.search([("upominky_next_date", "<=", TODAY), ("id", "=", opening.id)])
            self.assertEqual(found, opening)
        reminder = self.generate()
        with self.on(TODAY):
            reminder.action_mark_sent(TODAY)
        with self.on(TODAY + timedelta(days=1)):
            opening.invalidate_recordset()
            self.assertEqual(opening.upominky_level, 1)
            self.assertEqual(opening.upominky_next_date, TODAY + timedelta(days=14))

    def test_rule_15_the_preview_tells_items_of_an_opening_entry_apart(self):
        self.invoice(due=10)
        with self.on(TODAY):
            opened = self.env["upominky.preview.line"].action_open()
        self.assertFalse(opened["context"]["upominky_opening_items"])
        self.entry(500, name="2026017", no_followup=False, date_maturity=TODAY - timedelta(days=9))
        with self.on(TODAY):
            opened = self.env["upominky.preview.line"].action_open()
        self.assertTrue(opened["context"]["upominky_opening_items"])
        self.assertTrue(opened["context"]["search_default_group_reason"])
        rows = self.env["upominky.preview.line"].search([("user_id", "=", self.env.uid)])
        self.assertEqual(set(rows.mapped("opening_item")), {False, "2026017"})
