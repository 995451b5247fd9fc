"""How a message is built: what is written is what a mail reader finds (RFC 5322, RFC 2045)."""

from email import message_from_bytes, policy

from odoo.tests import BaseCase

from odoo.addons.upominky_addon.models.upominky_smtp import build_email

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
                if "encoded" not in name:
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
        for changes in (
            {"subject": f"ž {evil}"},
            {"subject": f"{'long words ' * 12} {evil}"},
            {"email_to": [f"{evil}@x.example"]},
            {"email_from": f"{evil} <a@x.example>"},
            {"reply_to": f"{evil} <a@x.example>"},
            {"headers": {"X-Odoo-Objects": f"ž {evil}"}},
        ):
            with self.subTest(changes), self.assertRaises(ValueError):
                build_email({**EMAIL, **changes}).as_bytes()

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
