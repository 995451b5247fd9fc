"""SPEC rules 36 to 39: bad input of letters, codes, interest and bills gets its sentence.

What has its test where it belongs is not here: accounts and symbols without a code are in
``letters/test_letter_codes.py`` and ``test_codes_of_invoices.py``, rates in ``charges/``, days to
pay in ``delivery/test_final_notice.py``, files in ``paper/test_invoice_files.py``.
"""

import contextlib
import io
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.sql_db import db_connect
from odoo.tools import mute_logger

from odoo.addons.base.models import ir_actions_report

from ...models.res_partner import CLAIM
from ..common import TODAY
from ..interest_case import BillingCase, InterestCase, by_law, day_by_day
from ..letters.test_letter_codes import CodesCase
from ..paper.test_invoice_files import FilesCommon

SOON = TODAY + timedelta(days=9)
BROKEN = psycopg2.errors.SerializationFailure
LOCKED = psycopg2.errors.LockNotAvailable


class TestTwoPeopleBilling(BillingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charge(interest="contractual", interest_percent=12, flat_cost=1200)
        cls.move = cls.invoice(amount=10_000, due=date(2026, 3, 31))
        cls.known = cls.env.ref("base.partner_admin")  # other connections see this one

    def test_rule_39_of_two_who_press_at_once_the_second_waits(self):
        self.known._upominky_reserve()
        with (
            db_connect(self.env.cr.dbname).cursor() as other,
            mute_logger("odoo.sql_db"),
            self.assertRaises(LOCKED),
        ):
            other.execute("SET LOCAL lock_timeout = '50ms'")
            other.execute(CLAIM, [self.known.ids])

    def test_rule_39_who_waited_is_told_by_the_database_and_begins_anew(self):
        with db_connect(self.env.cr.dbname).cursor() as other:
            other.execute("SET LOCAL lock_timeout = '5s'")
            other.execute(CLAIM, [self.known.ids])
            other.commit()
        with mute_logger("odoo.sql_db"), self.assertRaises(BROKEN), self.env.cr.savepoint():
            self.known._upominky_reserve()

    def test_rule_39_begun_anew_he_reads_that_it_was_billed_already(self):
        drafts = []

        def meanwhile(partners):
            """Let somebody else come to his end first: the database tells of it."""
            claiming.stop()
            drafts.append(self.bill(self.move))
            raise BROKEN

        partners = self.env.registry["res.partner"]
        claiming = patch.object(partners, "_upominky_reserve", meanwhile)
        claiming.start()
        self.addCleanup(claiming.stop)
        with contextlib.suppress(BROKEN):  # assertRaises of Odoo would take the other's away
            self.bill(self.move)
        self.assertTrue(drafts)
        with self.assertRaisesRegex(UserError, "billed already"):
            self.bill(self.move)  # as Odoo does
        billed = self.env["upominky.billed"].search([("move_id", "=", self.move.id)])
        self.assertEqual(billed.billed_move_id, drafts[0])
        self.assertEqual(billed.mapped("kind"), ["interest"], "no reminder asked a cost")


class TestDueInTheFuture(InterestCase):
    def test_rule_39_what_is_not_overdue_is_not_billed(self):
        for due in (SOON, TODAY):
            move = self.invoice(amount=10_000, due=due)
            with (
                self.subTest(due),
                self.on(TODAY),
                self.assertRaisesRegex(UserError, "no interest is owed on these invoices"),
            ):
                move.action_upominky_bill_interest()

    def test_rule_38_a_due_date_that_was_moved_is_that_of_the_interest(self):
        moved, other = self.invoice(amount=10_000, due=40), self.invoice(amount=500, due=40)
        reminder = self.generate()
        receivable = moved.line_ids.filtered("date_maturity")
        receivable.date_maturity = later = TODAY - timedelta(days=10)
        self.mailed()
        self.assertEqual(reminder.state, "sent", reminder.error)
        first = other.line_ids.filtered("date_maturity").date_maturity
        wanted = day_by_day(10_000, later, [], TODAY, by_law(later))
        wanted += day_by_day(500, first, [], TODAY, by_law(first))
        self.assertEqual(self.interest_of(reminder), wanted)

    def test_rule_38_moved_into_the_future_nothing_of_it_is_asked(self):
        moved, other = self.invoice(amount=10_000, due=40), self.invoice(amount=500, due=40)
        reminder = self.generate()
        moved.line_ids.filtered("date_maturity").date_maturity = SOON
        self.mailed()
        gone = reminder.line_ids.filtered(lambda line: line.move_id == moved)
        self.assertEqual((gone.state, gone.drop_reason), ("dropped", "not_due_yet"))
        self.assertEqual(reminder.interest_ids.move_id, other)
        self.assertEqual(reminder.claim_totals["CZK"]["principal"], 500)


class TestFutureInCodes(CodesCase):
    def test_rule_37_of_an_invoice_in_parts_the_code_asks_for_the_part_that_is_due(self):
        parts = [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
            for days in (0, 60)
        ]
        term = self.env["account.payment.term"].create({"name": "Halves", "line_ids": parts})
        move = self.owed("7", 1000)
        move.button_draft()
        move.write({"invoice_payment_term_id": term.id, "payment_reference": "7"})
        move.action_post()
        (code,) = self.codes(self.generate())
        self.assertIn("*AM:500.00*", code.payload)
        self.assertNotIn("*DT:", code.payload)  # a day that is over is none that a bank takes


class TestKilledProgram(FilesCommon):
    """The program that makes the PDFs of invoices is ended by the system, say for its memory."""

    def making_by(self, program):
        """Patch how the PDFs of invoices are made: by a program in the place of wkhtmltopdf."""
        folder = self.enterContext(TemporaryDirectory())
        path = Path(folder, "wkhtmltopdf")
        path.write_text(program)
        path.chmod(0o755)
        found = ir_actions_report._wkhtml()._replace(bin=str(path), state="ok")
        self.enterContext(patch.object(ir_actions_report, "_wkhtml", lambda: found))

        def make(report, _ref, res_ids=None, data=None):
            pdf = report._run_wkhtmltopdf(["<p>Invoice</p>"])
            return {self.move.id: {"stream": io.BytesIO(pdf), "attachment": None}}, "pdf"

        return self.making(make)

    @mute_logger("odoo.addons.upominky_addon", "odoo.addons.base.models.ir_actions_report")
    def test_rule_36_wkhtmltopdf_killed_fails_that_reminder_with_its_sentence(self):
        with self.making_by("#!/bin/sh\nkill -9 $$\n"):
            reminder, inbox = self.sent()
        self.assertEqual((reminder.state, inbox.messages), ("failed", []))
        self.assertIn("The PDF of the invoice FA/2026/00007 cannot be made", reminder.error)
        self.assertIn("error code: -9", reminder.error)
        self.assertFalse(self.pdf_of())
