"""SPEC rules 36 and 40: invoices of which no PDF was ever made are in the file for a lawyer."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..common import TODAY
from .test_case_file import CaseCommon

QUIET = mute_logger("odoo.addons.upominky_addon.models.cases.pdfs")


class TestCasePdfs(CaseCommon):
    def setUp(self):
        super().setUp()
        self.pdfs.stop()  # as the program is
        self.addCleanup(self.pdfs.start)
        self.first, self.second = self.invoice(due=30), self.invoice(due=20, amount=1000)
        self.stored = self.with_pdf(self.first)
        self.sent()

    def making(self, make):
        return patch.object(type(self.env["account.move"]), "_upominky_make_pdf", make)

    def path(self, move):
        return f"invoices/{move.name.replace('/', '-')}.pdf"

    def test_rule_40_the_job_makes_what_was_never_made(self):
        made_of = []

        def make(move):
            made_of.append(move.id)
            self.with_pdf(move, b"%PDF-1.7 made now")

        with self.making(make):
            case = self.made(self.customer)
            self.assertEqual((case.state, made_of), ("waiting", []), "no request makes any")
            self.send()
        self.assertEqual((case.state, made_of), ("done", self.second.ids), case.error)
        files = self.opened(case)
        self.assertEqual(files[self.path(self.first)], self.stored)
        self.assertEqual(files[self.path(self.second)], b"%PDF-1.7 made now")

    def test_rule_40_one_that_cannot_be_made_is_named_and_stops_nothing(self):
        def make(move):
            raise UserError("The report is broken.")

        with self.making(make), QUIET:
            case = self.made(self.customer)
            self.send()
        self.assertEqual(case.state, "done", case.error)
        rows = {row[0]: row for row in self.rows(self.opened(case), "index.csv")}
        self.assertIn("There is no PDF of it", rows[self.path(self.second)][-1])

    def test_rule_40_with_the_job_off_it_is_made_of_what_there_is(self):
        off = patch.object(type(self.env["upominky.run"]), "_job_is_on", lambda run, name: False)
        with off, self.on(TODAY):
            case = self.made(self.customer)
        self.assertEqual(case.state, "done")
        self.assertNotIn(self.path(self.second), self.opened(case))
