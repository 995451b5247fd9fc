"""SPEC rules 5 and 6: a rule that is changed, or another one, in the middle of a sequence."""

from datetime import timedelta

from odoo import Command

from ..common import TODAY, UpominkyCommon, smtp_inbox


class TestRuleChange(UpominkyCommon):
    """Each customer has a rule of its own and is mailed level 1 today, 8 days overdue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.rule.level_ids[0].mail_template_id

    def new_rule(self, customer, *levels):
        """Give a customer a rule with levels of an order and days overdue each."""
        rows = [
            Command.create(
                {
                    "order": order,
                    "name": f"Level {order}",
                    "days_overdue": days,
                    "deadline_days": 0,
                    "mail_template_id": self.template.id,
                }
            )
            for order, days in levels
        ]
        return self.env["upominky.rule"].create(
            {
                "name": customer.name,
                "company_id": self.company.id,
                "partner_ids": [Command.set(customer.ids)],
                "sequence": 1,
                "level_ids": rows,
            }
        )

    def level(self, rule, order):
        return rule.level_ids.filtered(lambda level: level.order == order)

    # ---------------------------------------------------------------- the changes

    def unchanged(self, customer, rule):
        pass

    def insert(self, customer, rule):
        rule.write(
            {
                "level_ids": [
                    *(
                        Command.update(self.level(rule, order).id, {"order": order + 1})
                        for order in (3, 2)
                    ),
                    Command.create(
                        {
                            "order": 2,
                            "name": "Inserted",
                            "days_overdue": 10,
                            "mail_template_id": self.template.id,
                        }
                    ),
                ]
            }
        )

    def delete(self, customer, rule):
        self.level(rule, 2).unlink()

    def delete_the_reached(self, customer, rule):
        self.level(rule, 1).unlink()

    def delete_all_above(self, customer, rule):
        (self.level(rule, 2) | self.level(rule, 3)).unlink()

    def swap(self, customer, rule):
        second, third = self.level(rule, 2), self.level(rule, 3)
        rule.write(
            {
                "level_ids": [
                    Command.update(second.id, {"order": 3}),
                    Command.update(third.id, {"order": 2}),
                ]
            }
        )

    def sooner(self, customer, rule):
        self.level(rule, 2).days_overdue = 9

    def later(self, customer, rule):
        self.level(rule, 2).days_overdue = 30

    def reached_later(self, customer, rule):
        self.level(rule, 1).days_overdue = 20

    def by_hand_only(self, customer, rule):
        self.level(rule, 2).auto_generate = False

    def move_to_close_levels(self, customer, rule):
        rule.active = False
        self.new_rule(customer, (1, 7), (2, 8))

    def move_to_far_levels(self, customer, rule):
        rule.active = False
        self.new_rule(customer, (1, 7), (2, 25))

    def move_to_higher_orders(self, customer, rule):
        rule.active = False
        self.new_rule(customer, (5, 9))

    def move_to_fewer_levels(self, customer, rule):
        rule.active = False
        self.new_rule(customer, (1, 1))

    def move_to_none(self, customer, rule):
        (self.rule | rule).active = False

    # ------------------------------------------------------------------- the rule

    def test_rule_05_06_a_change_in_the_middle_of_a_sequence(self):
        # What changes, days after level 1 on which the next is issued, and its order.
        cases = (
            (self.unchanged, 14, 2),
            (self.insert, 3, 2),
            (self.delete, 28, 3),
            (self.delete_the_reached, 14, 2),
            (self.delete_all_above, None, None),
            (self.swap, 28, 2),
            (self.sooner, 2, 2),
            (self.later, 23, 2),
            (self.reached_later, 14, 2),  # the days that it had when it was issued
            (self.by_hand_only, None, None),
            (self.move_to_close_levels, 7, 2),  # the pause, not one day
            (self.move_to_far_levels, 18, 2),
            (self.move_to_higher_orders, 7, 5),
            (self.move_to_fewer_levels, None, None),
            (self.move_to_none, None, None),
        )
        customers = []
        for change, _days, _order in cases:
            customer = self.new_customer(change.__name__, f"{change.__name__}@c.example")
            self.invoice(customer, due=8)
            customers.append((customer, self.new_rule(customer, (1, 7), (2, 21), (3, 35))))
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.send()
            self.assertEqual(len(inbox.messages), len(cases))
        for (change, _days, _order), (customer, rule) in zip(cases, customers, strict=True):
            change(customer, rule)
        first = {}
        expected = {days for _change, days, _order in cases if days}
        for day in sorted({0, 29} | expected | {days - 1 for days in expected}):
            for reminder in self.generate(TODAY + timedelta(days=day)):
                first.setdefault(reminder.partner_id, (day, reminder.level_order))
        for (change, days, order), (customer, _rule) in zip(cases, customers, strict=True):
            with self.subTest(change.__name__):
                self.assertEqual(first.get(customer, (None, None)), (days, order))
