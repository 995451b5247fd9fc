"""From the install to the first reminder: the page knows how far a company is."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from ..common import TODAY, smtp_inbox
from ..delivery.test_start_safely import StartCommon


class TestFirstSteps(StartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.upominky_mode = "pilot"
        for name in ("cron_generate", "cron_send"):
            cls.env.ref(f"upominky_addon.{name}").nextcall = f"{TODAY} 23:00:00"

    def page(self):
        return self.opened("upominky.first.steps")

    def test_the_page_knows_which_step_comes_next(self):
        self.invoice(due=10)
        with self.on(TODAY), smtp_inbox(self.env) as inbox:
            inbox.server.active = False
            self.assertEqual(self.page().step, 1, "no mail server")
            inbox.server.active = True
            page = self.page()
            self.assertEqual(page.step, 2, "no pilot customer")
            page.partner_id = self.customer
            page.action_take_pilot()
            page.invalidate_recordset()
            self.assertEqual((page.step, page.is_pilot), (3, True), "nothing issued")
            page.env["upominky.issue"].browse(page.action_issue()["res_id"]).action_issue()
            page.invalidate_recordset()
            self.assertEqual((page.step, page.reminder_state), (4, "issued"))
            page.action_send()
            page.invalidate_recordset()
            self.assertEqual((page.step, page.reminder_state), (5, "sent"))
            self.assertEqual(inbox.recipients, ["fakturace@odberatel.example"])

    def test_that_replies_do_not_come_back_is_told(self):
        with self.on(TODAY), smtp_inbox(self.env):
            page = self.page()
        line = page.line_ids.filtered(lambda line: line.code == "receipts")
        self.assertEqual(line.state, "note")
        self.assertIn("repl", line.text)
        self.assertEqual(page.step, 2, "a note stops nobody")

    def test_a_second_pilot_customer_is_added_and_can_be_issued_to(self):
        self.invoice(due=10)
        second = self.new_customer("Druhý s.r.o.", "d@x.example")
        self.invoice(second, due=10)
        self.company.upominky_pilot_partner_ids = self.customer
        first = self.generate()
        with self.on(TODAY), smtp_inbox(self.env) as inbox:
            page = self.page()
            self.assertEqual((page.is_added, page.is_issued), (False, True))
            page.action_send()
            page.partner_id = second
            self.assertEqual((page.is_added, page.is_pilot, page.is_issued), (True, False, False))
            page.action_take_pilot()
            self.assertEqual(self.company.upominky_pilot_partner_ids, self.customer | second)
            page.invalidate_recordset()
            page.env["upominky.issue"].browse(page.action_issue()["res_id"]).action_issue()
            page.invalidate_recordset()
            self.assertTrue(page.is_issued)
            self.assertNotEqual(page.reminder_id, first)
            self.assertEqual(page.step, 4)
            page.action_send()
            self.assertEqual(inbox.recipients, ["d@x.example", "fakturace@odberatel.example"])

    def test_another_customer_chosen_before_issuing_is_the_next_step(self):
        second = self.new_customer("Druhý s.r.o.", "d@x.example")
        self.company.upominky_pilot_partner_ids = self.customer
        with self.on(TODAY), smtp_inbox(self.env):
            page = self.page()
            for customer, step in (
                (self.customer, 3),
                (second, 2),
                (self.env["res.partner"], 2),
                (self.customer, 3),
            ):
                with self.subTest(customer=customer.name):
                    page.partner_id = customer
                    page.invalidate_recordset()
                    self.assertEqual((page.step, page.is_pilot), (step, step == 3))
            page.partner_id = second
            page.action_take_pilot()
            page.invalidate_recordset()
            self.assertEqual(page.step, 3)

    def test_a_cancelled_reminder_is_not_the_first_one(self):
        self.invoice(due=10)
        self.company.upominky_pilot_partner_ids = self.customer
        reminder = self.generate()
        with self.on(TODAY), smtp_inbox(self.env):
            self.assertEqual(self.page().reminder_id, reminder)
            reminder.action_cancel()
            page = self.page()
            self.assertEqual((page.step, page.reminder_id.id), (3, False))
            with self.assertRaisesRegex(UserError, "No reminder has been issued yet"):
                page.action_send()

    def test_what_the_chosen_customer_owes_is_told_in_each_currency(self):
        self.invoice(amount=100, due=1)
        self.invoice(amount=40, due=10, currency=self.eur)
        self.invoice(amount=5000, due=0)  # due today is not overdue
        other = self.new_customer("Neplatí nic s.r.o.")
        with self.on(TODAY), Form(self.page()) as form:
            form.partner_id = self.customer
            self.assertIn("Overdue invoices: 2", form.owed_text)
            self.assertIn(self.czk.format(100), form.owed_text)
            self.assertIn(self.eur.format(40), form.owed_text)
            form.partner_id = other
            self.assertIn("Owes nothing that is overdue", form.owed_text)

    def test_customers_with_something_overdue_are_offered(self):
        self.invoice(due=1)
        self.invoice(self.new_customer("Zítra s.r.o."), due=-1)
        with self.on(TODAY):
            self.assertEqual(self.page().offered_ids, self.customer)

    def test_the_message_is_that_of_the_rule_which_covers_the_customer(self):
        self.invoice(due=10)
        own = self.rule.copy({"partner_ids": self.customer.ids})
        with self.on(TODAY):
            page = self.page()
            page.partner_id = self.customer
            preview = page.env["upominky.level.preview"].browse(page.action_preview()["res_id"])
            self.assertEqual(preview.level_id, own.level_ids[0])
            self.assertEqual(preview.partner_id, self.customer)
            (own | self.rule).active = False
            with self.assertRaisesRegex(UserError, "No rule covers Odběratel"):
                page.action_preview()

    def test_nothing_goes_on_without_a_customer(self):
        page = self.page()
        for action in (page.action_take_pilot, page.action_preview, page.action_issue):
            with self.subTest(action.__name__), self.assertRaisesRegex(UserError, "Choose a pilot"):
                action()

    def test_a_company_that_is_off_becomes_a_pilot_and_one_that_is_live_stays_so(self):
        for before, after in (("off", "pilot"), ("pilot", "pilot"), ("live", "live")):
            with self.subTest(before):
                self.company.upominky_mode = before
                page = self.page()
                page.partner_id = self.customer
                page.action_take_pilot()
                self.assertEqual(self.company.upominky_mode, after)
                self.assertEqual(self.company.upominky_pilot_partner_ids, self.customer)

    def test_only_managers_and_only_the_customer(self):
        with self.assertRaises(AccessError):
            self.opened("upominky.first.steps", self.clerk)
        page = self.page()
        other = self.env["res.company"].search([("id", "!=", self.company.id)], limit=1)
        with self.assertRaisesRegex(UserError, "Only the pilot customer"):
            page.write({"company_id": other.id})

    def test_the_apps_menu_opens_it_after_the_install(self):
        todo = self.env.ref("upominky_addon.todo_first_steps")
        todo.action_open()
        found = self.env["ir.module.module"].next()
        self.assertEqual(found["id"], self.env.ref("upominky_addon.action_server_after_install").id)
        self.assertEqual(todo.state, "done")

    def overview(self, user):
        """Return the overview as a user has it who works in this company alone."""
        overview = self.env["upominky.overview"].with_user(user)
        return overview.with_context(allowed_company_ids=self.company.ids)

    def test_the_overview_leads_a_manager_to_it_until_there_is_a_reminder(self):
        self.invoice(due=10)
        for user, leads in ((self.manager, True), (self.clerk, False)):
            overview = self.overview(user)
            (job,) = overview.retrieve_dashboard()["jobs"]
            self.assertEqual(job["is_new"], leads)
        overview = self.overview(self.manager)
        action = overview.action_open_figure("first_steps", self.company.id)
        self.assertEqual(action["res_model"], "upominky.first.steps")
        for figure in ("first_steps", "readiness"):
            action = overview.action_open_figure(figure, self.company.id)
            self.assertEqual(action["views"], [(False, "form")], figure)
        self.company.upominky_mode = "live"
        self.generate()
        overview = self.overview(self.manager)
        (job,) = overview.retrieve_dashboard()["jobs"]
        self.assertFalse(job["is_new"])

    def test_a_company_that_is_off_is_led_on_from_its_second_step(self):
        """Pilot customers of an earlier start are no reason to issue: nobody is reminded."""
        old = self.new_customer("Dřívější s.r.o.", "d@x.example")
        self.invoice(due=10)
        self.company.write({"upominky_mode": "off", "upominky_pilot_partner_ids": old.ids})
        with self.on(TODAY), smtp_inbox(self.env):
            page = self.page()
            self.assertEqual((page.step, page.is_pilot), (2, False))
            page.partner_id = self.customer
            page.action_take_pilot()
            self.assertEqual(self.company.upominky_pilot_partner_ids, self.customer)
            page.invalidate_recordset()
            self.assertEqual((page.step, page.is_pilot), (3, True))

    def test_a_copy_of_a_database_stays_at_its_first_step(self):
        self.env["ir.config_parameter"].sudo().set_param("database.is_neutralized", True)
        with self.on(TODAY), smtp_inbox(self.env):
            page = self.page()
            self.assertEqual(page.step, 1)
            self.assertIn("neutralised copy", page.mode_text)

    def test_one_that_was_sent_goes_before_an_older_one_that_failed(self):
        self.company.upominky_mode = "live"
        self.invoice(self.new_customer("Bez adresy s.r.o."), due=10)
        self.invoice(due=10)
        reminders = self.generate()
        with smtp_inbox(self.env):
            self.send()
        self.assertEqual(sorted(reminders.mapped("state")), ["failed", "sent"])
        with self.on(TODAY), smtp_inbox(self.env):
            page = self.page()
            self.assertEqual((page.step, page.reminder_state), (6, "sent"))

    def test_only_the_company_of_the_page_issues(self):
        other = self.env["res.company"].create({"name": "Druhá", "upominky_mode": "live"})
        self.manager.company_ids |= other
        self.invoice(due=10)
        page = self.page().with_context(allowed_company_ids=(self.company | other).ids)
        page.partner_id = self.customer
        with self.on(TODAY):
            context = page.action_issue()
            wizard = page.env["upominky.issue"].browse(context["res_id"])
        self.assertEqual(wizard.line_ids.company_id, self.company)

    def test_the_page_goes_on_when_its_check_was_cleared_away(self):
        page = self.page()
        page.sudo().readiness_id.unlink()
        page.invalidate_recordset()
        self.assertEqual(page.step, 1)
        self.assertTrue(page.mode_text)

    def test_the_install_of_an_administrator_without_the_right_opens_odoo(self):
        action = self.env.ref("upominky_addon.action_server_after_install")
        system = new_test_user(self.env, "installs", "base.group_system")
        for user, model in ((system, None), (self.manager, "upominky.first.steps")):
            found = action.with_user(user).with_company(self.company).run()
            self.assertEqual(found.get("res_model"), model)
