"""SPEC rule 37: codes on Odoo's own invoices, by its QR hook; and what readiness says of codes."""

import base64
from importlib.util import find_spec
from unittest.mock import patch

from odoo.addons.account.models.res_partner_bank import ResPartnerBank as OdoosBank

from ...hooks import _forget_qr_methods
from ..common import TODAY
from .test_letter_codes import CodesCase, read_picture

SPAYD, SQUARE = "upominky_spayd", "upominky_pay_by_square"


class TestCodesOfInvoices(CodesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qr_code = True

    def drawn(self, move):
        """Return what a reader finds in the code of an invoice, None where it has none."""
        uri = move._generate_qr_code(silent_errors=True)
        if not uri:
            return None
        data = base64.b64decode(uri.partition(",")[2])
        return read_picture(data) if find_spec("zxingcpp") else move.qr_code_method

    def test_rule_37_an_invoice_in_crowns_has_qr_platba(self):
        move = self.owed("20260114", 1234.5)
        self.pay(move, 34.5)
        found = self.drawn(move)
        self.assertEqual(move.qr_code_method, SPAYD)
        if find_spec("zxingcpp"):
            self.assertEqual(found[1], "M")
            self.assertRegex(found[0], r"^SPD\*1\.0\*ACC:CZ5508.*\*AM:1200\.00\*CC:CZK\*")
            self.assertIn("*X-VS:20260114", found[0])

    def test_rule_37_invoices_stay_as_they_were_until_a_level_has_codes(self):
        self.level.payment_code = False
        move = self.owed("20260114")
        self.assertIsNone(self.drawn(move))
        self.assertFalse(move.qr_code_method)
        move.qr_code_method = SPAYD  # whoever chooses one, has it
        self.assertTrue(self.drawn(move))

    def test_rule_37_it_is_chosen_on_an_invoice(self):
        for method, bank, wanted in (
            (SPAYD, self.czech, "SPD*1.0"),
            (SQUARE, self.slovak, "08"),
        ):
            move = self.owed("20260114", 100, bank, currency=self.eur)
            move.qr_code_method = method
            found = self.drawn(move)
            self.assertTrue(found)
            if find_spec("zxingcpp"):
                self.assertTrue(found[0].startswith(wanted), found)
        for method, bank in ((SPAYD, self.slovak), (SQUARE, self.czech), (SQUARE, self.german)):
            move = self.owed("20260114", 100, bank, currency=self.eur)
            move.qr_code_method = method
            said = bank._get_error_messages_for_qr(method, self.customer, self.eur)
            self.assertIn("choose another code", said)
            move._generate_qr_code()
            self.assertNotEqual(move.qr_code_method, method)

    def test_rule_37_what_a_code_cannot_say_is_said_in_words(self):
        ask = self.czech._check_for_qr_code_errors
        for amount, reference, wanted in (
            (100, "FA 2026/7", "no variable symbol"),
            (0, "1", "Nothing is left"),
            (10_000_000, "1", "typed in"),
            (9_999_999.99, "1", None),
        ):
            said = ask(SPAYD, amount, self.czk, self.customer, reference, reference)
            self.assertEqual(bool(said), bool(wanted), said)
            self.assertIn(wanted or "", said or "")
        domestic = self.czech.copy({"acc_number": "1234567899/0800"})
        said = domestic._get_error_messages_for_qr(SPAYD, self.customer, self.czk)
        self.assertIn("“1234567899/0800” is no IBAN", said)
        move = self.owed("FA 2026/7")
        self.assertIsNone(self.drawn(move))

    def test_rule_37_an_invoice_without_a_code_is_printed_all_the_same(self):
        """As for a PDF, where Odoo makes an error of what a code cannot say."""
        lettered, paid, large = self.owed("FA 7"), self.owed("2"), self.owed("3", 10_000_000)
        self.pay(paid)
        for move in lettered, paid, large:
            self.assertFalse(move._generate_qr_code(silent_errors=False))
            move.qr_code_method = SPAYD
            self.assertFalse(move._generate_qr_code(silent_errors=False))

    def test_rule_37_an_invoice_that_has_a_code_keeps_it(self):
        """Odoo's own methods come first, and ours are no more where it has the same."""
        bank = type(self.czech)
        methods = [("czk_qr", "CZK QR", 50), ("sk_qr", "PAY by square", 15)]
        move = self.owed("20260114")
        self.drawn(move)
        self.assertEqual(move.qr_code_method, SPAYD)

        def theirs(_this):
            return list(methods)

        with (
            patch.object(OdoosBank, "_get_available_qr_methods", theirs),
            patch.object(bank, "_get_qr_vals", lambda _this, method, *_asked: method, create=True),
        ):
            offered = dict(self.czech.get_available_qr_methods_in_sequence())
            self.assertFalse({SPAYD, SQUARE} & offered.keys())
            asked = (100, "1", "1", self.czk, self.customer, SPAYD)
            self.assertEqual(self.czech._build_qr_code_vals(*asked)["qr_method"], "sk_qr")
        sequences = {code: place for code, _l, place in self.czech._get_available_qr_methods()}
        others = [place for code, place in sequences.items() if code not in (SPAYD, SQUARE)]
        self.assertGreater(sequences[SPAYD], max([50, *others]))

    def test_rule_37_without_the_add_on_invoices_are_printed_as_before(self):
        move = self.owed("20260114")
        other = self.owed("20260115")
        self.drawn(move)
        _forget_qr_methods(self.env)
        self.assertFalse(move.qr_code_method)
        self.assertFalse(other.qr_code_method)


class TestReadinessOfCodes(CodesCase):
    def check(self):
        """Return what the readiness page says of codes: its state and text, None if nothing."""
        with self.on(TODAY):
            action = self.env["upominky.readiness"].action_open()
        lines = self.env["upominky.readiness"].browse(action["res_id"]).line_ids
        line = lines.filtered(lambda line: line.code == "codes")
        return line and (line.state, line.text)

    def test_rule_37_nothing_is_said_where_no_level_has_codes(self):
        self.level.payment_code = False
        self.assertFalse(self.check())

    def test_rule_37_all_is_well(self):
        self.owed("1")
        self.owed("2", 100, self.slovak, currency=self.eur)
        self.assertEqual(self.check(), ("done", "Levels with payment codes: 1."))

    def test_rule_37_it_names_the_account_or_the_number_of_invoices(self):
        domestic = self.czech.copy({"acc_number": "1234567899/0800"})
        self.owed("FA 1")
        self.owed(False)
        self.owed("3")
        self.owed("RE 1", 5, self.german, currency=self.eur)
        self.owed("4", bank=domestic)
        self.owed("5", bank=self.german)
        self.owed("6", 10_000_000)
        self.level.mail_template_id.body_html = "<p>Pay.</p>"
        state, text = self.check()
        self.assertEqual(state, "note")
        for said in (
            "“1234567899/0800” is no IBAN",
            f"no code for payments in CZK to “{self.german.acc_number}”",
            f"larger than a code for “{self.czech.acc_number}”",
            "has no table of invoices",
        ):
            self.assertIn(said, text)

    def test_rule_37_invoices_without_a_symbol_are_counted(self):
        for reference in ("FA 1", False, "12345678901", "1"):
            move = self.owed("1")
            move.payment_reference = reference
        self.owed("RE 1", 5, self.german, currency=self.eur)
        state, text = self.check()
        self.assertEqual(state, "note")
        self.assertIn("have no code of their own: 3.", text)

    def test_rule_37_opening_entries_have_no_symbol_and_are_counted_apart(self):
        self.owed("FA 1")
        for amount in (500, 700):
            self.opening(amount)
        state, text = self.check()
        self.assertEqual(state, "note")
        self.assertIn("have no code of their own: 1.", text)
        self.assertIn("opening entries, which have no variable symbol and so no code", text)
        self.assertIn("own: 2.", text)

    def test_rule_37_an_opening_entry_in_a_currency_without_an_account_is_told(self):
        self.own.bank_ids.active = False
        self.opening(500)
        self.assertIn("enter a bank account of the company", self.check()[1])

    def opening(self, amount):
        """Post an opening entry that is followed up."""
        return self.entry(amount, no_followup=False, date_maturity=TODAY)

    def test_rule_37_a_company_without_an_account(self):
        self.owed("1").partner_bank_id = False
        self.own.bank_ids.active = False
        self.assertIn("enter a bank account of the company", self.check()[1])
