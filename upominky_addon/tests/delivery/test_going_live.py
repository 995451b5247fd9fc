"""Going live with many customers: what is counted, when, and how far it is (SPEC rule 16)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ...core.plan import plan
from ...models.base import slices
from ...wizard import live
from ..common import TODAY, UpominkyCommon


class TestGoingLive(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.upominky_mode = "pilot"
        cls.manager = new_test_user(
            cls.env, "chief", "upominky_addon.group_manager", company_id=cls.company.id
        )

    def some(self, count=5):
        """Have customers owe: fresh debts and old ones, in two currencies, some of them on hold."""
        for n in range(count):
            partner = self.new_customer(f"C{n}", f"c{n}@b.example")
            self.invoice(partner, 100 + n, 10)
            self.invoice(partner, 40 + n, 90, self.eur)
            if n % 3 == 2:
                partner.upominky_hold_until = TODAY
        old = self.invoice(self.new_customer("Old", "old@b.example"), 900, 400)
        self.pay(old, 300)
        self.invoice(self.new_customer("Not due", "not@b.example"), 77, -5)

    def opened(self):
        model = self.env["upominky.live"].with_user(self.manager)
        return model.browse(model._open(self.company)["res_id"])

    def slowly(self, start):
        """Count by deciding on every customer who owes, one by one, with nothing read before."""
        reader = self.env["upominky.reader"].with_company(self.company)
        facts = replace(reader._company(self.company, TODAY), mode="live", start=start)
        reminders, whose, totals = 0, set(), Counter()
        for customer_id in reader._due_customers(self.company, TODAY):
            for customer in reader._customers(self.company, [customer_id]).values():
                for reminder in plan(customer, facts).reminders:
                    reminders += 1
                    whose.add(customer_id)
                    totals.update(reminder.totals)
        return reminders, len(whose), dict(totals)

    def counted(self, wizard):
        """Return what the dialog found, as :meth:`slowly` does."""
        _candidates, count = wizard.sudo()._known()
        whole = count.everything
        totals = {int(currency): Decimal(amount) for currency, amount in whole["totals"].items()}
        return whole["reminders"], whole["customers"], totals

    def test_what_is_counted_is_what_each_customer_would_get(self):
        self.some()
        with self.on(TODAY):
            for days in (60, 5, 1000):
                wizard = self.opened()
                wizard.start_date = TODAY - timedelta(days=days)
                with self.subTest(days=days):
                    found = self.slowly(wizard.start_date)
                    self.assertEqual(self.counted(wizard), found)
                    self.assertFalse(wizard.many_text)
            wizard.scope = "all"
            self.assertEqual(self.counted(wizard), self.slowly(None))
            self.assertIn("600.00", wizard.old_text)  # what was paid is taken off

    def test_of_many_it_says_at_most_how_many_and_counts_when_asked(self):
        self.some()
        with (
            self.on(TODAY),
            patch.object(live, "AT_ONCE", 2),
            patch.object(live, "CHUNK", 2),
            patch.object(slices, "SECONDS", 0),
        ):
            wizard = self.opened()
            wizard.scope = "all"
            self.assertFalse(wizard.summary)
            self.assertIn("At most 6 customers", wizard.many_text)
            for done in (2, 4):
                shown = wizard.action_count()
                self.assertEqual(shown["tag"], "upominky_slices")
                self.assertEqual((shown["params"]["done"], shown["params"]["total"]), (done, 6))
                self.assertFalse(wizard.summary)
            self.assertEqual(wizard.action_count()["res_id"], wizard.id)
            self.assertFalse(wizard.many_text)
            self.assertEqual(self.counted(wizard), self.slowly(None))
            wizard.scope = "from"  # another question, that nobody has asked to be counted
            self.assertFalse(wizard.summary)
            self.assertIn("At most 5 customers", wizard.many_text)
            self.assertEqual(wizard.action_count()["params"]["done"], 2)

    def test_nobody_writes_what_was_counted(self):
        with self.on(TODAY):
            wizard = self.opened()
            self.assertNotIn("counted", wizard.fields_get())
            with self.assertRaises(AccessError):
                wizard.write({"counted": {"terms": None}})

    def test_the_number_of_customers_adds_no_query_to_what_is_shown_at_once(self):
        self.some(2)
        with self.on(TODAY), patch.object(live, "AT_ONCE", 0):
            counts = []
            for _turn in range(2):
                wizard = self.opened()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.assertTrue(wizard.many_text)
                counts.append(self.env.cr.sql_log_count - before)
                self.some(6)
        self.assertLessEqual(counts[1], counts[0])

    def test_a_chunk_more_adds_no_query_for_the_company(self):
        """What is the same for all customers is read once, not with each chunk."""
        self.some(8)
        with self.on(TODAY):
            wizard = self.opened()
            counts = []
            for chunk in (100, 1):
                with patch.object(live, "CHUNK", chunk):
                    self.env.invalidate_all()
                    before = self.env.cr.sql_log_count
                    wizard.sudo()._known()
                    counts.append(self.env.cr.sql_log_count - before)
        per_chunk = (counts[1] - counts[0]) / 7
        self.assertLess(per_chunk, 20)
