"""A letter on paper divides no number of a document between two lines."""

from odoo.tests import BaseCase, tagged

from ...models.letters.paper import LONGEST_UNBROKEN, unbroken


def kept(text):
    return f'<span style="white-space: nowrap">{text}</span>'


@tagged("post_install", "-at_install", "upominky_addon")
class TestUnbroken(BaseCase):
    def test_rule_36_numbers_stay_on_one_line_and_all_text_is_escaped(self):
        long = "x" * (LONGEST_UNBROKEN + 1)
        for text, parts, wanted in (
            ("Invoice FA 1 is late", ["FA 1"], f"Invoice {kept('FA 1')} is late"),
            ("FA 1 and FA 12", ["FA 1", "FA 12"], f"{kept('FA 1')} and {kept('FA 12')}"),
            ("a <b> & c", ["<b>"], f"a {kept('&lt;b&gt;')} &amp; c"),
            ("a.c abc", ["a.c"], f"{kept('a.c')} abc"),
            (f"see {long}", [long], f"see {long}"),
            ("nothing <i>", [False, "", None], "nothing &lt;i&gt;"),
        ):
            with self.subTest(text=text):
                self.assertEqual(unbroken(text, parts), wanted)
