"""Issue 18, point 7: statements that people send by e-mail, one or many."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ...models.cases import case as cases
from ...models.statements import message
from ...models.statements import statement as statements
from ..statement_case import StatementCommon


class TestStatementMailed(StatementCommon):
    def composer(self, case):
        action = case.with_user(self.clerk).action_mail()
        composers = self.env["mail.compose.message"].with_user(self.clerk)
        composer = composers.with_context(**action["context"]).create({})
        return composer.with_env(composers.env)

    def messages(self, cases):
        domain = [("model", "=", "upominky.case"), ("res_id", "in", cases.ids)]
        return self.env["mail.message"].sudo().search(domain, order="id")

    def test_section_18_7_a_message_is_written_and_a_person_sends_it(self):
        accounting = self.env["res.partner"].create(
            {
                "parent_id": self.customer.id,
                "type": "invoice",
                "name": "Účtárna",
                "email": "uctarna@odberatel.example",
            }
        )
        self.dated(30)
        case = self.asked(kind="confirmation")
        composer = self.composer(case)
        self.assertFalse(self.messages(case) or case.mailed_at)
        self.assertEqual(composer.partner_ids, accounting)
        self.assertIn("Balance confirmation", composer.subject)
        self.assertIn("send it back signed by", composer.body)
        self.assertEqual(composer.reply_to, self.clerk.email_formatted)
        composer._action_send_mail()
        message = self.messages(case)
        self.assertEqual(message.partner_ids, accounting)
        self.assertEqual(message.attachment_ids.raw, case.attachment_id.raw)
        self.assertTrue(case.mailed_at)
        # It is not lost with the statement, whose time is over first.
        case.attachment_id.unlink()
        self.assertTrue(message.attachment_ids.exists())

    def test_rule_29_the_message_is_in_no_history_that_others_read(self):
        self.dated(30)
        case = self.asked()
        before = self.customer.message_ids
        self.composer(case)._action_send_mail()
        self.customer.invalidate_recordset(["message_ids"])
        self.assertEqual(self.customer.message_ids, before)
        message = self.messages(case)
        self.assertTrue(message.with_user(self.clerk).has_access("read"))
        for groups, may in (("base.group_user", False), ("upominky_addon.group_user", True)):
            user = self.new_clerk("reads_" + groups.replace(".", "_"), groups)
            with self.subTest(groups):
                # Odoo shows it to whoever sent it; its file to whoever reads the statement.
                self.assertFalse(message.with_user(user).has_access("read"))
                self.assertEqual(message.attachment_ids.with_user(user).has_access("read"), may)

    def test_section_18_7_many_are_sent_at_once_and_none_twice(self):
        other = self.new_customer("Druhý", "druhy@x.example")
        self.dated(30)
        made = self.asked(self.customer + other)
        made.with_user(self.clerk).action_mail_many()
        found = self.messages(made)
        self.assertEqual([m.partner_ids for m in found], [case.partner_id for case in made])
        self.assertTrue(all(made.mapped("mailed_at")))
        with self.assertRaisesRegex(UserError, "Sent by e-mail already: .*Druhý"):
            made.with_user(self.clerk).action_mail_many()
        self.assertEqual(self.messages(made), found)

    def test_section_18_7_without_an_address_none_is_sent(self):
        other = self.new_customer("Bez adresy")
        made = self.asked(self.customer + other)
        with self.assertRaisesRegex(UserError, "no e-mail address for: Bez adresy"):
            made.with_user(self.clerk).action_mail_many()
        self.assertFalse(self.messages(made))

    def test_section_18_7_nothing_is_sent_by_itself(self):
        self.dated(30)
        mails = self.env["mail.mail"].sudo().search_count([])
        self.asked(kind="confirmation")
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)
        self.assertFalse(self.reminders())

    def refused(self, answer="550 No such user"):
        """Have the mail server refuse whatever it is given."""

        def refuse(*_args, **_kwargs):
            raise OSError(answer)

        talks = classmethod(lambda cls: False)
        return patch.multiple(IrMail_Server, _disable_send=talks, _connect__=refuse)

    def test_section_18_7_what_the_server_refused_is_told_and_may_be_sent_again(self):
        made = self.asked()
        with self.refused():
            made.with_user(self.clerk).action_mail_many()
        made.invalidate_recordset()
        told = made.with_user(self.clerk)
        self.assertTrue(told.mailed_at)
        self.assertTrue(told.mail_problem, "it did not go out")
        told.action_mail_many()
        made.invalidate_recordset()
        self.assertEqual(len(self.messages(made)), 2)
        self.assertFalse(told.mail_problem)
        with self.assertRaisesRegex(UserError, "Sent by e-mail already"):
            told.action_mail_many()

    def test_section_18_7_more_than_a_few_wait_for_the_job_that_sends_mails(self):
        customers = [self.new_customer(f"Odběratel {n}", f"o{n}@x.example") for n in range(2)]
        made = self.asked(self.customer.union(*customers))
        self.patch(message, "SENT_AT_ONCE", 2)
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
        sent = self.env["mail.mail"].sudo().search([("state", "=", "sent")])
        made.with_user(self.clerk).action_mail_many()
        mails = self.env["mail.mail"].sudo().search([("model", "=", "upominky.case")])
        self.assertEqual(mails.mapped("state"), ["outgoing"] * 3)
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)]))
        self.assertEqual(self.env["mail.mail"].sudo().search([("state", "=", "sent")]), sent)
        queue.active = False  # then nobody would send them
        self.assertFalse(made._mail_queue())

    def test_section_18_7_several_addresses_in_a_field_are_addresses(self):
        self.customer.email = "jana@o.example; petr@o.example"
        made = self.asked()
        made.with_user(self.clerk).action_mail_many()
        self.assertTrue(made.mailed_at)
        self.customer.email = "účtárna"
        with self.assertRaisesRegex(UserError, "no e-mail address for"):
            self.asked().with_user(self.clerk).action_mail_many()

    def test_section_18_7_to_whom_is_archived_nothing_is_sent_and_it_is_said(self):
        """Odoo leaves archived contacts out of whom it writes to, without a word."""
        made = self.asked()
        self.customer.active = False
        with self.assertRaisesRegex(UserError, "Archived contacts get no e-mail: Odběratel"):
            made.with_user(self.clerk).action_mail_many()
        with self.assertRaisesRegex(UserError, "No recipient"):  # Odoo's own sentence
            self.composer(made)._action_send_mail()
        self.assertFalse(made.mailed_at)

    def test_section_18_7_as_the_browser_sends_it(self):
        """It sends what the message begins with along, as it opened it."""
        self.dated(30)
        case = self.asked()
        action = case.with_user(self.clerk).action_mail()
        composers = self.env["mail.compose.message"].with_user(self.clerk)
        composer = composers.with_context(**action["context"]).create({"subject": "Vlastní"})
        composer.action_send_mail()
        message = self.messages(case)
        self.assertEqual((len(message), message.subject), (1, "Vlastní"))
        self.assertEqual(message.partner_ids, self.customer)
        self.assertEqual(message.reply_to, self.clerk.email_formatted)
        self.assertEqual(message.attachment_ids.raw, case.attachment_id.raw)
        self.assertEqual(message.author_id, self.clerk.partner_id)

    def test_rule_29_of_another_company_it_is_written_by_that_company(self):
        other = self.setup_other_company(name="Druhá firma a.s.")["company"]
        self.clerk.company_ids += other
        made = self.asked(user=self.clerk)
        seen = []
        model = type(self.env["mail.thread"])
        original = model.message_notify

        def noted(thread, **values):
            seen.append(thread.env.company)
            return original(thread, **values)

        both = [other.id, self.company.id]
        with patch.object(model, "message_notify", noted):
            made.with_user(self.clerk).with_context(allowed_company_ids=both).action_mail_many()
        self.assertEqual(seen, [self.company])

    def test_rule_29_nobody_notes_or_sends_what_he_may_not_read(self):
        made = self.asked()
        other = self.setup_other_company(name="Cizí firma a.s.")["company"]
        for login, groups, company in (
            ("employee_18_7", "base.group_user", self.company),
            ("invoicing_18_7", "account.group_account_invoice", self.company),
            ("stranger_18_7", "upominky_addon.group_manager", other),
        ):
            user = self.new_clerk(login, groups)
            user.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
            composers = self.env["mail.compose.message"].with_user(user)
            begun = {"default_model": "upominky.case", "default_res_ids": made.ids,
                     "default_composition_mode": "comment", "default_body": "x",
                     "default_partner_ids": self.customer.ids}  # fmt: skip
            with self.subTest(login), self.assertRaises(AccessError):
                composers.with_context(**begun).create({})._action_send_mail()
            for name in ("action_mail", "action_mail_many", "action_print", "action_download"):
                with self.subTest(login, name=name), self.assertRaises(AccessError):
                    getattr(made.with_user(user), name)()
        self.assertFalse(made.mailed_at or self.messages(made))


class TestStatementsOfMany(StatementCommon):
    def test_section_18_7_much_on_a_few_statements_is_left_to_the_job(self):
        self.dated(30)
        self.dated(20)
        self.patch(statements, "ITEMS_AT_ONCE", 1)
        made = self.asked(kind="confirmation")
        self.assertEqual(made.state, "waiting")
        self.send()
        self.assertEqual(made.state, "done", made.error)

    def test_section_18_7_a_file_for_a_lawyer_counts_its_documents_as_before(self):
        self.patch(statements, "ITEMS_AT_ONCE", 0)
        self.assertFalse(self.env["upominky.case"]._has_many_items())
        values = {"name": "x", "company_id": self.company.id, "partner_id": self.customer.id,
                  "contents": {"documents": []}, "total": cases.AT_ONCE}  # fmt: skip
        self.assertFalse(self.env["upominky.case"].sudo().create(values)._needs_job())
