"""SPEC rules 37 and 38: costs in a currency of no invoice say where, and by what, they are paid."""

import re

from ..common import TODAY
from ..interest_case import InterestCase
from ..pages import pages
from .test_claims_shown import LANGUAGES, plain

CZK, EUR = "CZ55 0800 0000 0012 3456 7899", "CZ65 0800 0000 1920 0014 5399"
COST = 1200


class OwnPaymentCase(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls.company.partner_id
        own.bank_ids.unlink()
        cls.company_data["default_journal_bank"].bank_account_id = False
        common = {"partner_id": own.id, "allow_out_payment": True}
        cls.in_eur = cls.env["res.partner.bank"].create(
            {**common, "acc_number": EUR, "currency_id": cls.eur.id}
        )
        cls.in_czk = cls.env["res.partner.bank"].create({**common, "acc_number": CZK})
        cls.charge(interest="none", flat_cost=COST, payment_code=True)

    def owed(self, reference="26001", **values):
        return self.invoice(
            amount=100, due=40, currency=self.eur, payment_reference=reference,
            partner_bank_id=self.in_eur.id, **values,
        )  # fmt: skip

    def parts(self, reminder):
        """Return what is read of a reminder: HTML, plain text, and the letter on paper."""
        inbox = self.mailed()
        self.assertEqual(reminder.state, "sent", reminder.error)
        page = re.sub("<[^>]+>", " ", reminder.sudo()._letter_page(TODAY))
        html = re.sub("<[^>]+>", " ", inbox.html())
        return {"html": plain(html), "text": plain(inbox.text()), "page": plain(page)}


class TestOwnPayments(OwnPaymentCase):
    def test_rule_38_the_account_of_the_currency_stands_with_the_costs(self):
        self.owed()
        reminder = self.generate()
        (payment,) = reminder._letter().claim.payments
        self.assertEqual((payment.currency, payment.amount, payment.account), ("CZK", COST, CZK))
        self.assertEqual((payment.symbol, payment.message), ("26001", ""))
        for where, said in self.parts(reminder).items():
            with self.subTest(where):
                self.assertRegex(said, rf"Pay \S*1,200\.00\S*( Kč)? to account: {CZK}")
                self.assertIn("variable symbol 26001", said)
                self.assertIn(EUR, said)

    def test_rule_37_a_code_pays_the_costs_in_all_that_is_sent(self):
        self.owed()
        reminder = self.generate()
        euro, costs = reminder._letter().codes
        self.assertIn("AM:1200.00*CC:CZK", costs.payload)
        self.assertIn("X-VS:26001", costs.payload)
        inbox = self.mailed()
        images = [p for p in inbox.messages[-1].walk() if p.get_content_type() == "image/png"]
        self.assertEqual(len(images), 2)
        self.assertEqual(inbox.html().count("cid:"), 2)
        self.assertIn(euro.payload[:4], costs.payload)
        page = reminder.sudo()._letter_page(TODAY)
        self.assertEqual(page.count("data:image/png"), 2)
        self.assertTrue(pages(reminder.sudo()._letter_pdf(page)))

    def test_rule_38_of_several_invoices_the_number_of_the_reminder_is_the_message(self):
        self.owed()
        self.owed("26002")
        reminder = self.generate()
        (payment,) = reminder._letter().claim.payments
        self.assertEqual((payment.amount, payment.symbol), (2 * COST, ""))
        self.assertEqual(payment.message, reminder.name)
        for where, said in self.parts(reminder).items():
            with self.subTest(where):
                self.assertIn(f"message for the recipient: {reminder.name}", said)

    def test_rule_38_without_an_account_in_the_currency_it_says_whom_to_ask(self):
        self.owed()
        self.in_czk.unlink()
        reminder = self.generate()
        (payment,) = reminder._letter().claim.payments
        self.assertEqual((payment.account, payment.codes), ("", ()))
        for where, said in self.parts(reminder).items():
            with self.subTest(where):
                self.assertRegex(said, r"ask us to which account to pay \S*1,200\.00")
                self.assertIn("ucetni@dopravce.example", said)

    def test_rule_38_where_an_invoice_is_in_the_currency_its_account_is_enough(self):
        self.owed()
        self.invoice(amount=500, due=40, partner_bank_id=self.in_czk.id)
        reminder = self.generate()
        self.assertEqual(reminder._letter().claim.payments, ())
        self.assertIn(CZK, self.parts(reminder)["text"])

    def test_rule_38_a_template_of_ones_own_that_names_no_account_has_it_below(self):
        self.level.text_template = "{% for claim in claims %}{{ claim.total_text }}{% endfor %}"
        self.owed()
        self.assertIn(CZK, self.parts(self.generate())["text"])
        named = (
            "{% for claim in claims %}{{ claim.account }} {{ claim.variable_symbol }};{% endfor %}"
        )
        self.level.text_template = named
        other = self.new_customer("Jiná", "jina@jina.example")
        self.invoice(other, amount=100, due=40, currency=self.eur, payment_reference="26009")
        text = self.parts(self.issued_to(other))["text"]
        self.assertEqual(text.count(CZK), 1)
        self.assertIn(f"{CZK} 26009", text)

    def test_rule_40_a_final_notice_without_the_account_is_not_complete(self):
        self.owed()
        reminder = self.generate()
        self.assertEqual(reminder.sudo()._gaps_of_accounts(), [])
        self.in_czk.unlink()
        self.env.invalidate_all()
        ((words, _where),) = reminder.sudo()._gaps_of_accounts()
        self.assertIn("CZK", words)

    def test_rule_38_five_languages(self):
        for lang in LANGUAGES:
            self.env["res.lang"]._activate_lang(lang)
        self.owed()
        reminder = self.generate()
        for lang in LANGUAGES:
            with self.subTest(lang):
                text = reminder.sudo().with_context(upominky_lang=lang)._table_as_text()
                self.assertIn(CZK, text)
