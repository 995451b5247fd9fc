"""Starting safely (SPEC rules 16 and 27): settings, the switch to live, the three conditions."""

from datetime import datetime, timedelta
from unittest.mock import patch

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .. import common
from ..common import TODAY, Inbox, UpominkyCommon, free_port, smtp_inbox


class StartCommon(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.clerk = (
            new_test_user(cls.env, login, f"upominky_addon.{group}", company_id=cls.company.id)
            for login, group in (("chief", "group_manager"), ("clerk", "group_user"))
        )
        # The jobs serve all companies, and so do those who change them.
        cls.manager.company_ids = cls.env["res.company"].search([])

    def opened(self, model, user=None):
        """Open a page as its menu does, and return its record."""
        model = self.env[model].with_user(user or self.manager)
        return model.browse(model.action_open()["res_id"])


class TestSettings(StartCommon):
    def test_rule_16_a_manager_who_administers_nothing_else_changes_the_settings(self):
        self.assertFalse(self.manager.has_group("base.group_system"))
        settings = self.opened("upominky.settings")
        self.assertEqual((settings.mode, settings.timezone), ("live", "Europe/Prague"))
        settings.action_pilot()
        self.assertEqual(self.company.upominky_mode, "pilot")
        self.assertIn("Pilot without a pilot customer", settings.warning)
        with Form(settings) as form:
            form.pilot_partner_ids.add(self.customer)
            form.start_date = TODAY
        self.assertEqual(self.company.upominky_pilot_partner_ids, self.customer)
        self.assertEqual(self.company.upominky_start_date, TODAY)
        self.assertFalse(settings.warning)
        settings.action_off()
        self.assertEqual(self.company.upominky_mode, "off")

    def test_settings_show_what_the_company_has(self):
        self.company.upominky_pilot_partner_ids = self.customer
        self.company.upominky_start_date = TODAY
        settings = self.opened("upominky.settings")
        self.assertEqual(settings.pilot_partner_ids, self.customer)
        self.assertEqual(settings.start_date, TODAY)

    def test_each_job_is_adjusted_by_itself(self):
        generate = self.env.ref("upominky_addon.cron_generate")
        send = self.env.ref("upominky_addon.cron_send")
        before = send.read(["active", "interval_number", "interval_type", "nextcall"])
        settings = self.opened("upominky.settings")
        self.assertEqual(settings.job_ids.mapped("job"), ["cron_generate", "cron_send"])
        job = settings.job_ids[0]
        soon = datetime(2026, 6, 1, 4)
        job.write({"interval_number": 2, "interval_type": "weeks", "nextcall": soon})
        self.assertEqual(
            (generate.interval_number, generate.interval_type, generate.nextcall),
            (2, "weeks", soon),
        )
        job.is_on = False
        self.assertFalse(generate.active)
        self.assertIn("Automatic generation is switched off", settings.warning)
        settings.job_ids[1].is_on = False
        self.assertIn("Automatic sending is switched off", settings.warning)
        settings.job_ids.is_on = True
        self.assertFalse(settings.warning)
        self.assertEqual(
            send.read(["active", "interval_number", "interval_type", "nextcall"]), before
        )
        with self.assertRaisesRegex(UserError, "positive"):
            job.interval_number = 0

    def test_run_now_says_what_it_did(self):
        self.invoice(due=10)
        self.env.ref("upominky_addon.cron_generate").active = False
        settings = self.opened("upominky.settings")
        told = []
        with smtp_inbox(self.env) as inbox, self.on(TODAY):
            for job in (*settings.job_ids, settings.job_ids[0]):
                with self.enter_registry_test_mode():
                    told.append(job.action_run_now()["params"]["message"])
        self.assertEqual(len(inbox.messages), 1, told)
        self.assertEqual(told, ["Issued: 1, Waiting: 1.", "Sent: 1.", "There was nothing to do."])

    def test_each_job_is_harmless_without_the_other(self):
        self.invoice(due=10)
        with smtp_inbox(self.env) as inbox:
            self.send()
            self.assertFalse(inbox.messages)
            reminder = self.generate()
            self.assertFalse(self.generate())
            self.assertEqual(reminder.state, "issued")
            self.send()
            self.assertEqual(len(inbox.messages), 1)

    def test_rule_29_others_may_not(self):
        settings = self.opened("upominky.settings")
        for user, call in (
            (self.clerk, lambda s: s.action_open()),
            (self.clerk, lambda s: s.read(["mode"])),
            (self.clerk, lambda s: s.write({"start_date": TODAY})),
            (self.clerk, lambda s: s.action_off()),
            (self.clerk, lambda s: s.action_live()),
            (self.clerk, lambda s: s.job_ids.write({"is_on": False})),
            (self.clerk, lambda s: s.job_ids.action_run_now()),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                call(settings.with_user(user))
        self.assertEqual(self.company.upominky_mode, "live")

    def test_rule_29_a_manager_changes_no_other_company(self):
        other = self.env["res.company"].create({"name": "Other", "parent_id": self.company.id})
        other.upominky_mode = "pilot"
        settings = self.opened("upominky.settings")
        with self.assertRaises(AccessError):
            settings.write({"company_id": other.id, "start_date": TODAY})
        self.assertFalse(other.upominky_start_date)
        settings.sudo().company_id = other
        for action in (settings.action_off, settings.action_live):
            with self.assertRaises(AccessError):
                action()
        self.assertEqual(other.upominky_mode, "pilot")


class TestLive(StartCommon):
    def live(self):
        self.company.upominky_mode = "pilot"
        action = self.opened("upominky.settings").action_live()
        return self.env["upominky.live"].with_user(self.manager).browse(action["res_id"])

    def test_rule_16_the_summary_is_what_the_job_then_issues(self):
        second = self.new_customer("Druhý", "d@b.example")
        for partner, amount, currency in (
            (self.customer, 12100, self.czk),
            (self.customer, 480, self.eur),
            (second, 700, self.czk),
        ):
            self.invoice(partner, amount, 10, currency)
        self.invoice(self.new_customer("Starý"), 900, 99)
        with self.on(TODAY):
            wizard = self.live()
            wizard.scope = "all"
            total = ["All together", "3", "3", "13,700.00 Kč480.00 €"]
            self.assertEqual(self.table(wizard)[-1], total)
            with Form(wizard) as form:
                form.scope = "from"
                form.start_date = TODAY - timedelta(days=60)
                self.assertIn("12,800.00", form.summary)
            self.assertEqual(
                self.table(wizard),
                [
                    ["All customers", "1. First reminder", "2", "2", "12,800.00 Kč480.00 €"],
                    ["All together", "2", "2", "12,800.00 Kč480.00 €"],
                ],
            )
            self.assertEqual(
                self.table(wizard, hidden="d-none"),
                [
                    ["1. First reminder All customers", "2", "2", "12,800.00 Kč480.00 €"],
                    ["All together", "2", "2", "12,800.00 Kč480.00 €"],
                ],
                "a phone has no room for the rule's column",
            )
            self.assertEqual(self.company.upominky_mode, "pilot")
            wizard.action_confirm()
        self.assertEqual(self.company.upominky_mode, "live")
        self.assertEqual(self.company.upominky_start_date, TODAY - timedelta(days=60))
        issued = self.generate()
        self.assertEqual(len(issued), 2)
        self.assertEqual(sum(r.currency_totals["CZK"] for r in issued), 12800)

    def table(self, wizard, hidden="d-md-none"):
        """Return the summary's rows as texts, without what a window hides: a wide one, or a phone.

        :param str hidden: the class of what it hides
        """
        classes = "concat(' ', @class, ' ')"
        shown = f".//text()[not(ancestor-or-self::*[contains({classes}, ' {hidden} ')])]"
        wizard.invalidate_recordset()
        body = wizard.summary.split("</thead>")[1]
        return [
            [
                text
                for cell in row.iter("td")
                if (text := " ".join("".join(cell.xpath(shown)).split()))
            ]
            for row in html.fromstring(f"<table>{body}").iter("tr")
        ]

    def test_sixty_days_are_proposed_and_to_wake_old_debts_is_a_choice_of_its_own(self):
        self.invoice(self.new_customer("Starý"), 900, 99)
        self.invoice(self.new_customer("Starší"), 100, 400)
        proposed = TODAY - timedelta(days=60)
        with self.on(TODAY):
            wizard = self.live()
            self.assertEqual((wizard.scope, wizard.start_date), ("from", proposed))
            self.assertIn("Mar 30, 2026", wizard.suggestion)
            told = "due before Mar 30, 2026: 2, the oldest on Apr 24, 2025 (400 days ago), together"
            self.assertIn(f"Reminded by hand only: unpaid invoices {told}", wizard.old_text)
            self.assertIn("1,000.00", wizard.old_text)
            wizard.start_date = False
            with self.assertRaisesRegex(UserError, "Enter the day from which"):
                wizard.action_confirm()
            self.assertEqual(self.company.upominky_mode, "pilot")
            wizard.action_suggest()
            self.assertEqual(wizard.start_date, proposed)
            wizard.scope = "all"
            self.assertIn("Old debts are reminded as well.", wizard.old_text)
            self.assertIn(told, wizard.old_text)
            wizard.action_confirm()
        self.assertEqual(self.company.upominky_mode, "live")
        self.assertFalse(self.company.upominky_start_date)

    def test_the_question_says_who_is_reminded_from_now_on(self):
        self.assertIn(f"all customers of {self.company.name} get reminders", self.live().intro)

    def test_nothing_to_issue_is_a_sentence(self):
        self.assertIn("No reminder would be issued", self.live().summary)

    def test_rule_16_a_neutralised_copy_does_not_go_live(self):
        wizard = self.live()
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "1")
        with self.assertRaisesRegex(UserError, "neutralised"):
            wizard.action_confirm()

    def test_rule_29_others_may_not(self):
        wizard = self.live()
        for call in (
            lambda w: w.action_confirm(),
            lambda w: w.action_suggest(),
            lambda w: w.read(["summary"]),
        ):
            with self.assertRaises(AccessError):
                call(wizard.with_user(self.clerk))
        self.assertEqual(self.company.upominky_mode, "pilot")


class TestReadiness(StartCommon):
    def states(self, user=None):
        page = self.opened("upominky.readiness", user)
        return {line.code: line for line in page.line_ids}

    def test_rule_27_all_done(self):
        self.company.upominky_mode = "pilot"
        self.company.upominky_pilot_partner_ids = self.customer
        with smtp_inbox(self.env) as inbox:
            page = self.opened("upominky.readiness", self.clerk)
            self.assertFalse(inbox.messages)  # a connection, not a message
        lines = {line.code: line for line in page.line_ids}
        for code in ("server", "jobs", "rules", "mode", "address"):
            self.assertEqual(lines[code].state, "done", lines[code].text)
        self.assertTrue(page.ready)
        self.assertIn("Odběratel s.r.o.", lines["mode"].text)
        self.assertIn("ucetni@dopravce.example", lines["address"].text)

    def test_rule_27_the_mail_server_is_really_spoken_with(self):
        nobody = {"smtp_host": "127.0.0.1", "smtp_port": free_port(), "smtp_encryption": "none"}
        refused = {"noreply@odoo.com": "550 no relaying for you"}
        for sentence, answers, change in (
            ("answered just now", None, {}),
            ("Connection refused", None, nobody),
            ("no relaying for you", refused, {}),
            ("No outgoing mail server is set", None, {"active": False}),
        ):
            with self.subTest(sentence), smtp_inbox(self.env, answers) as inbox:
                inbox.server.write(change)
                with patch.object(IrMail_Server, "_connect__", self.no_default(inbox)):
                    line = self.states()["server"]
                self.assertIn(sentence, line.text)
                self.assertEqual(
                    line.state, "done" if sentence.startswith("answered") else "missing"
                )

    def test_rule_27_the_server_is_tried_with_the_address_that_would_send(self):
        """Whoever looks may have no e-mail address, as the first user of a fresh database."""
        self.clerk.partner_id.email = False
        said = []

        class Listening(Inbox):
            async def handle_MAIL(self, server, session, envelope, address, options):
                said.append(address)
                envelope.mail_from = address
                return "250 OK"

        with patch.object(common, "Inbox", Listening), smtp_inbox(self.env) as inbox:
            line = self.states()["server"]
            self.assertEqual((line.state, said), ("done", ["ucetni@dopravce.example"]), line.text)
            error = self.env["upominky.readiness"]._connect_error(inbox.server, False)
        self.assertIn("there is no address to write from", error)

    def test_rule_29_only_the_program_names_the_address_of_the_test(self):
        server = self.env["ir.mail_server"].create({"name": "S", "smtp_host": "localhost"})
        named = server.with_context(upominky_test_from="boss@elsewhere.example")
        mine = self.env.user.email
        self.assertEqual(named.with_user(self.env.user)._get_test_email_from(), mine)

    def no_default(self, inbox):
        """Return _connect__ for machines where a mail server may listen on port 25."""
        connect = IrMail_Server._connect__

        def connect_to_record(self, *args, **options):
            if not options.get("mail_server_id"):
                raise ConnectionRefusedError
            return connect(self, *args, **options)

        return connect_to_record

    def test_rule_27_what_is_missing_is_told(self):
        generate = self.env.ref("upominky_addon.cron_generate")
        company, rule = self.company, self.rule
        sender = new_test_user(self.env, "mute", company_id=company.id)
        sender.partner_id.email = False
        for code, state, sentence, record, values in (
            ("jobs", "missing", "Switched off: Automatic generation", generate, {"active": False}),
            (
                "jobs",
                "missing",
                "Should have run by now: Automatic generation",
                generate,
                {"nextcall": TODAY - timedelta(days=1)},
            ),
            ("rules", "missing", "No active rule", rule, {"active": False}),
            ("rules", "missing", "No active rule", rule.level_ids, {"send": False}),
            ("rules", "missing", "has a template", rule.level_ids, {"mail_template_id": False}),
            ("rules", "note", "All customers 2", rule.level_ids[1], {"mail_template_id": False}),
            ("mode", "missing", "switched off", company, {"upominky_mode": "off"}),
            ("mode", "missing", "Choose one", company, {"upominky_mode": "pilot"}),
            ("mode", "done", "due from May 29, 2026", company, {"upominky_start_date": TODAY}),
            ("address", "missing", "no e-mail address", company, {"email": False}),
            ("address", "note", "mute", rule, {"sender_id": sender.id}),
            ("receipts", "note", "no alias domain", company, {"alias_domain_id": False}),
        ):
            with self.subTest(sentence), self.on(TODAY), self.env.cr.savepoint() as point:
                self.env.ref("upominky_addon.cron_generate").nextcall = datetime(2026, 5, 30)
                self.env.ref("upominky_addon.cron_send").nextcall = datetime(2026, 5, 30)
                record.write(values)
                line = self.states()[code]
                self.assertEqual(line.state, state, line.text)
                self.assertIn(sentence, line.text)
                point.rollback()
                self.env.invalidate_all()

    def test_rule_27_each_links_to_where_it_is_mended_for_those_who_may(self):
        admin = new_test_user(
            self.env,
            "root",
            "base.group_system,upominky_addon.group_manager",
            company_id=self.company.id,
            name="Správce Systému",
        )
        self.company.email = False
        for user, places in (
            (
                admin,
                {"server": "ir.mail_server", "jobs": "upominky.settings", "rules": "upominky.rule"},
            ),
            (self.manager, {"jobs": "upominky.settings", "mode": "upominky.settings"}),
            (self.clerk, {}),
        ):
            lines = self.states(user)
            for code in ("server", "jobs", "rules", "mode"):
                with self.subTest(user=user.login, code=code):
                    if code in places:
                        self.assertTrue(lines[code].may_fix)
                        self.assertEqual(lines[code].action_fix()["res_model"], places[code])
                    elif not lines[code].may_fix:
                        with self.assertRaises(AccessError):
                            lines[code].action_fix()
        line = self.states(self.clerk)["server"]
        self.assertIn("Správce Systému", line.ask_text)

    def test_rule_29_no_password_reaches_the_page(self):
        with smtp_inbox(self.env) as inbox:
            inbox.server.write({"smtp_user": "mailer", "smtp_pass": "Tajné-heslo-1"})
            line = self.states(self.clerk)["server"]
        self.assertEqual(line.state, "missing")
        self.assertNotIn("Tajné-heslo-1", line.text)
        with self.assertRaises(AccessError):
            inbox.server.with_user(self.manager).read(["smtp_pass"])
