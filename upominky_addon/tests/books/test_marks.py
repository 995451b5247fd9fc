"""What the database watches: whatever a next date or the analysis rests on makes a mark."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tools import SQL

from ...models.books.watched import WATCHED
from ..common import TODAY, UpominkyCommon
from ..many import invoices

COLUMNS = ("item_id", "move_id", "partner_id", "reminder_id")


class TestMarks(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls.invoice(due=30)
        cls.item = cls.move.line_ids.filtered("date_maturity")
        cls.tag = cls.env["res.partner.category"].create({"name": "Tag"})

    def setUp(self):
        super().setUp()
        self.book = self.generate().sudo()
        self.line = self.book.line_ids

    def marks(self, act):
        """Return what an act marks."""
        self.env.flush_all()
        self.env["upominky.mark"]._clear()
        act()
        self.env.flush_all()
        self.env.cr.execute(f"SELECT {', '.join(COLUMNS)} FROM upominky_mark")
        return {
            (name, id)
            for row in self.env.cr.fetchall()
            for name, id in zip(COLUMNS, row, strict=True)
            if id
        }

    def sql(self, query, *values):
        return lambda: self.env.cr.execute(SQL(query, *values))

    def test_rule_26_what_dates_rest_on_is_marked(self):
        item, move = ("item_id", self.item.id), ("move_id", self.move.id)
        customer = ("partner_id", self.customer.id)
        other = self.invoice(due=3).line_ids.filtered("date_maturity")
        cases = (
            ("due", lambda: self.item.write({"date_maturity": TODAY}), item),
            ("no follow-up", lambda: self.item.write({"no_followup": True}), item),
            ("hold", lambda: self.move.write({"upominky_hold_until": TODAY}), move),
            ("blocked", self.move.action_toggle_block_payment, move),
            ("unblocked", self.move.action_toggle_block_payment, move),
            ("paid in part", lambda: self.pay(self.move, 10), item),
            ("unpaid", self.move.line_ids.remove_move_reconcile, item),
            ("held", lambda: self.customer.write({"upominky_hold_until": TODAY}), customer),
            ("excluded", lambda: self.customer.write({"upominky_excluded": True}), customer),
            (
                "tag",
                lambda: self.customer.write({"category_id": [Command.link(self.tag.id)]}),
                customer,
            ),
            (
                "no tag",
                lambda: self.customer.write({"category_id": [Command.clear()]}),
                customer,
            ),
            (
                "sent",
                lambda: self.book.write({"sent_date": TODAY}),
                ("reminder_id", self.book.id),
            ),
            ("not counted", lambda: self.line.write({"counted": False}), item),
            ("another's", lambda: self.line.write({"move_line_id": other.id}), item),
            ("mine", lambda: self.line.write({"move_line_id": self.item.id}), item),
            ("gone", self.book.unlink, item),
            ("draft", self.move.button_draft, item),
            ("posted", self.move.action_post, item),
        )
        with self.on(TODAY):
            for what, act, mark in cases:
                with self.subTest(what):
                    self.assertIn(mark, self.marks(act))

    def test_rule_26_what_is_written_in_sql_is_marked(self):
        due = SQL("proto.date_maturity")
        found = self.marks(lambda: invoices(self.move, 2, due))
        self.assertEqual({name for name, _id in found}, {"item_id"})
        self.assertEqual(len(found), 2)
        _name, id = found.pop()
        delete = self.sql("DELETE FROM account_move_line WHERE id = %s", id)
        self.assertEqual(self.marks(delete), {("item_id", id)})

    def test_rule_26_what_moves_the_day_of_a_payment_or_a_tag_is_marked(self):
        """A bank statement changes the day of a matched entry; a merge gives tags by an update."""
        self.pay(self.move, 10)
        paying = self.item.matched_credit_ids.credit_move_id.move_id
        day = self.sql("UPDATE account_move SET date = date - 1 WHERE id = %s", paying.id)
        found = self.marks(day)
        self.assertEqual(found, {("move_id", paying.id)})
        self.assertIn(self.item.id, self.env["upominky.mark"]._items())
        matched = self.item.matched_credit_ids
        amount = "UPDATE account_partial_reconcile SET debit_amount_currency = 9 WHERE id = %s"
        self.assertIn(("item_id", self.item.id), self.marks(self.sql(amount, matched.id)))
        other = self.new_customer("Druhý")
        other.category_id = self.tag
        table = "res_partner_res_partner_category_rel"
        given = self.sql(
            f"UPDATE {table} SET partner_id = %s WHERE partner_id = %s", self.customer.id, other.id
        )
        wanted = {("partner_id", self.customer.id), ("partner_id", other.id)}
        self.assertEqual(self.marks(given), wanted)

    def test_rule_26_an_archived_company_comes_back_with_its_dates_right(self):
        kept = self.env["upominky.kept"].sudo()
        kept._refill()
        other = self.env["res.company"].create({"name": "Jiná"})
        with patch.object(type(self.env["upominky.next.date"]), "_refill_of") as refilled:
            other.active = False
            kept._refill()
        self.assertIn(other, [call.args[0] for call in refilled.call_args_list])

    def test_rule_26_dates_hold_no_more_while_an_add_on_stops(self):
        """What changes meanwhile is marked, and the marks are taken away."""
        kept = self.env["upominky.kept"].sudo()
        kept._refill()
        dates = [("name", "=", "next_date")]
        self.assertTrue(kept.search(dates))
        with patch.object(type(self.env["upominky.reader"]), "_stops", lambda *_asked: {}):
            kept._refill()
        self.assertFalse(kept.search(dates))

    def test_rule_26_what_job_1_issues_is_marked(self):
        move = self.invoice(self.new_customer("Druhý"), due=30)
        item = move.line_ids.filtered("date_maturity")
        self.env["upominky.kept"]._refill()
        with patch.object(type(self.env["upominky.kept"]), "_refresh", lambda _this: None):
            self.assertIn(("item_id", item.id), self.marks(self.generate))

    def test_rule_26_what_changes_no_date_is_not_marked(self):
        for what, act in (
            ("label", lambda: self.item.write({"name": "Label"})),
            ("the same", self.sql("UPDATE account_move_line SET date_maturity = date_maturity")),
            ("reference", lambda: self.move.write({"ref": "Ref"})),
            ("name", lambda: self.customer.write({"name": "Name"})),
            ("error", lambda: self.book.write({"error": "Error"})),
            ("days", lambda: self.line.write({"days_overdue": 3})),
            ("draft", self.move.copy),
        ):
            with self.subTest(what):
                self.assertEqual(self.marks(act), set())

    def test_each_watch_has_a_trigger_and_without_the_add_on_none_is_left(self):
        query = "SELECT tgname FROM pg_trigger WHERE starts_with(tgname, 'upominky_')"
        functions = "SELECT proname FROM pg_proc WHERE starts_with(proname, 'upominky_mark_')"
        self.assertEqual(len(self.env.execute_query(SQL(query))), len(WATCHED))
        self.env["upominky.mark"]._unwatch()
        self.assertFalse(self.env.execute_query(SQL(query)))
        self.assertFalse(self.env.execute_query(SQL(functions)))

    def test_what_is_kept_goes_when_the_item_is_paid(self):
        kept = self.env["upominky.kept"]
        self.book.write({"state": "sent", "sent_date": TODAY - timedelta(days=1)})
        with self.on(TODAY):
            kept._refill()
            rows = self.env["upominky.next.date"].sudo()
            self.assertTrue(rows.search([("item_id", "=", self.item.id)]))
            self.pay(self.move)
            kept._refill()
        rows.invalidate_model()
        self.assertFalse(rows.search([("item_id", "=", self.item.id)]))
        payments = self.env["upominky.line.payment"].sudo()
        self.assertEqual(payments.search([("line_id", "=", self.line.id)]).paid_7, 12100)
