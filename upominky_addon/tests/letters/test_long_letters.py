"""SPEC rules 10, 20: a letter fits a mailbox and a phone, whatever it lists; nothing is lost."""

from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from io import BytesIO
from unittest.mock import patch

from lxml import html
from openpyxl import load_workbook

from odoo import Command

from odoo.addons.upominky_addon.core import letter as core_letter
from odoo.addons.upominky_addon.models.base import transactions

from ..common import TODAY, UpominkyCommon, smtp_inbox

FITTED = "odoo.addons.upominky_addon.models.letters.letter.fitted"
#: Gmail cuts a message off at 102 kB.
MOST = 80_000
DUE = TODAY - timedelta(days=30)
AMOUNT = 1234567.8
LONGEST = "FA/2026/" + "ŽLUŤOUČKÝ" * 20


def listing_at_most(count):
    return patch(FITTED, partial(core_letter.fitted, most_lines=count))


class TestLongLetters(UpominkyCommon):
    def moves(self, count, number):
        common = {
            "move_type": "out_invoice",
            "partner_id": self.customer.id,
            "invoice_date": DUE - timedelta(days=14),
            "invoice_date_due": DUE,
        }
        return self.env["account.move"].create(
            [
                {**common, "name": number.format(i), "payment_reference": f"2026{i:06}"}
                for i in range(count)
            ]
        )

    def reminder(self, count, number="FA/2026/{:05}", credits=0):
        """Return a reminder of so many invoices, 1,234,567.80 CZK each."""
        moves = self.moves(count, number)
        common = {"company_id": self.company.id, "currency_id": self.czk.id}
        line = {
            **common,
            "level_order": 1,
            "due_date": DUE,
            "days_overdue": 30,
            "amount_issued": AMOUNT,
            "amount_due": AMOUNT,
            "counted": False,
        }
        # sudo: as the job issues it; no user may.
        made = (
            self.env["upominky.reminder"]
            .sudo()
            .create(
                {
                    "name": "UP/2026/00001",
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "rule_id": self.rule.id,
                    "level_id": self.rule.level_ids[0].id,
                    "level_order": 1,
                    "issue_date": TODAY,
                    "lang": "en_US",
                    "currency_totals": {"CZK": AMOUNT * count - credits},
                    "line_ids": [Command.create({**line, "move_id": move.id}) for move in moves],
                    "credit_ids": [Command.create({**common, "amount": 1}) for _ in range(credits)],
                }
            )
        )
        return made.sudo(False)

    def written(self, reminder):
        """Return the HTML and the plain text of a message."""
        ((subject, body),) = reminder._render().values()
        return str(reminder._with_layout(subject, body)), reminder._plain_text(body)

    def listed(self, reminder):
        """Return the rows of the attached list, without its head."""
        page = load_workbook(BytesIO(reminder._list_data())).active
        return list(page.iter_rows(min_row=2, values_only=True))

    def test_rule_20_a_message_stays_below_what_mailboxes_show(self):
        for count, shown in ((1, 1), (60, 60), (80, 80), (81, 80), (200, 80), (1000, 80)):
            with self.subTest(count=count):
                reminder = self.reminder(count)
                page, text = self.written(reminder)
                self.assertLess(len(page.encode()), MOST)
                self.assertEqual(page.count("Variable symbol: 2026"), shown)
                self.assertEqual(text.count("variable symbol 2026"), shown)
                self.assertEqual(reminder._needs_list(), shown < count)

    def test_rule_20_so_it_does_with_long_numbers_and_many_credits(self):
        for lines in ({"number": LONGEST + "{}"}, {"credits": 500}):
            with self.subTest(lines):
                reminder = self.reminder(80, **lines)
                self.assertLess(len(self.written(reminder)[0].encode()), MOST)
                self.assertTrue(reminder._needs_list())

    def test_rule_10_of_a_long_list_what_is_to_be_paid_comes_first(self):
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "CZ6508000000192000145399",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        short, long = self.reminder(80), self.reminder(81)
        for reminder, first in ((short, False), (long, True)):
            for told in self.written(reminder):
                table = told.index("FA/2026/00000")
                with self.subTest(first=first, html="<html" in told):
                    self.assertEqual(told.index("Total to pay in CZK") < table, first)
                    self.assertEqual(told.index(bank.acc_number) < table, first)
        for told in self.written(long):
            self.assertIn("99,999,991.80", told[: told.index("FA/2026/00000")])  # 81 of them

    def test_rule_20_what_is_not_listed_is_said_and_attached(self):
        reminder = self.reminder(83, credits=2)
        for told in self.written(reminder):
            with self.subTest(html="<html" in told):
                self.assertIn("Listed here: 80 of 85 items", told)
                self.assertIn("Items not listed here: 5, see UP-2026-00001.xlsx", told)
        rows = self.listed(reminder)
        numbers = [row[0] for row in rows]
        self.assertEqual(numbers[:83], [f"FA/2026/{index:05}" for index in range(83)])
        self.assertAlmostEqual(sum(row[-3] for row in rows[:-1]), AMOUNT * 83 - 2, 2)
        self.assertAlmostEqual(rows[-1][-3], AMOUNT * 83 - 2, 2)
        self.assertEqual({row[-2] for row in rows}, {"CZK"})

    def test_rule_29_the_list_runs_nothing(self):
        reminder = self.reminder(1, number='=HYPERLINK("http://x.example")')
        page = load_workbook(BytesIO(reminder._list_data())).active
        self.assertEqual(page["A2"].value, '=HYPERLINK("http://x.example")')
        self.assertEqual(page["A2"].data_type, "s")

    def test_rule_20_the_list_goes_with_the_message_and_into_the_history(self):
        for _number in range(3):
            self.invoice(due=10)
        with listing_at_most(2), smtp_inbox(self.env) as inbox:
            reminder = self.generate()
            self.send()
            self.assertEqual(reminder._attached_names(), [reminder._list_name()])
        self.assertEqual(reminder.state, "sent")
        (part,) = inbox.messages[0].iter_attachments()
        self.assertEqual(part.get_filename(), reminder._list_name())
        rows = list(load_workbook(BytesIO(part.get_content())).active.values)
        numbers = reminder.line_ids.move_id.mapped("name")
        self.assertEqual({row[0] for row in rows[1:-1]}, set(numbers))
        self.assertIn("Listed here: 2 of 3 items", inbox.html())
        self.assertIn("Listed here: 2 of 3 items", inbox.text())
        kept = reminder.delivery_ids.mail_message_id.attachment_ids
        self.assertEqual(kept.mapped("name"), [reminder._list_name()])

    def test_rule_23_what_was_paid_while_the_list_was_made_is_seen(self):
        """A transaction sees what was there when it began: between the two a new one does."""
        for partner in (self.customer, self.new_customer("Druhý", "druhy@odberatel.example")):
            for _number in range(3):
                self.invoice(partner, due=10)
        steps = []
        watched = (
            (type(self.env["upominky.reminder"]), "_keep_own_files"),
            (type(self.env["upominky.send"]), "_mark_sending"),
            (transactions, "commit"),
        )
        with listing_at_most(2), smtp_inbox(self.env) as inbox, ExitStack() as stack:
            self.generate()
            for owner, name in watched:
                original = getattr(owner, name)

                def note(*args, name=name, original=original, **kwargs):
                    steps.append(name)
                    return original(*args, **kwargs)

                stack.enter_context(patch.object(owner, name, note))
            self.send()
            self.assertEqual(len(inbox.messages), 2)
        # Of the second message, whose session is open already.
        kept = len(steps) - steps[::-1].index("_keep_own_files")
        self.assertIn("commit", steps[kept : steps.index("_mark_sending", kept)])

    def test_rule_20_one_column_alone_does_not_wrap(self):
        """So the table is as narrow as a phone, whatever a mail program makes of styles."""
        page = html.fromstring(self.written(self.reminder(2))[0])
        (table,) = page.xpath("//div[@class='o_upominky_table']/table")
        for row in table.xpath(".//tr"):
            cells = row.xpath("td | th")
            self.assertLessEqual(len(cells), 3)
            kept = [cell for cell in cells if "nowrap" in cell.get("style")]
            self.assertLessEqual(len(kept), 1)
            self.assertIn(cells[-1], kept or [cells[-1]])
        for cell in page.xpath("//td[.//div or .//p or .//a]"):
            if cell.get("align") != "center":
                self.assertIn("overflow-wrap", cell.get("style").replace(" ", ""))
