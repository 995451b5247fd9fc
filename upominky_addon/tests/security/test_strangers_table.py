"""SPEC rule 29: every public method of ours, and of Odoo's threads on ours, with hostile arguments.

A table that is generated: a new method without a row fails, and so does one that answers anything
but a value or a sentence, or that changes what its caller may not change.
"""

import inspect
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.orm.models import MetaModel
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from ..common import TODAY, smtp_inbox
from ..rights import RightsCommon
from .test_rights_methods import CARELESS, OF_MODEL, TABLE, VALUES
from .test_strangers_doors import HOSTILE

#: What is put in the place of each argument.
ARGUMENTS = {
    "oversized": "x" * 60_000,
    "unclosed": '"<{{' * 2000,
    "NUL": "a\0b",
    "bidi": "\u202e\u2066abc",
    "number": 10**15,
    "negative": -1,
    "list": [[]],
    "dict": {"a": {}},
    "nothing": None,
    "true": True,
    "float": float("nan"),
}
#: What a method must be told.
NEEDED = {
    "action_open_figure": {"figure": "overdue"},
    "read_days": {"start": "2026-06-01", "end": "2026-06-30"},
}
#: Odoo's own, by what they are called with on one record. Their arguments are Odoo's to check; what
#: is looked at is whether a stranger changes anything by them.
THREADS = {
    "message_post": {"body": "Evil"},
    "message_notify": {"body": "Evil", "subject": "Evil", "partner_ids": "customer"},
    "message_subscribe": {"partner_ids": "customer"},
    "message_unsubscribe": {"partner_ids": "customer"},
    "message_get_followers": {},
    "message_mail_with_source": {"source_ref": "mail.message_user_assigned"},
    "message_post_with_source": {"source_ref": "mail.message_user_assigned"},
    "message_change_thread": {"new_thread": "customer"},
    "message_new": {"msg_dict": {"subject": "Evil"}},
    "message_update": {"msg_dict": {}, "update_vals": {"name": "Evil"}},
    "message_parse": {"message": "Evil"},
    "message_route": {"message": "Evil", "message_dict": {}},
    "notify_cancel_by_type": {"notification_type": "email"},
    "activity_schedule": {"summary": "Evil"},
    "activity_send_mail": {"template_id": 1},
    "activity_search": {},
    "activity_reschedule": {"act_type_xmlids": ["mail.mail_activity_data_todo"]},
    "activity_feedback": {"act_type_xmlids": ["mail.mail_activity_data_todo"]},
    "activity_unlink": {"act_type_xmlids": ["mail.mail_activity_data_todo"]},
    "action_reschedule_my_next_today": {},
    "action_reschedule_my_next_tomorrow": {},
    "action_reschedule_my_next_nextweek": {},
}
#: Of the same classes, but every model's: tested with the models, or with the gateway.
EVERYWHERE = {
    "create", "write", "unlink", "copy_data", "get_views", "get_empty_list_help", "message_process",
    "default_get", "search_fetch", "fields_get", "read", "search",
}  # fmt: skip
MIXINS = ("mail.thread", "mail.activity.mixin")
STRANGERS = {"employee": "ours", "invoicing": "ours", "portal": "ours", "other_manager": "ours"}


class StrangersTable(RightsCommon):
    def picture(self, name):
        """Return all that a stranger might change in a company."""
        self.env.flush_all()
        self.env.invalidate_all()
        there = self.world[name]
        reminder, rule = there["upominky.reminder"].sudo(), there["upominky.rule"].sudo()
        company = self.companies[name].sudo()
        return (
            [
                (r.state, r.write_date, r.message_ids.ids, r.message_follower_ids.ids)
                for r in reminder
            ],
            [(r.name, r.active, r.write_date, r.message_ids.ids) for r in rule],
            reminder.activity_ids.ids,
            self.messages_of(reminder),
            self.messages_of(rule),
            self.env["mail.mail"].sudo().search_count([]),
            reminder.delivery_ids.mapped("state"),
            reminder.line_ids.mapped("counted"),
            (company.upominky_mode, company.upominky_start_date),
            company.upominky_pilot_partner_ids.ids,
        )

    def messages_of(self, record):
        """Return ids of all messages, also of those that no history shows."""
        domain = [("model", "=", record._name), ("res_id", "in", record.ids)]
        return self.env["mail.message"].sudo().search(domain).ids

    def call(self, records, method, arguments):
        """Call a method as RPC does, which refuses private ones."""
        get_public_method(records, method)
        return getattr(records, method)(**arguments)

    def came_of(self, call, name):
        """Return the error of a call, if any, and whether it changed anything of a company."""
        before = self.picture(name)
        bare = None
        with self.env.cr.savepoint() as savepoint:
            try:
                call()
                self.env.flush_all()
            except UserError as error:
                bare = error
            except Exception as error:
                bare = error
                savepoint.rollback()
            changed = not isinstance(bare, Exception) and self.picture(name) != before
            savepoint.rollback()
        self.env.invalidate_all()
        return bare, changed


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersTable(StrangersTable):
    def parameters(self, model, method):
        """Return the names of what a method takes."""
        signature = inspect.signature(getattr(self.env.registry[model], method))
        return [name for name in signature.parameters if name not in ("self", "args", "kwargs")]

    def calls(self, model, method):
        """Yield keyword arguments: each argument in turn is hostile."""
        if method == "write":
            (values,) = VALUES.get(model, [{"name": "x"}])
            for kind, value in ARGUMENTS.items():
                for field in sorted({*values, "name"} & set(self.env[model]._fields)):
                    if not self.env[model]._fields[field].relational:
                        yield kind, {"vals": {field: value}}
            return
        for parameter in self.parameters(model, method):
            for kind, value in ARGUMENTS.items():
                yield kind, {**NEEDED.get(method, {}), parameter: value}

    def quiet(self):
        return patch.object(IrCron, "method_direct_trigger", lambda self: True)

    def test_rule_29_hostile_arguments_get_a_sentence(self):
        """Whoever may call a method, with anything: a value or a sentence, no bare error."""
        asked = 0
        for (model, method), allowed in TABLE.items():
            if "manager" not in allowed:
                continue
            record = self.record(model, "ours", "manager")
            mine = self.as_role(record.browse() if method in OF_MODEL else record, "manager")
            for kind, arguments in self.calls(model, method):
                asked += 1
                with (
                    self.subTest(model=model, method=method, kind=kind, to=list(arguments)),
                    self.on(TODAY),
                    self.quiet(),
                    mute_logger("odoo.sql_db", "odoo.addons.mail.models.mail_template"),
                ):
                    error, _changed = self.came_of(
                        lambda m=mine, n=method, a=arguments: getattr(m, n)(**a), "ours"
                    )
                    if error is not None:  # Odoo makes a sentence of what the database refuses
                        kinds = (UserError, psycopg2.IntegrityError)
                        self.assertIsInstance(error, kinds, repr(error)[:300])
        self.assertGreater(asked, 100)

    def test_rule_29_no_context_opens_what_is_shut(self):
        for (model, method), allowed in TABLE.items():
            for role, name in STRANGERS.items():
                if role in allowed and (method in CARELESS or model == "res.partner"):
                    continue
                record = self.record(model, name, role)
                mine = self.as_role(record.browse() if method in OF_MODEL else record, role)
                arguments = VALUES.get(model, [{"sequence": 5}]) if method == "write" else []
                for context in HOSTILE[::3]:
                    there = mine.with_context(**context)
                    with (
                        self.subTest(model=model, method=method, role=role, context=context),
                        self.on(TODAY),
                        self.quiet(),
                        smtp_inbox(self.env) as inbox,
                    ):
                        _error, changed = self.came_of(
                            lambda m=there, n=method, a=arguments: getattr(m, n)(*a), name
                        )
                        self.assertFalse(changed)
                        self.assertFalse(inbox.messages)

    # ------------------------------------------------------ Odoo's own threads

    def test_the_table_of_threads_is_complete(self):
        found = set()
        for classes in MetaModel._module_to_models__.values():
            for definition in classes:
                names = [definition._name, *(definition._inherit or ())]
                if definition._name in MIXINS or (
                    definition._name is None and set(names) & set(MIXINS)
                ):
                    found |= {
                        name
                        for name, value in vars(definition).items()
                        if not name.startswith("_") and inspect.isfunction(value)
                    }
        self.assertEqual(found - EVERYWHERE, set(THREADS))

    def arguments(self, method):
        given = dict(THREADS[method])
        for name, value in given.items():
            if value == "customer":
                given[name] = self.customer if name == "new_thread" else self.customer.ids
        return given

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_rule_29_odoos_threads_change_nothing_of_others(self):
        for model in ("upominky.reminder", "upominky.rule"):
            for method in THREADS:
                for role, name in STRANGERS.items():
                    mine = self.as_role(self.world[name][model], role)
                    with self.subTest(model=model, method=method, role=role):
                        error, changed = self.came_of(
                            lambda m=mine, n=method: self.call(m, n, self.arguments(n)), name
                        )
                        self.assertFalse(changed, error)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_rule_29_nobody_notifies_in_the_name_of_anothers_record(self):
        for model in ("upominky.reminder", "upominky.rule"):
            for role, name in STRANGERS.items():
                thread = self.as_role(self.env["mail.thread"], role)
                about = {"model": model, "res_id": self.world[name][model].id}
                given = {"body": "Evil", "partner_ids": self.customer.ids, **about}
                with self.subTest(model=model, role=role):
                    error, changed = self.came_of(
                        lambda t=thread, g=given: self.call(t, "message_notify", g), name
                    )
                    self.assertFalse(changed)
                    self.assertIsInstance(error, AccessError)

    def test_rule_29_a_user_writes_in_the_history_and_changes_nothing_else(self):
        reminder = self.as_role(self.world["ours"]["upominky.reminder"], "user")
        reminder.message_post(body="Zavoláno")
        for method in ("message_subscribe", "message_new", "message_update"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(reminder, method)(**self.arguments(method))
