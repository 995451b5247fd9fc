"""What came of reminders, checked against books made by hand."""

from datetime import timedelta

from lxml import etree

from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..common import TODAY, UpominkyCommon
from ..rights import RightsCommon

LATER = TODAY + timedelta(days=90)
MEASURES = ("amount_due", "paid_7", "paid_14", "paid_30")


class TestAnalysis(UpominkyCommon):
    def reminded(self, amount=1000.0, **values):
        """Return an invoice of which a reminder was sent on TODAY."""
        move = self.invoice(amount=amount, due=10, **values)
        reminder = self.generate()
        with self.on(TODAY):
            reminder.action_mark_sent()
        return move

    def rows(self, *moves, day=LATER):
        domain = [("move_id", "in", [move.id for move in moves])]
        with self.on(day):
            self.env["upominky.analysis"].invalidate_model()
            rows = self.env["upominky.analysis"].search(domain, order="id")
            rows.read(["paid_7"])  # while the clock is that day's
            return rows

    def pivot(self, domain, groupby, measures):
        with self.on(LATER):
            return self.env["upominky.analysis"].formatted_read_group(domain, groupby, measures)

    def test_paid_on_each_day_is_in_the_columns_that_it_was_paid_within(self):
        cases = {0: (1, 1, 1), 7: (1, 1, 1), 8: (0, 1, 1), 14: (0, 1, 1), 15: (0, 0, 1),
                 30: (0, 0, 1), 31: (0, 0, 0)}  # fmt: skip
        moves = {day: self.invoice(amount=1000 + day, due=10) for day in cases}
        reminder = self.generate()
        reminder.action_mark_sent(date=TODAY)
        for day, move in moves.items():
            self.pay(move, day=TODAY + timedelta(days=day))
        for day, within in cases.items():
            row = self.rows(moves[day])
            with self.subTest(day=day):
                self.assertEqual(row.amount_due, 1000 + day)
                paid = [row.paid_7, row.paid_14, row.paid_30]
                self.assertEqual(paid, [(1000 + day) * part for part in within])
                self.assertEqual([row.rate_7, row.rate_14, row.rate_30], [100 * w for w in within])
                self.assertEqual(row.days_to_payment, day)

    def test_paid_in_parts(self):
        move = self.reminded()
        for day, amount in ((3, 300), (10, 200), (20, 500)):
            self.pay(move, amount, TODAY + timedelta(days=day))
        row = self.rows(move)
        self.assertEqual([row[name] for name in MEASURES], [1000, 300, 500, 1000])
        self.assertEqual([row.rate_7, row.rate_14, row.rate_30], [0, 0, 100])
        self.assertEqual(row.days_to_payment, 20)

    def test_what_was_paid_before_the_reminder_is_not_its_work(self):
        """Neither what it did not ask for, nor what was only booked later."""
        before = self.invoice(amount=1000, due=10)
        self.pay(before, 300, TODAY)  # the very day, but before it was issued
        late = self.invoice(amount=1000, due=10)
        self.generate().action_mark_sent(date=TODAY)
        self.pay(late, 1000, TODAY - timedelta(days=2))
        for move, asked in ((before, 700), (late, 1000)):
            row = self.rows(move)
            found = [row.amount_due, row.paid_30, row.rate_30, row.days_to_payment]
            self.assertEqual(found, [asked, 0, 0, 0])

    def test_a_credit_note_settles_but_pays_nothing(self):
        move = self.reminded()
        day = TODAY + timedelta(days=2)
        with self.on(day):
            credit = self.credit_note(amount=400, day=day)
        receivable = (move + credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        receivable.reconcile()
        row = self.rows(move)
        self.assertEqual([row.paid_7, row.rate_7], [0, 0])
        self.pay(move, day=TODAY + timedelta(days=5))
        row = self.rows(move)
        self.assertEqual([row.paid_7, row.rate_7, row.days_to_payment], [600, 100, 5])

    def test_days_count_from_sending_and_not_at_all_before(self):
        """A failed reminder did nothing; one not to be e-mailed counts from its issue."""
        waiting = self.invoice(amount=1000, due=10)
        reminder = self.generate()
        self.pay(waiting, day=TODAY + timedelta(days=1))
        row = self.rows(waiting)
        self.assertEqual([row.amount_due, row.paid_30, row.days_to_payment], [1000, 0, 0])
        self.assertEqual(reminder.state, "issued")
        self.rule.level_ids.send = False
        by_post = self.invoice(amount=500, due=10)
        self.generate()
        self.pay(by_post, day=TODAY + timedelta(days=1))
        self.assertEqual(self.rows(by_post).paid_7, 500)

    def test_what_is_too_young_is_in_no_rate(self):
        move = self.reminded()
        self.pay(move, day=TODAY)
        groups = {}
        for day in (TODAY + timedelta(days=6), TODAY + timedelta(days=7)):
            with self.on(day):
                ((groups[day],),) = self.env["upominky.analysis"]._read_group(
                    [("move_id", "=", move.id)], [], ["rate_7:avg"]
                )
        self.assertEqual(list(groups.values()), [False, 100])

    def test_rule_10_amounts_of_several_currencies_have_no_sum(self):
        moves = self.invoice(amount=1000, due=10) + self.invoice(
            amount=40, due=10, currency=self.eur
        )
        self.generate().action_mark_sent(date=TODAY)
        self.pay(moves[1], day=TODAY + timedelta(days=1))
        sums = ["amount_due:sum", "amount_due:sum_currency", "paid_7:sum"]
        measures = [*sums, "reminder_id:count_distinct"]
        domain = [("move_id", "in", moves.ids)]
        (total,) = self.pivot(domain, [], measures)
        self.assertFalse(total["amount_due:sum"])
        self.assertIs(total["amount_due:sum_currency"], False)  # shown as a dash, not as nothing
        self.assertEqual(total["reminder_id:count_distinct"], 1)
        groups = self.pivot(domain, ["currency_id"], measures)
        found = {group["currency_id"][1]: group for group in groups}
        self.assertEqual(found["CZK"]["amount_due:sum"], 1000)
        self.assertEqual(found["EUR"]["amount_due:sum"], 40)
        self.assertEqual(found["EUR"]["paid_7:sum"], 40)

    def test_a_foreign_invoice_is_paid_in_its_currency(self):
        move = self.reminded(100.0, currency=self.eur)
        self.pay(move, 60, TODAY + timedelta(days=3))
        row = self.rows(move)
        self.assertEqual([row.currency_id, row.amount_due, row.paid_7], [self.eur, 100, 60])

    def test_each_level_tells_of_its_own_reminder(self):
        move = self.reminded()
        second = TODAY + timedelta(days=14)
        self.generate(second)
        with self.on(second):
            (self.reminders()[-1]).action_mark_sent()
        self.pay(move, day=second + timedelta(days=2))
        rows = self.rows(move)
        self.assertEqual(rows.mapped("level_order"), [1, 2])
        self.assertEqual(rows.mapped("paid_7"), [0, 1000])
        self.assertEqual(rows.mapped("paid_30"), [1000, 1000])
        self.assertEqual(rows.mapped("days_to_payment"), [16, 2])

    def test_a_customer_of_two_groups_is_in_both_and_once_in_the_total(self):
        tags = self.env["res.partner.category"].create([{"name": "Dopravci"}, {"name": "VIP"}])
        self.customer.category_id = tags
        move = self.reminded()
        domain = [("move_id", "=", move.id)]
        groups = self.pivot(domain, ["category_ids"], ["amount_due:sum"])
        self.assertEqual([group["amount_due:sum"] for group in groups], [1000, 1000])
        with self.on(LATER):
            by_tag, (total,) = self.env["upominky.analysis"].formatted_read_grouping_sets(
                domain, [["category_ids"], []], ["amount_due:sum"]
            )
        self.assertEqual(len(by_tag), 2)
        self.assertEqual(total["amount_due:sum"], 1000)

    def test_what_asks_for_no_payment_looks_for_none(self):
        rows = self.env["upominky.analysis"]
        for name in ("level_order", "partner_id", "state", "issue_date"):
            query = rows._search([("state", "!=", "cancelled")])
            column = rows._field_to_sql(query.table, name, query)
            plan = self.env.execute_query(
                SQL("EXPLAIN %s", query.select(SQL("%s, COUNT(*) OVER ()", column)))
            )
            text = "\n".join(line for (line,) in plan)
            with self.subTest(name=name):
                self.assertIn("upominky_reminder_line", text)
                self.assertNotIn("account_", text)

    def test_it_opens_with_the_last_days_and_shows_all_when_asked(self):
        old = self.reminded()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "upominky_addon.action_upominky_analysis"
        )
        self.assertIn("search_default_last_days", action["context"])
        view = self.env["upominky.analysis"].get_view(view_type="search")
        (node,) = etree.fromstring(view["arch"]).xpath("//filter[@name='last_days']")
        period = safe_eval(node.get("domain"))
        for day, shown in ((TODAY, 1), (TODAY + timedelta(days=30), 1), (LATER, 0)):
            with self.on(day):
                rows = self.env["upominky.analysis"].search_count(
                    [*period, ("move_id", "=", old.id)]
                )
            self.assertEqual(rows, shown)
        self.assertEqual(len(self.rows(old)), 1)

    def test_each_dimension_can_be_grouped_by(self):
        move = self.reminded()
        for name in ("level_order", "partner_id", "category_ids", "user_id", "currency_id",
                     "issue_date:month", "company_id", "state", "rule_id"):  # fmt: skip
            with self.subTest(name=name):
                (group,) = self.pivot([("move_id", "=", move.id)], [name], ["amount_due:sum"])
                self.assertEqual(group["amount_due:sum"], 1000)


@tagged("post_install", "-at_install", "upominky_addon")
class TestAnalysisCompanies(RightsCommon):
    def test_rule_29_the_analysis_of_a_company_is_not_its_parents(self):
        for role, name in (("user", "ours"), ("parent", "ours"), ("branch", "branch")):
            found = self.as_role(self.env["upominky.analysis"], role).search([])
            with self.subTest(role=role):
                self.assertEqual(found.company_id, self.companies[name])
                self.assertTrue(found)
