"""SPEC rules 31 to 33: filters hold for rules of notices and of thanks as for others."""

from datetime import timedelta

from ..common import TODAY, smtp_inbox
from .test_filters import BY_DEBIT, IN_PRAGUE, FiltersCommon


class TestFiltersOfEvents(FiltersCommon):
    def setUp(self):
        super().setUp()
        self.found = self.new_customer("Pražský", "p@p.example", city="Praha 31")

    def rule_of(self, event, **values):
        """Return the shipped rule of an event, switched on."""
        rules = self.env["upominky.rule"].with_context(active_test=False)
        found = rules.search([("company_id", "=", self.company.id), ("event", "=", event)])
        found.write({"active": True, **values})
        return found

    def both_paid(self, **values):
        """Have both customers reminded, and pay; return their invoices."""
        moves = self.invoice(self.found, due=10, **values) | self.invoice(due=10)
        with smtp_inbox(self.env):
            self.generate()
            self.send()
        for move in moves:
            self.pay(move, day=TODAY + timedelta(days=1))
        return moves

    def test_rule_32_a_notice_goes_to_whom_its_filter_finds(self):
        self.rule_of("notice", partner_domain=IN_PRAGUE)
        self.invoice(due=-2)
        mine = self.invoice(self.found, due=-2)
        self.assertEqual(self.generate().line_ids.move_id, mine)

    def test_rule_32_a_notice_leaves_out_what_its_rule_leaves_out(self):
        self.rule_of("notice", exclude_domain=BY_DEBIT)
        self.invoice(due=-2, ref="Inkaso")
        told = self.invoice(due=-2)
        self.assertEqual(self.generate().line_ids.move_id, told)

    def test_rule_33_thanks_go_to_whom_the_filter_finds(self):
        self.rule_of("thanks", partner_domain=IN_PRAGUE)
        self.both_paid()
        thanks = self.generate(TODAY + timedelta(days=1))
        self.assertEqual(thanks.partner_id, self.found)

    def test_rule_33_nobody_is_thanked_for_what_the_rule_leaves_out(self):
        moves = self.both_paid()
        moves[0].ref = "Inkaso"
        self.rule_of("thanks", exclude_domain=BY_DEBIT)
        thanks = self.generate(TODAY + timedelta(days=1))
        self.assertEqual(thanks.line_ids.move_id, moves[1])

    def test_rule_31_a_broken_filter_tells_and_thanks_nobody(self):
        self.both_paid()
        self.invoice(self.found, due=-2)
        for event in ("notice", "thanks"):
            self.break_filter(self.rule_of(event, partner_domain=IN_PRAGUE))
        self.assertFalse(self.generate(TODAY + timedelta(days=1)))
