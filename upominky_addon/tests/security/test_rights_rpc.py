"""Who may call what over RPC (SPEC rule 29): hiding a button protects nothing."""

from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged

from ..common import TODAY, UpominkyCommon


@tagged("post_install", "-at_install", "upominky_addon")
class TestRightsRpc(UpominkyCommon, HttpCase):
    def setUp(self):
        super().setUp()
        for login, groups in (
            ("rpc_accountant", "account.group_account_manager"),
            ("rpc_user", "upominky_addon.group_user"),
            ("rpc_manager", "upominky_addon.group_manager"),
        ):
            new_test_user(self.env, login, groups, password=login, company_id=self.company.id)
        self.move = self.invoice(due=10)
        self.reminder = self.generate()

    def refused(self, model, method, *args):
        """Call a method, and say whether the server refuses whoever is logged in."""
        params = {"model": model, "method": method, "args": list(args), "kwargs": {}}
        try:
            self.make_jsonrpc_request("/web/dataset/call_kw", params, timeout=60)
        except JsonRpcException as error:
            return "AccessError" in str(error)
        return False

    def assert_may(self, allowed, calls):
        """Check that the ``allowed`` users, and no other, may call each of ``calls``."""
        for login in ("rpc_accountant", "rpc_user", "rpc_manager"):
            self.authenticate(login, login)
            for model, method, *args in calls:
                with self.subTest(login=login, model=model, method=method):
                    self.assertEqual(self.refused(model, method, *args), login not in allowed)

    def test_users_work_with_reminders_and_accountants_without_the_group_do_not(self):
        ids, run = self.reminder.ids, self.reminder.run_id
        calls = (
            ("account.move", "action_upominky_issue", self.move.ids),
            ("res.partner", "action_upominky_issue", self.customer.ids),
            ("upominky.reminder", "action_approve", ids),
            ("upominky.reminder", "action_send_now", ids),
            ("upominky.reminder", "action_retry", ids),
            ("upominky.reminder", "action_mark_sent", ids),
            ("upominky.reminder", "action_cancel", ids),
            ("upominky.reminder", "action_ask_cancel", ids),
            ("upominky.reminder", "action_ask_mark_sent", ids),
            ("upominky.run", "action_ask_undo", run.ids),
            ("upominky.readiness", "action_open"),
        )
        self.assert_may({"rpc_user", "rpc_manager"}, calls)

    def test_managers_alone_change_how_reminders_work(self):
        calls = (
            ("upominky.settings", "action_open"),
            ("upominky.settings", "search_read", [], ["mode"]),
            ("upominky.settings.job", "search_read", [], ["is_on"]),
            ("upominky.live", "search_read", [], ["summary"]),
        )
        self.assert_may({"rpc_manager"}, calls)

    def test_nobody_writes_what_the_jobs_and_buttons_write(self):
        line, job = self.reminder.line_ids, self.env.ref("upominky_addon.cron_send")
        calls = (
            ("upominky.reminder", "write", self.reminder.ids, {"state": "sent"}),
            ("upominky.reminder", "unlink", self.reminder.ids),
            ("upominky.reminder.line", "write", line.ids, {"counted": False}),
            ("upominky.delivery", "create", {"reminder_id": self.reminder.id, "email_to": "a@b.c"}),
            ("upominky.run", "write", self.reminder.run_id.ids, {"state": "dead"}),
            ("upominky.issue", "create", {}),
            ("upominky.settings", "create", {"company_id": self.company.id}),
            ("upominky.readiness", "create", {"company_id": self.company.id}),
            ("ir.cron", "write", job.ids, {"active": False}),
            ("ir.mail_server", "search_read", [], ["smtp_pass"]),
        )
        self.assert_may(set(), calls)
        self.assertEqual(self.reminder.state, "issued")

    def test_dialogs_belong_to_whoever_opened_them(self):
        with self.on(TODAY):
            action = self.move.with_user(self.env.user).action_upominky_issue()
        for login in ("rpc_user", "rpc_manager"):
            self.authenticate(login, login)
            with self.subTest(login):
                self.assertTrue(self.refused("upominky.issue", "action_issue", [action["res_id"]]))

    def test_private_steps_cannot_be_called(self):
        self.authenticate("rpc_manager", "rpc_manager")
        for model, method in (
            ("upominky.reminder", "_set_state"),
            ("upominky.reminder", "_cancel_by_hand"),
            ("upominky.generate", "_issue_by_hand"),
            ("upominky.issue", "_open"),
            ("upominky.live", "_open"),
        ):
            params = {"model": model, "method": method, "args": [[]], "kwargs": {}}
            with self.subTest(method=method), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request("/web/dataset/call_kw", params, timeout=60)
