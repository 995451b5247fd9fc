"""SPEC rules 22 and 23 against servers that misbehave: a run of three, one meets the fault."""

from contextlib import contextmanager

from odoo.tools import mute_logger

from ..bad_servers import ACCEPT_AND_DROP, DROP, DROP_IN_BODY, RESET, bad_server
from ..common import UpominkyCommon

FIRST, SECOND, THIRD = (f"{name}@run.example" for name in ("first", "second", "third"))
ALL = [FIRST, SECOND, THIRD]
GARBAGE = b"\x00\xff\xfe<html>\x1b[2J garbage\r\n"
LONG = b"550-" + b"very " * 1000 + b"\r\n"


def only(address, answer):
    """Return a reaction to one recipient alone; the others get the usual answer."""
    return lambda line: answer if address in line else None


#: Name, what the server does to the first message of the run, state of its reminder and delivery
#: afterwards, words of the error, and whether the server has it all the same.
FAULTS = (
    # Temporary: tried again.
    ("421 at the greeting", {"CONNECT": ["421 Too many"]}, "issued", "queued", "421 Too many"),
    ("421 at EHLO", {"EHLO": ["421 Later"], "HELO": ["421 Later"]}, "issued", "queued", "421"),
    ("421 at MAIL", {"MAIL": ["421 Going down"]}, "issued", "queued", "421 Going down"),
    ("421 at RCPT", {"RCPT": only(FIRST, "421 Down")}, "issued", "queued", "421 Down"),
    ("421 at DATA", {"DATA": ["421 Down"]}, "issued", "queued", "421 Down"),
    ("421 after the final dot", {"DOT": ["421 Down"]}, "issued", "queued", "421 Down"),
    ("451 greylisting", {"RCPT": only(FIRST, "451 Greylisted")}, "issued", "queued", "451 Grey"),
    ("452 after the final dot", {"DOT": ["452 Full"]}, "issued", "queued", "452 Full"),
    ("drops at the greeting", {"CONNECT": [DROP]}, "issued", "queued", "closed"),
    ("drops at MAIL", {"MAIL": [DROP]}, "issued", "queued", "closed"),
    ("resets at RCPT", {"RCPT": [RESET]}, "issued", "queued", "onnection"),
    ("drops at DATA", {"DATA": [DROP]}, "issued", "queued", "closed"),
    ("garbage at the greeting", {"CONNECT": [GARBAGE]}, "issued", "queued", "speak SMTP"),
    ("garbage at EHLO", {"EHLO": [GARBAGE], "HELO": [GARBAGE]}, "issued", "queued", "speak SMTP"),
    ("garbage at MAIL", {"MAIL": [GARBAGE]}, "issued", "queued", "speak SMTP"),
    ("garbage at RCPT", {"RCPT": [GARBAGE]}, "issued", "queued", "speak SMTP"),
    ("garbage at DATA", {"DATA": [GARBAGE]}, "issued", "queued", "speak SMTP"),
    ("two answers to MAIL", {"MAIL": [b"junk!\r\n250 OK\r\n"]}, "issued", "queued", "speak SMTP"),
    ("not SMTP but Telnet", {"CONNECT": [b"HTTP/1.1 400 Bad\r\n\r\n"]}, "issued", "queued", "400"),
    # Permanent: failed at once.
    ("550 for the recipient", {"RCPT": only(FIRST, "550 Unknown")}, "failed", "failed", "550 Unk"),
    ("550 for the sender", {"MAIL": ["550 Not you"]}, "failed", "failed", "550 Not you"),
    ("552 too large, at MAIL", {"MAIL": ["552 Too large"]}, "failed", "failed", "552 Too large"),
    ("552 too large, at the end", {"DOT": ["552 Size"]}, "failed", "failed", "552 Size"),
    ("554 spam, at the end", {"DOT": ["554 Spam"]}, "failed", "failed", "554 Spam"),
    ("NUL in an answer", {"RCPT": [b"550 a\x00b\xff\x1b[2J\r\n"]}, "failed", "failed", "550 a b"),
    ("a long answer", {"RCPT": [LONG * 20 + b"550 end\r\n"]}, "failed", "failed", "550 very"),
    # Nobody knows: never sent again by itself.
    ("drops in the body", {"DATA": [DROP_IN_BODY]}, "issued", "uncertain", "nobody knows"),
    ("drops at the final dot", {"DOT": [DROP]}, "issued", "uncertain", "nobody knows"),
    ("accepts, then drops", {"DOT": [ACCEPT_AND_DROP]}, "issued", "uncertain", "nobody knows"),
    ("a 354 for the final dot", {"DOT": ["354 Go on"]}, "issued", "uncertain", "nobody knows"),
    ("garbage at the final dot", {"DOT": [GARBAGE]}, "issued", "uncertain", "nobody knows"),
)  # fmt: skip


class BadServerCommon(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(mute_logger("odoo.addons.base.models.ir_mail_server").__enter__)
        cls.people = [cls.new_customer(email, email) for email in ALL]

    def run_of_three(self):
        """Issue and send a reminder for each of the three customers.

        :return: the reminders, that of the first customer first
        """
        for person in self.people:
            self.invoice(person, due=10)
        reminders = self.generate().sorted(lambda r: r.partner_id.id)
        self.send()
        return reminders

    def states(self, reminders):
        return [(reminder.state, reminder.delivery_state) for reminder in reminders]

    @contextmanager
    def world(self, name):
        """Run a case in a world of its own."""
        with self.subTest(name), self.env.cr.savepoint() as savepoint:
            yield
            savepoint.rollback()
        self.env.invalidate_all()


class TestBadServer(BadServerCommon):
    def test_rule_22_each_fault_ends_in_its_state_and_stops_nobody(self):
        for name, answers, *expected in FAULTS:
            with self.world(name), bad_server(self.env, dict(answers)) as server:
                self.check_fault(name, server, *expected)

    def test_rule_23_every_answer_that_accepts_is_a_yes(self):
        """smtplib takes 250 alone for it, and the message would go out again."""
        with bad_server(self.env, {"DOT": ["200 Taken", "251 Taken"]}) as server:
            reminders = self.run_of_three()
            self.send(hour=10)
            self.assertEqual(set(self.states(reminders)), {("sent", "sent")})
            self.assertEqual(server.recipients, ALL)

    def check_fault(self, name, server, state, delivery_state, words):
        reminders = self.run_of_three()
        first = reminders[0]
        self.assertEqual(self.states(first), [(state, delivery_state)], first.error)
        self.assertIn(words, first.error)
        self.assertLess(len(first.error), 900)
        # Without a session nobody can be written to; the next run opens one.
        met = 3 if name.rpartition(" ")[2] in ("greeting", "EHLO", "Telnet") else 1
        has_it = [FIRST] if name.startswith("accepts") else []
        self.assertEqual(self.states(reminders[met:]), [("sent", "sent")] * (3 - met))
        self.assertEqual(server.recipients, has_it + ALL[met:])
        server.answers.clear()  # healed, an hour later
        self.send(hour=10)
        again = ALL[:met] if delivery_state == "queued" else []
        self.assertEqual(server.recipients, has_it + ALL[met:] + again)
        after = ("sent", "sent") if again else (state, delivery_state)
        self.assertEqual(self.states(reminders), [after] + [("sent", "sent")] * 2)
