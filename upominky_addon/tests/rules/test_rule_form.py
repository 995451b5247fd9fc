"""SPEC rules 4, 6 and 25: what the form of a rule tells while it is edited."""

from datetime import timedelta

from odoo import Command
from odoo.tests import Form

from ...core.schedule import Past, after_previous
from ..common import TODAY, UpominkyCommon


class TestRuleForm(UpominkyCommon):
    def new_form(self):
        return Form(self.env["upominky.rule"].with_context(upominky_copy_levels=True))

    def test_a_new_rule_starts_with_the_levels_that_applied(self):
        group = self.env["res.partner.category"].create({"name": "Group"})
        of_group = self.rule.copy({"name": "Group", "category_ids": group.ids})
        of_group.level_ids[2:].unlink()
        of_group.level_ids[0].days_overdue = 3
        self.customer.category_id = group
        with self.new_form() as form:
            form.name = "Own"
            self.assertEqual([r["days_overdue"] for r in form.level_ids._records], [7, 21, 35, 50])
            form.partner_ids.add(self.customer)
            self.assertEqual([r["days_overdue"] for r in form.level_ids._records], [3, 21])
        rule = form.record
        self.assertEqual(rule.level_ids.mapped("days_overdue"), [3, 21])
        self.assertEqual(rule.level_ids.mail_template_id, of_group.level_ids.mail_template_id)

    def test_rows_that_were_edited_stay(self):
        with self.new_form() as form:
            form.name = "Own"
            with form.level_ids.edit(0) as row:
                row.days_overdue = 5
            form.partner_ids.add(self.customer)
        self.assertEqual(form.record.level_ids.mapped("days_overdue"), [5, 21, 35, 50])

    def test_levels_taken_away_are_named(self):
        with self.new_form() as form:
            form.name = "Own"
            form.partner_ids.add(self.customer)
            self.assertFalse(form.level_warning)
            form.level_ids.remove(1)
            self.assertIn("Second reminder", form.level_warning)
            self.assertNotIn("Third", form.level_warning)
        self.assertFalse(self.rule.level_warning)

    def test_rule_04_the_form_counts_the_customers_that_it_covers(self):
        group = self.env["res.partner.category"].create({"name": "Group"})
        tagged = self.env["res.partner"].union(
            *(self.new_customer(f"T{n}", customer_rank=1, category_id=group.ids) for n in range(3))
        )
        self.customer.customer_rank = 1
        before = self.rule.customer_count
        with self.new_form() as form:
            form.name = "Group"
            form.category_ids.add(group)
            self.assertEqual(form.customer_count, 3)
        of_group = form.record
        own = self.rule.copy({"name": "Own", "partner_ids": (tagged[0] | self.customer).ids})
        rules = self.rule | of_group | own
        rules.invalidate_recordset()
        self.assertEqual(own.customer_count, 2)
        self.assertEqual(of_group.customer_count, 2)
        self.assertEqual(self.rule.customer_count, before - 4)
        second = self.rule.copy({"name": "Second for all", "sequence": 200})
        self.assertEqual(second.customer_count, 0)

    def test_the_count_agrees_with_the_rule_that_applies(self):
        """Whatever the rules, each customer is counted by exactly the rule that covers it."""
        groups = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        customers = self.env["res.partner"].union(
            *(
                self.new_customer(f"C{n}", customer_rank=1, category_id=tags.ids)
                for n, tags in enumerate((groups, groups[0], groups[1], groups[:0]))
            )
        )
        self.rule.copy({"name": "B", "category_ids": groups[1].ids, "sequence": 5})
        self.rule.copy({"name": "A", "category_ids": groups[0].ids, "sequence": 6})
        self.rule.copy({"name": "One", "partner_ids": customers[1].ids})
        rules = self.env["upominky.rule"].search([("company_id", "=", self.company.id)])
        for rule in rules.filtered(lambda r: r.event == "issue"):
            covered = customers.filtered_domain(rule._reach())
            self.assertEqual(covered, customers.filtered(lambda c, r=rule: c.upominky_rule_id == r))

    def test_the_time_line_follows_the_rows(self):
        text = str(self.rule.timeline)
        self.assertEqual(text.count("badge"), 5)
        for part in ("Due date", "day 7", "day 50", "First reminder"):
            self.assertIn(part, text)
        self.assertEqual(text.count("at least 14 days later"), 2)
        self.assertEqual(text.count("at least 15 days later"), 1)
        self.rule.level_ids[1].write({"auto_generate": False, "name": "<b>Own</b>"})
        self.assertIn("by hand", str(self.rule.timeline))
        self.assertIn("&lt;b&gt;Own", str(self.rule.timeline))

    def test_rule_06_the_time_line_says_how_long_a_reminder_waits_after_the_one_before(self):
        """By the very rule that decides: days between the rows, at least one; by hand none."""
        first, second, third, last = self.rule.level_ids
        second.days_overdue = 7
        third.auto_generate = False
        text = " ".join(str(self.rule.timeline).split())
        for words, times in (
            ("at least 1 day later", 1),
            ("at least 15 days later", 1),
            ("at least", 2),
        ):
            with self.subTest(words):
                self.assertEqual(text.count(words), times)
        past = Past(order=1, level_days=7, on=TODAY, rule_id=self.rule.id)
        core = self.rule._to_core()
        self.assertEqual(after_previous(core.levels[1], past, core), TODAY + timedelta(days=1))
        self.assertEqual((first.days_overdue, last.days_overdue), (7, 50))

    def test_a_new_rule_is_named_after_its_customers(self):
        with self.new_form() as form:
            form.partner_ids.add(self.customer)
            self.assertEqual(form.name, "Odběratel s.r.o.")
            form.name = "Own"
            form.partner_ids.add(self.new_customer("Druhý"))
            self.assertEqual(form.name, "Own")

    def test_a_row_that_is_added_goes_on_from_the_last(self):
        last = self.rule.level_ids[-1]
        with Form(self.rule) as form:
            with form.level_ids.new() as row:
                row.name = "Fifth"
                row.order = 5
            self.assertEqual(form.new_days, 78)
        added = self.rule.level_ids[-1]
        self.assertEqual((added.days_overdue, added.mail_template_id), (64, last.mail_template_id))

    def test_levels_out_of_step_are_named(self):
        levels = self.rule.level_ids
        self.assertFalse(self.rule.level_warning)
        # As the client does when the second row is dragged before the first.
        self.rule.level_ids = [
            Command.update(levels[1].id, {"order": 1}),
            Command.update(levels[0].id, {"order": 2}),
        ]
        self.env.invalidate_all()
        self.assertEqual(self.rule.level_ids.mapped("days_overdue"), [21, 7, 35, 50])
        self.assertIn("“First reminder” (day 7) follows", self.rule.level_warning)
        levels[0].auto_generate = False
        self.assertFalse(self.rule.level_warning)

    def test_rule_04_where_two_rules_cover_a_customer_the_form_says_which_applies(self):
        group, other = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        self.customer.category_id = group | other
        cases = (
            (
                "by name in both",
                {"partner_ids": self.customer.ids},
                {"partner_ids": self.customer.ids},
            ),
            ("a group of both", {"category_ids": group.ids}, {"category_ids": other.ids}),
            ("named here", {"partner_ids": self.customer.ids}, {"category_ids": other.ids}),
            ("named there", {"category_ids": group.ids}, {"partner_ids": self.customer.ids}),
            ("for all", {}, {}),
        )
        for what, first, second in cases:
            for order in (1, 99):
                with self.subTest(what=what, order=order), self.env.cr.savepoint() as savepoint:
                    if what == "for all":
                        self.rule.active = False
                    mine = self.rule.copy(
                        {"name": "Mine", "sequence": order, "active": True, **first}
                    )
                    rival = self.rule.copy(
                        {"name": "Rival", "sequence": 50, "active": True, **second}
                    )
                    applies = self.customer.upominky_rule_id
                    self.assertIn(applies, mine | rival)
                    text = mine.overlap_text
                    self.assertEqual("This rule applies" in text, applies == mine, text)
                    self.assertIn("“Rival”", text)
                    if what != "for all":
                        self.assertIn("Odběratel s.r.o.", text)
                    savepoint.rollback()

    def test_rules_that_share_nobody_warn_of_nothing(self):
        tag = self.env["res.partner.category"].create({"name": "A"})
        own = self.rule.copy({"name": "Own", "partner_ids": self.customer.ids})
        other = self.rule.copy({"name": "Other", "category_ids": tag.ids})
        for rule in (self.rule, own, other):
            self.assertFalse(rule.overlap_text)
