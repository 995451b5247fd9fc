import hashlib
import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged

from ..common import smtp_inbox
from ..interest_case import day_by_day
from .test_tours_ways import WaysCase, writable_requests

#: What Czech law puts on the base rate, in percent.
POINTS = 8


@tagged("post_install", "-at_install", "upominky_addon")
class TestClaimTours(WaysCase):
    """A bill of interest and files for a lawyer, in a real browser."""

    def setUp(self):
        super().setUp()
        self.today = self.company._upominky_today()
        self.due = self.move.invoice_date_due
        self.rate = self.known_rate()

    def known_rate(self):
        """Return the base rate of the half-year of today, in which the delay began."""
        # sudo: of all companies; the tests begin with what is shipped, whatever year it is.
        rates = self.env["upominky.rate"].sudo().search([("regime", "=", "cz")])
        last, now = rates[:1], self.half_year()
        if last.date_from < now:
            last = last.copy({"date_from": now, "percent": last.percent})
        return last

    def half_year(self):
        day = self.due + timedelta(days=1)
        return day.replace(month=1 if day.month < 7 else 7, day=1)

    def interest(self, until, *paid):
        """Return the interest by law on the invoice, the slow way."""
        return day_by_day(12100, self.due, paid, until, str(self.rate.percent + POINTS))

    def test_rule_38_a_level_asks_interest_and_its_message_is_read_before(self):
        level = self.rule.level_ids[0]
        with writable_requests():
            self.tour(f"upominky.level/{level.id}", "upominky_charge_interest")
        self.assertEqual(
            (level.interest, level.interest_percent, level.flat_cost), ("contractual", 12, 1200)
        )
        reminder = self.generate(self.today)
        asked = day_by_day(12100, self.due, (), self.today, "12")
        self.assertEqual(Decimal(str(reminder.claim_totals["CZK"]["interest"])), asked)

    def test_rule_39_interest_is_billed_from_what_was_paid_late(self):
        paid = self.today - timedelta(days=3)
        self.pay(self.move, day=paid)
        self.company.upominky_regime = "cz"  # the menu appears with the first use
        self.assertTrue(self.move.upominky_paid_late)
        self.tour("", "upominky_bill_interest")
        draft = self.env["account.move"].search(
            [("upominky_is_interest", "=", True), ("partner_id", "=", self.customer.id)]
        )
        self.assertEqual((len(draft), draft.state), (1, "draft"))
        self.assertEqual(draft.amount_total, float(self.interest(paid)))
        billed = self.env["upominky.billed"].search([("billed_move_id", "=", draft.id)])
        self.assertEqual(
            (billed.date_from, billed.date_to, billed.move_id),
            (self.due + timedelta(days=1), paid, self.move),
        )
        self.assertFalse(self.move.upominky_paid_late)

    def test_rule_40_files_for_a_lawyer_are_made_from_the_book(self):
        other = self.new_customer("Druhý s.r.o.", "f@druhy.example")
        self.overdue(other)
        with smtp_inbox(self.env):
            self.generate(self.today)
            self.send(self.today)
        # Both are made in the request; that the job makes PDFs first is in test_case_pdfs.
        none = lambda case, documents: case.env["account.move"]  # noqa: E731
        self.startPatcher(patch.object(type(self.env["upominky.case"]), "_without_pdf", none))
        self.tour("upominky", "upominky_case_files")
        cases = self.env["upominky.case"].search([("company_id", "=", self.company.id)])
        self.assertEqual(cases.partner_id, self.customer | other)
        self.assertEqual(cases.mapped("state"), ["done", "done"])
        self.authenticate(self.env.user.login, self.env.user.login)
        for case in cases:
            self.assertEqual(self.downloaded(case), case.digest)

    def downloaded(self, case):
        """Fetch a file as its button does, see that it opens, and return its SHA-256."""
        data = self.url_open(case.action_download()["url"]).content
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            self.assertIsNone(file.testzip())
            page = file.read("index.html").decode()
        self.assertIn(case.partner_id.name, page)
        return hashlib.sha256(data).hexdigest()
