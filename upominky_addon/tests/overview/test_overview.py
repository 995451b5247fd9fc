"""The figures of the first page, checked against books made by hand, and the lists behind them."""

import time
from ast import literal_eval
from datetime import date, timedelta
from unittest.mock import patch

from odoo import sql_db
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.overview import jobs
from ..common import TODAY, UpominkyCommon, smtp_inbox
from ..rights import RightsCommon

TOMORROW = TODAY + timedelta(days=1)


class OverviewCommon(UpominkyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_ids = cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids, "tz": "UTC"}
        )
        job = cls.env.ref("upominky_addon.cron_generate")
        job.nextcall = f"{TOMORROW} 01:00:00"
        cls.env.ref("upominky_addon.cron_send").nextcall = f"{TOMORROW} 02:00:00"

    def dashboard(self, day=TODAY, **context):
        with self.on(day):
            return self.env["upominky.overview"].with_context(**context).retrieve_dashboard()

    def overdue(self, **context):
        """Return counts and amounts by currency: a total, and one for each age."""
        return {
            row["currency"]: [(c["count"], c["amount"]) for c in (row["total"], *row["ages"])]
            for row in self.dashboard(**context)["overdue"]
        }

    def listed(self, *args, day=TODAY):
        """Return the records of the list behind a figure."""
        with self.on(day):
            action = self.env["upominky.overview"].action_open_figure(*args)
        self.assertTrue(action["views"], "the client asks for the action by itself: it needs them")
        return self.env[action["res_model"]].search(action["domain"])

    def money(self, amount, currency=None):
        return (currency or self.czk).format(amount) if amount else ""


class TestOverdue(OverviewCommon):
    def test_each_age_has_its_column_and_each_currency_its_row(self):
        expected = {0: None, 1: 0, 7: 0, 8: 1, 30: 1, 31: 2, 60: 2, 61: 3, 90: 3, 91: 4, 400: 4}
        sums, counts = [0.0] * 5, [0] * 5
        for days, age in expected.items():
            self.invoice(amount=1000 + days, due=days)
            if age is not None:
                sums[age] += 1000 + days
                counts[age] += 1
        self.invoice(amount=40, due=45, currency=self.eur)
        found = self.overdue()
        self.assertEqual(list(found), ["CZK", "EUR"])
        self.assertEqual(found["CZK"][0], (10, self.money(sum(sums))))
        cells = [(count, self.money(amount)) for count, amount in zip(counts, sums, strict=True)]
        self.assertEqual(found["CZK"][1:], cells)
        euro = (1, self.money(40, self.eur))
        self.assertEqual(found["EUR"], [euro, (0, ""), (0, ""), euro, (0, ""), (0, "")])

    def test_each_cell_opens_what_it_counts(self):
        for days in (1, 7, 8, 30, 31, 60, 61, 90, 91, 400):
            self.invoice(due=days)
            self.invoice(due=days, currency=self.eur)
        self.pay(self.invoice(due=5))
        self.credit_note(day=5)
        for row in self.dashboard()["overdue"]:
            for cell in (row["total"], *row["ages"]):
                args = (self.company.id, row["currency_id"], cell.get("age"))
                items = self.listed("overdue", *args)
                with self.subTest(currency=row["currency"], age=cell.get("age")):
                    self.assertEqual(len(items), cell["count"])
                    currency = items.currency_id
                    amount = sum(items.mapped("amount_residual_currency"))
                    self.assertEqual(currency.format(amount), cell["amount"])

    def test_rule_01_what_is_no_receivable_is_not_overdue(self):
        self.credit_note(day=10)
        self.pay(self.invoice(due=10))
        self.invoice(due=10).button_draft()
        self.invoice(due=10).write({"payment_state": "in_payment"})
        reversed_move = self.invoice(due=10)
        reversed_move._reverse_moves(cancel=True)
        part = self.invoice(amount=1000, due=10)
        self.pay(part, 300)
        held = self.invoice(amount=500, due=10)
        held.write({"upominky_hold_until": TOMORROW, "upominky_hold_reason": "dispute"})
        self.assertEqual(self.overdue()["CZK"][0], (2, self.money(1200)))

    def test_rule_01_each_instalment_has_its_own_age(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "halves",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )
        day = TODAY - timedelta(days=40)
        move = self.invoice(
            amount=1000, due=day, invoice_date=day, invoice_date_due=False,
            invoice_payment_term_id=term.id,
        )  # fmt: skip
        self.assertEqual(len(move.line_ids.filtered("date_maturity")), 2)
        found = self.overdue()["CZK"]
        self.assertEqual(found[2:4], [(1, self.money(500)), (1, self.money(500))])

    def test_rule_03_the_day_is_the_companys_own(self):
        """At 23:30 UTC it is tomorrow in Prague."""
        self.invoice(due=TODAY)
        self.assertEqual(self.overdue(), {})
        with self.on(TODAY, hour=23):
            rows = self.env["upominky.overview"].retrieve_dashboard()["overdue"]
        self.assertEqual(rows[0]["ages"][0]["count"], 1)


class TestParts(OverviewCommon):
    def test_both_parts_together_are_all_that_there_is(self):
        self.invoice(due=10)
        overview = self.env["upominky.overview"]
        with self.on(TODAY):
            whole = overview.retrieve_dashboard()
            first, rest = (overview.retrieve_dashboard(part) for part in ("first", "rest"))
        self.assertEqual((set(first), set(rest)), ({"waiting", "jobs"}, {"overdue", "next"}))
        self.assertEqual(rest["overdue"], whole["overdue"])
        self.assertEqual(first["waiting"], whole["waiting"])
        (job,), (told,) = first["jobs"], whole["jobs"]
        self.assertEqual({**job["next"], **rest["next"][self.company.id]}, told["next"])
        self.assertEqual(told["next"]["reminders"], 1)
        self.env.ref("upominky_addon.cron_generate").active = False
        with self.on(TODAY):
            self.assertEqual(overview.retrieve_dashboard("rest")["next"], {})


class TestWaiting(OverviewCommon):
    def waiting(self):
        self.env.flush_all()
        return self.dashboard()["waiting"]

    def test_nothing_waits(self):
        self.assertEqual(set(self.waiting().values()), {0})
        for figure in self.waiting():
            self.assertFalse(self.listed(figure))

    def make_alleged_bounces(self, uncertain, failed):
        """Return a reminder that waits for its unverified bounce; others with one wait anyway."""
        self.invoice(self.new_customer("Tvrzená", "t@x.example"), due=10)
        alleged = self.generate()
        with smtp_inbox(self.env):
            self.send()
        uncertain.sudo().delivery_state = "uncertain"
        (alleged | uncertain | failed).delivery_ids.sudo().alleged_bounce_state = "open"
        return alleged

    def test_what_waits_is_counted_once_and_listed(self):
        self.rule.level_ids[0].requires_approval = True
        self.invoice(due=10)
        to_approve = self.generate()
        self.rule.level_ids[0].requires_approval = False
        self.invoice(self.new_customer("Bez adresy"), due=10)
        no_address = self.generate()
        self.send()
        self.assertEqual(no_address.state, "failed")
        self.invoice(self.new_customer("Špatná", "neni adresa"), due=10)
        failed = self.generate()
        self.send()
        self.assertEqual(failed.state, "failed")
        self.invoice(self.new_customer("Nejistá", "n@x.example"), due=10)
        uncertain = self.generate()
        alleged = self.make_alleged_bounces(uncertain, failed)
        held = self.invoice(self.new_customer("Reklamace"), due=10)
        held.write({"upominky_hold_until": TODAY, "upominky_hold_reason": "dispute"})
        customer = self.new_customer("Slib", upominky_hold_until=TODAY,
                                     upominky_hold_reason="promise")  # fmt: skip
        promised = self.invoice(customer, due=10)
        self.pay(self.invoice(customer, due=10))
        old = self.invoice(self.new_customer("Promlčí se"), due=date(2023, 9, 1))
        wanted = {
            "to_approve": to_approve,
            "failed": failed,
            "uncertain": uncertain,
            "alleged_bounces": alleged,
            "no_address": no_address,
            "hold_ends": held + promised,
            "limitation": old.line_ids.filtered("date_maturity"),
            "letters": self.env["upominky.delivery"],
        }
        self.assertEqual(self.waiting(), {name: len(found) for name, found in wanted.items()})
        for figure, records in wanted.items():
            with self.subTest(figure=figure):
                self.assertEqual(self.listed(figure), records)
        action = self.env.ref("upominky_addon.action_upominky_overview")._get_action_dict()
        below = self.env["upominky.reminder"].search(literal_eval(action["domain"]))
        self.assertEqual(below, to_approve | failed | uncertain | alleged | no_address)


class TestJobs(OverviewCommon):
    def job(self, day=TODAY, **context):
        (job,) = self.dashboard(day, **context)["jobs"]
        return job

    def test_before_the_first_run(self):
        job = self.job()
        self.assertEqual([job["issued"], job["sent"]], [False, False])
        self.assertEqual((job["mode"], job["name"]), ("live", ""))

    def test_what_the_last_runs_did_and_the_lists_of_it(self):
        self.invoice(due=10)
        self.invoice(self.new_customer("Druhý", "d@x.example"), due=10)
        issued = self.generate()
        job = self.job()
        self.assertEqual(job["issued"]["count"], 2)
        self.assertEqual(self.listed("issued", self.company.id), issued)
        run = (
            self.env["upominky.run"]
            .sudo()
            .create({"company_id": self.company.id, "kind": "send", "date": TODAY})
        )
        for reminder, state in zip(issued, ("sent", "failed"), strict=True):
            values = {"reminder_id": reminder.id, "company_id": self.company.id, "run_id": run.id}
            self.env["upominky.delivery"].sudo().create(
                {**values, "email_to": "a@b.cz", "state": state}
            )
        sent = self.job()["sent"]
        self.assertEqual((sent["count"], sent["failed"]), (1, 1))
        self.assertEqual(self.listed("sent", self.company.id).reminder_id, issued[0])
        self.assertEqual(self.listed("not_sent", self.company.id).reminder_id, issued[1])

    def test_the_next_run_does_what_is_announced(self):
        """By its own day: what becomes due tonight is announced this morning."""
        self.invoice(due=6)  # due tomorrow
        self.invoice(due=5)
        self.invoice(self.new_customer("Bez adresy"), due=10)
        self.invoice(self.new_customer("Dvojí", "d@x.example"), due=10, currency=self.eur)
        announced = self.job()["next"]
        figures = [announced[name] for name in ("customers", "reminders", "no_email")]
        self.assertEqual(figures, [3, 3, 1])
        self.assertEqual(len(self.listed("next", self.company.id).partner_id), 3)
        self.assertEqual(self.listed("no_email", self.company.id).partner_id.name, "Bez adresy")
        self.assertEqual(len(self.generate(TOMORROW)), 3)

    def test_of_many_customers_only_candidates_are_counted(self):
        self.invoice(due=10)
        self.invoice(self.new_customer("Druhý", "d@x.example"), due=10)
        with patch.object(jobs, "DECIDED", 1):
            announced = self.job()["next"]
        self.assertEqual((announced["customers"], announced["reminders"]), (2, None))

    def test_rule_16_pilot_and_off(self):
        self.invoice(due=10)
        self.invoice(self.new_customer("Druhý", "d@x.example"), due=10)
        self.company.write(
            {"upominky_mode": "pilot", "upominky_pilot_partner_ids": self.customer.ids}
        )
        self.assertEqual(self.job()["next"]["reminders"], 1)
        self.company.upominky_mode = "off"
        job = self.job()
        self.assertIs(job["next"], False)
        self.assertIn("Reminders are switched off.", job["missing"])

    def test_rule_27_what_is_missing_is_told(self):
        servers = self.env["ir.mail_server"]
        servers.search([]).active = False
        servers.create({"name": "S", "smtp_host": "localhost"})
        self.assertEqual(self.job()["missing"], [])
        servers.search([]).active = False
        self.company.email = False
        self.env.ref("upominky_addon.cron_generate").active = False
        job = self.job()
        self.assertEqual(len(job["missing"]), 3, job["missing"])
        self.assertIs(job["next"], False)


class TestOverviewSpeed(OverviewCommon):
    def queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before, started = sql_db.sql_counter, time.monotonic()
        self.dashboard()
        return sql_db.sql_counter - before, time.monotonic() - started

    def test_it_asks_the_same_for_any_number_of_customers(self):
        def add(count):
            for n in range(count):
                partner = self.new_customer(f"C{n}", f"c{n}@x.example")
                self.invoice(partner, due=10 + n)

        add(2)
        self.generate()
        add(2)
        self.queries()
        few, _seconds = self.queries()
        add(12)
        many, seconds = self.queries()
        self.assertEqual(many, few)
        self.assertLessEqual(many, 80)
        self.assertLess(seconds, 1)


@tagged("post_install", "-at_install", "upominky_addon")
class TestOverviewCompanies(RightsCommon):
    def dashboard(self, role, *names):
        companies = [self.companies[name].id for name in names]
        overview = self.as_role(self.env["upominky.overview"], role)
        with self.on(TODAY):
            return overview.with_context(allowed_company_ids=companies).retrieve_dashboard()

    def test_rule_29_figures_are_of_the_active_companies_alone(self):
        for role, name in (("user", "ours"), ("parent", "ours"), ("branch", "branch")):
            found = self.dashboard(role, name)
            with self.subTest(role=role):
                self.assertEqual([job["id"] for job in found["jobs"]], self.companies[name].ids)
                self.assertEqual(
                    {row["company_id"] for row in found["overdue"]}, set(self.companies[name].ids)
                )
                (row,) = found["overdue"]
                self.assertEqual(row["total"]["count"], 1)

    def test_rule_29_several_companies_have_rows_of_their_own(self):
        self.users["parent"].company_ids |= self.companies["branch"]
        found = self.dashboard("parent", "ours", "branch")
        names = {self.companies["ours"].name, self.companies["branch"].name}
        self.assertEqual({job["name"] for job in found["jobs"]}, names)
        self.assertEqual({row["company"] for row in found["overdue"]}, names)
        self.assertEqual([row["total"]["count"] for row in found["overdue"]], [1, 1])

    def test_rule_29_no_figure_opens_a_company_that_is_not_active(self):
        overview = self.as_role(self.env["upominky.overview"], "user")
        other = self.companies["other"].id
        for figure in ("overdue", "issued", "sent", "not_sent", "next", "no_email"):
            with self.subTest(figure=figure), self.assertRaises(UserError):
                overview.action_open_figure(figure, other, self.czk.id)

    def test_rule_29_portal_sees_nothing(self):
        for role in ("portal", "employee", "invoicing"):
            overview = self.as_role(self.env["upominky.overview"], role)
            with self.subTest(role=role):
                self.assertRaises(AccessError, overview.retrieve_dashboard)
                self.assertRaises(AccessError, overview.action_open_figure, "failed")

    def test_a_figure_that_there_is_not_is_told_so(self):
        overview = self.as_role(self.env["upominky.overview"], "user")
        # Half a surrogate pair, as JSON may bring it, could not be sent back in the answer.
        for figure in ("_compute", "\ud83d", "x" * 10**6, None):
            with self.assertRaisesRegex(UserError, "no figure") as caught:
                overview.action_open_figure(figure, self.companies["ours"].id)
            self.assertLess(len(str(caught.exception).encode()), 100)

    def test_arguments_that_are_none_are_told_so(self):
        overview = self.as_role(self.env["upominky.overview"], "user")
        company, currency = self.companies["ours"].id, self.czk.id
        for odd in ("x", [1], {}, 2**40, -1):
            with self.subTest(odd=odd):
                with self.assertRaisesRegex(UserError, "no currency"):
                    overview.action_open_figure("overdue", company, odd)
                with self.assertRaisesRegex(UserError, "no age"):
                    overview.action_open_figure("overdue", company, currency, odd)
                with self.assertRaisesRegex(UserError, "is not to be chosen here"):
                    overview.retrieve_dashboard(part=odd)
