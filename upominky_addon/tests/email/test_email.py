"""How a message is built: what is written is what a mail reader finds (RFC 5322, RFC 2045)."""

import random
from dataclasses import replace
from email import message_from_bytes, policy

from odoo.tests import BaseCase

from ...core.mail_build import Attachment, build_email
from ...core.mail_text import header_words

EMAIL = {
    "message_id": "<1234567890.1780045200.123456789012345-openerp-224-upominky.reminder@host>",
    "subject": "Reminder",
    "email_from": '"Dopravce s.r.o." <books@dopravce.example>',
    "reply_to": "Účetní <books@dopravce.example>",
    "email_to": ["office@odberatel.example"],
    "headers": {"X-Odoo-Objects": "upominky.reminder-1", "Auto-Submitted": "auto-generated"},
    "body_alternative": "Dear Sir,\nplease pay.",
    "body": "<p>Dear Sir,</p>",
}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(500)
IMAGE = Attachment("qr.png", "image/png", PNG, cid="qr-1@upominky")
PDF = Attachment("Upomínka č. 1.pdf", "application/pdf", b"%PDF-1.7\n" + bytes(range(256)) * 200)
SUBJECTS = {
    "plain": "Reminder UP/2026/00001",
    "letters": "1. upomínka – žluťoučký kůň, 1 234,50 Kč",
    "long": "Reminder of the invoices " + "INV/2026/00001, " * 20 + "the last",
    "one word of 5,000 letters": "x" * 5_000,
    "an encoded word typed by hand": "a =?utf-8?q?=0D=0ABcc=3A_evil=40evil.example?= b",
    "empty": "",
}
BODIES = {
    "letters": "Příliš žluťoučký kůň",
    "a dot alone": "first\n.\n..\nlast",
    "blanks at the end": "first \nsecond\t\nthird",
    "a line of 5,000 letters": "ž" * 5_000,
    "equals signs": "a=b =3D ==",
    "From at the start": "From me to you\n>From",
    "other line ends": "first\r\nsecond\rthird\u2028fourth",
    "empty": "",
}


def read(**changes):
    """Return a message as its bytes are read, and the lines of the bytes."""
    data = build_email({**EMAIL, **changes}).as_bytes()
    return message_from_bytes(data, policy=policy.default), data.split(b"\r\n")


def longest(lines):
    """Return the length of the longest line; an identifier stays on its own, whatever it is."""
    return max(len(line) for line in lines if not line.startswith(b"Message-Id"))


def text_of(part):
    return part.get_content().replace("\r\n", "\n").removesuffix("\n")


class TestEmail(BaseCase):
    def test_headers_arrive_as_they_were_set(self):
        message, _lines = read()
        for name, wanted in {
            "Message-Id": EMAIL["message_id"],
            "From": EMAIL["email_from"],
            "Reply-To": EMAIL["reply_to"],
            "To": "office@odberatel.example",
            "Auto-Submitted": "auto-generated",
            "MIME-Version": "1.0",
        }.items():
            with self.subTest(name):
                self.assertEqual(message.get_all(name), [wanted])
        self.assertEqual(message["Date"].datetime.tzname(), "UTC")
        self.assertFalse(message.defects)

    def test_a_message_id_stays_on_its_line(self):
        for length in range(1, 200, 7):
            with self.subTest(length):
                message_id = f"<{'1' * length}@host>"
                _message, lines = read(message_id=message_id)
                self.assertIn(f"Message-Id: {message_id}".encode(), lines)

    def test_subjects_arrive(self):
        for name, subject in SUBJECTS.items():
            with self.subTest(name):
                message, lines = read(subject=subject)
                self.assertLess(max(map(len, lines)), 999)
                self.assertTrue(all(line.isascii() for line in lines))
                self.assertIsNone(message["Bcc"])
                self.assertEqual(message["Subject"], subject)

    def test_a_line_break_in_a_header_is_refused(self):
        for name in ("subject", "email_from", "reply_to", "message_id"):
            for end in ("\n", "\r", "\r\n"):
                with self.subTest(name, end=end), self.assertRaises(ValueError):
                    build_email({**EMAIL, name: f"a@x.example{end}Bcc: evil@x.example"})
        with self.assertRaises(ValueError):
            build_email({**EMAIL, "headers": {"X-Odoo-Objects": "a\r\nBcc: evil@x.example"}})

    def test_an_encoded_word_with_a_line_break_begins_no_header(self):
        """RFC 2047: Python decodes it when it reads a header, and would send what it found."""
        evil = "=?utf-8?q?=0D=0ABcc=3A_evil=40evil.example=0D=0A=0D=0AHello?="
        for name, changes in (
            ("Subject", {"subject": f"ž {evil}"}),
            ("Subject", {"subject": f"{'long words ' * 12}{evil}"}),
            ("From", {"email_from": f"{evil} <a@x.example>"}),
            ("Reply-To", {"reply_to": f"{evil} <a@x.example>"}),
            ("X-Odoo-Objects", {"headers": {"X-Odoo-Objects": f"ž {evil}"}}),
        ):
            with self.subTest(changes):
                (wanted,) = changes.values()
                wanted = wanted[name] if isinstance(wanted, dict) else wanted
                message, _lines = read(**changes)
                self.assertEqual(message.keys().count(name), 1)
                self.assertIn(evil, "".join(str(message[name]).split()))  # test_mail_headers
                self.assertFalse({"Bcc", "Hello"} & set(message.keys()))
        with self.assertRaises(ValueError):
            build_email({**EMAIL, "email_to": [f"{evil}@x.example"]}).as_bytes()

    def test_both_parts_arrive(self):
        for name, body in BODIES.items():
            with self.subTest(name):
                message, lines = read(body_alternative=body, body=f"<p>{body}</p>")
                wanted = "\n".join(body.splitlines())
                plain, html = message.iter_parts()
                self.assertEqual(text_of(plain), wanted)
                self.assertEqual(text_of(html), f"<p>{wanted}</p>")
                self.assertEqual(plain["Content-Transfer-Encoding"], "quoted-printable")
                self.assertLess(max(map(len, lines)), 999)
                self.assertTrue(all(line.isascii() for line in lines))

    def test_no_line_is_longer_than_rfc_2045_has_it(self):
        """Python's policy for SMTP makes lines of 78 (CPython #78206)."""
        body = "".join(f"{'ž' * (n % 30)}{' a=' * n}\n" for n in range(120))
        _message, lines = read(body=body, body_alternative=body, attachments=[PDF, IMAGE])
        self.assertEqual(longest(lines), 76)

    def test_a_pdf_and_an_image_arrive(self):
        """RFC 2046, 2387, 2392: the image beside the HTML that shows it, the file beside both."""
        message, lines = read(body='<img src="cid:qr-1@upominky"/>', attachments=[PDF, IMAGE])
        shape = [
            (part.get_content_type(), part.get_content_disposition()) for part in message.walk()
        ]
        self.assertEqual(
            shape,
            [
                ("multipart/mixed", None),
                ("multipart/alternative", None),
                ("text/plain", None),
                ("multipart/related", None),
                ("text/html", None),
                ("image/png", "inline"),
                ("application/pdf", "attachment"),
            ],
        )
        parts = list(message.walk())
        self.assertEqual(parts[3].get_param("type"), "text/html")
        self.assertEqual((parts[5]["Content-ID"], parts[5].get_content()), ("<qr-1@upominky>", PNG))
        self.assertEqual(parts[6].get_content(), PDF.data)
        self.assertEqual(parts[6].get_filename(), PDF.name)
        self.assertEqual(text_of(message.get_body(("html",))), '<img src="cid:qr-1@upominky"/>')
        self.assertTrue(all(line.isascii() for line in lines))
        self.assertFalse([part.defects for part in parts if part.defects])

    def test_names_of_files_arrive_and_begin_no_header(self):
        chance = random.Random(36)
        letters = "abc 0-_().,;'\"\\=%č😀ž/?*"
        names = ["".join(chance.choices(letters, k=k)) for k in (1, 5, 20, 60, 85) * 60]
        _message, lines = read(attachments=[replace(PDF, name="ž" * 300 + ".pdf")])
        self.assertIn(b".pdf", b"".join(lines))  # it says which program opens the file
        for name in [*names, "a\r\nBcc: evil@x.example", "=?utf-8?q?=0D=0A?=", ""]:
            wanted = header_words(f"{name}.pdf")
            message, lines = read(attachments=[replace(PDF, name=f"{name}.pdf", data=b"%PDF")])
            (part,) = message.iter_attachments()
            self.assertEqual(part.get_filename(), wanted)
            self.assertEqual(message.keys().count("Bcc"), 0)
            self.assertLessEqual(longest(lines), 76)

    def test_a_file_of_any_kind_arrives_byte_by_byte(self):
        """RFC 2046, 5.2.1: a message in a message may not be encoded, so it goes as a file."""
        data = bytes(range(256)) * 3
        for kind, wanted in (
            ("image/svg+xml", "image/svg+xml"),
            ("text/csv", "text/csv"),
            ("message/rfc822", "application/octet-stream"),
            ("multipart/mixed", "application/octet-stream"),
            ("nonsense", "application/octet-stream"),
            ("a/b\r\nBcc: evil@x.example", "application/octet-stream"),
            ("", "application/octet-stream"),
        ):
            with self.subTest(kind):
                message, _lines = read(attachments=[replace(PDF, kind=kind, data=data)])
                (part,) = message.iter_attachments()
                self.assertEqual(part.get_content_type(), wanted)
                self.assertEqual(part.get_payload(decode=True), data)

    def test_smtputf8_is_used_only_where_the_address_needs_it(self):
        """RFC 6532: smtplib asks for it by the policy; texts and names stay in ASCII."""
        message = build_email({**EMAIL, "email_to": ["jána@příklad.cz"]})
        with self.assertRaises(ValueError):
            message.as_bytes()
        data = message.as_bytes(policy=message.policy.clone(utf8=True))
        self.assertIn("\r\nTo: jána@příklad.cz\r\n".encode(), data)
        _message, lines = read(email_to=["jana@příklad.cz"])
        self.assertIn(b"To: jana@xn--pklad-zsa96e.cz", lines)
