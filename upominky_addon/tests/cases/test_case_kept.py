"""SPEC rule 40: files for lawyers need little memory, are made for many, and go in their time."""

import os
import tracemalloc
from datetime import datetime, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError, ValidationError

from ...models.cases import case as cases
from ...models.cases import keeping
from ..common import TODAY
from .test_case_file import CaseCommon

#: Bytes of a PDF, and how many of them there are.
SIZE, COUNT = 300_000, 100
#: What making the file may need at most, of a file of 30 MB: a part of it, read and written.
MOST_BYTES = 24_000_000


class TestCaseMemory(CaseCommon):
    def documents(self, count):
        """Return a file that waits, of so many invoices with a PDF that cannot be packed."""
        move = self.invoice(due=30)
        case = self.env["upominky.case"].sudo()._asked(self.company, self.customer, move)
        pdf = self.env.registry["upominky.case"]._invoice_document
        case.write(
            {
                "contents": {**case.contents, "documents": [("invoice", move.id)] * count},
                "total": count,
            }
        )
        self.with_pdf(move)

        def read(this, of):
            document = pdf(this, of)
            return type(document)(document.folder, document.name, "x", os.urandom(SIZE))

        return case, patch.object(self.env.registry["upominky.case"], "_invoice_document", read)

    def test_rule_40_a_hundred_invoices_of_300_kb_do_not_lie_in_memory_at_once(self):
        case, large = self.documents(COUNT)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        with large:
            while case.state == "waiting":
                case._put_in_some()
        peak = tracemalloc.get_traced_memory()[1]
        self.assertGreater(case.attachment_id.file_size, COUNT * SIZE)
        self.assertLess(peak, MOST_BYTES)
        self.assertEqual(len(self.opened(case)), COUNT + 4)

    def test_rule_40_large_documents_make_small_slices_and_no_part_is_written_twice(self):
        case, large = self.documents(4)
        with large, patch.object(cases, "SLICE_BYTES", SIZE * 1.5):
            for place in (2, 4):
                case._put_in_some()
                self.assertEqual(case.place, place)
        self.assertEqual((case.state, case._parts().ids), ("done", []))

    def test_rule_40_where_files_lie_in_the_database_they_are_made_too(self):
        self.env["ir.config_parameter"].sudo().set_param("ir_attachment.location", "db")
        case, large = self.documents(2)
        with large:
            case._put_in_some()
        self.assertEqual(len(self.opened(case)), 6)

    def test_rule_40_what_was_made_of_one_that_fails_goes(self):
        case, large = self.documents(3)
        with large, patch.object(cases, "SLICE", 1):
            case._put_in_some()
            self.assertEqual(len(case._parts()), 1)
        with patch.object(type(case), "_put_into", side_effect=UserError("The disk is full.")):
            case._go_on()
        self.assertEqual((case.state, case.error), ("failed", "The disk is full."))
        self.assertFalse(case._parts())
        with self.assertRaisesRegex(UserError, "The disk is full"):
            case.with_user(self.clerk).action_download()


class TestManyCases(CaseCommon):
    def owing(self, count):
        """Return customers who owe something each."""
        customers = self.env["res.partner"]
        for number in range(count):
            customers += self.new_customer(f"Zákazník {number}")
            self.invoice(customers[-1], due=30)
        return customers

    def asked(self, customers):
        before = self.env["upominky.case"].search([])
        with self.on(TODAY):
            action = customers.with_user(self.clerk).action_upominky_case_file()
        return action, self.env["upominky.case"].search([]) - before

    def test_rule_40_many_customers_are_made_by_the_job(self):
        customers = self.owing(5)
        with patch.object(cases, "AT_ONCE", 4):
            action, made = self.asked(customers)
        self.assertEqual(made.mapped("state"), ["waiting"] * 5)
        self.assertEqual(self.env["upominky.case"].search(action["domain"]), made)
        self.send()
        self.assertEqual(made.mapped("state"), ["done"] * 5)
        self.assertEqual(made.partner_id, customers)

    def test_rule_40_few_small_ones_are_there_at_once(self):
        _action, made = self.asked(self.owing(3))
        self.assertEqual(made.mapped("state"), ["done"] * 3)

    def test_rule_40_without_the_job_many_are_refused_and_one_is_made(self):
        self.env.ref("upominky_addon.cron_send").sudo().active = False
        customers = self.owing(2)
        with patch.object(cases, "AT_ONCE", 0):
            with self.assertRaisesRegex(UserError, "is off: switch it on"):
                self.asked(customers)
            _action, made = self.asked(customers[0])
        self.assertEqual(made.state, "done")

    def test_rule_40_who_owes_nothing_is_left_out_and_named(self):
        nobody = self.new_customer("Nikdo <b>")
        action, made = self.asked(self.owing(1) + nobody)
        self.assertIn("Nikdo <b> owes nothing", action["params"]["message"])
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_url")
        self.assertEqual(made.state, "done")

    def test_rule_40_too_many_are_refused_before_anything_is_read(self):
        with patch.object(cases, "MOST_AT_ONCE", 1), self.assertRaisesRegex(UserError, "At most 1"):
            self.asked(self.owing(2))


class TestCasesKept(CaseCommon):
    def old(self, days):
        """Return a file that was made so many days ago."""
        if not self.customer.invoice_ids:
            self.invoice(due=30)
        case = self.made(self.customer)
        made = datetime(2026, 5, 29, 10) - timedelta(days=days)
        self.env.cr.execute(
            "UPDATE upominky_case SET create_date = %s WHERE id = %s", [made, case.id]
        )
        case.invalidate_recordset()
        return case

    def clean(self):
        with self.on(TODAY, 10):
            return self.env["upominky.case"].sudo()._gc_files()

    def test_rule_40_a_file_can_be_fetched_as_long_as_its_row_says_and_then_goes(self):
        months = self.company.upominky_case_months
        self.assertEqual(months, keeping.MONTHS)
        first = TODAY - relativedelta(months=months)
        last, over = self.old((TODAY - first).days), self.old((TODAY - first).days + 1)
        self.assertEqual(last.kept_until, TODAY)
        file = over.attachment_id.sudo()
        self.assertEqual(self.clean(), (1, False))
        self.assertEqual((last.state, over.state), ("done", "deleted"))
        self.assertTrue(last.with_user(self.clerk).action_download())
        self.assertFalse(file.exists())
        self.assertTrue(over.digest and over.entries)
        self.assertFalse(over.kept_until)
        with self.assertRaisesRegex(UserError, "was deleted: have it made anew"):
            over.with_user(self.clerk).action_download()

    def test_section_18_7_statements_are_what_customers_got_and_stay(self):
        case = self.old(5000)
        case.sudo().kind = "statement"
        self.assertFalse(case.kept_until)
        self.assertEqual(self.clean(), (0, False))
        self.assertTrue(case.attachment_id)

    def test_rule_40_zero_keeps_them_for_ever(self):
        case = self.old(5000)
        self.company.upominky_case_months = 0
        self.assertFalse(case.kept_until)
        self.assertEqual(self.clean(), (0, False))
        self.assertEqual(case.state, "done")

    def test_rule_40_one_that_waits_is_not_deleted(self):
        case = self.old(5000)
        case.sudo().state = "waiting"
        self.clean()
        self.assertEqual(case.state, "waiting")

    def test_rule_40_very_many_go_bit_by_bit(self):
        self.old(5000)
        self.old(5000)
        with patch.object(keeping, "MOST_DELETED", 1):
            self.assertEqual([self.clean() for _time in range(3)], [(1, True), (1, True), (0, 0)])

    def test_rule_40_months_that_are_none_are_refused_and_managers_choose(self):
        for months in (-1, 121):
            with self.assertRaisesRegex(ValidationError, "cannot be kept"):
                self.company.upominky_case_months = months
        settings = self.env["upominky.settings"].browse(
            self.env["upominky.settings"].action_open()["res_id"]
        )
        settings.case_months = 24
        self.assertEqual(self.company.upominky_case_months, 24)
