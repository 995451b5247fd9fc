"""SPEC rule 36: the head and foot of the company's document layout around a letter, where asked."""

from base64 import b64encode
from io import BytesIO
from unittest import TestCase

from PIL import Image

from ...models.letters.layout_style import rules_of, styles_for
from ..pages import pages, places
from .test_letter_pages import PaperCommon

#: Odoo's own layouts.
LAYOUTS = ("standard", "striped", "boxed", "bold", "folder", "wave", "bubble")
WINDOW_TOP = 45
#: Millimetres: where the margin with the foot begins, and in it the number of the page.
FOOT_TOP, PAGES_LEFT = 269, 148
#: Parts of a layout, and how many lines they have.
PARTS = {"Head": 7, "Foot": 4}


def logo():
    """Return a picture as wide as the head has room for."""
    data = BytesIO()
    Image.new("RGB", (600, 240), "#224488").save(data, "PNG")
    return b64encode(data.getvalue())


class TestLetterLayout(PaperCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "upominky_letter_layout": True,
                "company_details": "<p>Dopravce s.r.o.<br/>DIČ CZ12345678</p>",
                "report_header": "<p>Vozíme od roku 1993</p>",
                "report_footer": "<p>Spisová značka C 1234, Městský soud v Praze</p>",
            }
        )

    def look(self, name):
        layout = self.env.ref(f"web.external_layout_{name}", raise_if_not_found=False)
        self.company.external_report_layout_id = layout

    def test_rule_36_off_by_default_a_letter_has_its_own_head(self):
        self.company.upominky_letter_layout = False
        (page,) = pages(self.printed(self.reminder()))
        self.assertNotIn("Spisová značka", page)
        self.assertFalse(self.env["res.company"].create({"name": "New"}).upominky_letter_layout)

    def test_rule_36_with_each_of_odoos_layouts_the_letter_is_whole(self):
        reminder = self.reminder(in_eur=1, count=2)
        for name in LAYOUTS:
            with self.subTest(name):
                self.look(name)
                data = self.printed(reminder)
                (page,) = pages(data)
                for text in ("Vozíme od roku 1993", "DIČ CZ12345678", "Spisová značka C 1234"):
                    self.assertIn(text, page)
                self.assertIn("Odběratel s.r.o. Krátká 2", page)
                self.assertIn("Page 1 of 1", page)
                for text, _x, y in places(data):
                    if text in ("DIČ CZ12345678", "Vozíme od roku 1993"):
                        self.assertTrue(y < WINDOW_TOP or y > 260, (text, y))

    def test_rule_36_in_no_layout_head_window_table_foot_and_page_number_meet(self):
        lines = {name: [f"{name} {n}" for n in range(count)] for name, count in PARTS.items()}
        texts = {name: f"<p>{'<br/>'.join(mine)}</p>" for name, mine in lines.items()}
        self.company.write({"company_details": texts["Head"], "report_footer": texts["Foot"]})
        self.company.logo = logo()
        one = self.reminder()
        one.sudo().name = "UPO/2026/00000"
        for reminder in (one, self.reminder(60, number="FB/2026/{:05}")):
            for name in LAYOUTS:
                self.look(name)
                data = self.printed(reminder)
                with self.subTest(name, invoices=len(reminder.line_ids)):
                    for number, page in enumerate(pages(data)):
                        self.check_places(places(data, number), lines, number)
                        self.assertEqual([t for t in lines["Foot"] if t not in page], [])

    def check_places(self, found, lines, number):
        """Check that each text of a page is in its part of it: head, body or foot."""
        for text, x, y in found:
            if text in lines["Head"]:
                self.assertEqual((number, y < WINDOW_TOP), (0, True), (text, y))
            elif text in lines["Foot"]:
                self.assertTrue(y > FOOT_TOP and x < PAGES_LEFT, (text, x, y))
            elif text.startswith("Page"):
                self.assertTrue(y > FOOT_TOP and x > PAGES_LEFT, (text, x, y))
            elif text != "Vozíme od roku 1993":
                self.assertLess(y, FOOT_TOP, text)

    def test_rule_36_with_sixty_invoices_the_foot_is_on_each_page(self):
        self.look("standard")
        data = self.printed(self.reminder(60))
        found = pages(data)
        self.assertGreater(len(found), 2)
        for page in found:
            self.assertIn("Spisová značka C 1234", page)

    def test_rule_36_a_layout_without_a_foot_leaves_the_letters_own(self):
        self.look("standard")
        self.company.report_footer = False
        (page,) = pages(self.printed(self.reminder()))
        self.assertIn("ucetni@dopravce.example", page)

    def test_rule_36_texts_of_the_layout_stay_texts(self):
        self.look("boxed")
        self.company.report_footer = "<p>A &lt;b&gt;bold&lt;/b&gt; move</p>"
        (page,) = pages(self.printed(self.reminder()))
        self.assertIn("A <b>bold</b> move", page)


class TestLayoutStyle(TestCase):
    def test_rule_36_styles_of_reports_are_for_the_head_and_foot_alone(self):
        css = """@media print {.a {x: y}} :root, [data-x] {--c: red} body {margin: 9px}
            .a, .b > ul, h1:not(.x, .y) {color: var(--c)} ul li {margin: 0} table {border: 0}"""
        rules_of.cache_clear()
        found = styles_for(css, frozenset({"a"}), frozenset({"div", "ul", "li"}))
        self.assertEqual(
            found.splitlines(),
            [
                ".o_upominky_layout, .o_upominky_layout [data-x] {--c: red}",
                ".o_upominky_layout .a {color: var(--c)}",
                ".o_upominky_layout ul li {margin: 0}",
            ],
        )
