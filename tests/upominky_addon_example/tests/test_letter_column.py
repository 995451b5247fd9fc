"""A column of another add-on, as docs/extending.md says: in HTML, plain text and templates."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.upominky_addon.tests.common import UpominkyCommon, smtp_inbox

TEXT = """{% for block in currencies %}{% for line in block.lines %}
[{{ line.your_order }}]{% endfor %}{% endfor %}"""


@tagged("post_install", "-at_install", "upominky_addon")
class TestLetterColumn(UpominkyCommon):
    def setUp(self):
        super().setUp()
        self.move = self.invoice(amount=1000, due=10)
        self.move.ref = "OBJ <7>"

    def parts(self, lang):
        self.customer.lang = lang
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.send()
        message = inbox.messages[-1]
        return [message.get_body((kind,)).get_content() for kind in ("html", "plain")]

    def test_html_and_plain_text_have_it_in_the_language_of_the_reader(self):
        for lang, label in (("en_US", "Your order"), ("cs_CZ", "Vaše objednávka")):
            with self.subTest(lang=lang):
                self.customer = self.new_customer(lang, f"{lang}@x.example")
                self.move = self.invoice(self.customer, amount=1000, due=10)
                self.move.ref = "OBJ <7>"
                html, plain = self.parts(lang)
                self.assertIn(f"{label}: OBJ &lt;7&gt;", html)
                self.assertIn(f"{label}: OBJ <7>", plain)

    def test_an_invoice_without_it_is_written_as_ever(self):
        self.move.ref = False
        html, plain = self.parts("en_US")
        self.assertNotIn("Your order", html + plain)

    def test_templates_may_write_it(self):
        level = self.rule.level_ids[0]
        level.text_template = TEXT
        _html, plain = self.parts("en_US")
        self.assertIn("[OBJ <7>]", plain)
        with self.assertRaises(ValidationError):
            level.text_template = TEXT.replace("your_order", "their_order")
