"""SPEC rule 34: a text that names a time to pay itself is known, in five languages."""

from unittest import TestCase

from ...core.time_to_pay import time_to_pay


class TestTimeToPay(TestCase):
    def test_rule_34_a_time_to_pay_is_known_in_each_language(self):
        for text, words in (
            ("Please pay them within seven days, or tell us.", "within seven days"),
            ("pay within the next 10 days", "within the next 10 days"),
            ("Within 14 days of receiving this letter", "Within 14 days"),
            ("Uhraďte je prosím do sedmi dnů od této zprávy.", "do sedmi dnů"),
            ("uhradili do 14 dní", "do 14 dní"),
            ("Uhraďte ich, prosím, do siedmich dní alebo", "do siedmich dní"),
            ("innerhalb von sieben Tagen nach dieser Nachricht", "innerhalb von sieben Tagen"),
            ("innerhalb der nächsten sieben Tage", "innerhalb der nächsten sieben Tage"),
            ("binnen 10 Tagen", "binnen 10 Tagen"),
            ("Prosimy o zapłatę w ciągu siedmiu dni lub", "ciągu siedmiu dni"),
            ("w terminie 14 dni od", "terminie 14 dni"),
            ("|invoices} within seven days.", "within seven days"),
        ):
            with self.subTest(text):
                self.assertEqual(time_to_pay(text), words)

    def test_rule_34_other_words_are_none(self):
        for text in (
            "",
            "within",
            "within days",
            "What we do these days",
            "A payment that you have sent in the last days may not be with us yet",
            "From the day after the due date, interest accrues",
            "Interest within the law. Some days later",
            "do konce měsíce",
            "w terminie płatności do dnia zapłaty",
            "in den letzten Tagen",
        ):
            with self.subTest(text):
                self.assertEqual(time_to_pay(text), "")
