"""SPEC rule 29: no method, however it is called, does more than the button for it.

Context keys, searches, links, refusals: each was an open door once.
"""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import TODAY, UpominkyCommon, smtp_inbox
from ..rights import MANAGER, ROLES, RightsCommon

#: Who makes contacts, and does no accounting.
CONTACTS = "base.group_user,base.group_partner_manager"
#: What a caller's context may say, and the program alone decides.
HOSTILE = (
    {"active_test": False},
    {"default_state": "sent"},
    {"default_is_copy": True, "default_to_send": False, "default_counted": False},
    {"default_email_to": "evil@evil.example", "default_company_id": 1},
    {"upominky_by_hand": True, "upominky_lang": "cs_CZ", "upominky_automatic": True},
    {"upominky_levels_together": True, "upominky_states": ["sent"], "upominky_by_customer": True},
    {"cron_id": 1, "cron_end_time": -1, "default_fetchmail_server_id": 1},
    {"tracking_disable": True, "mail_notrack": True, "tz": "Pacific/Auckland"},
    {"domain_notifications_email": "evil@evil.example", "domain_bounce_address": "e@e.example"},
    {"send_validated_to": ["evil@evil.example"], "mail_server_id": 1},
)


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersContext(UpominkyCommon):
    """A table: each step that people take × each hostile context, compared with none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env, "context", MANAGER, company_id=cls.company.id, company_ids=cls.company.ids
        )
        archived = cls.rule.copy({"name": "Archived", "sequence": 1, "active": False})
        archived.level_ids[1:].unlink()
        archived.level_ids.order = 3  # its own level, and those between would be lost
        cls.move = cls.invoice(due=40)

    def mine(self, records, context):
        return records.with_user(self.user).with_context(
            allowed_company_ids=self.company.ids, **context
        )

    def issued(self, context):
        action = self.mine(self.move, context).action_upominky_issue()
        self.mine(self.env["upominky.issue"], context).browse(action["res_id"]).action_issue()

    def from_customer(self, context):
        action = self.mine(self.customer, context).action_upominky_issue()
        self.mine(self.env["upominky.issue"], context).browse(action["res_id"]).action_issue()

    def sent(self, context):
        self.issued({})
        self.mine(self.reminders(), context).action_send_now()

    def marked(self, context):
        self.issued({})
        self.mine(self.reminders(), context).action_mark_sent()

    def cancelled(self, context):
        self.issued({})
        self.mine(self.reminders(), context).action_cancel("x", "hold", TODAY + timedelta(days=9))

    def resent(self, context):
        self.issued({})
        self.mine(self.reminders(), {}).action_send_now()
        with self.enter_registry_test_mode():
            action = self.mine(self.reminders(), context).action_upominky_resend()
            wizard = self.env["upominky.resend"].browse(action["res_id"])
            self.mine(wizard, context).action_send()

    def previewed(self, context):
        self.mine(self.env["upominky.preview.line"], context).action_open()

    def picture(self):
        """Return what came of a step, without ids and times."""
        self.env.flush_all()
        self.env.invalidate_all()
        lines = self.env["upominky.preview.line"].sudo().search([("user_id", "=", self.user.id)])
        return [
            [
                (r.event, r.state, r.level_order, r.to_send, r.email_to, r.lang, r.rule_id.name)
                for r in self.reminders()
            ],
            [
                (d.email_to, d.state, d.is_copy, d.attempt)
                for d in self.reminders().delivery_ids.sorted("id")
            ],
            [(li.level_order, li.counted, li.state) for li in self.reminders().line_ids],
            self.move.upominky_hold_until,
            [(li.reason, li.rule_id.name, li.level_id.order) for li in lines],
        ]

    def came_of(self, step, context):
        with (
            smtp_inbox(self.env) as inbox,
            self.on(TODAY),
            self.env.cr.savepoint() as savepoint,
        ):
            step(context)
            picture = [*self.picture(), inbox.recipients]
            savepoint.rollback()
        self.env.invalidate_all()
        return picture

    def test_rule_29_the_callers_context_changes_nothing(self):
        for step in (
            self.issued,
            self.from_customer,
            self.sent,
            self.marked,
            self.cancelled,
            self.resent,
            self.previewed,
        ):
            expected = self.came_of(step, {})
            for context in HOSTILE:
                with self.subTest(step=step.__name__, context=context):
                    self.assertEqual(self.came_of(step, context), expected)

    def test_rule_04_fields_that_tell_are_the_same_in_every_context(self):
        for name in ("upominky_next_date", "upominky_explanation"):
            expected = self.move[name]
            for context in HOSTILE[:6]:
                self.env.invalidate_all()
                with self.subTest(field=name, context=context):
                    self.assertEqual(self.mine(self.move, context)[name], expected)
        self.assertEqual(
            self.mine(self.customer, {"active_test": False}).upominky_rule_id, self.rule
        )


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersDoors(RightsCommon):
    # ----------------------------------------------------------------- search

    def test_rule_29_who_may_not_read_a_field_does_not_search_by_it(self):
        move = self.world["ours"]["account.move"]
        conditions = (
            ("upominky_status", "=", "issued"),
            ("upominky_level", ">=", 1),
            ("upominky_count", ">", 0),
            ("upominky_last_date", "<=", "2100-01-01"),
            ("upominky_next_date", ">=", "2000-01-01"),
        )
        self.assertTrue(move.search_count([conditions[0]]))
        for name, operator, value in conditions:
            for model, path in (("account.move", ""), ("account.move.line", "move_id.")):
                for role in ("public", "portal"):
                    mine = self.as_role(self.env[model], role)
                    domain = [(f"{path}{name}", operator, value)]
                    with self.subTest(role=role, model=model, field=name):
                        self.assertTrue(self.refused(lambda m=mine, d=domain: m.search_count(d)))
        # A customer reads the items of their own invoices in the portal.
        items = self.as_role(self.env["account.move.line"], "portal")
        for name, operator, value in (*conditions, ("upominky_of_customer", "=", True)):
            if name in items._fields:
                with self.subTest(role="portal", field=name), self.assertRaises(AccessError):
                    items.search_count([(name, operator, value)])
        mine = self.as_role(move, "user")
        self.assertEqual(mine.search([conditions[0], ("id", "in", move.ids)]), move)

    def test_a_condition_of_the_wrong_kind_is_a_sentence(self):
        moves = self.env["account.move"]
        for condition in (
            ("upominky_level", "<", "abc"),
            ("upominky_level", "in", ["x"]),
            ("upominky_count", ">", [1]),
        ):
            with self.subTest(condition), self.assertRaises(UserError):
                moves.search_count([condition])

    # ------------------------------------------------------------------ links

    def test_rule_29_no_dialog_links_to_what_its_user_may_not_read(self):
        stranger = self.new_customer(
            "Tajný odběratel", "x@x.example", company_id=self.companies["other"].id
        )
        level = self.world["ours"]["upominky.level"]
        steps = self.record("upominky.first.steps", "ours", "manager")
        settings = self.record("upominky.settings", "ours", "manager")
        rule = self.world["ours"]["upominky.rule"]
        reminder = self.world["other"]["upominky.reminder"]
        preview = {"level_id": level.id, "partner_id": stranger.id}
        for role, model, call in (
            ("user", "upominky.level.preview", lambda m: m.create(preview)),
            ("user", "upominky.cancel", lambda m: m.create({"reminder_ids": reminder.ids})),
            ("user", "upominky.mark.sent", lambda m: m.create({"reminder_ids": reminder.ids})),
            (
                "manager",
                "upominky.first.steps",
                lambda m: m.browse(steps.id).write({"partner_id": stranger.id}),
            ),
            (
                "manager",
                "upominky.settings",
                lambda m: m.browse(settings.id).write(
                    {"pilot_partner_ids": [Command.link(stranger.id)]}
                ),
            ),
            (
                "manager",
                "upominky.rule",
                lambda m: m.browse(rule.id).write({"partner_ids": [Command.link(stranger.id)]}),
            ),
        ):
            mine = self.as_role(self.env[model], role)
            with self.subTest(model=model, role=role):
                self.assertTrue(self.refused(lambda c=call, m=mine: c(m)))

    # --------------------------------------------------------------- refusals

    def test_rule_29_deleting_a_company_tells_a_stranger_nothing(self):
        for role in set(ROLES) - {"system"}:
            mine = self.as_role(self.companies["other"], role)
            error = self.outcome(mine.unlink)
            with self.subTest(role=role):
                self.assertIsInstance(error, AccessError)
                for secret in ("Tajné pravidlo", self.world["other"]["upominky.reminder"].name):
                    self.assertNotIn(secret, str(error))

    def test_rule_29_a_refusal_names_no_reminder_or_rule_of_another_company(self):
        clerk = new_test_user(
            self.env, "clerk", "base.group_partner_manager", company_id=self.companies["ours"].id
        )
        seller = new_test_user(self.env, "seller", company_id=self.companies["other"].id)
        rule = self.world["other"]["upominky.rule"]
        rule.sender_id = seller
        for record, user in ((self.customer, clerk), (seller, clerk)):
            record.invalidate_recordset()
            error = None
            try:
                with self.env.cr.savepoint():
                    mine = record.with_user(user)
                    for method in ("_unlink_except_reminded", "_unlink_except_upominky_sender"):
                        getattr(mine, method, lambda: None)()
            except UserError as refusal:
                error = refusal
            with self.subTest(record=record):
                self.assertTrue(error)
                self.assertNotIn(rule.name, str(error))
                for world in self.world.values():
                    self.assertNotIn(world["upominky.reminder"].name, str(error))

    # ------------------------------------------------------- holds, exclusion

    def test_rule_29_accounting_alone_excludes_and_holds_and_it_is_tracked(self):
        clerk = new_test_user(
            self.env, "contacts", "base.group_partner_manager", company_id=self.company.id
        )
        accountant = new_test_user(
            self.env,
            "accountant",
            "base.group_partner_manager,account.group_account_invoice",
            company_id=self.company.id,
        )
        values = {
            "upominky_excluded": True,
            "upominky_hold_until": TODAY,
            "upominky_hold_reason": "dispute",
        }
        for name, value in values.items():
            with self.subTest(field=name):
                mine = self.customer.with_user(clerk)
                self.assertTrue(self.refused(lambda m=mine, v={name: value}: m.write(v)))
                before = self.customer.message_ids
                theirs = self.customer.with_user(accountant).with_context(mail_notrack=True)
                theirs.write({name: value})
                self.env.flush_all()
                self.env.cr.precommit.run()
                self.env.invalidate_all()
                tracked = (self.customer.message_ids - before).sudo().tracking_value_ids
                self.assertEqual(tracked.field_id.name, name)

    def test_who_makes_contacts_of_an_excluded_customer_still_can(self):
        self.customer.write({"upominky_excluded": True, "upominky_hold_reason": "dispute"})
        clerk = new_test_user(
            self.env, "contacts", "base.group_partner_manager", company_id=self.company.id
        )
        child = (
            self.env["res.partner"]
            .with_user(clerk)
            .create({"name": "Jana", "parent_id": self.customer.id})
        )
        self.assertTrue(child.sudo().commercial_partner_id.upominky_excluded)

    def test_rule_29_nobody_excludes_by_a_detour_through_another_parent(self):
        held = {"upominky_excluded": True, "upominky_hold_reason": "dispute"}
        excluded = self.new_customer("Vyloučený s.r.o.", "v@v.example", **held)
        clerk = new_test_user(self.env, "detour", CONTACTS, company_id=self.company.id)
        mine = self.customer.with_user(clerk)
        mine.write({"is_company": False, "parent_id": excluded.id})
        mine.write({"is_company": True, "parent_id": False})
        self.env.invalidate_all()
        self.assertEqual(self.customer.commercial_partner_id, self.customer)
        self.assertFalse(self.customer.upominky_excluded)
        self.assertFalse(self.customer.upominky_hold_reason)

    def test_rule_29_a_links_value_from_the_context_is_checked_too(self):
        stranger = self.new_customer(
            "Tajný odběratel", "x@x.example", company_id=self.companies["other"].id
        )
        level = self.world["ours"]["upominky.level"]
        for role, model, context, values in (
            (
                "user",
                "upominky.level.preview",
                {"default_partner_id": stranger.id},
                {"level_id": level.id},
            ),
            (
                "manager",
                "upominky.rule",
                {"default_partner_ids": [Command.set(stranger.ids)]},
                self.rule_values(self.companies["ours"]),
            ),
        ):
            mine = self.as_role(self.env[model], role).with_context(**context)
            with self.subTest(model=model):
                self.assertTrue(self.refused(lambda m=mine, v=values: m.create(v)))

    def test_who_may_make_contacts_still_duplicates_one(self):
        clerk = new_test_user(self.env, "copier", CONTACTS, company_id=self.company.id)
        self.customer.upominky_excluded = True
        copy = self.customer.with_user(clerk).copy()
        self.assertFalse(copy.sudo().upominky_excluded)

    # ------------------------------------------------------------------- jobs

    def manager_of_all(self):
        companies = self.env["res.company"].search([])
        return new_test_user(
            self.env,
            "of_all",
            MANAGER,
            company_id=self.company.id,
            company_ids=[Command.set(companies.ids)],
        )

    def test_rule_29_jobs_are_changed_by_managers_of_all_companies_alone(self):
        administrator = new_test_user(
            self.env, "admin_too", f"{MANAGER},base.group_system", company_id=self.company.id
        )
        for user, may in (
            (self.users["manager"], False),
            (self.users["other_manager"], False),
            (self.manager_of_all(), True),
            (administrator, True),
        ):
            Settings = self.env["upominky.settings"].with_user(user)
            action = Settings.with_context(allowed_company_ids=user.company_id.ids).action_open()
            settings = Settings.browse(action["res_id"])
            job = settings.job_ids[0]
            cron = self.env.ref(f"upominky_addon.{job.job}")
            with self.subTest(user=user.login):
                self.assertEqual(settings.may_change_jobs, may)
                for call in (
                    lambda j=job: j.write({"is_on": False}),
                    lambda s=settings, j=job: s.write(
                        {"job_ids": [Command.update(j.id, {"is_on": False})]}
                    ),
                ):
                    result = self.outcome(lambda c=call, j=cron: (c(), j.active))
                    self.assertEqual(isinstance(result, AccessError), not may)
                    if may:
                        self.assertEqual(result[1], False)
                self.assertTrue(cron.active)

    def test_rule_16_a_manager_of_one_company_still_has_its_mode(self):
        Settings = self.as_role(self.env["upominky.settings"], "manager")
        settings = Settings.browse(Settings.action_open()["res_id"])
        settings.write({"start_date": TODAY, "job_ids": []})
        settings.action_off()
        self.assertEqual(self.companies["ours"].upominky_mode, "off")
        self.assertEqual(self.companies["other"].upominky_mode, "live")

    # ------------------------------------------------------------- bad input

    def test_what_no_column_takes_is_a_sentence(self):
        level = self.as_role(self.world["ours"]["upominky.level"], "manager")
        rule = self.as_role(self.world["ours"]["upominky.rule"], "manager")
        reminder = self.as_role(self.world["ours"]["upominky.reminder"], "user")
        overview = self.as_role(self.env["upominky.overview"], "user")
        company = self.companies["ours"].id
        for call, words in (
            (lambda: level.write({"days_overdue": 10**12}), "too large"),
            (lambda: level.write({"days_overdue": 10**6}), "days at most"),
            (lambda: level.write({"name": "a\0b"}), "NUL"),
            (lambda: level.write({"text_template": "a\0b"}), "NUL"),
            (lambda: rule.write({"name": "\0"}), "NUL"),
            (lambda: rule.write({"sequence": -(10**15)}), "too large"),
            (lambda: reminder.action_mark_sent(date="yesterday"), "is not a date"),
            (lambda: reminder.action_mark_sent(way="pigeon"), "pigeon"),
            (lambda: reminder.action_cancel("x", "burn"), "burn"),
            (lambda: reminder.action_cancel("x", "hold", "2026-02-31"), "is not a date"),
            (lambda: overview.action_open_figure("overdue", company, 1, 99), "no age"),
            (lambda: overview.action_open_figure("overdue", company, 1, "x"), "no age"),
            (lambda: overview.action_open_figure([1], company), "no figure"),
        ):
            error = self.outcome(call)
            with self.subTest(words):
                self.assertIsInstance(error, UserError)
                self.assertIn(words, str(error))

    def test_a_reason_with_nul_is_kept_without_it(self):
        reminder = self.as_role(self.world["ours"]["upominky.reminder"], "user")
        reminder.action_cancel("Om\0yl " + "x" * 9000)
        self.assertTrue(reminder.cancel_reason.startswith("Om yl"))
        self.assertLessEqual(len(reminder.cancel_reason), 500)

    def test_another_persons_dialog_is_refused_in_words(self):
        for model, method in (
            ("upominky.settings", "action_pilot"),
            ("upominky.settings", "action_live"),
            ("upominky.settings.job", "action_run_now"),
            ("upominky.live", "action_confirm"),
            ("upominky.first.steps", "action_take_pilot"),
        ):
            theirs = self.as_role(self.record(model, "ours", "parent"), "manager")
            with self.subTest(model=model):
                self.assertIsInstance(self.outcome(getattr(theirs, method)), AccessError)
