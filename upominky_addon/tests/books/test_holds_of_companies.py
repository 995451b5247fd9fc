"""Rules 2, 12 and 29: what keeps reminders from a customer is each company's own."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext

from ..common import TODAY
from ..rights import RightsCommon

ACCOUNTANT = (
    "base.group_user,base.group_partner_manager,base.group_allow_export,"
    "account.group_account_invoice,upominky_addon.group_user"
)
STOPS = (
    {"upominky_excluded": True},
    {"upominky_hold_until": TODAY},
    {"upominky_hold_until": False, "upominky_hold_reason": "dispute"},
)
NAMES = ("upominky_excluded", "upominky_hold_until", "upominky_hold_reason")


@tagged("post_install", "-at_install", "upominky_addon")
class TestHoldsOfCompanies(RightsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls.new_customer("Dlužník s.r.o.", "dluznik@odberatel.example")
        cls.moves = {name: cls.owe(name) for name in cls.companies}

    @classmethod
    def owe(cls, name, partner=None):
        ids = cls.companies[name].ids
        env = cls.env(context={**cls.env.context, "allowed_company_ids": ids})
        return cls._move(env, 1000.0, 20, partner_id=(partner or cls.debtor).id)

    def there(self, name, records=None):
        """Return the customer, or other records, as a company sees it."""
        return (self.debtor if records is None else records).with_company(self.companies[name])

    def held(self, partner=None):
        """Return what each company has on a customer."""
        partner = self.debtor if partner is None else partner
        return {
            name: tuple(self.there(name, partner)[field] or None for field in NAMES)
            for name in self.companies
        }

    def accountant(self, *names):
        ids = [self.companies[name].id for name in names]
        return new_test_user(
            self.env,
            f"accountant_{'_'.join(names)}",
            ACCOUNTANT,
            company_id=ids[0],
            company_ids=[Command.set(ids)],
        )

    # ------------------------------------------------------------- what it does

    def issued(self):
        """Run job 1 and return the companies that reminded the customer; undo it."""
        with self.env.cr.savepoint() as savepoint:
            with self.on(TODAY):
                self.run_job("cron_generate")
            domain = [("partner_id", "=", self.debtor.id)]
            companies = self.env["upominky.reminder"].sudo().search(domain).company_id
            found = {name for name, company in self.companies.items() if company in companies}
            savepoint.rollback()
        self.env.invalidate_all()
        return found

    def test_rule_12_a_stop_of_one_company_is_none_of_another(self):
        self.assertEqual(self.issued(), set(self.companies))
        for stop in STOPS:
            for name in self.companies:
                with self.subTest(stop=stop, company=name), self.env.cr.savepoint() as savepoint:
                    self.there(name).write(stop)
                    self.assertEqual(self.issued(), self.companies.keys() - {name})
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_rule_15_what_is_told_of_an_invoice_is_its_companys(self):
        """Whichever company is active, as in a list of invoices of several."""
        self.there("branch").upominky_hold_reason = "dispute"
        for active in self.companies:
            for name, move in self.moves.items():
                with self.subTest(active=active, invoice=name), self.on(TODAY):
                    self.env.invalidate_all()
                    mine = self.there(active, move)
                    is_held = name == "branch"
                    self.assertEqual(mine.upominky_on_hold, is_held)
                    self.assertEqual("hold" in mine.upominky_explanation, is_held)
                    self.assertEqual(not mine.upominky_next_date, is_held)

    def test_rule_26_an_invoice_says_that_its_customer_is_held_by_whom_and_until_when(self):
        whose = f"{self.companies['branch'].name} holds the reminders of Dlužník s.r.o."
        later = TODAY + timedelta(days=7)
        for until, reason, told in (
            (later, "promise", f"{whose} until Jun 5, 2026: Promise to pay."),
            (later, False, f"{whose} until Jun 5, 2026."),
            (False, "dispute", f"{whose} without an end: Dispute."),
            (TODAY - timedelta(days=1), "dispute", False),
            (False, False, False),
        ):
            values = {"upominky_hold_until": until, "upominky_hold_reason": reason}
            self.there("branch").write(values)
            for active in self.companies:
                with self.subTest(until=until, reason=reason, active=active), self.on(TODAY):
                    self.env.invalidate_all()
                    shown = {n: self.there(active, m) for n, m in self.moves.items()}
                    shown = {n: move.upominky_customer_hold for n, move in shown.items()}
                    self.assertEqual(shown, dict.fromkeys(shown, False) | {"branch": told})
        tab = self.env.ref("upominky_addon.view_move_upominky_form").arch
        self.assertIn("upominky_customer_hold", tab)

    def test_rule_17_a_stop_of_another_company_drops_no_line(self):
        with self.on(TODAY):
            self.run_job("cron_generate")
        reminders = self.env["upominky.reminder"].sudo()
        reminders = reminders.search([("partner_id", "=", self.debtor.id)])
        self.there("other").upominky_hold_reason = "dispute"
        with self.on(TODAY):
            reminders._recheck()
        states = {reminder.company_id: reminder.state for reminder in reminders}
        expected = {c: "cancelled" if n == "other" else "issued" for n, c in self.companies.items()}
        self.assertEqual(states, expected)

    def test_rule_26_the_overview_counts_holds_that_end_by_company(self):
        self.there("branch").upominky_hold_until = TODAY
        for name, company in self.companies.items():
            ids = [*company.ids, *(c.id for c in self.companies.values() if c != company)]
            for allowed, expected in ((company.ids, name == "branch"), (ids, True)):
                overview = self.env["upominky.overview"].with_context(allowed_company_ids=allowed)
                with self.subTest(company=name, allowed=allowed), self.on(TODAY):
                    action = overview.action_open_figure("hold_ends")
                    found = self.env["account.move"].search(action["domain"])
                    wanted = self.moves["branch"] if expected else found.browse()
                    self.assertEqual(found & self.there("ours", sum(
                        self.moves.values(), found.browse())), wanted)  # fmt: skip
                    self.assertEqual(overview._waiting()["hold_ends"], len(found))

    def test_rule_26_customers_are_found_and_grouped_by_the_active_companys_stops(self):
        self.there("ours").write({"upominky_excluded": True, "upominky_hold_reason": "promise"})
        self.there("branch").upominky_hold_until = TODAY
        Partner = self.env["res.partner"]
        mine = [("id", "=", self.debtor.id)]
        for name, domain in (
            ("ours", [("upominky_excluded", "=", True)]),
            ("ours", [("upominky_hold_reason", "=", "promise")]),
            ("branch", [("upominky_hold_until", ">=", TODAY)]),
        ):
            for company in self.companies:
                with self.subTest(domain=domain, company=company):
                    found = self.there(company, Partner).search([*domain, *mine])
                    self.assertEqual(bool(found), company == name)
        for field in (*NAMES[::2], "upominky_hold_until:month"):
            for company in self.companies:
                with self.subTest(field=field, company=company):
                    rows = self.there(company, Partner)._read_group(mine, [field], ["__count"])
                    (value, count), *more = rows
                    own = bool(self.there(company)[field.partition(":")[0]])
                    self.assertEqual((bool(value), count, more), (own, 1, []))

    def test_a_companys_default_counts_for_the_job_as_it_does_on_the_form(self):
        self.env["ir.default"].set(
            "res.partner", "upominky_excluded", True, company_id=self.companies["other"].id
        )
        self.assertTrue(self.there("other").upominky_excluded)
        self.assertEqual(self.issued(), {"ours", "branch"})
        self.there("other").upominky_excluded = False
        self.assertEqual(self.issued(), set(self.companies))

    def test_a_new_company_starts_without(self):
        for name in self.companies:
            self.there(name).write({"upominky_excluded": True, "upominky_hold_reason": "other"})
        company = self.env["res.company"].create({"name": "Nová"})
        new = self.debtor.with_company(company)
        self.assertEqual([new[name] for name in NAMES], [False] * 3)

    # ------------------------------------------------------------------ whose

    def test_rule_29_nobody_reads_or_changes_a_strangers_stop(self):
        self.there("other").write({"upominky_excluded": True, "upominky_hold_reason": "dispute"})
        user = self.accountant("ours", "branch")
        for name in ("ours", "branch"):
            mine = self.there(name, self.debtor.with_user(user))
            self.assertEqual(mine.read(NAMES)[0], dict.fromkeys(NAMES, False) | {"id": mine.id})
            mine.write({"upominky_excluded": False, "upominky_hold_until": TODAY})
            exported = mine.export_data(["upominky_excluded", "upominky_hold_reason"])
            self.assertEqual(exported["datas"], [[False, ""]])
        self.assertEqual(self.held()["other"], (True, None, "dispute"))
        for company_ids in (self.companies["other"].ids, [c.id for c in self.companies.values()]):
            mine = self.debtor.with_user(user).with_context(allowed_company_ids=company_ids)
            for call in (
                lambda m=mine: m.read(NAMES),
                lambda m=mine: m.write({"upominky_excluded": False}),
                lambda m=mine: m.search([("upominky_excluded", "=", True)]),
            ):
                with self.subTest(companies=company_ids):
                    self.assertIsInstance(self.outcome(call), AccessError)

    def seen(self, partner, user):
        """Return what a user sees in the chatter of holds: names of fields, with the company."""
        mine = partner.with_user(user)
        values = mine.message_ids.sudo().tracking_value_ids.sorted("id")
        found = values._filter_has_field_access(mine.env)
        return [row["fieldInfo"]["changedField"] for row in found._tracking_value_format()]

    def test_rule_29_the_history_names_the_company_and_shows_each_its_own(self):
        names = {name: company.name for name, company in self.companies.items()}
        for name, vals in zip(self.companies, STOPS, strict=True):
            # All in one transaction, and though the caller asks to leave no trace.
            there = self.there(name).with_context(mail_notrack=True, tracking_disable=True)
            there.write(vals)
        rows = {
            "ours": [f"No Reminders, {names['ours']}"],
            "branch": [f"On Hold Until, {names['branch']}"],
            "other": [f"Reason of Hold, {names['other']}"],
        }
        for mine in (("ours",), ("branch",), ("other",), ("ours", "other")):
            user = self.accountant(*mine)
            with self.subTest(companies=mine):
                wanted = [row for name in mine for row in rows[name]]
                self.assertEqual(self.seen(self.debtor, user), wanted)
        message = self.debtor.message_ids.filtered("tracking_value_ids")[:1]
        # An empty one would be shown to others as a message that was removed.
        said = html2plaintext(message.body)
        self.assertEqual(said, "Payment reminders: settings of the customer changed.")

    def test_what_stays_the_same_leaves_no_trace(self):
        self.there("ours").upominky_excluded = True
        before = self.debtor.message_ids
        self.there("ours").write({"upominky_excluded": True, "upominky_hold_reason": False})
        self.there("branch").write({"upominky_excluded": False})
        self.assertEqual(self.debtor.message_ids, before)

    def test_old_changes_were_of_all_companies_and_stay_visible(self):
        self.there("ours").upominky_excluded = True
        value = self.debtor.message_ids.sudo().tracking_value_ids
        value.field_info = False
        for name in self.companies:
            self.assertEqual(self.seen(self.debtor, self.accountant(name)), ["No Reminders"])

    # --------------------------------------------------------- a parent's stops

    def test_rule_29_a_parents_stops_are_taken_over_in_the_users_companies_alone(self):
        parent = self.new_customer("Matka a.s.")
        for name in self.companies:
            self.there(name, parent).write({"upominky_excluded": True})
        user = self.accountant("ours", "branch")
        mine = self.there("ours", self.debtor.with_user(user))
        mine.write({"is_company": False, "parent_id": parent.id})
        self.env.invalidate_all()
        self.assertEqual(self.debtor.commercial_partner_id, parent)
        taken = {name: values[0] for name, values in self.held().items()}
        self.assertEqual(taken, {"ours": True, "branch": True, "other": None})
        self.assertFalse(self.issued(), "as the parent's stops count")
        mine.write({"is_company": True, "parent_id": False})
        self.owe("other")  # Odoo leaves the invoices of before to the parent
        self.assertEqual(self.issued(), {"other"})

    def test_a_stop_of_a_parent_is_shown_on_its_contacts(self):
        contact = self.env["res.partner"].create({"name": "Jana", "parent_id": self.debtor.id})
        self.there("branch").upominky_hold_reason = "dispute"
        self.assertEqual(self.held(contact), self.held())

    # ---------------------------------------------------------------- merging

    def test_merged_customers_keep_the_longest_stop_of_each_company(self):
        twin = self.new_customer("Dlužník", "dluznik@odberatel.example")
        past, later = TODAY - timedelta(days=9), TODAY + timedelta(days=9)
        self.there("ours").write({"upominky_hold_until": past, "upominky_hold_reason": "promise"})
        self.there("ours", twin).upominky_hold_reason = "dispute"
        self.there("branch").upominky_hold_until = later
        self.there("branch", twin).write(
            {"upominky_hold_until": TODAY, "upominky_hold_reason": "promise"}
        )
        self.there("other", twin).upominky_excluded = True
        with self.on(TODAY):
            wizard = self.env["base.partner.merge.automatic.wizard"]
            wizard._merge([self.debtor.id, twin.id], self.debtor)
        self.env.invalidate_all()
        self.assertEqual(
            self.held(),
            {
                "ours": (None, None, "dispute"),
                "branch": (None, later, None),
                "other": (True, None, None),
            },
        )
