"""SPEC rule 10: where the money of a letter goes, and what was paid or credited already."""

from lxml import etree

from odoo import Command

from ..common import TODAY, smtp_inbox
from ..entries import BooksCase

JINJA = """{% for block in currencies %}
{{ block.code }} {{ block.account }} {{ block.total }}
{% for line in block.lines %}{{ line.number }} {{ line.total }} {{ line.paid_text }} \
{{ line.credited }} {{ line.left }}
{% endfor %}{% for credit in block.credits %}- {{ credit.name }} {{ credit.amount }}
{% endfor %}{% endfor %}"""


class TestLetterAccounts(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.company.partner_id
        cls.own.bank_ids.unlink()
        cls.company_data["default_journal_bank"].bank_account_id = False
        cls.first, cls.second, cls.euro = (
            cls.account(number, allow_out_payment=trusted, currency_id=currency)
            for number, trusted, currency in (
                ("1111111111/0100", False, False),
                ("2222222222/0800", True, False),
                ("EUR-3333333333", True, cls.eur.id),
            )
        )

    @classmethod
    def account(cls, number, partner=None, **values):
        partner = partner or cls.own
        return cls.env["res.partner.bank"].create(
            {"acc_number": number, "partner_id": partner.id, **values}
        )

    def letter(self, issued=None):
        """Issue and mail a reminder; return it with the HTML and the text that arrived."""
        reminder = issued or self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual(reminder.state, "sent", reminder.error)
        return reminder, inbox.html(), inbox.text()

    def blocks(self, reminder):
        """Return what the blocks of a letter say: account, total, invoices, credits."""
        return [
            (
                block["bank"].acc_number,
                block["total"],
                block["lines"].move_id,
                block["credits"].mapped("amount"),
            )
            for block in reminder._currency_blocks()
        ]

    # ------------------------------------------------------------- the account

    def test_rule_10_the_account_is_the_invoices_own(self):
        level = self.rule.level_ids[0]
        for jinja in (False, True):
            with self.subTest(jinja=jinja):
                level.sudo().text_template = JINJA if jinja else False
                customer = self.new_customer("Own", "own@own.example")
                self.invoice(customer, 1000, due=10, partner_bank_id=self.first.id)
                _reminder, html, text = self.letter()
                for body in (html, text):
                    self.assertIn(self.first.acc_number, body)
                    self.assertNotIn(self.second.acc_number, body)

    def test_rule_10_a_block_for_each_account(self):
        one = self.invoice(amount=1000, due=10, partner_bank_id=self.first.id)
        two = self.invoice(amount=2000, due=9, partner_bank_id=self.second.id)
        three = self.invoice(amount=4000, due=8, partner_bank_id=self.first.id)
        abroad = self.invoice(amount=50, due=8, currency=self.eur, partner_bank_id=self.euro.id)
        self.rule.level_ids[0].sudo().text_template = JINJA
        reminder, html, text = self.letter()
        self.assertEqual(
            self.blocks(reminder),
            [
                (self.first.acc_number, 5000, one + three, []),
                (self.second.acc_number, 2000, two, []),
                (self.euro.acc_number, 50, abroad, []),
            ],
        )
        self.assertEqual(reminder.currency_totals, {"CZK": 7000, "EUR": 50})
        self.assertEqual(html.count("Pay to account"), 3)
        self.assertIn(f"CZK {self.first.acc_number} 5000.00", text)
        self.assertIn(f"CZK {self.second.acc_number} 2000.00", text)
        plain = reminder._table_as_text()
        for number in (self.first.acc_number, self.second.acc_number, self.euro.acc_number):
            self.assertEqual(plain.count(f"Pay to account: {number}"), 1)
        # Two totals of one currency: neither is called all that is to be paid in it.
        code = self.company.currency_id.name
        for body in (plain, html):
            self.assertEqual(body.count("For these invoices in"), 1)
            self.assertEqual(body.count("For this invoice in"), 1)
            self.assertEqual(body.count("Total to pay in"), 1)
        self.assertNotIn(f"Total to pay in {code}", plain)

    def test_rule_13_credits_stand_in_the_block_of_what_they_reduce(self):
        one = self.invoice(amount=1000, due=10, partner_bank_id=self.first.id)
        two = self.invoice(amount=2000, due=9, partner_bank_id=self.second.id)
        note = two._reverse_moves([{"date": TODAY, "invoice_date": TODAY}])
        note.invoice_line_ids.price_unit = 300
        note.action_post()
        note.line_ids.remove_move_reconcile()
        self.payment(1200)
        reminder = self.generate()
        expected = [
            (self.first.acc_number, 0, one, [1000]),
            (self.second.acc_number, 1500, two, [300, 200]),
        ]
        self.assertEqual(self.blocks(reminder), expected)
        self.assertEqual(reminder.currency_totals, {"CZK": 1500})
        _reminder, html, text = self.letter(reminder)
        self.assertNotIn(self.first.acc_number, text)  # nothing is left to pay there
        for body in (html, reminder._table_as_text()):
            self.assertEqual(body.count("Covered by credits: nothing is left to pay"), 1)
            self.assertEqual(body.count("For this invoice in"), 1)
            self.assertNotRegex(body, r"(?<![\d,.])0\.00")
        self.assertEqual(self.blocks(reminder), expected)

    def test_rule_10_only_what_has_none_uses_the_companys_as_odoo_chooses_it(self):
        for currency, account in ((self.czk, self.second), (self.eur, self.euro)):
            with self.subTest(currency=currency.name):
                customer = self.new_customer(currency.name, "c@c.example")
                if currency == self.eur:
                    (self.first + self.second).currency_id = self.czk
                move = self.invoice(customer, 100, due=10, currency=currency)
                self.assertEqual(move.partner_bank_id, account)  # Odoo's own choice
                move.partner_bank_id = False
                self.assertEqual(
                    self.blocks(self.generate()), [(account.acc_number, 100, move, [])]
                )

    def test_rule_10_a_closed_account_is_none(self):
        move = self.invoice(amount=100, due=10, partner_bank_id=self.first.id)
        self.first.active = False
        self.assertEqual(self.blocks(self.generate()), [(self.second.acc_number, 100, move, [])])

    def test_rule_10_own_and_chosen_account_share_a_block_if_they_are_the_same(self):
        one = self.invoice(amount=100, due=10, partner_bank_id=self.second.id)
        two = self.invoice(amount=200, due=10)
        two.partner_bank_id = False
        self.payment(50)
        reminder = self.generate()
        self.assertEqual(self.blocks(reminder), [(self.second.acc_number, 250, one + two, [50])])

    def test_rule_10_an_opening_entry_is_paid_to_us_not_to_its_customer(self):
        theirs = self.account("9999999999/0300", self.customer)
        opening = self.entry(500, no_followup=False, date_maturity="2026-04-01", name="FV 2025/77")
        reminder, html, text = self.letter()
        self.assertEqual(self.blocks(reminder), [(self.second.acc_number, 500, opening, [])])
        self.assertNotIn(theirs.acc_number, html + text)
        for body in (html, text):  # the customer knows it by the number that it had
            self.assertIn("FV 2025/77", body)

    def test_rule_17_the_account_follows_the_invoice_until_it_is_mailed(self):
        move = self.invoice(amount=100, due=10, partner_bank_id=self.first.id)
        reminder = self.generate()
        self.payment(30)
        move.partner_bank_id = self.second
        self.letter(reminder)
        as_sent = [(self.second.acc_number, 70, move, [30])]
        self.assertEqual(self.blocks(reminder), as_sent)
        move.partner_bank_id = self.first
        reminder.invalidate_recordset()
        self.assertEqual(self.blocks(reminder), as_sent)

    def test_rule_10_what_was_issued_before_accounts_were_kept(self):
        """Rows of the version before have no account: one block, with what was totalled then."""
        move = self.invoice(amount=100, due=10, partner_bank_id=self.first.id)
        self.payment(30)
        reminder = self.generate()
        reminder.line_ids.sudo().partner_bank_id = False
        reminder.credit_ids.sudo().partner_bank_id = False
        self.assertEqual(self.blocks(reminder), [(self.second.acc_number, 70, move, [30])])
        self.letter(reminder)
        self.assertEqual(self.blocks(reminder), [(self.first.acc_number, 70, move, [30])])

    def test_rule_24_a_summary_has_its_accounts_too(self):
        self.invoice(amount=1000, due=10, partner_bank_id=self.first.id)
        self.invoice(amount=2000, due=9, partner_bank_id=self.second.id)
        self.letter()
        with self.on(TODAY):
            summary = self.resent(self.customer)
        self.assertEqual(
            [block[:2] for block in self.blocks(summary)],
            [(self.first.acc_number, 1000), (self.second.acc_number, 2000)],
        )

    # ------------------------------------------------------ paid and credited

    def credit(self, move, amount):
        """Match a credit note with an invoice."""
        note = move._reverse_moves([{"date": TODAY, "invoice_date": TODAY}])
        note.invoice_line_ids.write({"price_unit": amount, "quantity": 1})
        note.action_post()
        (move + note).line_ids.filtered(lambda i: i.account_id == self.receivable).reconcile()

    def test_rule_10_paid_and_credited_are_told_apart(self):
        cases = (
            ("a credit note", 400, 0, "600.00"),
            ("a payment", 0, 100, "900.00"),
            ("both", 400, 100, "500.00"),
            ("neither", 0, 0, "1,000.00"),
        )
        for name, credited, paid, left in cases:
            for jinja in (False, True):
                with self.subTest(name, jinja=jinja):
                    self.rule.level_ids[0].sudo().text_template = JINJA if jinja else False
                    move = self.invoice(self.new_customer(name, "p@p.example"), 1000, due=10)
                    if credited:
                        self.credit(move, credited)
                    if paid:
                        self.pay(move, paid)
                    _reminder, html, text = self.letter()
                    if jinja:
                        self.assertRegex(text, rf"1000\.00 .*{paid}\.00.* {credited}\.00 ")
                    for body in (html,) if jinja else (html, text):
                        self.assertIn(left, body)
                        self.assertEqual("paid:" in body.lower(), bool(paid))
                        self.assertEqual("credited:" in body.lower(), bool(credited))

    def test_rule_17_what_was_credited_since_is_told_until_it_is_mailed(self):
        move = self.invoice(amount=1000, due=10)
        reminder = self.generate()
        self.credit(move, 400)
        _reminder, html, _text = self.letter(reminder)
        self.assertIn("Credited:", html)
        self.assertNotIn("Paid:", html)
        self.credit(move, 100)
        reminder.invalidate_recordset()
        self.assertEqual(reminder.line_ids._amounts(), (1000, 0, 400))

    def test_rule_10_currencies_without_and_with_three_decimals(self):
        for code, amount, part, left in (("JPY", 1000, 400, "600"), ("KWD", 1.005, 0.4, "0.605")):
            with self.subTest(code):
                currency = self.setup_other_currency(code, rates=[("2020-01-01", 0.1)])
                currency.rounding = 1 if code == "JPY" else 0.001
                customer = self.new_customer(code, "j@j.example")
                tax_free = Command.create({"name": "W", "price_unit": amount, "tax_ids": False})
                self.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 3
                move = self.invoice(
                    customer, due=10, currency=currency, invoice_line_ids=[tax_free]
                )
                self.payment(part, customer, currency)
                self.payment(amount, customer, currency)
                self.payment(-amount, customer, currency)
                reminder = self.generate()
                self.assertEqual(self.blocks(reminder)[0][2], move)
                total = reminder.currency_totals[code]
                self.assertEqual(f"{total:.{currency.decimal_places}f}", left)
                _reminder, html, text = self.letter(reminder)
                for body in (html, text):
                    self.assertIn(left, body)

    def test_rule_20_on_a_phone_a_long_number_wraps_and_widens_no_table(self):
        self.invoice(amount=1000, due=10).payment_reference = "1" * 60
        html = etree.HTML(self.generate().invoice_table)
        cells = html.xpath("//tbody/tr[1]/td")
        self.assertEqual(len(cells), 4)
        for cell in cells:
            self.assertIn("overflow-wrap: anywhere", cell.get("style"))
        self.assertNotIn("nowrap", cells[0].get("style"))
