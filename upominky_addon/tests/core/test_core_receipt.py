"""What comes back, read without Odoo: every system's format, and mail that is none of it."""

import email
import email.policy
import random
from pathlib import Path
from unittest import TestCase

from ...core.mail_text import MAX_WORDS, clean
from ...core.receipt import (
    STATE_AFTER,
    Fate,
    Report,
    Reported,
    dsn_options,
    read_report,
    xtext,
)

DATA = Path(__file__).parents[1] / "data"
ADDRESS = "fakturace@odberatel.example"
MESSAGE_ID = "<123.1780045207.5-openerp-7-upominky.reminder@odoo>"
ENVID = "7-0123456789abcdef0123456789abcdef"


def raw(name, message_id=MESSAGE_ID, envelope_id=ENVID, reply_to="catchall@dopravce.example"):
    """Return a fixture about a message, as it would come in."""
    text = (DATA / f"{name}.eml").read_text(encoding="utf-8")
    text = text.replace("{{MESSAGE_ID}}", message_id).replace("{{ENVID}}", envelope_id)
    return text.replace("{{REPLY_TO}}", reply_to).encode()


def parse(source):
    return email.message_from_bytes(source, policy=email.policy.SMTP)


def mutilated(message, chance):
    """Return bytes of a message with pieces of it gone, doubled or replaced by junk."""
    source = bytearray(message)
    for _cut in range(chance.randint(1, 4)):
        start = chance.randrange(len(source))
        end = min(len(source), start + chance.randint(0, 300))
        source[start:end] = chance.choice(
            (b"", b"\xff\xfe\x00", b"\n\n", b": ", b"=?x?b?!?=", source[start:end] * 3)
        )
    return bytes(source)


def names():
    return sorted(path.stem for path in DATA.glob("*.eml"))


class TestReceipt(TestCase):
    #: What each fixture says: event, and a piece of the words that are kept.
    CASES = {
        "dsn_postfix_delivered": (Reported.DELIVERED, "250 2.0.0 Ok"),
        "dsn_postfix_relayed": (Reported.RELAYED, "250 2.0.0 Ok"),
        "dsn_postfix_delayed": (Reported.DELAYED, "Connection timed out"),
        "dsn_postfix_failed": (Reported.FAILED, "User unknown in virtual mailbox table"),
        "dsn_sendmail_expanded": (Reported.RELAYED, "2.1.5"),
        "dsn_exim_failed": (Reported.FAILED, "552 5.2.2 Mailbox full"),
        "dsn_microsoft365_failed": (Reported.FAILED, "not found by SMTP address lookup"),
        "dsn_exchange_delivered": (Reported.DELIVERED, "2.0.0"),
        "dsn_gmail_failed": (Reported.FAILED, "is inactive. For more 550 5.2.1 information"),
        "plain_exim_failed": (Reported.FAILED, "550 No such user here"),
        "plain_exim_delayed": (Reported.DELAYED, "451 4.7.1 Greylisted"),
        "plain_qmail_failed": (Reported.FAILED, "Remote host said: 550 5.1.1 unknown user"),
        "plain_czech_failed": (Reported.FAILED, "schránka neexistuje (550 5.1.1)"),
        "mdn_outlook_displayed": (Reported.DISPLAYED, "displayed"),
        "mdn_outlook_deleted": (Reported.DELETED, "deleted"),
        "mdn_thunderbird_displayed": (Reported.DISPLAYED, "displayed"),
        "auto_reply": None,
        "reply": None,
    }

    def test_rule_21_every_format_is_read(self):
        self.assertEqual(names(), sorted(self.CASES))
        for name, expected in self.CASES.items():
            with self.subTest(name):
                report = read_report(parse(raw(name)))
                if expected is None:
                    self.assertIsNone(report)
                    continue
                fate = report.fate_of(ADDRESS)
                self.assertEqual(fate.event, expected[0])
                self.assertIn(expected[1], fate.words)
                self.assertIn(MESSAGE_ID, report.message_ids)

    def test_rule_21_the_envid_is_read_where_there_is_one(self):
        for name in names():
            report = read_report(parse(raw(name)))
            if report:
                expected = ENVID if "postfix" in name else ""
                self.assertEqual(report.envelope_id, expected, name)

    def test_the_returned_message_counts_more_than_the_thread(self):
        thread = f"References: {MESSAGE_ID}".encode()
        source = raw("dsn_exim_failed")
        self.assertIn(thread, source)
        source = source.replace(thread, b"References: <old@x.example> <new@x.example>")
        report = read_report(parse(source))
        self.assertEqual(report.message_ids, (MESSAGE_ID, "<new@x.example>", "<old@x.example>"))

    def test_actions_and_classes(self):
        cases = (
            ("Action: delivered", Reported.DELIVERED),
            ("Action: Failed (bad address)", Reported.FAILED),
            ("Action: expanded", Reported.RELAYED),
            ("Status: 5.1.1", Reported.FAILED),
            ("Status: 4.4.1", Reported.DELAYED),
            ("Status: 2.0.0", Reported.DELIVERED),
            ("Action: exploded", None),
            ("", None),
        )
        for fields, expected in cases:
            with self.subTest(fields):
                text = raw("dsn_exim_failed").decode()
                text = text.replace("Action: failed\n", f"{fields}\n" if fields else "")
                text = text.replace("Status: 5.0.0\n", "")
                report = read_report(parse(text.encode()))
                self.assertEqual(report and report.fate_of(ADDRESS).event, expected)

    def test_dispositions(self):
        cases = (
            ("manual-action/MDN-sent-manually; displayed", Reported.DISPLAYED),
            ("automatic-action/MDN-sent-automatically;displayed/error", Reported.DISPLAYED),
            ("automatic-action/MDN-sent-automatically; DELETED", Reported.DELETED),
            ("automatic-action/MDN-sent-automatically; processed", Reported.DELETED),
            ("manual-action/MDN-sent-manually; denied", Reported.DELETED),
            ("automatic-action/MDN-sent-automatically; dispatched", Reported.DELETED),
            ("", None),
        )
        for disposition, expected in cases:
            with self.subTest(disposition):
                text = raw("mdn_outlook_displayed").decode()
                old = "automatic-action/MDN-sent-automatically; displayed"
                report = read_report(parse(text.replace(old, disposition).encode()))
                self.assertEqual(report and report.fate_of(ADDRESS).event, expected)

    def test_one_better_fate_is_enough(self):
        fates = {event: Fate(event, (), event.value) for event in Reported}
        cases = (
            ((Reported.FAILED, Reported.DELIVERED), Reported.DELIVERED),
            ((Reported.FAILED, Reported.DELAYED), Reported.DELAYED),
            ((Reported.FAILED, Reported.FAILED), Reported.FAILED),
        )
        for events, expected in cases:
            report = Report("", (), tuple(fates[event] for event in events))
            self.assertEqual(report.fate_of(ADDRESS).event, expected)

    def test_a_report_inside_a_forwarded_message_is_none(self):
        forwarded = email.message.EmailMessage()
        forwarded["From"] = "jana@odberatel.example"
        forwarded.set_content("See below")
        forwarded.add_attachment(parse(raw("dsn_postfix_failed")))
        self.assertIsNone(read_report(parse(bytes(forwarded))))

    def test_a_letter_of_a_daemon_that_reports_nothing_is_none(self):
        source = raw("plain_czech_failed").replace(b"nebylo mo=BEn=E9 doru=E8it", b"jsme dostali")
        source = source.replace(b"_nelze_doru=E8it", b"")
        self.assertIsNone(read_report(parse(source)))

    def test_encoded_status_parts_are_read(self):
        """RFC 6533 lets them be encoded, and some systems do it to all."""
        text = raw("dsn_exim_failed").decode()
        head, _type, rest = text.partition("Content-type: message/delivery-status\n\n")
        status, boundary, tail = rest.partition("--1780045213")
        for kind in ("message/delivery-status", "message/global-delivery-status"):
            with self.subTest(kind):
                encoded = email.base64mime.body_encode(status.encode())
                part = f"Content-type: {kind}\nContent-Transfer-Encoding: base64\n\n{encoded}\n"
                report = read_report(parse(f"{head}{part}{boundary}{tail}".encode()))
                self.assertEqual(report.fate_of(ADDRESS).words, "552 5.2.2 Mailbox full")

    def test_no_mutilated_message_makes_it_stumble(self):
        chance = random.Random(21)
        for name in names():
            whole = raw(name)
            # One report per message: that of 60 each takes longer than what is tested.
            with self.subTest(name):
                for number in range(60):
                    report = read_report(parse(mutilated(whole, chance)))
                    if report:
                        words = report.fate_of(ADDRESS).words
                        self.assertLessEqual(len(words), MAX_WORDS, f"mutilation {number}")
                        self.assertTrue(all(i.isascii() for i in report.message_ids), number)

    def test_what_is_kept_is_plain_and_short(self):
        self.assertEqual(clean("a\x00b\r\n\tc\x1b[31m"), "a b c [31m")
        self.assertEqual(len(clean("x" * 10**6, MAX_WORDS)), MAX_WORDS)

    def test_options_are_xtext(self):
        self.assertEqual(xtext("a+b=c d\u00e9"), "a+2Bb+3Dc+20d+E9")
        mail, rcpt = dsn_options("7-ab", "a=b@c.example")
        self.assertEqual(mail, ["RET=HDRS", "ENVID=7-ab"])
        self.assertEqual(rcpt[1], "ORCPT=rfc822;a+3Db@c.example")

    def test_every_event_leads_somewhere(self):
        self.assertEqual(set(STATE_AFTER), set(Reported))
