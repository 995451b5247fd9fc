"""SPEC rules 19 and 20: names and subjects arrive as they were written, by RFC 5322 and 2047."""

import random
from email.utils import quote

from odoo.tests import BaseCase

from ...core.mail_headers import LETTER, address_header, text_header
from ..mail_corpus import adds_spaces, faults, names, read_name, read_text, subjects

ADDRESSES = ("a@x.cz", "fakturace.pohledavky@jihoceska-stavebni-spolecnost.example")


class TestMailHeaders(BaseCase):
    def test_rule_20_1500_subjects_read_back_as_written(self):
        """Python's own folding loses a space of one in twenty (CPython #144156, #85725)."""
        for subject in subjects(1500):
            header = text_header("Subject", subject)
            read = read_text(f"{header}\r\n\r\n".encode(), "Subject")
            self.assertEqual(read, (subject, subject), header)
            self.assertEqual(faults(header), [], header)

    def test_rule_19_1500_names_read_back_as_written(self):
        """Python's own folding also loses the quotes of names (CPython #87720)."""
        is_faulty = adds_spaces()
        for number, name in enumerate(names(1500)):
            address = ADDRESSES[number % 2]
            header = address_header("Reply-To", f'"{quote(name)}" <{address}>')
            new, old = read_name(f"{header}\r\n\r\n".encode(), "Reply-To")
            self.assertEqual(old, (name, address), header)
            self.assertEqual(new[1], address, header)
            if is_faulty and header.count("=?utf-8?") > 1:
                self.assertEqual("".join(new[0].split()), "".join(name.split()), header)
            else:
                self.assertEqual(new[0], name, header)
            self.assertEqual(faults(header), [], header)

    def test_any_text_reads_back(self):
        chance = random.Random(20)
        for number in range(3000):
            letters = 'ab  ".,<>@()[]:;\\=?-_x' + "žč😀中\t" * (number % 2)
            text = "".join(chance.choices(letters, k=chance.choice((1, 5, 20, 60, 90, 250))))
            header = text_header("Subject", text)
            read = read_text(f"{header}\r\n\r\n".encode(), "Subject")
            self.assertEqual(read, (text, text), header)
            self.assertEqual(faults(header), [], header)

    def test_plain_headers_stay_readable(self):
        """What needs no encoding has none, and stands in quotes where it needs them."""
        for header, wanted in (
            (text_header("Subject", "Reminder UP/1"), "Subject: Reminder UP/1"),
            (address_header("From", "a@x.cz"), "From: a@x.cz"),
            (address_header("From", '"Plain Name" <a@x.cz>'), "From: Plain Name <a@x.cz>"),
            (address_header("From", '"A, b" <a@x.cz>'), 'From: "A, b" <a@x.cz>'),
            (
                address_header("Reply-To", "a@x.cz, Jan <b@x.cz>"),
                "Reply-To: a@x.cz, Jan <b@x.cz>",
            ),
        ):
            self.assertEqual(header, wanted)

    def test_addresses_are_written_as_servers_read_them(self):
        """RFC 5890, and RFC 6532 where the server offers SMTPUTF8."""
        self.assertEqual(
            address_header("To", "Jana <jana@příklad.cz>"), "To: Jana <jana@xn--pklad-zsa96e.cz>"
        )
        self.assertEqual(address_header("To", "jána@x.cz", utf8=True), "To: jána@x.cz")
        whole = LETTER.clone(utf8=True).fold_binary("To", "jána@x.cz")
        self.assertEqual(whole, "To: jána@x.cz\r\n".encode())
        for evil in (
            "jána@x.cz",
            "=?utf-8?q?=0D=0ABcc=3A?=@x.cz",
            "a@x.cz\x00",
            "a b@x.cz",
            "nobody",
            "a@" + "x" * 70 + "ž.cz",
            "",
        ):
            with self.subTest(evil), self.assertRaises(ValueError):
                address_header("To", evil)

    def test_headers_for_programs_are_never_encoded(self):
        """CPython #79986: an identifier that is encoded or folded is found by nobody."""
        for name in ("Message-Id", "References", "Auto-Submitted"):
            value = f"<{'x' * 200}@host>"
            self.assertEqual(LETTER.fold(name, value), f"{name}: {value}\r\n")
            for evil in ("<ž@host>", "<a\x00@host>", f"<{'x' * 1000}@host>"):
                with self.subTest(name, evil=evil), self.assertRaises(ValueError):
                    LETTER.fold(name, evil)
