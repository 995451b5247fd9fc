"""SPEC rule 36: the letter on paper, as a reader of PDFs finds it, with one invoice and sixty."""

from datetime import timedelta
from importlib.util import find_spec
from unittest import skipUnless
from unittest.mock import patch

from odoo import Command

from ...core import paper
from ...models.letters import pdf
from ..common import TODAY, UpominkyCommon
from ..pages import pages, places, read_codes

LANGUAGES = ("en_US", "cs_CZ", "sk_SK", "de_DE", "pl_PL")
REPORT = "upominky_addon.report_letter"
ACCOUNT = "CZ65 0800 0000 1920 0014 5399"
DUE = TODAY - timedelta(days=30)


class PaperCommon(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"name": "Dopravce s.r.o.", "street": "Dlouhá 1", "zip": "110 00", "city": "Praha"}
        )
        cls.customer.write(
            {"street": "Krátká 2", "zip": "602 00", "city": "Brno", "country_id": cls.cz().id}
        )
        cls.level = cls.rule.level_ids[0]
        cls.bank = cls.env["res.partner.bank"].create(
            {
                "acc_number": ACCOUNT,
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )

    @classmethod
    def cz(cls):
        return cls.env.ref("base.cz")

    def moves(self, count, number="FA/2026/{:05}", currency=None):
        common = {
            "move_type": "out_invoice",
            "partner_id": self.customer.id,
            "currency_id": (currency or self.czk).id,
            "invoice_date": DUE - timedelta(days=14),
            "invoice_date_due": DUE,
        }
        return self.env["account.move"].create(
            [
                {**common, "name": number.format(i), "payment_reference": f"2026{i:06}"}
                for i in range(count)
            ]
        )

    def reminder(self, count=1, lang="en_US", credits=0, number="FA/2026/{:05}", in_eur=0):
        """Return a reminder of so many invoices, 100 CZK or EUR each, that was sent."""
        common = {"company_id": self.company.id, "counted": False, "partner_bank_id": self.bank.id}
        line = {"level_order": 1, "due_date": DUE, "days_overdue": 30, "amount_issued": 100}
        groups = [(self.czk, self.moves(count - in_eur, number))]
        if in_eur:
            groups.append((self.eur, self.moves(in_eur, "E" + number, self.eur)))
        lines = [
            {**common, **line, "amount_due": 100, "currency_id": currency.id, "move_id": move.id}
            for currency, moves in groups
            for move in moves
        ]
        credit = {"company_id": self.company.id, "currency_id": self.czk.id, "amount": 1}
        totals = {currency.name: 100 * len(moves) for currency, moves in groups}
        totals["CZK"] -= credits
        values = {
            "name": "UPO/2026/00001",
            "company_id": self.company.id,
            "partner_id": self.customer.id,
            "rule_id": self.rule.id,
            "level_id": self.level.id,
            "level_order": 1,
            "issue_date": TODAY,
            "sent_date": TODAY,
            "state": "sent",
            "lang": lang,
            "currency_totals": totals,
            "line_ids": [Command.create(values) for values in lines],
            "credit_ids": [Command.create(credit) for _ in range(credits)],
        }
        # sudo: as the job issues it; no user may.
        return self.env["upominky.reminder"].sudo().create(values).sudo(False)

    def printed(self, reminders):
        """Return the PDF of an ordinary report."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
            return report._render_qweb_pdf(REPORT, reminders.ids)[0]


class TestLetterPages(PaperCommon):
    def test_rule_36_a_letter_says_what_its_message_says(self):
        (page,) = pages(self.printed(self.reminder()))
        for text in (
            "Dopravce s.r.o.",
            "Odběratel s.r.o. Krátká 2 602 00 Brno",
            "UPO/2026/00001",
            "Perhaps it slipped your attention",
            "FA/2026/00000",
            "Variable symbol: 2026000000",
            "Days overdue: 30",
            "Total to pay in CZK",
            f"Pay to account: {ACCOUNT}",
            "variable symbol 2026000000",
            "ucetni@dopravce.example",
            "Page 1 of 1",
        ):
            with self.subTest(text):
                self.assertIn(text, page)
        self.assertNotIn("Not sent yet", page)

    @skipUnless(find_spec("zxingcpp"), "zxing-cpp reads the pictures back")
    def test_rule_37_the_page_has_the_codes_of_the_message(self):
        self.level.payment_code = True
        for count, standards in ((1, 1), (6, 6), (7, 1)):
            with self.subTest(count):
                reminder = self.reminder(count)
                printed = self.printed(reminder)
                found = [code for page in pages(printed) for code in page.split("QR Platba")[1:]]
                self.assertEqual(len(found), standards)
                wanted = {
                    code.payload for block in reminder._letter().blocks for code in block.codes
                }
                self.assertEqual(len(wanted), standards)
                self.assertEqual(read_codes(printed), wanted)

    def test_rule_36_sixty_invoices_in_two_currencies_in_every_language(self):
        heads = {"en_US": "Left to pay", "cs_CZ": "Zbývá uhradit", "de_DE": "Noch zu zahlen"}
        for lang in LANGUAGES:
            self.env["res.lang"]._activate_lang(lang)
        for lang in LANGUAGES:
            with self.subTest(lang):
                reminder = self.reminder(60, lang, credits=3, in_eur=20)
                found = pages(self.printed(reminder))
                writer = reminder.with_context(lang=lang)
                head = str(writer.env._(reminder._letter_columns()[-1].label))
                self.assertEqual(head, heads.get(lang, head))
                self.check_pages(found, head)
                for move in reminder.line_ids.move_id:
                    self.assertEqual(" ".join(found).count(f" {move.name} "), 1)

    def check_pages(self, found, head):
        """Check that heads come again, and that a total has rows and its account on its page."""
        self.assertGreater(len(found), 3)
        totals = 0
        for number, page in enumerate(found, 1):
            self.assertIn(f"{number} ", page)
            if "FA/2026/" in page:
                self.assertIn(head, page)
            totals += page.count(ACCOUNT)
            before, account, _after = page.partition(ACCOUNT)
            if account:
                self.assertGreaterEqual(before.count("FA/2026/") + before.count("1.00"), 1)
                self.assertRegex(before[-400:], "CZK|EUR")
        self.assertEqual(totals, 2)

    def test_rule_36_wherever_a_page_ends_totals_keep_rows_and_the_account(self):
        for count in range(8, 20):
            with self.subTest(count=count):
                found = pages(self.printed(self.reminder(count)))
                (last,) = [page for page in found if "Total to pay" in page]
                self.assertIn(ACCOUNT, last)
                self.assertGreaterEqual(last.count("FA/2026/"), 2)

    def test_rule_36_the_address_stands_in_the_window(self):
        self.customer.name = "Jméno " * 60
        found = places(self.printed(self.reminder()))
        (street,) = [place for place in found if place[0] == "Krátká 2"]
        _text, left, top = street
        self.assertGreater(left, paper.ADDRESS_LEFT)
        self.assertLess(left, paper.ADDRESS_LEFT + 10)
        self.assertGreater(top, paper.ADDRESS_TOP + paper.SENDER_HEIGHT)
        self.assertLess(top, paper.ADDRESS_TOP + paper.ADDRESS_HEIGHT)
        (title,) = [place for place in found if place[0].startswith("Reminder: unpaid")]
        self.assertGreater(title[2], paper.TEXT_TOP - 1)

    def test_rule_36_the_window_keeps_its_place_with_other_margins(self):
        sheet = self.env.ref("upominky_addon.paperformat_letter")
        before = [p for p in places(self.printed(self.reminder())) if p[0] == "Krátká 2"]
        sheet.write({"margin_top": 35, "margin_left": 12, "margin_right": 30})
        after = [p for p in places(self.printed(self.reminder())) if p[0] == "Krátká 2"]
        self.assertEqual(len(before), 1)
        for one, other in zip(before[0][1:], after[0][1:], strict=True):
            self.assertAlmostEqual(one, other, delta=0.5)

    def test_rule_36_letters_abroad_name_the_country_and_invoices_go_to_their_address(self):
        self.env["res.partner"].create(
            {
                "parent_id": self.customer.id,
                "type": "invoice",
                "name": "Rechnungsprüfung",
                "street": "Lange Str. 5",
                "zip": "10115",
                "city": "Berlin",
                "country_id": self.env.ref("base.de").id,
            }
        )
        (page,) = pages(self.printed(self.reminder()))
        self.assertIn("Odběratel s.r.o. Rechnungsprüfung Lange Str. 5 10115 Berlin Germany", page)

    def test_rule_36_texts_are_texts_whatever_their_length(self):
        long = "<b>&" + "Ž" * 60_000
        for name, values in (
            ("customer", {"name": "<html><script>alert(1)</script> s.r.o.", "street": long}),
            ("reference", {"ref": long}),
        ):
            with self.subTest(name):
                self.customer.write(values)
                (page,) = pages(self.printed(self.reminder()))
                self.assertIn("<html>" if name == "customer" else "<b>&Ž", page + "<html>")
        self.customer.write({"name": "N", "street": "S", "ref": False})
        (page,) = pages(self.printed(self.reminder(number="<i>{}" + "X" * 60_000)))
        self.assertIn("<i>0XXX", page.replace(" ", ""))

    def test_rule_36_without_an_account_or_anything_set_it_is_a_letter_too(self):
        self.bank.active = False
        self.company.write({"street": False, "city": False, "phone": False, "website": False})
        self.customer.write({"street": False, "city": False, "zip": False, "country_id": False})
        (page,) = pages(self.printed(self.reminder()))
        self.assertIn("Total to pay in CZK", page)
        self.assertNotIn("Pay to account", page)

    def test_rule_36_nothing_is_fetched(self):
        self.level.mail_template_id.body_html = (
            '<div><t t-out="object.invoice_table"/><img src="http://far.example/a.png"/>'
            '<img src="file:///etc/hostname"/><link rel="stylesheet" href="http://far.example/"/></div>'
        )
        with patch("socket.create_connection", side_effect=AssertionError("fetched")):
            (page,) = pages(self.printed(self.reminder()))
        self.assertIn("FA/2026/00000", page)

    def test_rule_36_a_template_without_its_table_still_asks_for_the_money(self):
        for body in (
            "<p>Pay us.</p>",
            '<p>Pay us.</p><div class="o_upominky_table">a table of our own</div><p>Thanks.</p>',
        ):
            with self.subTest(body):
                self.level.mail_template_id.body_html = body
                (page,) = pages(self.printed(self.reminder()))
                self.assertIn("Pay us.", page)
                self.assertIn("Total to pay in CZK", page)
                self.assertNotIn("of our own", page)

    def test_rule_36_an_administrator_adapts_it_as_any_report(self):
        self.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "ours",
                "inherit_id": self.env.ref("upominky_addon.letter").id,
                "arch": '<h1 position="after"><p>Customer <t t-out="doc.partner_id.ref"/></p></h1>',
            }
        )
        self.customer.ref = "Z-17"
        (page,) = pages(self.printed(self.reminder()))
        self.assertIn("Customer Z-17", page)

    def test_rule_36_the_same_page_gives_the_same_bytes(self):
        reminder = self.reminder(3)
        self.assertEqual(self.printed(reminder), self.printed(reminder))

    def test_rule_36_without_the_renderer_a_sentence_says_what_is_missing(self):
        with (
            patch.object(pdf, "_library", side_effect=pdf.NoRendererError("no module")),
            self.assertRaisesRegex(Exception, "WeasyPrint, which cannot be used here: no module"),
        ):
            self.printed(self.reminder())
