"""SPEC rules 32 and 33: what notices and thanks ask the database, for any number of customers."""

from datetime import timedelta

from ..common import TODAY, smtp_inbox
from .test_queries import QueriesCommon

CUSTOMERS = 30


class TestEventQueries(QueriesCommon):
    def switch_on(self, event):
        rules = self.env["upominky.rule"].with_context(active_test=False)
        domain = [("company_id", "=", self.company.id), ("event", "=", event)]
        rules.search(domain).active = True

    def fill_ahead(self, customers):
        """Give each customer an invoice that will be due."""
        for number in range(customers):
            partner = self.new_customer(f"{customers}/{number}", f"c{customers}-{number}@x.example")
            self.invoice(partner, due=-2)

    def steps(self, day=TODAY):
        """Return how many queries each chunk of job 1 asks."""
        return self.queries_of("upominky.generate", "_step", lambda: self.generate(day))

    def test_rule_32_a_chunk_asks_the_same_for_any_number_of_customers(self):
        self.switch_on("notice")
        asked = []
        for customers in (2, CUSTOMERS):
            self.fill_ahead(customers)
            asked += self.steps()
        self.assertEqual((len(asked), len(set(asked))), (2, 1), asked)
        self.assertEqual(len(self.reminders()), 2 + CUSTOMERS)

    def test_rule_33_a_chunk_asks_the_same_for_any_number_of_customers(self):
        self.switch_on("thanks")
        asked, paid_on = [], TODAY + timedelta(days=1)
        for customers in (2, CUSTOMERS):
            known = self.reminders()
            self.fill(customers)
            with smtp_inbox(self.env):
                self.generate()
                self.send()
            for move in (self.reminders() - known).line_ids.move_id:
                self.pay(move, day=paid_on)
            asked += self.steps(paid_on)
        self.assertEqual((len(asked), len(set(asked))), (2, 1), asked)
        thanks = self.reminders().filtered(lambda reminder: reminder.event == "thanks")
        self.assertEqual(len(thanks), 2 + CUSTOMERS)

    def test_rules_32_33_switched_on_for_nobody_they_ask_three_queries_more_at_most(self):
        self.fill(2)
        (plain,) = self.steps()
        self.fill(2)
        self.switch_on("notice")
        self.switch_on("thanks")
        (more,) = self.steps()
        self.assertLessEqual(more - plain, 3)

    def test_rules_32_33_switched_off_a_chunk_asks_nothing_of_them(self):
        asked = []
        reader = type(self.env["upominky.reader"])
        original = reader._flush
        self.patch(reader, "_flush", lambda this: (asked.append(this), original(this))[1])
        run = (
            self.env["upominky.run"]
            .sudo()
            .create({"company_id": self.company.id, "kind": "generate", "date": TODAY})
        )
        facts = self.env["upominky.reader"].sudo()._facts(self.company, TODAY)
        asked.clear()
        self.env["upominky.generate"].sudo()._issue_due(run, [], facts)
        reads = len(asked)
        asked.clear()
        self.env["upominky.generate"].sudo()._issue(run, [], facts=facts)
        self.assertEqual(reads, len(asked), "no more than reminders alone")
