"""What a payment is to carry: a variable symbol is digits only, at most ten."""

from unittest import TestCase

from ...core.payment_reference import PaymentReference, payment_reference

NUMBER = "FA 2026/0177"


class TestPaymentReference(TestCase):
    def test_digits_are_a_variable_symbol_all_else_is_a_message(self):
        for reference, symbol, message in (
            ("20260177", "20260177", ""),
            (" 20260177 ", "20260177", ""),
            ("0000000007", "0000000007", ""),
            ("1", "1", ""),
            ("12345678901", "", "12345678901"),  # eleven digits
            ("2026 0177", "", "2026 0177"),
            ("FA2026/0178", "", "FA2026/0178"),
            ("RF18539007547034", "", "RF18539007547034"),
            ("+++123/4567/89012+++", "", "+++123/4567/89012+++"),
            ("٢٠٢٦", "", "٢٠٢٦"),
            ("²", "", "²"),
            ("-5", "", "-5"),
            ("", "", ""),
            ("  ", "", ""),
            (None, "", ""),
            (False, "", ""),
        ):
            with self.subTest(reference=reference):
                found = payment_reference(reference, NUMBER)
                self.assertEqual(found, PaymentReference(symbol, message))

    def test_a_message_does_not_repeat_the_number_of_the_debt(self):
        for reference, numbers, message in (
            (NUMBER, (NUMBER,), ""),
            (f" {NUMBER} ", (NUMBER,), ""),
            (NUMBER, ("OS/1", f"{NUMBER} · OS/1"), NUMBER),
            ("OS/1", ("OS/1", f"{NUMBER} · OS/1"), ""),
            (NUMBER, (None, False, ""), NUMBER),
            (NUMBER, (), NUMBER),
        ):
            with self.subTest(reference=reference, numbers=numbers):
                self.assertEqual(payment_reference(reference, *numbers).message, message)

    def test_a_symbol_is_said_also_where_it_is_the_number(self):
        """Banks ask for it in a field of its own, and the payer has to know that it goes there."""
        self.assertEqual(payment_reference("20260177", "20260177").symbol, "20260177")
