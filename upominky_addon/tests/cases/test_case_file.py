"""SPEC rule 40: „Podklady pro advokáta“: one zip of all that is kept of a customer's case."""

import csv
import email
import email.policy
import io
import zipfile
from datetime import datetime, timedelta
from hashlib import sha256
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ...models.cases import case as cases
from ...models.cases.documents import as_email
from ..common import TODAY, smtp_inbox
from ..paper.test_letter_pages import PaperCommon


class CaseCommon(PaperCommon):
    """A customer who was sent a letter about two invoices, one of them paid in part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.attach_letter = True
        cls.clerk = new_test_user(
            cls.env,
            "case_clerk",
            "upominky_addon.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        # The files in these tests have the PDFs that a test stored, and are made at once; see
        # test_case_pdfs for those that the job makes.
        nothing = lambda case, documents: case.env["account.move"]  # noqa: E731
        self.pdfs = patch.object(type(self.env["upominky.case"]), "_without_pdf", nothing)
        self.startPatcher(self.pdfs)

    def sent(self, *moves):
        reminder = self.generate()
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(set(reminder.mapped("state")), {"sent"})
        return reminder

    def with_pdf(self, move, data=b"%PDF-1.7 invoice"):
        """Store a PDF of an invoice, as Odoo does when it sends one."""
        self.env["ir.attachment"].create(
            {
                "name": f"{move.name}.pdf",
                "raw": data,
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        return data

    def made(self, records, user=None, day=TODAY):
        """Have a file made; return its record."""
        method = "action_case_file"
        if records._name == "res.partner":
            method = "action_upominky_case_file"
        with self.on(day):
            getattr(records.with_user(user or self.clerk), method)()
        return self.env["upominky.case"].search([("company_id", "=", self.company.id)], limit=1)

    def opened(self, case):
        """Return the files of a case by their names."""
        with zipfile.ZipFile(io.BytesIO(case.attachment_id.sudo().raw)) as file:
            self.assertIsNone(file.testzip())
            return {name: file.read(name) for name in file.namelist()}

    def rows(self, files, name):
        return list(csv.reader(io.StringIO(files[name].decode("utf-8-sig")), delimiter=";"))


class TestCaseFile(CaseCommon):
    def test_rule_40_all_that_is_kept_is_in_it_to_the_byte(self):
        first, second = self.invoice(due=30), self.invoice(due=20, amount=1000)
        data = self.with_pdf(first)
        reminder = self.sent()
        self.pay(first, 2100)
        files = self.opened(self.made(self.customer))
        name = reminder.name.replace("/", "-")
        self.assertEqual(files[f"letters/{name}.pdf"], reminder.letter_id.sudo().raw)
        self.assertEqual(files[f"invoices/{first.name.replace('/', '-')}.pdf"], data)
        self.assertNotIn(f"invoices/{second.name.replace('/', '-')}.pdf", files)
        (message,) = [files[path] for path in files if path.endswith(".eml")]
        self.check_message(message, reminder)
        index = self.rows(files, "index.csv")
        by_path = {row[0]: row for row in index[1:]}
        for path, content in files.items():
            if not path.startswith("index."):
                size, digest = by_path[path][2:4]
                self.assertEqual((int(size), digest), (len(content), sha256(content).hexdigest()))
        missing = by_path[f"invoices/{second.name.replace('/', '-')}.pdf"]
        self.assertEqual(
            missing[2:],
            ["0", "", "There is no PDF of it: print the invoice, then make this file anew."],
        )
        self.assertIn(first.name.replace("/", "-"), files["index.html"].decode())

    def check_message(self, data, reminder):
        message = email.message_from_bytes(data, policy=email.policy.default)
        delivery = reminder.delivery_ids
        self.assertEqual(message["To"], delivery.email_to)
        self.assertEqual(message["Message-ID"], delivery.message_id)
        self.assertIn("Reminder", message["Subject"])
        self.assertIn("12,100.00", message.get_body(("html",)).get_content())
        (letter,) = message.iter_attachments()
        self.assertEqual(letter.get_content(), reminder.letter_id.sudo().raw)

    def test_rule_40_deliveries_and_payments_are_tables(self):
        move = self.invoice(due=30, amount=10000)
        reminder = self.sent()
        self.pay(move, 4000, TODAY - timedelta(days=1))
        note = move._reverse_moves([{"date": TODAY, "invoice_date": TODAY}])
        note.invoice_line_ids.price_unit = 1000
        note.action_post()
        (note + move).line_ids.filtered(lambda i: i.account_type == "asset_receivable").reconcile()
        files = self.opened(self.made(reminder))
        heads, delivery = self.rows(files, "deliveries.csv")
        told = dict(zip(heads, delivery, strict=True))
        self.assertEqual((told["Reminder"], told["State"]), (reminder.name, "Sent"))
        self.assertEqual(told["To"], "fakturace@odberatel.example")
        _heads, *rows = self.rows(files, "account.csv")
        self.assertEqual(
            [(row[3], row[5], row[6]) for row in rows],
            [
                ("Invoice", "10000.00", "10000.00"),
                ("Payment", "-4000.00", "6000.00"),
                ("Credit note", "-1000.00", "5000.00"),
            ],
        )

    def test_rule_40_in_czech_it_has_a_decimal_comma(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.clerk.lang = "cs_CZ"
        self.invoice(due=30)
        self.sent()
        files = self.opened(self.made(self.customer))
        texts = [data.decode("utf-8-sig") for path, data in files.items() if path.endswith(".csv")]
        self.assertTrue([text for text in texts if "12100,00" in text])

    def test_rule_40_what_was_marked_as_sent_is_told_with_its_number(self):
        self.invoice(due=30)
        reminder = self.generate()
        with self.on(TODAY):
            reminder.action_mark_sent(way="post", number="RR123456789CZ")
        _heads, row = self.rows(self.opened(self.made(reminder)), "deliveries.csv")
        self.assertIn("Post", row)
        self.assertIn("RR123456789CZ", row)

    def test_rule_40_a_damaged_letter_is_there_with_a_note(self):
        self.invoice(due=30)
        reminder = self.sent()
        reminder.sudo().letter_sha256 = "0" * 64
        index = self.rows(self.opened(self.made(reminder)), "index.csv")
        (note,) = [row[4] for row in index if row[0].startswith("letters/")]
        self.assertIn("Not the file that was kept", note)

    def test_rule_40_nothing_there_is_a_sentence(self):
        with self.assertRaisesRegex(UserError, "owes nothing that the file could be about"):
            self.made(self.customer)
        with self.assertRaisesRegex(UserError, "Choose whose file"):
            self.made(self.customer.browse())

    def test_rule_40_bad_names_lead_nowhere(self):
        customer = self.new_customer("../..\\<b>", "zle@zle.example")
        move = self.invoice(customer, due=30)
        move.name = "../../FA:1?"
        self.with_pdf(move)
        self.sent()
        case = self.made(customer)
        for path in self.opened(case):
            self.assertNotIn("..", path)
            self.assertLessEqual(path.count("/"), 1)
        self.assertNotIn("/", case.attachment_id.sudo().name)

    # ------------------------------------------------------------ large ones

    def large(self, count=cases.AT_ONCE):
        for number in range(count):
            self.with_pdf(self.invoice(due=30 + number), b"%%PDF-1.7 %d" % number)
        self.sent()

    def test_rule_40_a_large_one_is_made_by_the_job_in_slices(self):
        self.large()
        case = self.made(self.customer)
        self.assertEqual((case.state, case.place), ("waiting", 0))
        with self.assertRaisesRegex(UserError, "not ready yet"):
            case.with_user(self.clerk).action_download()
        calls = []
        model = type(case)
        original = model._put_in_some

        def counted(this):
            calls.append(this.place)
            return original(this)

        with patch.object(cases, "SLICE", 5), patch.object(model, "_put_in_some", counted):
            self.send()
        self.assertEqual((case.state, case.place), ("done", case.total), case.error)
        self.assertGreaterEqual(len(calls), 4)
        files = self.opened(case)
        self.assertEqual(sum(path.startswith("invoices/") for path in files), cases.AT_ONCE)
        self.assertEqual(case.digest, sha256(case.attachment_id.sudo().raw).hexdigest())
        self.assertFalse(case.sudo()._parts())

    def test_rule_40_after_a_death_it_goes_on_where_it_was(self):
        self.large()
        case = self.made(self.customer)
        with patch.object(cases, "SLICE", 5):
            case.sudo()._put_in_some()
            case.sudo()._put_in_some()
        self.assertEqual(case.place, 10)
        self.send()
        files = self.opened(case)
        self.assertEqual(len(case.entries), len(files))
        self.assertEqual(sum(path.startswith("invoices/") for path in files), cases.AT_ONCE)

    def test_rule_40_one_that_cannot_be_made_says_why_and_stops_no_other(self):
        self.large()
        case = self.made(self.customer)
        again = self.made(self.customer)
        model = type(case)
        original = model._invoice_document

        def broken(this, move):
            if this == case:
                raise UserError("The disk is full.")
            return original(this, move)

        with patch.object(model, "_invoice_document", broken):
            self.send()
        self.assertEqual((case.state, case.error), ("failed", "The disk is full."))
        self.assertEqual(again.state, "done")

    # ----------------------------------------------------------------- rights

    def test_rule_40_only_who_works_with_reminders_reads_it(self):
        self.invoice(due=30)
        self.sent()
        case = self.made(self.customer)
        letter = case.attachment_id
        for groups, may in (
            ("base.group_user", False),
            ("base.group_portal", False),
            ("account.group_account_readonly", False),
            ("upominky_addon.group_user", True),
        ):
            user = new_test_user(
                self.env,
                groups.replace(".", "_"),
                groups,
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            with self.subTest(groups):
                self.assertEqual(letter.with_user(user).has_access("read"), may)
                self.assertFalse(letter.with_user(user).has_access("write"))
                if not may:
                    with self.assertRaises(AccessError):
                        self.customer.with_user(user).action_upominky_case_file()

    def test_rule_40_another_company_s_invoices_of_the_same_number_are_not_in_it(self):
        other = self.setup_other_company(name="Cizí firma a.s.")
        theirs = self.init_invoice(
            "out_invoice", self.customer, TODAY - timedelta(days=90), amounts=[77.0],
            company=other["company"], post=True,
        )  # fmt: skip
        mine = self.invoice(due=30)
        mine.name = theirs.name
        self.with_pdf(theirs, b"%PDF theirs")
        self.with_pdf(mine, b"%PDF mine")
        self.sent()
        files = self.opened(self.made(self.customer))
        (found,) = [data for path, data in files.items() if path.startswith("invoices/")]
        self.assertEqual(found, b"%PDF mine")
        self.assertNotIn("77.0", files["account.csv"].decode())


class TestInterestInCase(CaseCommon):
    def test_rule_40_the_account_of_interest_and_costs_is_in_it(self):
        self.level.write({"interest": "contractual", "interest_percent": 12.5, "flat_cost": 1200})
        self.invoice(due=30, amount=10000)
        reminder = self.sent()
        self.assertTrue(reminder.interest_ids)
        head, *rows = self.rows(self.opened(self.made(reminder)), "interest.csv")
        self.assertEqual((head[0], head[-2]), ("Reminder", "Currency"))
        interest = [row for row in rows if row[2] == "Interest"]
        self.assertEqual(
            [row[5:-1] for row in interest], [["30", "10000.00", "12.5", "102.74", "CZK"]]
        )
        costs = [row for row in rows if row[2] == "Flat cost"]
        self.assertEqual([row[-3:-1] for row in costs], [["1200.00", "CZK"]])

    def test_rule_40_what_reached_nobody_asked_for_nothing(self):
        self.level.write({"interest": "contractual", "interest_percent": 12.5})
        move = self.invoice(due=30, amount=10000)
        for state, values in (
            ("to_approve", {"requires_approval": True}),
            ("issued", {"requires_approval": False}),
            ("failed", {"requires_approval": False}),
            ("sent", {"requires_approval": False}),
        ):
            with self.subTest(state), self.env.cr.savepoint() as savepoint:
                self.level.write(values)
                reminder = self.generate()
                answers = {self.customer.email: "550 no"} if state == "failed" else {}
                if state in ("failed", "sent"):
                    with smtp_inbox(self.env, answers):
                        self.send()
                self.assertEqual(reminder.state, state)
                files = self.opened(self.made(move.partner_id))
                self.assertEqual("interest.csv" in files, state == "sent")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_40_there_is_none_where_none_is_asked(self):
        self.invoice(due=30)
        self.assertNotIn("interest.csv", self.opened(self.made(self.sent())))


class TestCaseMessages(CaseCommon):
    def test_rule_40_a_proof_tells_the_hour_of_the_company(self):
        self.invoice(due=30)
        reminder = self.sent()
        # sudo: as the sending job writes it; no user may.
        reminder.delivery_ids.sudo().sent_at = datetime(2026, 5, 29, 22, 30)
        rows = self.rows(self.opened(self.made(reminder)), "deliveries.csv")
        self.assertIn("2026-05-30 00:30+02:00", rows[1])

    def test_rule_40_odd_names_stop_no_file(self):
        self.invoice(due=30)
        delivery = self.sent().delivery_ids
        file = self.env["ir.attachment"].create({"name": "two\r\nlines.txt", "raw": b"kept"})
        message = self.env["mail.message"].new(
            {"body": "half \ud800 of one", "attachment_ids": [Command.link(file.id)]}
        )
        read = as_email(message, delivery)
        parsed = email.message_from_bytes(read, policy=email.policy.default)
        self.assertIn("two lines.txt", [p.get_filename() for p in parsed.iter_attachments()])
