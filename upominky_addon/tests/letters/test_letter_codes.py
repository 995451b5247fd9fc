"""SPEC rule 37: the codes of a letter, as they arrive: pictures that are read back, and text."""

import io
import time
from decimal import Decimal
from importlib.util import find_spec
from unittest import skipUnless
from unittest.mock import patch

from PIL import Image

from odoo import Command

from ...core.payment_codes import MOST_CODES
from ...models.letters import code_picture
from ..common import TODAY, smtp_inbox
from ..entries import BooksCase

CZECH, SLOVAK, GERMAN = (
    "CZ55 0800 0000 0012 3456 7899",
    "SK96 1100 0000 0029 1859 9669",
    "DE33 1002 0500 0001 1947 00",
)
JINJA = """{% for block in currencies %}{% for code in block.codes %}
{{ code.title }}|{{ code.number }}|{{ code.account }}|{{ code.amount_text }}|\
{{ code.variable_symbol }}|{{ code.message }}|{{ code.due_date_text }}|{{ code.payload }}
{% endfor %}{% endfor %}Pay."""


def read_picture(data):
    """Return what a reader finds in a picture, and the level of its error correction."""
    import zxingcpp

    found = zxingcpp.read_barcode(Image.open(io.BytesIO(data)))
    return found and (found.text, found.ec_level)


class CodesCase(BooksCase):
    """A company with a Czech, a Slovak and a German account, whose first level has codes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.company.partner_id
        cls.own.bank_ids.unlink()
        cls.own.name = "Žltá doprava s.r.o."
        cls.company_data["default_journal_bank"].bank_account_id = False
        cls.czech, cls.slovak, cls.german = (
            cls.env["res.partner.bank"].create(
                {"acc_number": number, "partner_id": cls.own.id, "allow_out_payment": True}
            )
            for number in (CZECH, SLOVAK, GERMAN)
        )
        cls.level = cls.rule.level_ids[0].sudo()
        cls.level.payment_code = True

    @classmethod
    def owed(cls, symbol, amount=1000, bank=None, **values):
        """Post an overdue invoice that is to be paid under a symbol."""
        return cls.invoice(
            amount=amount,
            due=10,
            payment_reference=symbol,
            partner_bank_id=(bank or cls.czech).id,
            **values,
        )

    def mailed(self):
        """Issue and mail a reminder; return it with the message that arrived."""
        reminder = self.generate()
        with smtp_inbox(self.env) as inbox:
            self.send()
        self.assertEqual(reminder.state, "sent", reminder.error)
        return reminder, inbox

    def codes(self, reminder):
        return [code for block in reminder._letter().blocks for code in block.codes]

    def pictures(self, inbox):
        """Return the pictures of a message by their content ids."""
        return {
            part["Content-ID"].strip("<>"): part.get_content()
            for part in inbox.messages[-1].walk()
            if part.get_content_maintype() == "image"
        }


@skipUnless(find_spec("zxingcpp"), "zxing-cpp reads the pictures back")
class TestCodesAsTheyArrive(CodesCase):
    def test_rule_37_a_picture_beside_its_text_for_each_invoice(self):
        first = self.owed("20260114", 12100)
        self.owed("2026002", 480.5, self.slovak, currency=self.eur)
        self.owed("RE 2026/3", 20, self.german, currency=self.eur)
        reminder, inbox = self.mailed()
        html, text = inbox.html(), inbox.text()
        found = self.pictures(inbox)
        self.assertEqual(len(found), 3)
        read = {cid: read_picture(data) for cid, data in found.items()}
        codes = self.codes(reminder)
        self.assertEqual(set(read.values()), {(c.payload, "M") for c in codes})
        self.assertEqual(
            [str(c.standard) for c in codes], ["QR Platba", "PAY by square", "SEPA QR"]
        )
        self.assertIn("*AM:12100.00*CC:CZK*MSG:" + first.name, codes[0].payload)
        for cid in found:
            self.assertEqual(html.count(f'src="cid:{cid}"'), 1)
        self.assertNotIn("/report/barcode", html)
        for body in (html, text):
            for said in (CZECH, SLOVAK, GERMAN, "20260114", "2026002", "RE 2026/3", "12,100.00"):
                self.assertIn(said, body)
        self.assertRegex(html, r'alt="QR Platba, [^"]*12,100\.00')
        self.assertRegex(text, rf"Payment of {first.name}: Account: CZ55 .*symbol: 20260114")

    def test_rule_37_pictures_lie_beside_the_page_and_not_among_the_files(self):
        self.owed("20260114")
        _reminder, inbox = self.mailed()
        message = inbox.messages[-1]
        self.assertEqual(message.get_content_type(), "multipart/alternative")
        plain, related = message.get_payload()
        self.assertEqual(plain.get_content_type(), "text/plain")
        self.assertEqual(related.get_content_type(), "multipart/related")
        picture = related.get_payload()[1]
        self.assertEqual(picture.get_content_disposition(), "inline")
        self.assertRegex(picture.get_filename(), r"^QR-Platba-.*\.png$")

    def test_rule_37_the_amount_is_what_is_left_when_the_message_is_built(self):
        move = self.owed("20260114", 1000)
        reminder = self.generate()
        self.assertEqual(self.codes(reminder)[0].values["amount"], Decimal("1000.00"))
        self.pay(move, 300)
        with smtp_inbox(self.env) as inbox:
            self.send()
        ((text, _level),) = map(read_picture, self.pictures(inbox).values())
        self.assertIn("*AM:700.00*", text)
        self.assertIn("700.00", inbox.text())

    def test_rule_37_the_history_and_the_previews_show_them_too(self):
        self.owed("20260114")
        reminder = self.generate()
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.on(TODAY):
            shown = reminder.preview_letter()
        self.assertFalse(shown["error"])
        self.assertIn('src="data:image/png;base64,', shown["body_html"])
        self.assertNotIn("cid:", shown["body_html"])
        self.assertFalse(shown["attached"])
        self.assertIn('src="/report/barcode/?barcode_type=QR&amp;', reminder.letter_table)
        with smtp_inbox(self.env):
            self.send()
        kept = reminder.delivery_ids.mail_message_id
        self.assertIn('src="/report/barcode/?barcode_type=QR&amp;value=SPD', kept.body)
        self.assertNotIn("cid:", kept.body)
        self.assertFalse(kept.attachment_ids)

    def test_rule_37_level_preview(self):
        self.owed("20260114")
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.on(TODAY):
            shown = self.level.preview_text(self.customer.id, {})
        self.assertFalse(shown["error"])
        self.assertIn('src="data:image/png;base64,', shown["body_html"])
        self.assertIn("Variable symbol: 20260114", shown["body_text"])

    def test_rule_37_odoos_route_draws_the_same_code(self):
        self.owed("20260114")
        (code,) = self.codes(self.generate())
        drawn = self.env["ir.actions.report"].barcode(
            "QR", code.payload, barLevel="M", width=150, height=150
        )
        self.assertEqual(read_picture(drawn), (code.payload, "M"))


class TestCodesOfBlocks(CodesCase):
    def test_rule_37_off_says_nothing(self):
        self.owed("20260114")
        self.assertFalse(self.env["upominky.level"].new({}).payment_code)
        self.level.payment_code = False
        reminder, inbox = self.mailed()
        self.assertEqual(self.codes(reminder), [])
        self.assertEqual(self.pictures(inbox), {})
        for body in (inbox.html(), inbox.text()):
            self.assertNotIn("QR Platba", body)
            self.assertNotIn("Payment of", body)

    def test_rule_37_up_to_six_have_one_each_more_have_one_for_all(self):
        for count, wanted in ((MOST_CODES, MOST_CODES), (MOST_CODES + 1, 1), (60, 1)):
            customer = self.new_customer(f"{count}", "c@c.example")
            for number in range(count):
                self.owed(f"{number}", 100 + number, partner=customer)
            reminder, inbox = self.mailed()
            codes = self.codes(reminder)
            self.assertEqual((len(codes), len(self.pictures(inbox))), (wanted, wanted))
            total = reminder.currency_totals["CZK"]
            self.assertEqual(sum(code.values["amount"] for code in codes), Decimal(str(total)))
            if wanted == 1:
                self.assertEqual(codes[0].values["message"], reminder.name)
                self.assertIn(f"Payment of all of it: Account: {CZECH}", inbox.text())

    def test_rule_37_credits_are_deducted_as_they_are_shared(self):
        first, second = self.owed("1", 1000), self.owed("2", 500)
        note = second._reverse_moves([{"date": TODAY, "invoice_date": TODAY}])
        note.invoice_line_ids.write({"price_unit": 200, "quantity": 1})
        note.action_post()
        (second + note).line_ids.remove_move_reconcile()
        self.payment(50)
        reminder = self.generate()
        self.assertEqual(
            [(c.number, c.values["amount"]) for c in self.codes(reminder)],
            [(first.name, Decimal("950.00")), (second.name, Decimal("300.00"))],
        )
        self.assertEqual(reminder.currency_totals["CZK"], 1250)
        self.payment(950)
        self.send_to_nobody(reminder)
        self.assertEqual([c.number for c in self.codes(reminder)], [second.name])

    def send_to_nobody(self, reminder):
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(reminder.state, "sent", reminder.error)

    def test_rule_37_what_has_no_code_is_reminded_all_the_same(self):
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 0.05)])
        domestic = self.czech.copy({"acc_number": "1234567899/0800"})
        archived = self.czech.copy({"acc_number": "CZ6508000000192000145399"})
        foreign = self.czech.copy({"acc_number": "TR330006100519786457841326"})
        for name, values, wanted in (
            ("letters", {"symbol": "FA 2026/7"}, 0),
            ("no symbol", {"symbol": False}, 0),
            ("no IBAN", {"bank": domestic}, 0),
            ("too much", {"amount": 10_000_000}, 0),
            ("the most", {"amount": 9_999_999.99}, 1),
            ("dollars", {"bank": self.german, "currency": usd}, 0),
            ("dollars to a Czech account", {"currency": usd}, 1),
            ("abroad", {"bank": foreign, "currency": self.eur}, 0),
        ):
            with self.subTest(name):
                customer = self.new_customer(name, "n@n.example")
                self.owed(**{"symbol": "1", "partner": customer, **values})
                reminder, inbox = self.mailed()
                self.assertEqual(len(self.codes(reminder)), wanted)
                self.assertEqual(len(self.pictures(inbox)), wanted)
                self.assertIn("Left to pay", inbox.html())
        self.owed("1", bank=archived)
        archived.active = False
        self.assertEqual(
            [c.values["account"] for c in self.codes(self.generate())], [CZECH]
        )  # what has no account of its own uses the company's

    def test_rule_37_a_customer_without_any_account_to_pay_to(self):
        move = self.owed("1")
        move.partner_bank_id = False
        self.own.bank_ids.active = False
        reminder, inbox = self.mailed()
        self.assertEqual(self.codes(reminder), [])
        self.assertNotIn("Payment of", inbox.text())

    def test_rule_37_instalments_of_an_invoice_have_one_code(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 5)
                ],
            }
        )  # fmt: skip
        move = self.owed("7", 1000)
        move.button_draft()
        move.write({"invoice_payment_term_id": term.id, "payment_reference": "7"})
        move.action_post()
        reminder = self.generate()
        self.assertEqual(len(reminder.line_ids), 2)
        (code,) = self.codes(reminder)
        self.assertEqual((code.number, code.values["amount"]), (move.name, Decimal("1000.00")))

    def test_rule_37_a_template_decides_whether_it_is_there(self):
        template = self.level.mail_template_id
        template.body_html = "<p>Pay, please.</p>"
        self.assertIn("has no table of invoices", self.level.code_warning)
        self.owed("20260114")
        _reminder, inbox = self.mailed()
        self.assertEqual(self.pictures(inbox), {})
        template.body_html = '<t t-out="object.invoice_table"/>'
        self.assertFalse(self.level.code_warning)
        self.level.payment_code = False
        template.body_html = "<p>Pay, please.</p>"
        self.assertFalse(self.level.code_warning)

    def test_rule_37_own_plain_text_takes_what_it_wants(self):
        self.owed("20260114", 1234.5)
        self.level.text_template = JINJA
        reminder, inbox = self.mailed()
        (code,) = self.codes(reminder)
        number = reminder.line_ids.move_id.name
        line = f"QR Platba|{number}|{CZECH}|1,234.50 Kč|20260114|{number}||{code.payload}"
        self.assertIn(line, inbox.text().replace("\xa0", " "))
        self.level.text_template = "Pay."
        self.owed("20260115", partner=self.new_customer("P", "p@p.example"))
        self.assertEqual(self.mailed()[1].text().strip(), "Pay.")

    def test_rule_37_each_contact_has_them_in_its_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.customer.lang = "cs_CZ"
        self.customer.email = "one@c.example, two@c.example"
        self.owed("20260114", 1234.5)
        _reminder, inbox = self.mailed()
        self.assertEqual(inbox.recipients, ["one@c.example", "two@c.example"])
        for index in (0, 1):
            self.assertRegex(inbox.html(index), "1.234,50.Kč")
            self.assertRegex(inbox.html(index), 'src="cid:')

    def test_rule_37_hostile_text_stays_text(self):
        name = '<html>"><img src=x>' + "ž😀" * 30_000
        self.czech.acc_holder_name = name
        self.owed("20260114")
        reminder, inbox = self.mailed()
        self.assertEqual(len(self.codes(reminder)), 1)
        self.assertNotIn("<img src=x", inbox.html())

    def test_rule_37_a_picture_is_made_once_and_quickly(self):
        payloads = [f"SPD*1.0*ACC:CZ5508000000001234567899*X-VS:{n}" for n in range(50)]
        code_picture.picture.cache_clear()
        start = time.perf_counter()
        for payload in payloads:
            code_picture.picture(payload)
        self.assertLess((time.perf_counter() - start) / len(payloads), 0.02)
        with patch.object(code_picture, "_modules", side_effect=AssertionError):
            for payload in payloads:
                code_picture.picture(payload)
