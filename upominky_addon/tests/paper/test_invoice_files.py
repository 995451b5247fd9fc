"""SPEC rule 36: the invoices go with the e-mails as Odoo keeps them, made by the job alone."""

import hashlib
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ...models import account_move_files, mail_template_extras
from ...models.delivery import by_hand
from ...models.delivery.email import extras
from ...models.delivery.worker import MAX_DEATHS
from ..common import TODAY, smtp_inbox
from ..entries import BooksCase
from .test_letter_kept import Killed
from .test_letter_pages import PaperCommon

ADDRESS = "fakturace@odberatel.example"
SECOND = "druhy@odberatel.example"
COPY = "kopie@dopravce.example"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
QUIET = mute_logger("odoo.addons.upominky_addon.models.delivery.invoice_files")


def files_of(inbox, index=None):
    """Return the names and bytes of the attachments of each message."""
    found = [
        [(part.get_filename(), part.get_payload(decode=True)) for part in m.iter_attachments()]
        for m in inbox.messages
    ]
    return found if index is None else found[index]


class FilesCommon(PaperCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.attach_invoices = "pdf"
        cls.move = cls.invoice(due=10, name="FA/2026/00007")

    def stored(self, move=None, data=PDF, field="invoice_pdf_report_file", name="Invoice.pdf"):
        """Return a file that Odoo keeps with an invoice."""
        move = move or self.move
        kind = "application/pdf" if name.endswith("pdf") else "application/xml"
        values = {"res_model": move._name, "res_id": move.id, "res_field": field}
        file = self.env["ir.attachment"].create(
            {**values, "name": name, "raw": data, "mimetype": kind}
        )
        self.env.flush_all()
        move.invalidate_recordset()
        return file

    def pdf_of(self, move=None):
        return (move or self.move).invoice_pdf_report_id.sudo()

    def sent(self, answers=None):
        """Issue and send, and return the reminders and the inbox."""
        with smtp_inbox(self.env, answers) as inbox:
            reminders = self.generate()
            self.send()
        return reminders, inbox

    def making(self, make):
        """Patch how Odoo renders the PDFs of invoices."""
        return patch.object(
            self.env.registry["ir.actions.report"], "_pre_render_qweb_pdf", make, create=False
        )


class TestInvoiceFiles(FilesCommon):
    def test_rule_36_off_by_default_no_invoice_goes_along_and_none_is_made(self):
        self.assertEqual(self.rule.level_ids[1].attach_invoices, "none")
        self.level.attach_invoices = "none"
        reminder, inbox = self.sent()
        self.assertEqual(files_of(inbox), [[]])
        self.assertFalse(self.pdf_of() or reminder.file_ids or reminder.invoices_as)
        self.assertNotIn("upominky-", inbox.html())

    def test_rule_36_what_is_missing_is_made_once_and_stays_the_invoices_own(self):
        self.customer.email = f"{ADDRESS}, {SECOND}"
        self.level.extra_email = COPY
        reminder, inbox = self.sent()
        pdf = self.pdf_of()
        self.assertTrue(pdf.raw)
        self.assertEqual(files_of(inbox), [[("FA-2026-00007.pdf", pdf.raw)]] * 3)
        self.assertFalse(self.move.is_move_sent, "Odoo's mark is for Odoo's own sending")
        (row,) = reminder.file_ids
        self.assertEqual((row.attachment_id, row.move_id, row.size), (pdf, self.move, len(pdf.raw)))
        self.assertEqual(row.sha256, hashlib.sha256(pdf.raw).hexdigest())
        messages = reminder.delivery_ids.mail_message_id.sudo()
        self.assertEqual([m.attachment_ids for m in messages], [pdf] * 3)
        self.assertEqual(reminder.invoices_as, "files")
        self.assertEqual(row.action_open_file()["url"], f"/web/content/{pdf.id}")
        self.assertNotIn("upominky-", inbox.html())

    def test_rule_36_a_stored_file_goes_out_byte_by_byte_and_electronic_ones_beside_it(self):
        self.stored()
        wanted = [("FA-2026-00007.pdf", PDF)]
        if "ubl_cii_xml_file" in self.move._fields:
            self.stored(data=b"<Invoice/>", field="ubl_cii_xml_file", name="ubl.xml")
            wanted.append(("FA-2026-00007.xml", b"<Invoice/>"))
        with patch.object(account_move_files.AccountMove, "_upominky_generate") as made:
            _reminder, inbox = self.sent()
        self.assertEqual(files_of(inbox), [wanted])
        made.assert_not_called()

    def test_rule_36_sixty_invoices_in_two_currencies_beside_the_letter(self):
        self.level.attach_letter = True
        moves = self.move
        for number in range(59):
            currency = self.eur if number % 2 else self.czk
            moves |= self.invoice(due=10, currency=currency)
        for move in moves:
            self.stored(move)
        reminder, inbox = self.sent()
        names = [name for name, _data in files_of(inbox, 0)]
        self.assertEqual((len(names), len(set(names))), (61, 61))
        self.assertEqual(len(reminder.file_ids), 60)

    def test_rule_36_bytes_are_read_once_for_all_contacts(self):
        self.customer.email = ", ".join(f"k{n}@odberatel.example" for n in range(5))
        self.stored()
        read = type(self.env["upominky.reminder"])._read_files
        with patch.object(
            self.env.registry["upominky.reminder"], "_read_files", autospec=True, side_effect=read
        ) as reading:
            _reminder, inbox = self.sent()
        self.assertEqual((len(inbox.messages), reading.call_count), (5, 1))

    @QUIET
    def test_rule_46_a_letter_by_post_waits_for_no_file_of_an_invoice(self):
        def broken(report, *_args):
            raise ValueError("no paper")

        self.level.write({"send": False, "send_letter": True})
        with self.making(broken):
            reminder, inbox = self.sent()
        self.assertEqual(reminder.delivery_ids.mapped("state"), ["to_print"], reminder.error)
        self.assertFalse(inbox.messages or self.pdf_of() or reminder.file_ids)

    @QUIET
    def test_rule_46_beside_a_letter_those_without_an_address_wait_for_none_either(self):
        def broken(report, *_args):
            raise ValueError("no paper")

        self.level.send_letter = True
        self.customer.email = False
        with self.making(broken):
            reminder, _inbox = self.sent()
        self.assertEqual(reminder.delivery_ids.mapped("state"), ["to_print"], reminder.error)

    # ---------------------------------------------------------------- later

    def test_rule_36_who_gets_it_later_gets_the_same_whatever_became_of_the_invoice(self):
        self.stored()
        reminder, inbox = self.sent()
        self.move.button_draft()
        self.move.action_post()
        self.assertFalse(self.pdf_of())
        self.level.attach_invoices = "none"
        with smtp_inbox(self.env) as again, self.on(TODAY, 12), self.enter_registry_test_mode():
            reminder.action_send_again()
        self.assertEqual(files_of(again), files_of(inbox))
        self.assertEqual(files_of(again), [[("FA-2026-00007.pdf", PDF)]])

    def test_rule_36_one_that_went_out_without_gets_none_later(self):
        self.level.attach_invoices = "none"
        reminder, _inbox = self.sent()
        self.level.attach_invoices = "pdf"
        with smtp_inbox(self.env) as again, self.on(TODAY, 12), self.enter_registry_test_mode():
            reminder.action_send_again()
        self.assertEqual(files_of(again), [[]])

    def test_rule_36_what_did_not_go_out_is_forgotten(self):
        self.stored()
        reminder, _inbox = self.sent({ADDRESS: "451 later"})
        self.assertEqual((reminder.state, len(reminder.file_ids)), ("issued", 1))
        for act in (
            lambda: reminder.action_cancel("Mistake", "again"),
            lambda: reminder.action_mark_sent(TODAY, "post"),
        ):
            with self.on(TODAY, 12), self.env.cr.savepoint() as savepoint:
                act()
                self.assertFalse(reminder.file_ids or reminder.invoices_as)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_36_nobody_changes_or_deletes_what_went_out(self):
        file = self.stored()
        free = self.stored(self.invoice(due=-5))
        reminder, _inbox = self.sent()
        for act in (
            file.unlink,
            lambda: file.write({"raw": b"%PDF other"}),
            lambda: file.write({"datas": "AAAA"}),
            # By two calls: first as another document's, then whatever one likes.
            lambda: file.write({"res_model": "res.partner", "res_id": self.customer.id}),
            lambda: file.write({"type": "url", "url": "https://x.example"}),
            lambda: file.write({"public": True}),
        ):
            with self.assertRaisesRegex(UserError, f"went out with the reminder {reminder.name}"):
                act()
        file.write({"raw": file.raw})  # as Odoo does where it moves all files
        self.move.button_draft()  # Odoo puts it aside
        self.assertIn("detached", file.name)
        free.unlink()

    def test_rule_36_a_damaged_file_is_not_sent_again(self):
        self.stored()
        reminder, _inbox = self.sent()
        reminder.file_ids.sudo().sha256 = "0" * 64
        with smtp_inbox(self.env) as inbox, self.on(TODAY, 12), self.enter_registry_test_mode():
            reminder.action_send_again()
        self.assertEqual(inbox.messages, [])
        again = reminder.delivery_ids.filtered("is_repeat")
        self.assertIn("“FA-2026-00007.pdf” is not what went out", again.error)

    # -------------------------------------------------------------- preview

    def test_rule_36_the_preview_names_the_files_and_makes_none(self):
        other = self.invoice(due=10)
        self.stored(other)
        reminder = self.generate()
        with self.on(TODAY), self.enter_registry_test_mode():
            shown = reminder.preview_letter()
        self.assertFalse(shown["error"])
        self.assertIn("FA-2026-00007.pdf", shown["attached"])
        self.assertEqual(shown["attached"].count(".pdf"), 2)
        self.assertNotIn("upominky-", shown["body_html"])
        self.assertFalse(self.pdf_of())

    def test_rule_36_the_preview_of_a_level_names_them_too(self):
        with self.on(TODAY):
            there = self.env["upominky.level.preview"].sudo()
            shown = there._make(self.level.id, False, False)
        self.assertRegex(shown["attached"], r"^INV-2026-00001\.pdf$")
        self.assertFalse(shown.get("error"))


class TestFilesOfEntries(FilesCommon, BooksCase):
    def test_rule_36_opening_entries_have_no_file_and_that_is_said(self):
        entry = self.entry(500.0, no_followup=False, date_maturity=self.move.invoice_date_due)
        self.stored()
        reminder, inbox = self.sent()
        self.assertEqual(len(reminder.line_ids), 2)
        self.assertEqual([name for name, _data in files_of(inbox, 0)], ["FA-2026-00007.pdf"])
        self.assertIn(f"have no file to attach: {entry.name}", reminder.note)


class TestLargeInvoices(FilesCommon):
    def large(self, size=30_000_000):
        return self.stored(data=b"%PDF-" + bytes(size))

    def test_rule_36_above_the_limit_there_are_links_and_nothing_is_read(self):
        self.large()
        with patch.object(self.env.registry["upominky.reminder"], "_read_files") as reading:
            reminder, inbox = self.sent()
        reading.assert_not_called()
        self.assertEqual(files_of(inbox), [[]])
        url = f"{self.move.get_base_url()}{self.move.get_portal_url()}"
        sentence = "The invoices are too large to be attached."
        for text in (inbox.html().replace("&amp;", "&"), inbox.text()):
            self.assertIn(url, text)
            self.assertIn(sentence, text)
            self.assertIn("FA/2026/00007: ", text)
            self.assertNotIn("upominky-", text)
        lines = inbox.text().splitlines()
        self.assertLess(lines.index(f"FA/2026/00007: {url}"), lines.index("-- "))
        self.assertEqual((reminder.state, reminder.invoices_as), ("sent", "links"))
        self.assertFalse(reminder.file_ids)
        self.assertIn(sentence, reminder.delivery_ids.mail_message_id.sudo().body)

    def test_rule_36_the_limit_counts_the_wire_and_all_files(self):
        template = self.level.mail_template_id
        file = self.env["ir.attachment"].create({"name": "a.pdf", "raw": bytes(700_000)})
        for of_template, size, limit, wanted in (
            (False, 700_000, 1, "files"),
            (False, 740_000, 1, "links"),
            (False, 740_000, 2, "files"),
            (True, 100_000, 1, "links"),
        ):
            with self.subTest(size=size, limit=limit), self.env.cr.savepoint() as savepoint:
                template.attachment_ids = file if of_template else False
                self.company.upominky_attachment_limit = limit
                self.stored(data=bytes(size))
                reminder, _inbox = self.sent()
                self.assertEqual((reminder.state, reminder.invoices_as), ("sent", wanted))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_36_links_that_went_out_are_sent_again(self):
        self.large()
        reminder, inbox = self.sent()
        self.company.upominky_attachment_limit = 100
        with smtp_inbox(self.env) as again, self.on(TODAY, 12), self.enter_registry_test_mode():
            reminder.action_send_again()
        self.assertEqual(files_of(again), [[]])
        self.assertIn(self.move.access_token, again.text())
        self.assertIn(self.move.access_token, inbox.text())

    def test_rule_36_the_preview_says_that_links_go_out(self):
        self.large()
        reminder = self.generate()
        with self.on(TODAY), self.enter_registry_test_mode():
            shown = reminder.preview_letter()
        self.assertFalse(shown["attached"])
        self.assertIn("come to more than 10 MB", shown["note"])

    def test_rule_36_a_limit_that_is_none_is_refused_with_a_sentence(self):
        for size in (0, -1, 101, 10_000_000):
            with self.subTest(size), self.assertRaisesRegex(ValidationError, "is no size of a mes"):
                self.company.upominky_attachment_limit = size
        settings = self.env["upominky.settings"].browse(
            self.env["upominky.settings"].action_open()["res_id"]
        )
        settings.attachment_limit = 25
        self.assertEqual(self.company.upominky_attachment_limit, 25)

    def test_rule_36_what_is_too_large_is_named_be_it_the_letter_or_the_template(self):
        self.level.write({"attach_invoices": "none", "attach_letter": True})
        small = patch.multiple(extras, MAX_ATTACHED=1000)
        with small, patch.object(mail_template_extras, "MAX_ATTACHED", 1000):
            reminder, inbox = self.sent()
        self.assertEqual((reminder.state, inbox.messages), ("failed", []))
        self.assertIn(f"The largest: {reminder._letter_file_name()} (0.1 MB)", reminder.error)
        self.assertNotIn("attachments of the template", reminder.error)


class TestInvoiceFilesFail(FilesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.new_customer("Second", "second@second.example")
        cls.others = cls.invoice(cls.other, due=10)

    def failing(self, error):
        """Patch the rendering so that the file of one invoice cannot be made."""
        render = self.env.registry["ir.actions.report"]._pre_render_qweb_pdf

        def make(report, ref, res_ids=None, data=None):
            if self.move.id in (res_ids or ()):
                if isinstance(error, bytes):
                    return {self.move.id: error}, "raw"
                raise error
            return render(report, ref, res_ids=res_ids, data=data)

        return self.making(make)

    @QUIET
    def test_rule_36_what_cannot_be_made_fails_that_reminder_alone_and_retry_works(self):
        for error, words in (
            (UserError("Unable to find Wkhtmltopdf on this system."), "Unable to find Wkhtml"),
            (MemoryError("no memory"), "no memory"),
            (KeyError("amount"), "amount"),
        ):
            with self.subTest(words), self.env.cr.savepoint() as savepoint:
                with self.failing(error):
                    reminders, inbox = self.sent()
                mine = reminders.filtered(lambda r: r.partner_id == self.customer)
                self.assertEqual((mine.state, (reminders - mine).state), ("failed", "sent"))
                self.assertIn("The PDF of the invoice FA/2026/00007 cannot be made", mine.error)
                self.assertIn(words, mine.error)
                self.assertEqual(inbox.recipients, ["second@second.example"])
                self.retried(mine)
                savepoint.rollback()
            self.env.invalidate_all()

    def told(self, button, day=TODAY):
        """Press a button, and return what the person is told; what was done stays."""
        with self.on(day, 12), self.enter_registry_test_mode():
            try:
                return str(button())
            except UserError as error:
                return str(error)

    def retried(self, reminder):
        """Retry a reminder; the job makes the file, and not who presses the button."""
        with smtp_inbox(self.env) as inbox:
            self.assertIn("makes the PDFs of its invoices first", self.told(reminder.action_retry))
            self.assertEqual((inbox.messages, reminder.state), ([], "issued"))
            self.assertFalse(self.pdf_of())
            self.send(hour=13)
        self.assertEqual(files_of(inbox), [[("FA-2026-00007.pdf", self.pdf_of().raw)]])
        self.assertEqual(reminder.state, "sent")

    @QUIET
    def test_rule_36_an_empty_file_is_not_kept(self):
        split = self.env.registry["ir.actions.report"]._get_splitted_report

        def empty(report, ref, content, kind):
            return split(report, ref, content, kind) | {self.move.id: b""}

        with patch.object(self.env.registry["ir.actions.report"], "_get_splitted_report", empty):
            reminders, _inbox = self.sent()
        mine = reminders.filtered(lambda r: r.partner_id == self.customer)
        self.assertIn("gave an empty file", mine.error)
        self.assertFalse(self.pdf_of())

    @mute_logger("odoo.addons.base.models.ir_attachment")
    def test_rule_36_a_stored_file_that_is_damaged_is_named(self):
        for change in ("store_fname = '00/nothing'", "type = 'url'"):
            with self.subTest(change), self.env.cr.savepoint() as savepoint:
                file = self.stored()
                self.env.cr.execute(f"UPDATE ir_attachment SET {change} WHERE id = %s", [file.id])
                self.env.invalidate_all()
                reminders, _inbox = self.sent()
                mine = reminders.filtered(lambda r: r.partner_id == self.customer)
                self.assertIn("of the invoice FA/2026/00007 cannot be read", mine.error)
                self.assertEqual((mine.state, (reminders - mine).state), ("failed", "sent"))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_36_an_electronic_invoice_that_lacks_something_stops_no_pdf(self):
        def refuse(send, invoice, data):
            if data["invoice_edi_format"]:
                data["error"] = {"error_title": "No number", "errors": ["x"]}
                data["error_but_continue"] = True

        send = self.env.registry["account.move.send"]
        with (
            patch.object(send, "_get_default_invoice_edi_format", lambda *a, **k: "ubl_bis3"),
            patch.object(send, "_hook_invoice_document_before_pdf_report_render", refuse),
        ):
            reminders, _inbox = self.sent()
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        self.assertTrue(self.pdf_of().raw)

    # -------------------------------------------------------------- the job

    def test_rule_36_send_now_leaves_the_making_to_the_job(self):
        reminders = self.generate()
        self.stored(self.others)
        with smtp_inbox(self.env) as inbox:
            told = self.told(reminders.action_send_now)
            self.assertEqual(inbox.recipients, ["second@second.example"])
            self.assertFalse(self.pdf_of())
            self.assertIn("makes the PDFs of its invoices first", told)
            self.send(hour=13)
        self.assertEqual(sorted(inbox.recipients), [ADDRESS, "second@second.example"])

    def test_rule_36_what_was_asked_for_late_is_no_stale_one(self):
        reminder = self.generate().filtered(lambda r: r.partner_id == self.customer)
        late = TODAY + timedelta(days=9)
        with smtp_inbox(self.env) as inbox:
            self.told(reminder.action_send_now, late)
            self.send(late, hour=13)
        self.assertEqual(reminder.state, "sent", reminder.cancel_reason)
        self.assertEqual(inbox.recipients, [ADDRESS])

    def test_rule_36_without_the_job_send_now_says_what_to_do(self):
        self.env.ref("upominky_addon.cron_send").active = False
        reminders = self.generate()
        self.stored(self.others)
        with smtp_inbox(self.env):
            told = self.told(reminders.action_send_now)
        self.assertIn("waits for the PDFs of its invoices", told)
        self.assertLess(len(reminders), by_hand.AT_ONCE)

    def test_rule_36_files_are_made_in_slices_of_time(self):
        for _number in range(2):
            self.invoice(due=10)
        sender = self.env.registry["upominky.send"]
        made, make = [], self.env.registry["account.move"]._upominky_make_pdf

        def count(move):
            made.append(move.id)
            return make(move)

        with (
            smtp_inbox(self.env) as inbox,
            patch.object(self.env.registry["account.move"], "_upominky_make_pdf", count),
        ):
            reminders = self.generate()
            with patch.object(sender, "_is_time_up", lambda this, grace=0: bool(made)):
                self.slice()
            self.assertEqual((len(made), inbox.messages), (1, []))
            self.send(hour=10)
        self.assertEqual(len(made), len(set(made)))
        self.assertEqual(set(reminders.mapped("state")), {"sent"})
        self.assertEqual(sorted(len(files) for files in files_of(inbox)), [1, 3])

    def test_rule_36_what_somebody_else_made_meanwhile_is_not_made_again(self):
        send = self.env.registry["upominky.send"]
        make = send._make_file

        def meanwhile(this, worker, move_id):
            if move_id == self.move.id:
                self.stored()
                this.env.invalidate_all()
            return make(this, worker, move_id)

        with patch.object(send, "_make_file", meanwhile):
            _reminders, inbox = self.sent()
        self.assertIn([("FA-2026-00007.pdf", PDF)], files_of(inbox))

    def test_rule_36_one_paid_meanwhile_goes_out_no_more(self):
        send = self.env.registry["upominky.send"]
        make = send._make_file

        def paid(this, worker, move_id):
            result = make(this, worker, move_id)
            if move_id == self.move.id:
                self.pay(self.move)
                self.env.flush_all()
                this.env.invalidate_all()
            return result

        with patch.object(send, "_make_file", paid):
            reminders, inbox = self.sent()
        self.assertEqual(inbox.recipients, ["second@second.example"])
        mine = reminders.filtered(lambda r: r.partner_id == self.customer)
        self.assertEqual((mine.state, mine.file_ids), ("cancelled", mine.file_ids.browse()))

    def slice(self):
        """Have one worker take up what waits, once."""
        with self.on(TODAY, 9):
            sender = self.env["upominky.send"].sudo()
            worker = sender._open_worker(self.company)
            sender._send_slice(worker, sender._claim(self.company, worker))
            sender._close_worker(worker)

    def call(self):
        """Run job 2 once as one worker, which dies over a file: what it committed stays."""
        make = self.env.registry["account.move"]._upominky_make_pdf

        def deadly(move):
            if move == self.move:
                raise Killed
            return make(move)

        sender = self.env["upominky.send"].sudo()
        with patch.object(self.env.registry["account.move"], "_upominky_make_pdf", deadly):
            sender._bury_dead()
            worker = sender._open_worker(self.company)
            for suspects in (False, True):
                while ids := sender._claim(self.company, worker, None, suspects):
                    try:
                        sender._send_slice(worker, ids)
                    except Killed:
                        return True
            sender._close_worker(worker)
        return False

    def test_rule_36_a_file_that_kills_workers_fails_its_reminder_alone(self):
        with smtp_inbox(self.env) as inbox, self.on(TODAY, 9):
            reminders = self.generate()
            deaths = [self.call() for _time in range(MAX_DEATHS + 1)]
        self.assertEqual(deaths, [*[True] * MAX_DEATHS, False])
        self.assertEqual(inbox.recipients, ["second@second.example"])
        mine = reminders.filtered(lambda r: r.partner_id == self.customer)
        self.assertEqual(mine.state, "failed")
        self.assertIn("stopped 3 times", mine.error)


class TestInvoiceFileNames(FilesCommon):
    def test_rule_36_files_are_named_by_the_number_of_the_invoice(self):
        for number, wanted in (
            ("FA/2026/00007", "FA-2026-00007.pdf"),
            ("Č. <b>1</b>\\..", "C-b-1-b.pdf"),
        ):
            with self.subTest(number), self.env.cr.savepoint() as savepoint:
                self.move.sudo().name = number
                self.stored()
                _reminder, inbox = self.sent()
                self.assertEqual([name for name, _data in files_of(inbox, 0)], [wanted])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_rule_36_of_two_with_one_name_both_are_found(self):
        other = self.invoice(due=10)
        other.name = "FA-2026-00007"
        self.stored()
        self.stored(other)
        reminder, inbox = self.sent()
        names = {name for name, _data in files_of(inbox, 0)}
        self.assertEqual(names, {"FA-2026-00007.pdf", "FA-2026-00007-2.pdf"})
        self.assertEqual(set(reminder.file_ids.mapped("name")), names)

    def test_rule_36_the_files_of_another_company_are_not_seen(self):
        self.stored()
        reminder, _inbox = self.sent()
        other = self.setup_other_company(name="Cizí a.s.")["company"]
        groups = [Command.set(self.env.ref("upominky_addon.group_user").ids)]
        user = self.env["res.users"].create(
            {
                "name": "Other",
                "login": "other_files",
                "company_id": other.id,
                "company_ids": [Command.set(other.ids)],
                "group_ids": groups,
            }
        )
        rows = self.env["upominky.reminder.file"]
        self.assertEqual(rows.search([]), reminder.file_ids)
        self.assertFalse(rows.with_user(user).search([]))
