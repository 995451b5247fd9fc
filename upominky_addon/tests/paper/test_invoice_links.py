"""SPEC rule 36: links instead of files, in the reader's language, that open one invoice alone."""

import re
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from ..common import smtp_inbox
from .test_invoice_files import PDF, FilesCommon

#: What stands above the links, and below them where not all are listed.
SAID = {
    "en_US": (
        "The invoices are too large to be attached.",
        "Invoices that are not listed here: 2.",
    ),
    "cs_CZ": ("Faktury jsou na přílohu příliš velké.", "Dalších faktur, které zde nejsou uvedeny"),
    "sk_SK": ("Faktúry sú na prílohu príliš veľké.", "Ďalších faktúr, ktoré tu nie sú uvedené"),
    "de_DE": (
        "Die Rechnungen sind für einen Anhang zu groß.",
        "Weitere Rechnungen, die hier nicht",
    ),
    "pl_PL": ("Faktury są zbyt duże, aby je załączyć.", "Faktur, których tu nie wymieniono"),
}
LINK = re.compile(r"(\S+): (https?://\S+access_token=\S+)")


class LinksCommon(FilesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.upominky_attachment_limit = 1

    def large(self, move):
        return self.stored(move, data=PDF + bytes(1_000_000))

    def linked(self, customer, count=1):
        """Return the message of a customer whose invoices are too large, and the invoices."""
        moves = [self.invoice(customer, due=10) for _number in range(count)]
        for move in moves:
            self.large(move)
        self.move.upominky_hold_reason = "dispute"
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.send()
        return inbox, moves


class TestInvoiceLinks(LinksCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        others = [lang for lang in SAID if lang != "en_US"]
        for lang in others:
            cls.env["res.lang"]._activate_lang(lang)
        cls.env.ref("base.module_upominky_addon")._update_translations(others)

    def test_rule_36_the_sentence_above_links_is_in_the_language_of_the_reader(self):
        for lang, (title, _more) in SAID.items():
            with self.subTest(lang):
                customer = self.new_customer(f"Z {lang}", "z@z.example", lang=lang)
                inbox, (move,) = self.linked(customer)
                self.assertEqual(len(inbox.messages), 1)
                for text in (inbox.text(), inbox.html()):
                    self.assertIn(title, text)
                    others = [said for other, (said, _m) in SAID.items() if other != lang]
                    self.assertFalse([said for said in others if said in text])
                self.assertEqual([name for name, _url in LINK.findall(inbox.text())], [move.name])

    def test_rule_36_links_that_are_not_listed_are_counted_in_each_language(self):
        links = [(f"FA/{number}", f"https://x.example/{number}") for number in range(82)]
        reminder = self.generate()
        for lang, (title, more) in SAID.items():
            mine = reminder.with_context(upominky_lang=lang)
            with self.subTest(lang):
                for text in (mine._links_text(links), str(mine._links_html(links))):
                    self.assertIn(title, text)
                    self.assertIn(more, text)
                    self.assertRegex(text.partition(more[:10])[2], r"\b2\b")
                    self.assertIn("FA/79", text)
                    self.assertNotIn("FA/80", text)


@tagged("post_install", "-at_install", "upominky_addon")
class TestInvoiceLinksHttp(LinksCommon, HttpCase):
    def got(self, url, **query):
        """Return what somebody without a login gets of a link."""
        parts = urlsplit(url)
        more = "".join(f"&{name}={value}" for name, value in query.items())
        self.authenticate(None, None)
        return self.url_open(f"{parts.path}?{parts.query}{more}", allow_redirects=False)

    def test_rule_36_a_link_opens_its_invoice_without_a_login_and_no_other(self):
        inbox, moves = self.linked(self.customer, 2)
        links = dict(LINK.findall(inbox.text()))
        self.assertEqual(set(links), {move.name for move in moves})
        self.env.flush_all()
        for move, other in (moves, moves[::-1]):
            page = self.got(links[move.name])
            self.assertEqual(page.status_code, 200)
            self.assertIn(move.name, page.text)
            self.assertNotIn(other.name, page.text)
            file = self.got(links[move.name], report_type="pdf", download="true")
            self.assertEqual(file.content, self.pdf_of(move).raw)
            stolen = links[move.name].replace(f"/{move.id}?", f"/{other.id}?")
            self.assertNotEqual(stolen, links[move.name])
            self.check_refused(stolen, other)

    def check_refused(self, url, move):
        for query in ({}, {"report_type": "pdf", "download": "true"}):
            answer = self.got(url, **query)
            self.assertNotEqual(answer.status_code, 200)
            self.assertNotIn(move.name, answer.text)

    def test_rule_36_a_link_with_a_token_cut_off_or_made_up_opens_nothing(self):
        inbox, (move,) = self.linked(self.customer)
        ((_name, url),) = LINK.findall(inbox.text())
        self.env.flush_all()
        base, _mark, token = url.partition("access_token=")
        for made_up in ("", token[:-1], token.upper(), "%00", "x" * 60_000):
            with self.subTest(made_up[:20]):
                self.check_refused(f"{base}access_token={made_up}", move)
