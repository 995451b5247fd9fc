"""SPEC rule 31: a filter that cannot be evaluated any more stops its own rule alone."""

from odoo import Command

from ..common import TODAY, smtp_inbox
from .test_filters import BY_DEBIT, GONE, IN_PRAGUE, FiltersCommon


class TestBrokenFilters(FiltersCommon):
    def setUp(self):
        super().setUp()
        self.found = self.new_customer("Pražský", "p@p.example", city="Praha 31")
        self.moves = {c: self.invoice(c, due=10) for c in (self.found, self.customer)}

    def test_rule_31_a_broken_filter_stops_its_rule_alone(self):
        finding = self.filtering()
        later = self.new_customer("Později", "l@l.example", city="Brno")
        move = self.invoice(later, due=10)
        self.break_filter(finding)
        reasons = self.preview()
        wanted = {self.moves[self.found]: "rule_broken", self.moves[self.customer]: "due"}
        # Whoever came since may be one of its customers: nobody knows.
        self.assertEqual(reasons, {**wanted, move: "rule_broken"})
        issued = self.generate()
        self.assertEqual((issued.partner_id, issued.rule_id), (self.customer, self.rule))
        self.assertFalse(self.generate(), "by no other rule either")
        finding.partner_domain = IN_PRAGUE
        mended = self.generate()
        self.assertEqual(
            {r.partner_id: r.rule_id for r in mended}, {self.found: finding, later: self.rule}
        )

    def test_rule_31_what_a_filter_found_is_taken_down_by_each_run(self):
        finding = self.filtering()
        found = self.env["upominky.rule.found"].sudo().search([("rule_id", "=", finding.id)])
        self.assertEqual(found.customer_ids, self.found.ids)
        self.customer.city = "Praha 31"
        self.generate()
        self.env.invalidate_all()
        self.assertEqual(found.customer_ids, sorted((self.found | self.customer).ids))
        self.break_filter(finding)
        self.generate()
        self.env.invalidate_all()
        self.assertEqual(found.customer_ids, sorted((self.found | self.customer).ids))

    def test_rule_31_customers_that_are_named_stay_with_the_rules_that_name_them(self):
        tag = self.env["res.partner.category"].create({"name": "A"})
        tagged = self.new_customer("Tagged", "t@t.example", category_id=tag.ids, city="Praha 31")
        listed = self.new_customer("Listed", "i@i.example", city="Praha 31")
        rules = {
            tagged: self.rule.copy({"name": "Group", "category_ids": tag.ids}),
            listed: self.rule.copy({"name": "Own", "partner_ids": listed.ids}),
        }
        earlier = self.filtering("[('name', '=', 'Pražský')]", sequence=1)
        self.break_filter(self.filtering())
        self.assertEqual(self.rules_of(tagged | listed), rules)
        self.assertEqual(self.rules_of(self.found), {self.found: earlier})

    def test_rule_31_what_the_database_does_not_understand_breaks_a_filter_too(self):
        finding, second = self.filtering(), self.filtering("[('city', '=', 'Brno')]", sequence=9)
        self.customer.city = "Brno"
        for domain in (GONE, "[('id', '=', 'abc')]", "[('name', '=', uid)]", "nonsense"):
            with self.subTest(domain=domain):
                self.break_filter(finding, domain=domain)
                customers = self.found | self.customer
                self.assertEqual(
                    self.rules_of(customers), {self.found: finding, self.customer: second}
                )
                self.assertIn("cannot be evaluated", self.found.upominky_rule_reason)
                self.assertEqual(self.preview()[self.moves[self.found]], "rule_broken")
                self.assertTrue(finding.filter_warning)

    def test_rule_31_a_broken_exclusion_stops_its_rule_and_what_waits_of_it(self):
        self.rule.exclude_domain = BY_DEBIT
        own = self.rule.copy({"name": "Own", "partner_ids": self.found.ids})
        own.exclude_domain = False
        reminders = self.generate()
        self.assertEqual(len(reminders), 2)
        self.break_filter(self.rule, "exclude_domain")
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual(inbox.recipients, ["p@p.example"])
        unsent = reminders.filtered(lambda r: r.rule_id == self.rule)
        self.assertEqual(unsent.state, "cancelled")
        self.assertEqual(unsent.line_ids.drop_reason, "rule_broken")
        self.assertEqual(self.preview()[self.moves[self.customer]], "rule_broken")
        self.rule.exclude_domain = False
        self.assertEqual(self.generate().partner_id, self.customer)

    def test_rule_31_the_rule_and_readiness_say_which_filter_is_broken(self):
        def line():
            with self.on(TODAY):
                action = self.env["upominky.readiness"].action_open()
            checked = self.env["upominky.readiness"].browse(action["res_id"])
            return checked.line_ids.filtered(lambda one: one.code == "filters")

        self.assertFalse(line(), "no rule has any")
        finding = self.filtering()
        self.assertEqual(line().state, "done")
        self.assertFalse(finding.filter_warning and "x_gone" in finding.filter_warning)
        self.break_filter(finding)
        self.assertEqual(line().state, "missing")
        for text in (line().text, finding.filter_warning):
            self.assertIn("“x_gone”", text)
            self.assertIn("“Filter”", text)
        # What else is written of the rule is not held up by it, and archiving ends it.
        finding.write({"name": "Broken", "min_amount": 5})
        finding.active = False
        self.assertFalse(line())
        self.assertEqual(self.rules_of(self.found), {self.found: self.rule})

    def test_rule_31_a_rule_that_lists_customers_too_stops_for_them_as_well(self):
        finding = self.filtering(partner_ids=[Command.set(self.customer.ids)])
        self.break_filter(finding)
        reasons = self.preview()
        self.assertEqual({reasons[move] for move in self.moves.values()}, {"rule_broken"})
        self.assertFalse(self.generate())
