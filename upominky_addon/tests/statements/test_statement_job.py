"""Issue 18, point 7: many statements are made by the job; people print and mail them."""

from hashlib import sha256
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError

from ...models.cases import case as cases
from ..common import TODAY
from ..pages import pages
from ..statement_case import StatementCommon

REPORT = "upominky_addon.report_statement"


class Killed(BaseException):
    """Stands for the death of the program: nothing catches it."""


class TestStatementJob(StatementCommon):
    def customers(self, count):
        found = [self.new_customer(f"Odběratel {n}", f"o{n}@x.example") for n in range(count)]
        for customer in found:
            self.dated(30, partner=customer)
        return self.customer.union(*found)

    def waiting(self, customers):
        """Return statements that the job is to make."""
        with patch.object(cases, "AT_ONCE", 0):
            made = self.asked(customers)
        self.assertEqual(set(made.mapped("state")), {"waiting"})
        return made

    def test_section_18_7_a_few_are_there_at_once(self):
        made = self.asked(self.customers(2))
        self.assertEqual(made.mapped("state"), ["done"] * 3)
        for case in made:
            data = case.attachment_id.sudo().raw
            self.assertEqual(case.digest, sha256(data).hexdigest())
            self.assertEqual(case.attachment_id.sudo().mimetype, "application/pdf")
            self.assertIn(case.partner_id.name, pages(data)[0])

    def test_section_18_7_many_are_made_by_the_job(self):
        made = self.waiting(self.customers(4))
        with self.assertRaisesRegex(UserError, "not ready yet"):
            made[0].with_user(self.clerk).action_download()
        self.send()
        self.assertEqual(set(made.mapped("state")), {"done"}, made.mapped("error"))

    def test_section_18_7_without_the_job_many_are_refused(self):
        self.env.ref("upominky_addon.cron_send").sudo().active = False
        with (
            patch.object(cases, "AT_ONCE", 1),
            self.assertRaisesRegex(UserError, "which is off"),
        ):
            self.asked(self.customers(2))

    def test_section_18_7_one_that_cannot_be_made_stops_no_other(self):
        made = self.waiting(self.customers(2))
        model = type(made)
        original = model._statement_made

        def broken(case):
            if case == made[1]:
                raise UserError("The disk is full.")
            return original(case)

        with patch.object(model, "_statement_made", broken):
            self.send()
        self.assertEqual(made.mapped("state"), ["done", "failed", "done"])
        self.assertEqual(made[1].error, "The disk is full.")

    def test_section_18_7_one_that_stops_the_program_is_given_up(self):
        made = self.waiting(self.customer)
        deaths = [self.dies(made) for _time in range(cases.MOST_TRIES + 1)]
        self.assertEqual(deaths, [True] * cases.MOST_TRIES + [False])
        self.assertEqual(made.state, "failed")
        self.assertIn("stopped 3 times", made.error)

    def dies(self, made):
        """Run job 2 once; the program dies over a statement, and what it committed stays.

        :return: whether it died
        """

        def deadly(case):
            raise Killed

        with patch.object(type(made), "_statement_made", deadly), self.on(TODAY, 9):
            try:
                self.env["upominky.send"].sudo()._cron_send()
            except Killed:
                self.env.invalidate_all(flush=False)
                return True
        return False

    def test_rule_40_a_file_for_a_lawyer_is_made_as_before(self):
        self.dated(30)
        with self.on(TODAY):
            self.customer.with_user(self.clerk).action_upominky_case_file()
        case = self.env["upominky.case"].search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(case.kind, "lawyer")
        for name in ("action_mail", "action_mail_many", "action_print"):
            with self.assertRaisesRegex(UserError, "is no statement of account"):
                getattr(case.with_user(self.clerk), name)()


class TestStatementPrinted(StatementCommon):
    def printed_statements(self, made, user=None):
        """Return the PDF of the report, as a user prints it."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
            report = report.with_user(user or self.clerk)
            return report._render_qweb_pdf(REPORT, made.ids)[0]

    def test_section_18_7_chosen_ones_are_printed_in_one_pdf(self):
        other = self.new_customer("Druhý", "druhy@x.example")
        self.dated(30)
        self.dated(30, partner=other)
        made = self.asked(self.customer + other)
        action = made.with_user(self.clerk).action_print()
        self.assertEqual(action["report_name"], "upominky_addon.statement")
        found = pages(self.printed_statements(made))
        self.assertEqual(len(found), 2)
        self.assertIn("Druhý", found[1])

    def test_rule_29_who_may_not_read_them_prints_none(self):
        made = self.asked()
        with self.assertRaises(AccessError):
            self.printed_statements(made, self.new_clerk("nobody_18_7", "base.group_user"))

    def test_section_18_7_what_is_not_there_is_not_printed(self):
        with patch.object(cases, "AT_ONCE", 0):
            made = self.asked()
        with self.assertRaisesRegex(UserError, "not ready yet"):
            made.with_user(self.clerk).action_print()


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
        for groups, may in (("base.group_user", False), ("upominky_addon.group_user", True)):
            user = self.new_clerk("reads_" + groups.replace(".", "_"), groups)
            with self.subTest(groups):
                self.assertEqual(message.with_user(user).has_access("read"), may)
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
