"""SPEC rule 21: mutilated reports by the thousand raise nothing, match nobody, undo nothing."""

import os
import random
import traceback

from odoo.tools import mute_logger

from ...core.lifecycle import State, allowed
from ..common import TODAY, smtp_inbox
from ..core.test_core_receipt import names, raw
from .test_inbound import InboundCommon

#: In the short run some hundreds.
MESSAGES = 5000 if os.environ.get("UPOMINKY_LONG") else 300
SEED = int((os.environ.get("UPOMINKY_SEED") or "21").partition(",")[0])
MAILED = [s for s in State if s not in (State.QUEUED, State.CANCELLED)]
JUNK = (
    b"", b"\xff\xfe\x00", b"\n\n", b"\r", b": ", b"=?x?b?!?=", b"=?utf-8?q?=0D=0A?=", b"--", b";",
    b"\x1b[2J", b"\xf0\x9f\x98\x80", b"<", b"@", b'"', b"Action: delivered\n", b"Status: 2.0.0\n",
    b"Disposition: manual-action/MDN-sent-manually; displayed\n", b"charset=utf-7", b"x" * 3000,
)  # fmt: skip


def cut_bytes(chance, source):
    """Replace a piece of the message by junk, or by itself some times."""
    start = chance.randrange(len(source) or 1)
    end = min(len(source), start + chance.randint(0, 200))
    junk = chance.choice((*JUNK, source[start:end] * 3))
    return source[:start] + junk + source[end:]


def move_lines(chance, source):
    """Drop, double, swap or indent a line."""
    lines = source.split(b"\n")
    one, two = (chance.randrange(len(lines)) for _n in range(2))
    what = chance.randrange(4)
    if what == 0:
        del lines[one]
    elif what == 1:
        lines.insert(two, lines[one])
    elif what == 2:
        lines[one], lines[two] = lines[two], lines[one]
    else:
        lines[one] = b"\t" + lines[one]
    return b"\n".join(lines)


def flip_letters(chance, source):
    """Change single bytes, also within names, boundaries and ids."""
    changed = bytearray(source)
    for _n in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def nest(chance, source):
    """Make it a part of another message."""
    kind = chance.choice((b"multipart/mixed", b"multipart/report", b"multipart/alternative"))
    head = b"From: MAILER-DAEMON@x.example\nSubject: Undelivered\nContent-Type: %s; boundary=zz\n\n"
    return head % kind + b"--zz\nContent-Type: message/rfc822\n\n" + source + b"\n--zz--\n"


def cut_off(chance, source):
    return source[: chance.randrange(len(source) or 1)]


MUTATIONS = (cut_bytes, cut_bytes, move_lines, move_lines, flip_letters, nest, cut_off)


class TestInboundFuzz(InboundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.others = [cls.new_customer(f"{n}", f"{n}@other.example") for n in range(2)]

    def send_three(self):
        """Mail a reminder to each of three customers; return the deliveries, ours first."""
        for customer in (self.customer, *self.others):
            self.invoice(customer, due=10)
        with smtp_inbox(self.env):
            reminders = self.generate()
            self.send()
        return reminders.sorted(lambda r: r.partner_id != self.customer).delivery_ids

    def mutilated(self, chance, delivery, foreign):
        """Return a report about a delivery, with some damage, or forged for a foreign one."""
        name = chance.choice(names())
        forged = f"{foreign.id}-{delivery._envelope_id().partition('-')[2]}"
        envelope = chance.choice((delivery._envelope_id(), "", forged))
        source = raw(name, delivery.message_id, envelope)
        for _n in range(chance.randint(0, 3)):
            source = chance.choice(MUTATIONS)(chance, source)
        return source

    @mute_logger("odoo.addons.mail.models.mail_thread", "odoo.tools.mail")
    def test_rule_21_mutilated_reports(self):
        mine, *foreign = deliveries = self.send_three()
        chance, moved, left_to_odoo = random.Random(SEED), 0, 0
        for number in range(MESSAGES):
            source = self.mutilated(chance, mine, foreign[0])
            before = chance.choice(MAILED).value
            with self.env.cr.savepoint() as savepoint:
                self.bring_to(mine, before)
                try:
                    self.process(source)
                except Exception as error:
                    left_to_odoo += 1
                    self.check_odoos_own(error, number, source)
                after = mine.state
                moved += after != before
                where = f"seed {SEED}, message {number}: {before} → {after}\n{source!r}"
                self.assertTrue(after == before or allowed(before, after), where)
                self.assertEqual([d.state for d in foreign], ["sent", "sent"], where)
                self.assertEqual({d.reminder_id.state for d in deliveries[1:]}, {"sent"}, where)
                self.assertLess(len(mine.reminder_id.error or ""), 1000, where)
                savepoint.rollback()
            self.env.invalidate_all()
        # Otherwise the damage is such that nothing is tried at all.
        self.assertGreater(moved, MESSAGES // 20)
        self.assertLess(left_to_odoo, MESSAGES // 3)
        self.assertEqual(mine.reminder_id.issue_date, TODAY)

    def check_odoos_own(self, error, number, source):
        """What is no report of ours is Odoo's affair, and fails as it does without us."""
        frames = traceback.extract_tb(error.__traceback__)
        last = [frame for frame in frames if "upominky_addon" in frame.filename][-1]
        self.assertIn("super()", last.line, f"seed {SEED}, message {number}: {error!r}\n{source!r}")
