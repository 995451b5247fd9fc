"""Texts for one invoice and for several."""

from unittest import TestCase

from ...core.number_forms import for_number


class TestForNumber(TestCase):
    def test_one_of_two_forms_is_said(self):
        for text, one, several in (
            ("", "", ""),
            ("no forms", "no forms", "no forms"),
            ("{a|b}", "a", "b"),
            ("The {invoice is|invoices are} due", "The invoice is due", "The invoices are due"),
            ("{It|They} and {it|them}", "It and it", "They and them"),
            ("{|only of several}", "", "only of several"),
            ("{only of one|}", "only of one", ""),
            ("{line\none|line\nmany}", "line\none", "line\nmany"),
            ("<p>{<b>a</b>|<i>b</i>}</p>", "<p><b>a</b></p>", "<p><i>b</i></p>"),
        ):
            with self.subTest(text):
                self.assertEqual((for_number(text, True), for_number(text, False)), (one, several))

    def test_everything_else_in_braces_stays(self):
        for text in (
            "{{ object.name }}",
            "{{ object.a|b }}",
            "{{ object.name ||| nobody }}",
            "{a}",
            "{a|b|c}",
            "{a|b",
            "a|b}",
            "{ {{ object.name }} | b }",
            '<t t-out="{1|2}"/>',
            '<p style="{a|b}">x</p>',
            "body { color: red }",
        ):
            with self.subTest(text):
                self.assertEqual(for_number(text, True), text)
                self.assertEqual(for_number(text, False), text)
