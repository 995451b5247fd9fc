"""SPEC rule 29: Odoo's mail gateway, which anybody may call, makes and changes nothing of ours."""

import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..rights import ROLES, RightsCommon
from . import test_rights_http

#: Roles of people who may log in at all.
CALLERS = sorted(set(ROLES) - {"public"})
MAIL = """From: {sender}
To: somebody@dopravce.example
Subject: Our account has changed
Message-ID: <forged-{number}@evil.example>
{more}Content-Type: text/plain; charset=utf-8

Pay to account EVIL.
"""


class GatewayCommon(RightsCommon):
    numbers = 0

    def mail(self, sender="evil@evil.example", more=""):
        GatewayCommon.numbers += 1
        return MAIL.format(sender=sender, number=GatewayCommon.numbers, more=more)

    def threads(self):
        """Return the models of ours that have a mail thread: all of them, whoever adds one."""
        thread = self.env.registry["mail.thread"]
        return [
            name
            for name, model in self.env.registry.items()
            if name.startswith("upominky.")
            and not model._abstract
            and isinstance(self.env[name], thread)
        ]

    def attempts(self, model, name):
        """Return what strangers ask the gateway to do with a model, by what it is."""
        record = self.world[name][model]
        level = self.world[name]["upominky.level"]
        values = {**self.values(model, name, "user"), "name": "Evil"}
        changed = {**values, "level_ids": [[1, level.id, {"extra_email": "evil@evil.example"}]]}
        sent = {**values, "state": "issued", "delivery_ids": [[0, 0, {"email_to": "a@b.example"}]]}
        return {
            "a new one": {"custom_values": values},
            "one that changes others": {"custom_values": changed},
            "one with deliveries": {"custom_values": sent},
            "without values": {},
            "a message in one that is there": {"thread_id": record.id},
            "values in one that is there": {"thread_id": record.id, "custom_values": values},
            "one that is not there": {"thread_id": 10**6},
        }

    def picture(self, model):
        """Return all that the gateway might change, as the database has it."""
        self.env.flush_all()
        self.env.invalidate_all()
        records = self.env[model].sudo().with_context(active_test=False).search([], order="id")
        levels = self.env["upominky.level"].sudo().search([], order="id")
        return (
            [(r.id, r.write_date, r.display_name, r.message_ids.ids) for r in records],
            [(level.id, level.write_date, level.extra_email) for level in levels],
            self.env["upominky.delivery"].sudo().search_count([]),
        )


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersGateway(GatewayCommon):
    def process(self, role, model, source, **arguments):
        def call():
            thread = self.as_role(self.env["mail.thread"], role)
            thread.message_process(model, source, **arguments)
            return self.picture(model)

        try:
            result = self.outcome(call)
        except ValueError:  # “No possible route found”: that of Odoo
            return None
        return None if isinstance(result, AccessError) else result

    def test_every_thread_of_ours_takes_replies_only(self):
        self.assertEqual(set(self.threads()), {"upominky.rule", "upominky.reminder"})
        for model in self.threads():
            self.assertIsInstance(self.env[model], self.env.registry["upominky.thread"], model)

    def test_rule_29_the_gateway_makes_and_changes_nothing(self):
        for model in self.threads():
            for role in CALLERS:
                for name in self.companies:
                    for what, arguments in self.attempts(model, name).items():
                        with self.subTest(model=model, role=role, company=name, what=what):
                            before = self.picture(model)
                            after = self.process(role, model, self.mail(), **arguments)
                            self.assertIn(after, (None, before))

    def test_rule_29_other_models_are_no_road_to_ours(self):
        reminder, customer = self.world["other"]["upominky.reminder"], self.customer
        for values in (
            {"upominky_reminder_ids": [[1, reminder.id, {"cancel_reason": "EVIL"}]]},
            {"upominky_reminder_ids": [[0, 0, {"name": "EVIL", "company_id": 1}]]},
            {"child_ids": [[1, customer.id, {"upominky_excluded": True}]]},
            {"upominky_excluded": True},
        ):
            for role in sorted(set(CALLERS) - {"system"}):
                with self.subTest(values=values, role=role):
                    before = self.picture("upominky.reminder")
                    given = {"name": "Evil", **values}
                    after = self.process(role, "res.partner", self.mail(), custom_values=given)
                    self.assertIsNone(after)
                    self.assertEqual(self.picture("upominky.reminder"), before)
                    self.assertFalse(customer.upominky_excluded)

    def test_rule_29_what_is_about_our_records_is_reached_by_no_detour_either(self):
        reminder = self.world["other"]["upominky.reminder"]
        message = reminder.message_ids[:1]
        evil = {"model": "upominky.reminder", "res_id": reminder.id, "body": "EVIL"}
        model = self.env["ir.model"]._get_id("upominky.reminder")
        for values in (
            {"message_ids": [[1, message.id, {"body": "EVIL"}]]},
            {"message_ids": [[4, message.id]]},
            {"message_ids": [[6, 0, [message.id]]]},
            {"message_ids": [[0, 0, evil]]},
            {"message_ids": [[2, message.id]]},
            {"activity_ids": [[0, 0, {"res_model_id": model, "res_id": reminder.id}]]},
            {"child_ids": [[0, 0, {"name": "x", "message_ids": [[0, 0, evil]]}]]},
            {"user_ids": [[0, 0, {"login": "x", "upominky_rule_id": 1}]]},
        ):
            for role in ("employee", "user", "portal"):
                with self.subTest(values=values, role=role):
                    before = self.picture("upominky.reminder")
                    given = {"name": "Evil", **values}
                    thread = self.as_role(self.env["mail.thread"], role)
                    self.assertTrue(
                        self.refused(
                            lambda t=thread, g=given: t.message_process(
                                "res.partner", self.mail(), custom_values=g
                            )
                        )
                    )
                    self.assertEqual(self.picture("upominky.reminder"), before)

    def test_values_that_do_not_concern_us_are_odoos(self):
        """A mail gateway's user hands over what a new record of another model begins with."""
        tag = self.env["res.partner.category"].create({"name": "From mail"})
        for values in (
            {"category_id": [[6, 0, tag.ids]]},
            {"category_id": [[4, tag.id]]},
            {"child_ids": [[0, 0, {"name": "Jana"}]]},
        ):
            with self.subTest(values=values):
                given = {"name": "From mail", **values}
                thread = self.as_role(self.env["mail.thread"], "employee")
                source = self.mail()
                made = self.outcome(
                    lambda t=thread, g=given, m=source: t.message_process(
                        "res.partner", m, custom_values=g
                    )
                )
                self.assertIsInstance(made, int, made)

    def test_rule_29_an_alias_makes_nothing_either(self):
        for model in self.threads():
            self.env["mail.alias"].sudo().create(
                {
                    "alias_name": f"new-{model.replace('.', '-')}",
                    "alias_model_id": self.env["ir.model"]._get_id(model),
                    "alias_defaults": "{'name': 'Evil'}",
                    "alias_contact": "everyone",
                    "alias_domain_id": self.domain.id,
                }
            )
            to = f"new-{model.replace('.', '-')}@{self.domain.name}"
            source = self.mail().replace("somebody@dopravce.example", to)
            with self.subTest(model=model):
                before = self.picture(model)
                self.assertIn(self.process("system", None, source), (None, before))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "dopravce.example"})
        cls.companies["ours"].alias_domain_id = cls.domain

    def test_rule_19_a_reply_by_its_message_id_is_taken(self):
        reminder = self.world["ours"]["upominky.reminder"]
        message = reminder.message_ids.filtered("message_id")[:1]
        reply = f"In-Reply-To: {message.message_id}\n"
        self.env["mail.thread"].message_process(None, self.mail(more=reply))
        self.assertIn("EVIL", reminder.message_ids[0].body)  # as text, from whom it came
        self.assertEqual(reminder.message_ids[0].email_from, "evil@evil.example")

    def test_a_reply_to_one_record_does_not_reach_another(self):
        ours, other = (self.world[name]["upominky.reminder"] for name in ("ours", "other"))
        reply = f"In-Reply-To: {ours.message_ids.filtered('message_id')[:1].message_id}\n"
        before = other.message_ids
        self.env["mail.thread"].message_process(
            "upominky.reminder", self.mail(more=reply), thread_id=other.id
        )
        self.assertEqual(other.message_ids, before)
        self.assertIn("EVIL", ours.message_ids[0].body)

    def test_the_steps_of_the_gateway_refuse_values_and_callers(self):
        for model in self.threads():
            record = self.world["ours"][model]
            with self.subTest(model=model), self.assertRaises(AccessError):
                record.sudo().message_new({"subject": "x"}, {"name": "x"})
            with self.subTest(model=model), self.assertRaises(AccessError):
                record.sudo().message_update({}, {"name": "x"})


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersGatewayHttp(GatewayCommon, HttpCase):
    """The same over JSON-RPC with real sessions, on what an attacker did."""

    # Not the class itself: pytest would run its tests here as well, beside those in its own file.
    login = test_rights_http.TestRightsHttp.login
    rpc = test_rights_http.TestRightsHttp.rpc

    def test_rule_29_nobody_makes_a_rule_by_the_gateway_over_rpc(self):
        for role in ("portal", "employee", "user", "other_manager"):
            self.login(role)
            for model in self.threads():
                attempts = json.loads(json.dumps(self.attempts(model, "ours"), default=str))
                for what, arguments in attempts.items():
                    before = self.picture(model)
                    for gateway in ("mail.thread", model):
                        with self.subTest(role=role, model=model, what=what, by=gateway):
                            error, answer = self.rpc(
                                f"/web/dataset/call_kw/{gateway}/message_process",
                                model=gateway,
                                method="message_process",
                                args=[model, self.mail()],
                                kwargs=arguments,
                            )
                            self.assertTrue(error, answer[:200])
                            self.assertEqual(self.picture(model), before)
                    for step in ("message_new", "message_update"):
                        with self.subTest(role=role, model=model, step=step):
                            error, answer = self.rpc(
                                f"/web/dataset/call_kw/{model}/{step}",
                                model=model,
                                method=step,
                                args=[[], {"subject": "Evil"}],
                                kwargs={},
                            )
                            self.assertEqual(error, "AccessError", answer[:200])
