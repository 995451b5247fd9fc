"""SPEC rules 37 and 38: interest and costs as a reader finds them, and the codes beside them."""

import re
from datetime import date

from ..common import TODAY, smtp_inbox
from ..interest_case import InterestCase

LANGUAGES = ("en_US", "cs_CZ", "sk_SK", "de_DE", "pl_PL")
JINJA = """{% for claim in claims %}
{{ claim.code }} {{ claim.principal }} {{ claim.interest_text }} {{ claim.costs }} {{ claim.total }}
{% for row in claim.calculation %}{{ row.number }} {{ row.date_from_text }} {{ row.date_to }} \
{{ row.days }} {{ row.base_text }} {{ row.percent }} {{ row.amount }}
{% endfor %}{% endfor %}."""


def plain(text):
    """Return a text with ordinary blanks, each alone."""
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


class TestShown(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.company.partner_id
        cls.own.bank_ids.unlink()
        cls.company_data["default_journal_bank"].bank_account_id = False
        cls.account = cls.env["res.partner.bank"].create(
            {
                "acc_number": "CZ5508000000001234567899",
                "partner_id": cls.own.id,
                "allow_out_payment": True,
            }
        )
        cls.charge(interest="contractual", interest_percent=12, flat_cost=1200, payment_code=True)

    def example(self, **values):
        """Issue the reminder of the example of INTEREST.md."""
        move = self.invoice(
            amount=10_000, due=date(2026, 3, 31), payment_reference="26001",
            partner_bank_id=self.account.id, **values,
        )  # fmt: skip
        self.pay(move, 4_000, date(2026, 4, 30))
        return move, self.generate(date(2026, 5, 31))

    def test_rule_38_the_calculation_stands_line_by_line_in_the_message(self):
        move, _reminder = self.example()
        inbox = self.mailed(date(2026, 5, 31))
        for said in (plain(inbox.html()), plain(inbox.text())):
            for words in (
                "Interest for late payment until May 31, 2026",
                "Apr 1, 2026 – Apr 30, 2026",
                "days: 30",
                "12% a year",
                "98.63",
                "61.15",
                "159.78",
                "1,200.00",
                "Whole claim in CZK",
                "7,359.78",
                "The totals to pay above are the principal.",
                "to the same account and with the same reference as the invoice",
                move.name,
            ):
                with self.subTest(words):
                    self.assertIn(words, said)

    def test_rule_37_code_and_text_ask_for_the_principal_to_the_last_decimal(self):
        _move, reminder = self.example()
        (block,) = reminder._letter().blocks
        (code,) = block.codes
        self.assertEqual(str(block.total), "6000.00")
        self.assertEqual(code.values["amount"], block.total)
        self.assertIn("AM:6000.00*", code.payload)
        text = plain(self.mailed(date(2026, 5, 31)).text())
        self.assertRegex(text, r"Total to pay in CZK: \S*6,000\.00")
        self.assertRegex(text, r"Amount: \S*6,000\.00")

    def test_rule_38_templates_have_it_as_values(self):
        self.level.text_template = JINJA
        _move, reminder = self.example()
        text = plain(self.mailed(date(2026, 5, 31)).text())
        self.assertIn("CZK 6000.00 159.78", text.replace("Kč", "").replace("  ", " "))
        self.assertIn("2026-05-31 31", text)
        self.assertTrue(reminder.claim_totals)

    def test_rule_38_a_template_without_them_has_them_below(self):
        self.level.text_template = "Dobrý den, {{ customer_name }}."
        self.example()
        inbox = self.mailed(date(2026, 5, 31))
        text = plain(inbox.text())
        self.assertIn("Dobrý den", text)
        for words in ("159.78", "Whole claim in CZK", "7,359.78"):
            self.assertIn(words, text)

    def test_rule_38_the_letter_on_paper_says_what_the_message_says(self):
        _move, reminder = self.example()
        page = plain(reminder.sudo()._letter_page(TODAY))
        for words in ("98.63", "61.15", "159.78", "Whole claim in CZK", "7,359.78"):
            self.assertIn(words, page)

    def test_rule_38_five_languages(self):
        for lang in LANGUAGES:
            self.env["res.lang"]._activate_lang(lang)
        move, reminder = self.example()
        for lang in LANGUAGES:
            with self.subTest(lang):
                reminder.sudo().lang = lang
                me = reminder.sudo().with_context(lang=lang)
                text = plain(me._table_as_text())
                self.assertIn(move.name, text)
                self.assertEqual("98.63" in text, lang == "en_US")
                self.assertEqual("98,63" in text, lang != "en_US")

    def test_rule_38_sixty_invoices_and_hostile_names(self):
        evil = "<script>alert(1)</script>" * 10
        self.customer.name = evil
        for number in range(60):
            self.invoice(amount=100 + number, due=40, payment_reference=f"9{number:03}")
        reminder = self.generate()
        inbox = self.mailed()
        self.assertEqual(reminder.state, "sent", reminder.error)
        html = inbox.html()
        self.assertNotIn("<script>", html)
        self.assertLess(len(html.encode()), 102_000)
        self.assertIn("Whole claim in CZK", html)
        self.assertEqual(len(reminder.interest_ids), 60)
        self.assertIn("Rows not listed here", html)
        (sheet,) = [part for part in inbox.messages[-1].iter_attachments()
                    if part.get_filename().endswith(".xlsx")]  # fmt: skip
        self.assertTrue(sheet.get_content())

    def test_rule_38_nothing_is_said_where_nothing_is_asked(self):
        self.charge(interest="none", flat_cost=0)
        self.example()
        text = plain(self.mailed(date(2026, 5, 31)).text())
        self.assertNotIn("claim", text)
        self.assertNotIn("Interest", text)

    def test_rule_38_costs_alone_in_a_currency_that_no_invoice_has(self):
        self.charge(interest="none")
        self.invoice(amount=100, due=40, currency=self.eur)
        self.generate()
        text = plain(self.mailed().text())
        self.assertIn("Interest and costs:", text)
        self.assertIn("Whole claim in CZK", text)
        self.assertIn("Whole claim in EUR", text)
        self.assertNotIn("to the same account", text)

    def test_rule_38_the_preview_of_the_level_shows_it(self):
        self.example()
        with self.on(TODAY), self.enter_registry_test_mode():
            preview = self.env["upominky.level.preview"].create(
                {"level_id": self.level.id, "partner_id": self.customer.id}
            )
            self.assertIn("Whole claim in CZK", preview.body_html)
            made_up = self.env["upominky.level.preview"].create({"level_id": self.level.id})
            self.assertIn("Whole claim in CZK", made_up.body_html)

    def test_rule_38_the_book_and_the_form_show_it(self):
        _move, reminder = self.example()
        self.assertIn("159.78", reminder.interest_text)
        self.assertIn("1,200.00", plain(reminder.costs_text))
        self.assertIn("7,359.78", plain(reminder.claim_text))
        with smtp_inbox(self.env):
            self.send(date(2026, 5, 31))
        row = reminder.interest_ids[0]
        self.assertIn("2026", row.display_name)

    def test_rule_38_the_note_names_what_is_asked_and_nothing_else(self):
        for asked, words in (
            ({"interest": "contractual", "flat_cost": 1200}, "Interest and costs are claimed"),
            ({"interest": "contractual", "flat_cost": 0}, "Interest is claimed"),
            ({"interest": "none", "flat_cost": 1200}, "Costs are claimed"),
        ):
            with self.subTest(words):
                self.charge(**asked)
                partner = self.new_customer(words, "who@example.com")
                self.invoice(partner, due=40)
                letter = self.issued_to(partner)._letter()
                note = self.env["upominky.reminder"]._principal_text(letter.claim)
                self.assertIn(f"principal. {words} beside them.", note)
