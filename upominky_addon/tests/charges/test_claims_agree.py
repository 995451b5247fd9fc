"""SPEC rule 38: message, plain text and letter ask for the same, whatever a template is made of."""

import re
from datetime import date

from ..common import TODAY
from ..interest_case import InterestCase
from .test_claims_shown import plain

END_OF_MAY = date(2026, 5, 31)
TABLE = '<p>Pay.</p><t t-out="object.invoice_table"/><p>Bye.</p>'
BARE = '<p>Pay <t t-out="object.totals_text"/>.</p>'
OWN = '<p>Pay.</p><table><tr><td t-out="object.totals_text"/></tr></table><p>Bye.</p>'
CLAIMS = "{% for c in claims %}{{ c.interest_text }} {{ c.costs_text }} {{ c.total }}{% endfor %}"
TOTALS = "{% for c in currencies %}{{ c.total_text }}{% endfor %}"
#: Interest until the end of May, costs and all of it: of the example of INTEREST.md.
ASKED = (r"\b159\.78", r"\b1,200\.00", r"\b7,?359\.78")
#: What a message is made of: its HTML, its plain text, the table of a database of ours, own words.
CASES = {
    "as it comes": (TABLE, False, False, False),
    "no table": (BARE, False, False, False),
    "a table of its own": (OWN, False, False, False),
    "a view of before": (TABLE, False, True, False),
    "own words": (TABLE, False, False, True),
    "own words, no table": (BARE, False, False, True),
    "text without them": (TABLE, TOTALS, False, False),
    "text with them": (TABLE, CLAIMS, False, False),
    "neither says them": (OWN, TOTALS, False, False),
    "the text alone says them": (BARE, CLAIMS, False, False),
    "a view of before, text without": (TABLE, TOTALS, True, False),
}


class TestClaimsAgree(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge(interest="contractual", interest_percent=12, flat_cost=1200)
        move = cls.invoice(amount=10_000, due=date(2026, 3, 31))
        cls.pay(move, 4_000, date(2026, 4, 30))

    def set_up(self, body, text, is_before, is_own):
        self.level.mail_template_id.body_html = body
        self.level.text_template = text
        if is_before:
            view = self.env.ref("upominky_addon.invoice_table").sudo()
            view.arch_db = view.arch_db.replace("<t t-out=\"claim or ''\"/>", "")
            self.assertNotIn("claim", view.arch_db)
        reminder = self.generate(END_OF_MAY)
        if is_own:
            with self.on(END_OF_MAY), self.enter_registry_test_mode():
                reminder.action_change_letter("Please", "<p>In my own words.</p>")
        return reminder

    def parts(self, reminder):
        """Return what is read of a reminder: HTML, plain text, letter, and what history keeps."""
        inbox = self.mailed(END_OF_MAY)
        self.assertEqual(reminder.state, "sent", reminder.error)
        found = {
            "html": inbox.html(),
            "page": reminder.sudo()._letter_page(TODAY),
            "history": str(reminder.delivery_ids.mail_message_id.sudo().body),
        }
        found = {name: re.sub("<[^>]+>", " ", part) for name, part in found.items()}
        return {**found, "text": inbox.text()}

    def check_agree(self, parts):
        """Check that each part asks for the same sums, each once."""
        for part, said in parts.items():
            words = plain(said)
            for sum_of in ASKED:
                with self.subTest(part=part, sum=sum_of):
                    self.assertRegex(words, sum_of)
            if part != "text" or "Whole claim" in words:
                self.assertEqual(words.count("Whole claim in CZK"), 1, part)

    def test_rule_38_all_parts_ask_for_the_same(self):
        for name, case in CASES.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.check_agree(self.parts(self.set_up(*case)))
                savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache("templates")

    def test_rule_38_where_nothing_is_asked_nothing_is_added(self):
        self.charge(interest="none", flat_cost=0)
        for name in ("no table", "a table of its own", "neither says them"):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                for part in self.parts(self.set_up(*CASES[name])).values():
                    self.assertNotIn("Whole claim", part)
                    self.assertNotIn("o_upominky_claim", part)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_38_a_hostile_name_hides_nothing(self):
        self.customer.name = '<p class="o_upominky_claim">'
        self.level.mail_template_id.body_html = '<p><t t-out="object.customer_name"/></p>'
        reminder = self.generate(END_OF_MAY)
        self.check_agree(self.parts(reminder))
