"""The same over JSON-RPC with real sessions: buttons, private steps, chatter, files (rule 29)."""

import json

from lxml import etree

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, tagged

from ..common import TODAY
from ..rights import ROLES, RightsCommon, definitions
from .test_rights_methods import (
    ARGUMENTS,
    CARELESS,
    FILTERED,
    OF_MODEL,
    SHARED,
    TABLE,
    VALUES,
)

#: Roles that are refused everything in a company that is not theirs.
STRANGERS = {"other_manager": "ours", "branch": "ours", "parent": "branch"}
#: Of these the program makes private use: managers of all companies are refused them as well.
PRIVATE = (
    ("upominky.reminder", "_set_state"),
    ("upominky.reminder", "_cancel_by_hand"),
    ("upominky.reminder", "message_update"),
    ("upominky.delivery", "_set_state"),
    ("upominky.delivery", "_apply"),
    ("upominky.generate", "_issue_by_hand"),
    ("upominky.send", "_send_by_hand"),
    ("upominky.reader", "_customers"),
    ("upominky.preview.line", "_decide"),
    ("upominky.settings", "_switch"),
    ("upominky.settings.job", "_cron"),
    ("upominky.live", "_open"),
    ("res.company", "_upominky_next_numbers"),
    ("account.move", "_upominky_summary"),
)


@tagged("post_install", "-at_install", "upominky_addon")
class TestRightsHttp(RightsCommon, HttpCase):
    def login(self, role):
        self.authenticate(f"role_{role}", f"role_{role}")

    def rpc(self, route, **params):
        """Call the server as the browser does.

        :return: the name of the error or None, and all of the answer as text
        """
        response = self.url_open(
            route,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
            timeout=60,
        )
        error = response.json().get("error")
        return error and error["data"]["name"].rpartition(".")[2], response.text

    def press(self, model, method, name, role):
        """Press a button on a record of a company."""
        record = self.record(model, name, role)
        self.env.flush_all()
        arguments = (method == "write" and VALUES.get(model)) or ARGUMENTS.get(method, [])
        ids = [] if method in OF_MODEL else [record.ids]
        arguments = json.loads(json.dumps([*ids, *arguments], default=str))
        route = f"/web/dataset/call_button/{model}/{method}"
        return self.rpc(route, model=model, method=method, args=arguments, kwargs={})

    def secrets(self, name):
        """Return what nobody else may read of a company."""
        there, company = self.world[name], self.companies[name]
        return (
            company.name,
            there["upominky.rule"].name,
            there["upominky.delivery"].email_to,
            f"Tajemství {name}",
        )

    def assert_tells_nothing(self, answer, name):
        text = json.dumps(json.loads(answer), ensure_ascii=False)
        for secret in self.secrets(name):
            self.assertNotIn(secret, text)

    # --------------------------------------------------------------- buttons

    def test_buttons_pressed_by_the_wrong_role_are_refused(self):
        for role in ("portal", "employee", "invoicing", "system"):
            self.login(role)
            for model, method in TABLE:
                with self.subTest(role=role, model=model, method=method):
                    error, answer = self.press(model, method, "ours", role)
                    self.assertEqual(error, "AccessError", answer[:300])

    def test_buttons_pressed_on_records_of_another_company_are_refused_and_tell_nothing(self):
        for role, name in STRANGERS.items():
            self.login(role)
            for model, method in TABLE:
                if method in CARELESS or model in SHARED:
                    continue
                with self.subTest(role=role, model=model, method=method, company=name):
                    error, answer = self.press(model, method, name, role)
                    if (model, method) not in FILTERED:
                        self.assertEqual(error, "AccessError", answer[:300])
                    self.assert_tells_nothing(answer, name)
                    states = self.world[name]["upominky.reminder"].mapped("state")
                    self.assertEqual(states, ["issued"])

    def test_the_same_buttons_work_for_who_may_press_them(self):
        self.login("user")
        for method in ("action_open_form", "action_ask_cancel", "action_mark_sent"):
            with self.subTest(method=method), self.on(TODAY):
                error, answer = self.press("upominky.reminder", method, "ours", "user")
                self.assertIsNone(error, answer[:300])
        self.assertEqual(self.world["ours"]["upominky.reminder"].state, "sent")

    def test_without_a_session_nothing_is_answered(self):
        self.authenticate(None, None)
        for model, method in TABLE:
            with self.subTest(model=model, method=method):
                error, answer = self.press(model, method, "ours", "public")
                self.assertEqual(error, "SessionExpiredException")
                self.assert_tells_nothing(answer, "ours")

    def test_every_button_of_our_views_is_in_the_table(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "upominky_addon"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        names = {
            button.get("name")
            for view in views
            for button in etree.fromstring(view.arch).iter("button")
            if button.get("type") == "object"
        }
        self.assertGreater(len(names), 15)
        odoo = {"test_smtp_connection", "send_mail", "action_archive", "action_unarchive"}
        self.assertLessEqual(names - odoo, {method for _model, method in TABLE})

    # --------------------------------------------------------------- private

    def test_private_steps_are_refused_over_rpc(self):
        self.login("manager")
        for model, method in PRIVATE:
            route = f"/web/dataset/call_kw/{model}/{method}"
            with self.subTest(model=model, method=method):
                self.assertTrue(callable(getattr(self.env[model], method)))
                error, answer = self.rpc(route, model=model, method=method, args=[[]], kwargs={})
                self.assertEqual(error, "AccessError", answer[:300])
                self.assertIn("Private methods", answer)

    def test_all_private_steps_of_the_addon_are_private_to_rpc(self):
        found = 0
        for definition in definitions():
            model = self.env[definition._name]
            for name, value in vars(definition).items():
                if name.startswith("_") and not name.startswith("__") and callable(value):
                    found += 1
                    with self.subTest(model=model._name, method=name):
                        self.assertRaises(AccessError, get_public_method, model, name)
        self.assertGreater(found, 150)

    # ------------------------------------------------------ what is read

    def reading(self, record):
        """Return the calls that read a record, or that find it."""
        owner = "rule_id" if record._name == "upominky.level" else "company_id"
        return (
            ("read", [record.ids]),
            ("web_read", [record.ids, {"display_name": {}}]),
            ("search_read", [[["id", "in", record.ids]]]),
            ("name_search", [""]),
            ("web_search_read", [[], {"display_name": {}}]),
            ("export_data", [record.ids, ["display_name"]]),
            ("formatted_read_group", [[], [owner], ["__count"]]),
        )

    def test_reading_others_records_over_rpc_tells_nothing(self):
        kwargs = {"context": {"active_test": False}}
        for role, name in STRANGERS.items():
            self.login(role)
            for model, record in sorted(self.world[name].items()):
                for method, args in self.reading(record):
                    with self.subTest(role=role, company=name, model=model, method=method):
                        route = f"/web/dataset/call_kw/{model}/{method}"
                        _error, answer = self.rpc(
                            route, model=model, method=method, args=args, kwargs=kwargs
                        )
                        self.assert_tells_nothing(answer, name)

    def test_a_company_named_in_the_context_must_be_the_callers(self):
        for role, name in STRANGERS.items():
            self.login(role)
            context = {"allowed_company_ids": self.companies[name].ids}
            for model in sorted(self.world[name]):
                with self.subTest(role=role, company=name, model=model):
                    error, answer = self.rpc(
                        f"/web/dataset/call_kw/{model}/search_read",
                        model=model,
                        method="search_read",
                        args=[[]],
                        kwargs={"context": context},
                    )
                    self.assertEqual(error, "AccessError", answer[:300])
                    self.assert_tells_nothing(answer, name)

    # ------------------------------------------------------ chatter and files

    def test_chatter_and_files_follow_the_right_to_the_reminder(self):
        reader = {"user", "manager", "parent"}
        reminder = self.world["ours"]["upominky.reminder"]
        message = reminder.message_ids.filtered(lambda m: "Tajemství" in (m.body or ""))
        self.assertTrue(message.attachment_ids)
        for role in ROLES:
            as_role = {r._name: self.as_role(r, role) for r in (message, message.attachment_ids)}
            for model, record in as_role.items():
                with self.subTest(role=role, model=model):
                    refused = self.refused(lambda r=record: r.read(["display_name", "res_id"]))
                    self.assertEqual(not refused, role in reader)
                    found = self.outcome(lambda r=record: r.search([("id", "in", r.ids)]).ids)
                    self.assertEqual(found == record.ids, role in reader, found)
            with self.subTest(role=role, post=True):
                mine = self.as_role(reminder, role)
                refused = self.refused(lambda m=mine: m.message_post(body="Ahoj"))
                self.assertEqual(not refused, role in reader)

    def test_files_and_chatter_over_http(self):
        reminder = self.world["ours"]["upominky.reminder"]
        attachment = reminder.message_ids.attachment_ids
        for role, may in (("user", True), ("other_manager", False), ("portal", False)):
            self.login(role)
            with self.subTest(role=role):
                content = self.url_open(f"/web/content/{attachment.id}").text
                self.assertEqual(content == "secret", may, content[:500])
                _error, answer = self.rpc(
                    "/mail/thread/messages",
                    thread_model=reminder._name,
                    thread_id=reminder.id,
                )
                text = json.dumps(json.loads(answer), ensure_ascii=False)
                self.assertEqual("Tajemství ours" in text, may, text[:300])

    # ------------------------------------------------------------ mail servers

    def test_rule_29_only_administrators_read_mail_servers_and_their_passwords(self):
        values = {"name": "S", "smtp_host": "127.0.0.1", "smtp_user": "u", "smtp_pass": "Heslo-1"}
        server = self.env["ir.mail_server"].sudo().create(values)
        for role in ROLES:
            for field in ("name", "smtp_user", "smtp_pass"):
                mine = self.as_role(server, role)
                with self.subTest(role=role, field=field):
                    refused = self.refused(lambda m=mine, f=field: m.read([f]))
                    self.assertEqual(not refused, role == "system")
            if role in ("public", "system"):
                continue
            self.login(role)
            for model in ("upominky.readiness", "upominky.settings"):
                _error, answer = self.press(model, "action_open", ROLES[role][0], role)
                with self.subTest(role=role, model=model):
                    self.assertNotIn("Heslo-1", answer)
        lines = self.env["upominky.readiness.line"].sudo().search([])
        self.assertTrue(lines)
        self.assertNotIn("Heslo-1", "".join(text or "" for text in lines.mapped("text")))
