"""SPEC rules 4 and 16: job 1 goes by the rules as they are when it takes a chunk."""

from ..common import TODAY, UpominkyCommon

CUSTOMERS = 5


class TestBetweenChunks(UpominkyCommon):
    def setUp(self):
        super().setUp()
        for number in range(CUSTOMERS):
            customer = self.new_customer(f"C{number}", f"c{number}@c.example")
            self.invoice(customer, due=10)

    def issued_when(self, act):
        """Return what is issued after the first chunk, when somebody acts there."""
        with self.after_a_chunk(act):
            issued = self.generate()
        self.assertEqual(issued[:2].rule_id, self.rule)
        return issued[2:]

    def test_rule_04_what_does_not_fit_any_more_issues_no_more(self):
        other = self.new_customer("Other", "other@o.example")
        group = self.env["res.partner.category"].create({"name": "Others"})
        levels = self.rule.level_ids
        for name, act in (
            ("archived", lambda: self.rule.write({"active": False})),
            ("lists one", lambda: self.rule.write({"partner_ids": other.ids})),
            ("lists a group", lambda: self.rule.write({"category_ids": group.ids})),
            ("by hand", lambda: levels.write({"auto_generate": False})),
            ("later", lambda: levels[:1].write({"days_overdue": 11})),
            ("minimum", lambda: self.rule.write({"min_amount": 10**6})),
            ("start", lambda: self.company.write({"upominky_start_date": TODAY})),
            ("pilot", lambda: self.company.write({"upominky_mode": "pilot"})),
        ):
            with self.subTest(name), self.env.cr.savepoint() as world:
                self.assertFalse(self.issued_when(act))
                world.rollback()
                self.env.invalidate_all(flush=False)

    def test_rule_04_a_rule_that_comes_first_now_issues_what_is_left(self):
        issued = self.issued_when(lambda: self.rule.copy({"sequence": 0}))
        self.assertEqual(len(issued), CUSTOMERS - 2)
        self.assertTrue(issued.rule_id)
        self.assertNotIn(self.rule, issued.rule_id)

    def test_rule_31_a_filter_finds_customers_as_they_are_when_their_chunk_is_taken(self):
        held = self.rule.copy(
            {"name": "By hand", "sequence": 0, "partner_domain": "[('city', '=', 'Praha 31')]"}
        )
        held.level_ids.auto_generate = False
        customers = self.env["res.partner"].search([("name", "=like", "C_")])
        self.assertFalse(self.issued_when(lambda: customers.write({"city": "Praha 31"})))

    def test_rule_05_levels_that_change_places_are_taken_in_their_new_order(self):
        first, second = self.rule.level_ids[:2]
        second.days_overdue = 8
        with self.after_a_chunk(lambda: first.write({"order": 99})):
            issued = self.generate()
        self.assertEqual(issued[:2].level_id, first)
        self.assertEqual(issued[2:].level_id, second)
