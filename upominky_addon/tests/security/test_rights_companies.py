"""Companies and branches stay apart in all that is searched, grouped and counted (rule 29)."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import TODAY
from ..rights import MANAGERS, ROLES, USERS, RightsCommon

READERS = sorted(USERS)


@tagged("post_install", "-at_install", "upominky_addon")
class TestRightsCompanies(RightsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.users.values():
            if user._is_internal():
                user.group_ids += cls.env.ref("base.group_allow_export")

    def home(self, role):
        return ROLES[role][0]

    def strange(self, role):
        """Return the companies that are not a role's."""
        return self.companies.keys() - {self.home(role)}

    # -------------------------------------------------------- search fields

    def test_rule_26_searches_by_reminder_find_invoices_of_the_own_company_alone(self):
        reminded = {name: there["account.move"] for name, there in self.world.items()}
        domains = (
            [("upominky_level", "=", 1)],
            [("upominky_level", ">=", 1)],
            [("upominky_level", "!=", 2)],
            [("upominky_count", ">", 0)],
            [("upominky_last_date", "<=", "2099-01-01")],
            [("upominky_last_date", "!=", False)],
            [("upominky_status", "=", "issued")],
            [("upominky_status", "!=", "failed")],
            [("upominky_next_date", "!=", "1999-01-01")],
            [("upominky_line_ids", "!=", False)],
            [("upominky_line_ids.reminder_id.state", "=", "issued")],
        )
        for role in READERS:
            Move = self.as_role(self.env["account.move"], role)
            for domain in domains:
                with self.subTest(role=role, domain=domain), self.on(TODAY):
                    self.env.invalidate_all()
                    found = Move.search(domain)
                    self.assertIn(reminded[self.home(role)].id, found.ids)
                    self.assertEqual(found.company_id, self.companies[self.home(role)])

    def test_rule_29_customers_are_found_by_reminders_of_the_own_company_alone(self):
        for role in READERS:
            Partner = self.as_role(self.env["res.partner"], role)
            own = self.world[self.home(role)]["upominky.reminder"]
            for name, there in self.world.items():
                number = there["upominky.reminder"].name
                domain = [
                    ("upominky_reminder_ids.name", "=", number),
                    ("upominky_reminder_ids.run_id", "=", there["upominky.run"].id),
                ]
                with self.subTest(role=role, company=name):
                    found = Partner.search(domain)
                    self.assertEqual(bool(found), there["upominky.reminder"] == own)

    def test_rule_29_lists_counts_and_rules_on_a_shared_customer(self):
        for role in READERS:
            self.env.invalidate_all()
            there = self.world[self.home(role)]
            customer = self.as_role(self.customer, role)
            with self.subTest(role=role):
                self.assertEqual(customer.upominky_reminder_count, 1)
                self.assertEqual(customer.upominky_reminder_ids.ids, there["upominky.reminder"].ids)
                rule = customer.upominky_rule_id
                self.assertEqual(rule.sudo().company_id, self.companies[self.home(role)])

    def test_rule_29_a_rule_counts_no_customer_of_another_company(self):
        foreign = self.companies["other"]
        rule = self.as_role(self.world["ours"]["upominky.rule"], "manager")
        before = rule.customer_count
        self.new_customer("Jen jejich", company_id=foreign.id, customer_rank=1)
        self.env.invalidate_all()
        self.assertEqual(rule.customer_count, before)
        self.new_customer("Jen náš", company_id=self.company.id, customer_rank=1)
        self.env.invalidate_all()
        self.assertEqual(rule.customer_count, before + 1)

    # ------------------------------------------------- groups, names, export

    def models(self):
        """Return the stored models that tell of reminders, with the record of each company."""
        found = self.world["ours"].keys() - {"account.move"}
        self.assertGreater(len(found), 6)
        return sorted(found)

    def test_rule_29_groups_and_counts_take_in_the_own_company_alone(self):
        for role in READERS:
            company = self.companies[self.home(role)]
            for model in self.models():
                Model = self.as_role(self.env[model], role)
                field = "rule_id" if model == "upominky.level" else "company_id"
                with self.subTest(role=role, model=model):
                    groups = Model.formatted_read_group([], [field], ["__count"])
                    self.assertTrue(groups)
                    seen = Model.env[Model._fields[field].comodel_name].browse(
                        [group[field][0] for group in groups]
                    )
                    owners = seen if field == "company_id" else seen.sudo().company_id
                    self.assertEqual(owners, company)
                    total = Model.sudo().search_count(
                        [("rule_id.company_id" if field == "rule_id" else field, "=", company.id)]
                    )
                    self.assertEqual(sum(group["__count"] for group in groups), total)

    def test_rule_29_names_and_exports_of_others_are_refused(self):
        for role in READERS:
            for model in self.models():
                Model = self.as_role(self.env[model], role)
                mine = self.world[self.home(role)][model]
                with self.subTest(role=role, model=model):
                    names = {i for i, _name in Model.name_search("", limit=None)}
                    self.assertIn(mine[:1].id, names)
                    for name in self.strange(role):
                        record = self.world[name][model]
                        self.assertFalse(names & set(record.ids))
                        theirs = self.as_role(record, role)
                        self.assertTrue(
                            self.refused(lambda r=theirs: r.export_data(["display_name"]))
                        )
                        self.assertTrue(
                            self.refused(lambda r=theirs: r.web_read({"display_name": {}}))
                        )

    def test_rule_29_what_a_record_leads_to_stays_in_the_company(self):
        """Paths of an export and of a domain cross companies where the customer is shared."""
        for role in READERS:
            customer = self.as_role(self.customer, role)
            own = self.world[self.home(role)]["upominky.reminder"].name
            self.env.invalidate_all()
            rows = customer.export_data(["name", "upominky_reminder_ids/name"])["datas"]
            with self.subTest(role=role):
                self.assertEqual({row[1] for row in rows} - {own}, set())

    # ------------------------------------------------------------ the change

    def test_rule_29_nothing_of_a_manager_moves_into_another_company(self):
        for role in sorted(MANAGERS):
            there = self.world[self.home(role)]
            rule = self.as_role(there["upominky.rule"], role)
            level = self.as_role(there["upominky.level"], role)
            for name in self.strange(role):
                theirs, company = self.world[name]["upominky.rule"], self.companies[name]
                values = self.rule_values(company)
                calls = {
                    "change": lambda r=theirs, to=role: self.as_role(r, to).write({"name": "Moje"}),
                    "archive": lambda r=theirs, to=role: self.as_role(r, to).write(
                        {"active": False}
                    ),
                    "give away": lambda r=rule, c=company: r.write({"company_id": c.id}),
                    "move a level": lambda x=level, r=theirs: x.write({"rule_id": r.id}),
                    "put a level": lambda x=level, r=theirs: x.copy({"rule_id": r.id}),
                    "create": lambda r=rule, v=values: r.create(v),
                    "copy": lambda r=rule, c=company: r.copy({"company_id": c.id}),
                    "take its level": lambda r=rule, x=theirs.level_ids: r.write(
                        {"level_ids": [Command.link(x.id)]}
                    ),
                    "change its level": lambda r=rule, x=theirs.level_ids: r.write(
                        {"level_ids": [Command.update(x.id, {"name": "Moje"})]}
                    ),
                }
                for what, call in calls.items():
                    with self.subTest(role=role, company=name, what=what):
                        self.assertTrue(self.refused(call))

    def test_rule_29_a_refusal_names_no_rule_of_another_company(self):
        """A customer or tag that a rule lists stays, whosever rule it is; whose is not told."""
        customer = self.new_customer("Sdílený")
        tag = self.env["res.partner.category"].create({"name": "Sdílená"})
        theirs = self.world["other"]["upominky.rule"]
        theirs.write({"partner_ids": customer.ids, "category_ids": tag.ids})
        for record in (customer, tag):
            mine = self.as_role(record.with_env(self.env), "parent").with_user(self.deleter())
            with self.subTest(record=record._name):
                error = self.outcome(mine.unlink)
                self.assertIsInstance(error, UserError)
                self.assertNotIsInstance(error, AccessError)
                self.assertNotIn(theirs.name, str(error))
                self.assertIn(record.display_name, str(error))

    def deleter(self):
        user = self.users["parent"]
        user.group_ids += self.env.ref("base.group_partner_manager")
        return user

    # ------------------------------------------- two companies, one active

    def test_rule_29_of_two_allowed_companies_the_active_one_counts(self):
        both = self.companies["ours"] | self.companies["other"]
        user = self.users["manager"]
        user.company_ids = [Command.set(both.ids)]
        for name in ("ours", "other"):
            there, company = self.world[name], self.companies[name]
            mine = self.env["upominky.reminder"].with_user(user)
            mine = mine.with_context(allowed_company_ids=company.ids)
            with self.subTest(active=name), self.on(TODAY):
                self.env.invalidate_all()
                self.assertEqual(mine.search([]).company_id, company)
                self.assertEqual(mine.env["upominky.rule"].search([]).company_id, company)
                customer = self.customer.with_env(mine.env)
                self.assertEqual(customer.upominky_reminder_count, 1)
                mine.env["upominky.preview.line"].action_open()
                self.assertEqual(mine.env["upominky.preview.line"].search([]).company_id, company)
                action = customer.action_upominky_issue()
                issue = mine.env["upominky.issue"].browse(action["res_id"])
                self.assertLessEqual(issue.line_ids.company_id, company)
                settings = mine.env["upominky.settings"].action_open()
                opened = mine.env["upominky.settings"].browse(settings["res_id"])
                self.assertEqual(opened.company_id, company)
                other = (both - company).ids
                self.assertTrue(
                    self.refused(lambda o=opened, c=other: o.write({"company_id": c[0]}))
                )
            self.assertTrue(there["upominky.reminder"])

    def test_rule_29_both_active_show_both_and_issue_each_its_own(self):
        both = self.companies["ours"] | self.companies["other"]
        user = self.users["user"]
        user.company_ids = [Command.set(both.ids)]
        customer = self.customer.with_user(user).with_context(allowed_company_ids=both.ids)
        for name in ("ours", "other"):
            self._move(self.env(context={"allowed_company_ids": self.companies[name].ids}), 50.0, 9)
        with self.on(TODAY + timedelta(days=9)):
            self.assertEqual(customer.upominky_reminder_count, 2)
            action = customer.action_upominky_issue()
            issue = customer.env["upominky.issue"].browse(action["res_id"])
            issue.action_issue()
        reminders = issue.reminder_ids.sudo()
        self.assertEqual(reminders.company_id, both)
        for reminder in reminders:
            self.assertEqual(reminder.line_ids.move_id.company_id, reminder.company_id)
            self.assertEqual(reminder.rule_id.company_id, reminder.company_id)

    def test_rule_29_a_company_that_is_not_allowed_cannot_be_named(self):
        for role in READERS:
            user = self.users[role]
            foreign = self.companies[sorted(self.strange(role))[0]]
            env = self.env(user=user, context={"allowed_company_ids": foreign.ids})
            calls = (
                lambda env=env: env["upominky.preview.line"].action_open(),
                lambda env=env: env["upominky.readiness"].action_open(),
                lambda env=env: env["upominky.settings"].action_open(),
                lambda env=env: self.customer.with_env(env).action_upominky_issue(),
                lambda env=env: self.customer.with_env(env).action_upominky_resend(),
                lambda env=env: self.customer.with_env(env).read(["upominky_rule_reason"]),
                lambda env=env: self.customer.with_env(env).read(["upominky_reminder_count"]),
            )
            for number, call in enumerate(calls):
                with self.subTest(role=role, call=number):
                    self.assertTrue(self.refused(call))
