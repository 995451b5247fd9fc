"""Issue 18, point 7: many statements are made by the job; people print them."""

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
