"""Who may call each public method: all of them can be called over RPC (SPEC rule 29)."""

from contextlib import contextmanager, nullcontext
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import TODAY
from ..rights import MANAGERS, NOBODY, ROLES, USERS, RightsCommon, definitions

#: Who may call which method on a record of his own company (or, if it takes none, at all). Nobody
#: may on a record of a company that is not his.
TABLE = {
    ("account.move", "action_upominky_issue"): USERS,
    ("account.move", "action_upominky_resend"): USERS,
    ("account.move", "action_upominky_bill_interest"): USERS,
    ("res.partner", "action_upominky_bill_interest"): USERS,
    ("upominky.reminder", "action_upominky_bill_interest"): USERS,
    ("account.move", "action_upominky_items"): USERS,
    ("account.move", "action_upominky_hold"): USERS,
    ("account.move", "action_upominky_hold_many"): USERS,
    ("res.partner", "action_upominky_hold_many"): USERS,
    ("upominky.reminder", "action_ask_hold"): USERS,
    ("upominky.reminder", "action_print_letter"): USERS,
    ("upominky.reminder", "action_open_letter"): USERS,
    ("upominky.reminder.file", "action_open_file"): USERS,
    ("upominky.reminder", "action_case_file"): USERS,
    ("res.partner", "action_upominky_case_file"): USERS,
    ("upominky.case", "action_download"): USERS,
    ("upominky.case", "action_mail"): USERS,
    ("upominky.case", "action_mail_many"): USERS,
    ("upominky.case", "action_print"): USERS,
    ("res.partner", "action_upominky_statement"): USERS,
    ("upominky.statement", "action_confirm"): USERS,
    ("upominky.reminder", "action_hold"): USERS,
    ("upominky.hold.many", "action_confirm"): USERS,
    ("upominky.resend", "action_send"): USERS,
    ("upominky.resend.line", "action_look"): USERS,
    ("account.move.line", "action_upominky_issue"): USERS,
    ("account.move.line", "action_upominky_ask_hold"): USERS,
    ("res.partner", "action_upominky_issue"): USERS,
    ("res.partner", "action_upominky_hold"): USERS,
    ("res.partner", "action_upominky_ask_hold"): USERS,
    ("res.partner", "action_upominky_resend"): USERS,
    ("res.partner", "action_open_upominky_reminders"): USERS,
    ("upominky.rule", "write"): MANAGERS,
    ("upominky.rule", "action_show_today"): USERS,
    ("upominky.level", "write"): MANAGERS,
    ("upominky.level", "action_open_form"): USERS,
    # All companies ask interest by them, and these managers have one: see test_rates.
    ("upominky.rate", "action_copy_forward"): NOBODY,
    ("upominky.level", "action_edit_template"): MANAGERS,
    ("upominky.level", "action_reset_template"): MANAGERS,
    ("upominky.level", "action_copy_template"): MANAGERS,
    ("upominky.level", "action_preview"): USERS,
    ("upominky.level", "preview_text"): USERS,
    ("upominky.run", "action_ask_undo"): USERS,
    ("upominky.run", "action_mark_read"): USERS,
    ("upominky.run", "action_open_reminders"): USERS,
    ("upominky.run", "action_open_deliveries"): USERS,
    ("upominky.reminder", "action_approve"): USERS,
    ("upominky.reminder", "action_send_now"): USERS,
    ("upominky.reminder", "action_retry"): USERS,
    ("upominky.reminder", "action_mark_sent"): USERS,
    ("upominky.reminder", "action_cancel"): USERS,
    ("upominky.reminder", "action_approve_next"): USERS,
    ("upominky.reminder", "preview_letter"): USERS,
    ("upominky.reminder", "action_edit_letter"): USERS,
    ("upominky.reminder", "action_change_letter"): USERS,
    ("upominky.reminder", "action_restore_letter"): USERS,
    ("upominky.reminder", "action_ask_mark_sent"): USERS,
    ("upominky.reminder", "action_ask_cancel"): USERS,
    ("upominky.reminder", "action_open_form"): USERS,
    ("upominky.reminder", "action_open_upominky_rules"): USERS,
    ("upominky.reminder", "action_upominky_resend"): USERS,
    ("upominky.reminder.line", "action_open_reminder"): USERS,
    ("upominky.delivery", "action_open_form"): USERS,
    ("upominky.delivery", "action_send_again"): USERS,
    ("upominky.delivery", "action_mark_sent"): USERS,
    ("upominky.delivery", "action_retry"): USERS,
    ("upominky.delivery", "action_confirm_bounce"): USERS,
    ("upominky.delivery", "action_print_letters"): USERS,
    ("upominky.delivery", "action_print_letters_again"): USERS,
    ("upominky.delivery", "action_not_posted"): USERS,
    ("upominky.delivery", "action_not_printed"): USERS,
    ("upominky.delivery", "action_leave_out"): USERS,
    ("upominky.delivery", "action_ask_posted"): USERS,
    ("upominky.delivery", "action_posted"): USERS,
    ("upominky.delivery", "action_ask_returned"): USERS,
    ("upominky.delivery", "action_returned"): USERS,
    ("upominky.letter.posted", "action_confirm"): USERS,
    ("upominky.letter.returned", "action_confirm"): USERS,
    ("upominky.delivery", "action_dismiss_bounce"): USERS,
    ("upominky.overview", "retrieve_dashboard"): USERS,
    ("upominky.overview", "action_open_figure"): USERS,
    ("upominky.analysis", "action_open_reminder"): USERS,
    ("upominky.coming", "read_days"): USERS,
    ("upominky.coming", "action_open_items"): USERS,
    ("upominky.debtor", "action_open_overdue"): USERS,
    ("upominky.preview.line", "action_open"): USERS,
    ("upominky.preview.line", "action_open_move"): USERS,
    ("upominky.preview.line", "action_issue"): USERS,
    ("upominky.preview.line", "action_ask_hold"): USERS,
    ("upominky.issue", "action_issue"): USERS,
    ("upominky.issue", "action_open_reminders"): USERS,
    ("upominky.issue", "action_send_now"): USERS,
    ("upominky.cancel", "action_confirm"): USERS,
    ("upominky.letter", "action_confirm"): USERS,
    ("upominky.letter", "action_restore"): USERS,
    ("upominky.reminder", "action_ask_send_again"): USERS,
    ("upominky.reminder", "action_send_again"): USERS,
    ("upominky.mark.sent", "action_confirm"): USERS,
    ("upominky.send.again", "action_confirm"): USERS,
    ("upominky.any.time", "action_confirm"): USERS,
    ("upominky.hold", "action_confirm"): USERS,
    ("upominky.settings", "write"): MANAGERS,
    ("upominky.settings", "action_open"): MANAGERS,
    ("upominky.settings", "action_live"): MANAGERS,
    ("upominky.settings", "action_pilot"): MANAGERS,
    ("upominky.settings", "action_off"): MANAGERS,
    ("upominky.settings", "action_readiness"): USERS,
    ("upominky.settings", "action_load_holidays"): MANAGERS,
    # The jobs serve all companies, and these managers have one: see test_strangers_jobs.
    ("upominky.settings.job", "write"): NOBODY,
    ("upominky.settings.job", "action_run_now"): NOBODY,
    ("upominky.live", "action_suggest"): MANAGERS,
    ("upominky.live", "action_count"): MANAGERS,
    ("upominky.live", "action_confirm"): MANAGERS,
    ("upominky.live", "action_past_levels"): MANAGERS,
    ("upominky.settings", "action_past_levels"): MANAGERS,
    ("upominky.past.import", "action_check"): MANAGERS,
    ("upominky.past.import", "action_import"): MANAGERS,
    ("upominky.past.import", "action_list_open"): MANAGERS,
    ("upominky.run", "action_take_back"): MANAGERS,
    ("upominky.readiness", "action_open"): USERS,
    ("upominky.readiness", "action_check_again"): USERS,
    ("upominky.readiness.line", "action_fix"): MANAGERS,
    ("upominky.first.steps", "write"): MANAGERS,
    ("upominky.first.steps", "action_open"): MANAGERS,
    ("upominky.first.steps", "action_check_again"): MANAGERS,
    ("upominky.first.steps", "action_take_pilot"): MANAGERS,
    ("upominky.first.steps", "action_preview"): MANAGERS,
    ("upominky.first.steps", "action_issue"): MANAGERS,
    ("upominky.first.steps", "action_open_reminder"): MANAGERS,
    ("upominky.first.steps", "action_send"): MANAGERS,
    ("upominky.first.steps", "action_live"): MANAGERS,
}
#: Odoo's own methods, which are extended: tested where they are, and in the table of models.
ODOO = {
    ("upominky.input", "create"),
    ("upominky.input", "default_get"),
    ("upominky.input", "write"),
    ("upominky.input", "onchange"),
    ("upominky.input", "update_field_translations"),
    ("upominky.level", "create"),
    ("upominky.rule", "create"),
    ("upominky.rule", "copy"),
    ("account.move", "copy_data"),
    ("account.move", "create"),
    ("account.move", "write"),
    ("account.move.line", "write"),
    ("res.partner", "write"),
    ("res.company", "create"),
    ("res.company", "write"),
    ("res.company", "unlink"),
    ("account.move.line", "export_data"),
    ("upominky.context", "export_data"),
    ("ir.attachment", "create"),
    ("ir.attachment", "write"),
    ("mail.message", "write"),
    ("mail.message", "unlink"),
    ("mail.template", "create"),
    ("mail.template", "write"),
    ("mail.template", "copy"),
    ("mail.template", "copy_data"),
    ("mail.thread", "message_notify"),
    ("mail.thread", "message_process"),
    ("mail.thread", "message_parse"),
    ("mail.thread", "message_route"),
    ("ir.actions.actions", "get_bindings"),
    ("account.move", "button_draft"),
    ("account.partial.reconcile", "unlink"),
    ("upominky.case", "create"),
    ("upominky.reminder", "web_search_read"),
    ("upominky.reminder", "mail_allowed_qweb_expressions"),
    ("upominky.reminder", "write"),
    ("upominky.reminder.interest", "create"),
    ("upominky.reminder.interest", "write"),
    ("upominky.reminder.interest", "unlink"),
    ("upominky.rate", "create"),
    ("upominky.rate", "write"),
    ("upominky.rate", "unlink"),
}
#: Customers are everybody's, each company's holds on them its own: see test_holds_of_companies.
SHARED = ("res.partner", "upominky.hold", "upominky.rate", "upominky.statement")
#: These go on without the reminders that the caller does not see.
FILTERED = {
    ("upominky.cancel", "action_confirm"),
    ("upominky.mark.sent", "action_confirm"),
    ("upominky.letter.posted", "action_confirm"),
    ("upominky.letter.returned", "action_confirm"),
    ("upominky.send.again", "action_confirm"),
    ("upominky.any.time", "action_confirm"),
    ("upominky.hold.many", "action_confirm"),
    ("upominky.issue", "action_open_reminders"),
    ("upominky.issue", "action_send_now"),
}
#: Who may nothing in his own company may nothing elsewhere either: portal stands for them.
STRANGERS = sorted(USERS | {"invoicing", "portal"})
#: Not callable over RPC at all.
PRIVATE = {
    ("upominky.mark", "init"),
    ("upominky.context", "with_context"),
    ("upominky.reminder", "message_update"),
    ("upominky.reminder", "activity_send_mail"),
    ("upominky.thread", "message_notify"),
    ("upominky.thread", "message_mail_with_source"),
    ("upominky.thread", "message_post_with_source"),
    ("upominky.thread", "message_change_thread"),
    ("upominky.thread", "message_new"),
    ("upominky.thread", "message_update"),
}
#: These take no record.
OF_MODEL = {"action_open", "action_open_figure", "read_days", "retrieve_dashboard"}
#: These do not care for their record: they open something of the company that is active.
CARELESS = {*OF_MODEL, "action_readiness", "action_check_again", "action_fix"}
ARGUMENTS = {
    "write": [{"sequence": 5}],
    "action_cancel": ["Omyl"],
    "action_change_letter": ["Předmět", "<p>Dobrý den</p>"],
    "action_hold": ["invoices", TODAY],
    "action_open_figure": ["failed"],
    "read_days": ["2026-06-01", "2026-06-30"],
}
VALUES = {
    "upominky.level": [{"days_overdue": 9}],
    "upominky.settings": [{"start_date": TODAY}],
    "upominky.first.steps": [{"partner_id": False}],
    "upominky.settings.job": [{"interval_number": 2}],
}


@tagged("post_install", "-at_install", "upominky_addon")
class TestRightsMethods(RightsCommon):
    def call(self, model, method, role, name):
        """Call a method as a role on a record of a company, and undo it.

        :return: whether it is refused, and whether it changed anything of that company
        """
        record = self.record(model, name, role)
        mine = self.as_role(record.browse() if method in OF_MODEL else record, role)
        arguments = (method == "write" and VALUES.get(model)) or ARGUMENTS.get(method, [])
        before = self.traces(name)

        def call():
            getattr(mine, method)(*arguments)
            self.env.flush_all()
            self.env.invalidate_all()
            return self.traces(name)

        after = self.outcome(call)
        return isinstance(after, AccessError), after != before

    def traces(self, name):
        """Return what any method might change in a company."""
        reminders = self.env["upominky.reminder"].sudo()
        company = [("company_id", "=", self.companies[name].id)]
        return reminders.search_read(company, ["state", "write_date", "message_ids", "line_ids"])

    @contextmanager
    def quiet(self):
        """Let the job of a button run elsewhere: it commits, and has tests of its own."""
        with (
            self.on(TODAY),
            patch.object(IrCron, "method_direct_trigger", lambda self: True),
        ):
            yield

    def test_rule_29_each_role_with_each_method_in_its_own_company(self):
        for (model, method), allowed in TABLE.items():
            for role, (home, _groups) in ROLES.items():
                # A message that is looked at is made in a transaction of its own.
                looks = method == "action_look"
                apart = self.enter_registry_test_mode() if looks else nullcontext()
                with self.subTest(model=model, method=method, role=role), self.quiet(), apart:
                    refused, _changed = self.call(model, method, role, home)
                    self.assertEqual(refused, role not in allowed)

    def test_rule_29_no_role_with_any_method_in_a_company_not_its_own(self):
        for model, method in TABLE:
            if method in CARELESS or model in SHARED:
                continue
            for role in STRANGERS:
                for name in self.companies.keys() - {ROLES[role][0]}:
                    with (
                        self.subTest(model=model, method=method, role=role, company=name),
                        self.quiet(),
                    ):
                        refused, changed = self.call(model, method, role, name)
                        filtered = (model, method) in FILTERED and role in USERS
                        self.assertNotEqual(refused, filtered)
                        self.assertTrue(refused or not changed)

    def test_the_table_is_complete(self):
        found = {
            (definition._name, name)
            for definition in definitions()
            for name, value in vars(definition).items()
            if not name.startswith("_") and callable(value)
        }
        private = {
            (model, name)
            for model, name in found
            if any(
                getattr(vars(cls).get(name), "_api_private", False)
                for cls in type(self.env[model]).mro()
            )
        }
        self.assertEqual(private, PRIVATE)
        self.assertEqual(found - private, set(TABLE) | ODOO)
