"""SPEC rules 20 and 30: whatever people type as names stays text, and shows as what it is."""

import email.message
import email.policy
import email.utils
import random
import unicodedata
from email.errors import ObsoleteHeaderDefect

from lxml import etree
from lxml import html as lxml_html

from odoo import Command
from odoo.tools import formataddr, mute_logger

from ...core.mail_text import header_words, mailbox_name, visible
from ...models.delivery.email.message import OUTLOOK
from ..bad_servers import bad_server
from ..common import TODAY, UpominkyCommon

EVIL = "evil@evil.example"
#: What is typed as a name.
NAMES = {
    "HTML": '<script>alert(1)</script><img src=x onerror="alert(2)"><b>bold</b>&lt;i&gt;',
    "out of an attribute": "\"'><a href='https://evil.example'>pay here</a><style>*{}</style>",
    "placeholders": "{{ object.env }} ${object} #{1} %(name)s {0.__class__} {% raw %}",
    "QWeb": "<t t-out=\"object.env['res.users']\"/><p t-if='1' t-att-x='2'/>",
    "header": f"Name\r\nBcc: {EVIL}\r\n\r\n<p>body",
    "bare ends of line": f"Name\rBcc: {EVIL}\nCc: {EVIL}\x0bTo: {EVIL}\x85X: y\u2028Bcc: {EVIL}",
    "an address": f'Name" <{EVIL}>, "x',
    "encoded words": "=?utf-8?q?=0D=0ABcc=3A_evil=40evil.example?=",
    "10,000 letters": "x" * 10_000,
    "10,000 letters with accents": "Dlouhé jméno ž " * 667,
    "right to left": "Firma \u202e00.1 celkem\u202c \u2066x\u2069 \u200f\u061c",
    "zero width": "Fir\u200bma\u2060\ufeff s.\u00adr.o.\u200c\u200d",
    "controls": "Firma\x01\x07\x08\x1b[2J\x7f\x9b s.r.o.\t|",
    "emoji": "Firma 😀 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 žluťoučký 中文 שלום",
    "table": "{upominky:table} -- \n.\n..",
}
#: Fields of a letter's header, each once.
FIELDS = {
    "Message-Id", "Subject", "From", "Reply-To", "To", "Date", "X-Odoo-Objects", "Auto-Submitted",
    "MIME-Version", "Content-Type",
}  # fmt: skip
TAGS = "html head meta title body table thead tbody tr th td div p span strong br a"
ADDRESS = "fakturace@odberatel.example"


class TestHostileText(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.rule.level_ids[0]
        cls.sender = cls.env["res.users"].create(
            {"name": "Sender", "login": "sender", "email": "sender@dopravce.example"}
        )
        cls.level.sender_id = cls.sender
        cls.level.mail_template_id.write(
            {
                "subject": "{{ object.customer_name }} to {{object.company_name}} {{object.name}}",
                "body_html": 'Dear <t t-out="object.customer_name"/>, <p><t '
                't-out="object.creditor_text"/> <t t-out="object.debtor_text"/> <t '
                't-out="object.company_phone"/></p><t t-out="object.invoice_table"/>',
            }
        )

    def plant(self, name):
        """Write a name wherever a name is read, and return the invoice that is to be reminded."""
        self.customer.write({"name": name, "ref": name, "street": name, "city": name})
        self.company.write({"name": name, "phone": name, "street": name})
        self.sender.name = self.rule.name = self.level.name = name
        bank = self.env["res.bank"].create({"name": name})
        self.company.partner_id.bank_ids = [
            Command.create({"acc_number": name[:100], "bank_id": bank.id, "currency_id": False})
        ]
        person = self.new_customer(name, False, is_company=False, parent_id=self.customer.id)
        self.level.contact = "order"  # the note about the contact names him
        move = self.invoice(
            due=10, amount=98765.43, payment_reference=name, ref=name, upominky_contact_id=person.id
        )
        self.credit_note(amount=1234.5, ref=name, payment_reference=name)
        return move

    def sent_to(self, server):
        """Issue and send, and return the reminder."""
        reminder = self.generate()
        self.send()
        self.assertEqual((reminder.state, reminder.error), ("sent", False))
        self.assertEqual(server.recipients, [ADDRESS])
        return reminder

    # ------------------------------------------------------------------ tests

    def test_rule_20_every_name_arrives_as_text_in_a_whole_message(self):
        for kind, name in NAMES.items():
            for template in (False, "{{ customer_name }} owes {{ currencies[0].total_text }}\n"):
                with self.subTest(kind, template=template), self.env.cr.savepoint() as savepoint:
                    self.level.text_template = template
                    with bad_server(self.env) as server:
                        move = self.plant(name)
                        reminder = self.sent_to(server)
                        self.check_head(server, reminder)
                        self.check_parts(server.messages[0], name, move)
                        self.check_screens(reminder, move, name)
                    savepoint.rollback()
                self.env.invalidate_all()

    def check_head(self, server, reminder):
        (source,), (message,) = server.sources, server.messages
        self.assertEqual(sorted(message.keys()), sorted(FIELDS))
        self.assertLess(max(map(len, source.split(b"\r\n"))), 999)
        self.assertNotIn(b"\n", source.replace(b"\r\n", b""))
        self.assertTrue(source.isascii())
        for part in message.walk():
            self.assertFalse(part.defects)
            for field, value in part.items():
                # RFC 5322, 4.1: a full stop in a name without quotes is old, and read by all.
                self.assertLessEqual({type(d) for d in value.defects}, {ObsoleteHeaderDefect})
                words = " ".join(str(value).split())  # Python adds spaces where it folds
                self.assertEqual(words, header_words(words), field)
                self.assertFalse(set("\r\n") & set(str(value)), field)
        self.assertEqual(message["To"], ADDRESS)
        for field in ("From", "Reply-To"):
            (address,) = message[field].addresses
            self.assertEqual(address.addr_spec, "sender@dopravce.example")
            self.assertLessEqual(len(address.display_name), 105)
        self.assertLessEqual(len(message["Subject"]), 260)
        self.assertEqual(message["X-Odoo-Objects"], f"upominky.reminder-{reminder.id}")
        self.assertTrue(email.utils.parsedate_to_datetime(message["Date"]))

    def check_parts(self, message, name, move):
        plain, rich = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
        shown = "".join(visible(name).split())
        tree = lxml_html.document_fromstring(rich)
        comments = [str(node) for node in tree.iter(etree.Comment)]
        self.assertEqual(comments, list(OUTLOOK.values()))
        nodes = list(tree.iter(etree.Element))
        self.assertLessEqual({node.tag for node in nodes}, set(TAGS.split()))
        for node in nodes:
            self.assertFalse([key for key in node.attrib if key.startswith(("on", "t-"))])
            self.assertNotIn("evil", node.get("href", ""))
        for text in (plain, tree.text_content()):
            self.assertIn(shown, "".join(text.split()))
            self.assertEqual(text, visible(text))
        amount = "97,530.93"  # what is left less the credit, nowhere turned round
        self.assertIn(amount, plain)
        self.assertIn(amount, tree.text_content())
        self.assertIn(move.name, tree.text_content())

    def check_screens(self, reminder, move, name):
        """The book, its history, that of the invoice, and the preview give text, not markup."""
        for body in [*reminder.message_ids.mapped("body"), *move.message_ids.mapped("body")]:
            tree = lxml_html.fragment_fromstring(body or "", create_parent="div")
            for node in tree.iter():
                self.assertNotIn(node.tag, ("script", "img", "b", "style", "i"))
                self.assertNotIn("evil", node.get("href", ""))
        for text in (reminder.note, reminder.contact_note):
            self.assertIsInstance(text, str)
        self.assertEqual(reminder.level_id.name, self.level.name)
        self.assertNotIn("<script", str(reminder.invoice_table).lower())
        preview = self.env["upominky.preview.line"]
        with self.on(TODAY):
            preview.action_open()
            rows = preview.search([("user_id", "=", self.env.uid)])
            self.assertIn(move, rows.move_id)

    def test_rule_18_an_address_that_is_more_than_one_writes_to_nobody_else(self):
        for field, expected in (
            (f"{ADDRESS}\r\nBcc: {EVIL}", [ADDRESS]),
            (f"{ADDRESS}\nCc: Evil <{EVIL}>", [ADDRESS]),
            (f"{ADDRESS}\rBcc: {EVIL}", []),
            (f"{ADDRESS}%0d%0aBcc:{EVIL}", []),
            (f"Bcc:{EVIL}, {ADDRESS}", [ADDRESS]),
            (f"To: <{EVIL}>, {ADDRESS}", [ADDRESS]),
            (f'"{ADDRESS}" <{EVIL}', [EVIL]),
            ("faktura\u200bce@odbe\u2060ratel.example\ufeff", [ADDRESS]),
            (f"\u202e{ADDRESS}\u202c", [ADDRESS]),
            (f"{ADDRESS}\x01", [ADDRESS]),
            (f"{ADDRESS}> RCPT TO:<{EVIL}", []),
            ("x" * 10_000 + "@x.example", []),
            ("\u202eelpmaxe.x@a", []),
        ):
            with self.subTest(field[:60]), self.env.cr.savepoint() as savepoint:
                with bad_server(self.env) as server:
                    self.customer.email = field
                    self.invoice(due=10)
                    reminder = self.generate()
                    self.send()
                    self.assertEqual(server.recipients, expected)
                    self.assertEqual([str(m["To"]) for m in server.messages], expected)
                    self.assertEqual(reminder.state, "sent" if expected else "failed")
                    self.assertLess(len(reminder.error or ""), 1000)
                    if not expected:
                        self.assertIn("is not an e-mail address", reminder.error)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_19_a_sender_or_company_with_a_hostile_address_is_told_or_cleaned(self):
        for field in (f"sender@dopravce.example\r\nBcc: {EVIL}", "sender@dopravce.example\u202e"):
            with self.subTest(field), self.env.cr.savepoint() as savepoint:
                with bad_server(self.env) as server:
                    self.sender.partner_id.email = field
                    self.invoice(due=10)
                    reminder = self.sent_to(server)
                    self.check_head(server, reminder)
                savepoint.rollback()
            self.env.invalidate_all()

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_a_hostile_reply_is_kept_as_text_and_sends_nothing(self):
        with bad_server(self.env) as server:
            self.invoice(due=10)
            reminder = self.sent_to(server)
            for name in NAMES.values():
                reminder.message_post(body=name, author_id=self.customer.id)
            history = " ".join(reminder.message_ids.mapped("body"))
            self.assertNotIn("<script", history)
            self.assertNotIn("<t ", history)
            self.send(hour=12)
            self.assertEqual(server.recipients, [ADDRESS])

    def test_rule_19_no_name_becomes_another_address(self):
        """Python's own folding of a long name gave each of them away."""
        chance = random.Random(19)
        for number in range(3000):
            letters = 'abc  ".,<>@()[]:;\\=?-_x' + "žč😀中" * (number % 2)
            name = "".join(chance.choices(letters, k=chance.choice((5, 20, 40, 60, 90, 150))))
            mail = chance.choice(("a@x.example", f"{'long.' * 9}x@{'department.' * 4}example"))
            message = email.message.EmailMessage(policy=email.policy.SMTP)
            message["From"] = formataddr((mailbox_name(name, mail), mail))
            read = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
            self.assertEqual([a.addr_spec for a in read["From"].addresses], [mail], name)
            self.assertEqual(read.keys(), ["From"], name)

    def test_every_character_that_hides_or_turns_text_is_taken_out(self):
        joiners = "\u200c\u200d"
        for code in range(0x110000):
            letter = chr(code)
            hidden = unicodedata.bidirectional(letter) in (
                "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN",
            )  # fmt: skip
            if hidden and letter not in joiners and visible(letter):
                self.fail(f"U+{code:04X} stays")
        self.assertEqual(visible(f"a{joiners}b\t\r\n"), f"a{joiners}b\t\r\n")
        self.assertEqual(header_words(f"a{joiners}b\t\r\n"), "ab")
