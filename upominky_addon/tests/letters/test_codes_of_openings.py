"""SPEC rules 1 and 37: opening entries are paid under the symbol that their customer knows."""

from ..common import TODAY
from .test_letter_codes import CodesCase


class TestCodesOfOpenings(CodesCase):
    def opening(self, name, amount=500):
        """Post an opening entry that is followed up, with an item of a name."""
        due = "2026-04-01"
        return self.entry(amount, no_followup=False, date_maturity=due, name=name)

    def test_rule_37_an_opening_item_is_paid_under_its_name_where_that_is_a_symbol(self):
        for name, symbol in (
            ("2026001", "2026001"),
            (" 0000000007 ", "0000000007"),
            ("FV 2025/77", None),
            ("12345678901", None),  # eleven digits
            ("", None),
        ):
            customer = self.new_customer(name or "-", "c@c.example")
            self.entry(500, customer, no_followup=False, date_maturity="2026-04-01", name=name)
            reminder = self.generate().filtered(lambda r, c=customer: r.partner_id == c)
            with self.subTest(name=name):
                found = [code.values["variable_symbol"] for code in self.codes(reminder)]
                self.assertEqual(found, [symbol] if symbol else [])

    def test_rule_37_the_symbol_of_an_opening_item_stands_in_the_letter(self):
        self.opening("2026001")
        reminder = self.generate()
        self.assertEqual(reminder.line_ids._payment_reference().symbol, "2026001")
        self.assertIn("Variable symbol", str(reminder.invoice_table))

    def test_rule_37_an_opening_item_and_an_invoice_have_a_code_each(self):
        self.opening("2026001", 500)
        self.owed("2026002", 700)
        found = {
            code.values["variable_symbol"]: (str(code.values["amount"]), "X-VS" in code.payload)
            for code in self.codes(self.generate())
        }
        wanted = {"2026001": ("500.00", True), "2026002": ("700.00", True)}
        self.assertEqual(found, wanted)

    def test_rule_37_readiness_counts_those_without_a_symbol_alone(self):
        self.opening("2026001")
        self.opening("FV 2025/77")
        self.env.flush_all()
        with self.on(TODAY):
            action = self.env["upominky.readiness"].action_open()
        lines = self.env["upominky.readiness"].browse(action["res_id"]).line_ids
        line = lines.filtered(lambda line: line.code == "codes")
        self.assertIn("and so no code of their own: 1.", line.text)
