"""Rule 29: what is no link, or no order of a level, is refused in a sentence, whatever the door."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from ..rights import RightsCommon

#: What a caller over RPC may give where records are expected.
WRONG = ("x", ["x"], [[6, 0, "x"]], [[6, 0, ["x"]]], [[4, "x"]], [[99, 1]], {"a": 1}, 1.5, True)


class TestStrangersLinks(RightsCommon):
    def test_rule_29_a_dialog_is_told_what_is_no_reminder(self):
        for model in ("upominky.cancel", "upominky.mark.sent"):
            Model = self.as_role(self.env[model], "user")
            for wrong in WRONG:
                given = Model.with_context(default_reminder_ids=wrong)
                for name, call in {
                    "values": lambda m=Model, w=wrong: m.create({"reminder_ids": w}),
                    "context": lambda g=given: g.create({}),
                    "default_get": lambda g=given: g.default_get(["reminder_ids"]),
                    "onchange": lambda g=given: g.onchange({}, [], {"reminder_ids": {}}),
                }.items():
                    with self.subTest(model=model, wrong=wrong, door=name):
                        self.assertIsInstance(self.outcome(call), UserError)

    def test_rule_29_other_dialogs_are_told_what_is_no_record(self):
        for role, model, field in (
            ("user", "upominky.hold", "partner_id"),
            ("user", "upominky.level.preview", "level_id"),
            ("manager", "upominky.rule", "partner_ids"),
        ):
            Model = self.as_role(self.env[model], role)
            for wrong in ("x", ["x"], 1.5):
                with self.subTest(model=model, wrong=wrong):
                    got = self.outcome(lambda m=Model, f=field, w=wrong: m.create({f: w}))
                    self.assertIsInstance(got, UserError)
                    given = Model.with_context(**{f"default_{field}": wrong})
                    got = self.outcome(lambda g=given, f=field: g.default_get([f]))
                    self.assertIsInstance(got, UserError)

    def test_rule_4_an_order_starts_at_1_whatever_the_context_says(self):
        rule = self.as_role(self.world["ours"]["upominky.rule"], "manager")
        for context in ({}, {"upominky_levels_together": True}):
            level = rule.level_ids.with_context(**context)
            values = {"rule_id": rule.id, "order": -5, "name": "Minus", "send": False}
            for name, call in (
                ("write", lambda one=level: one.write({"order": -5})),
                ("create", lambda one=level, v=values: one.create(v)),
            ):
                with self.subTest(context, door=name):
                    self.assertIsInstance(self.outcome(call), ValidationError)

    def test_rule_29_a_managers_new_template_brings_no_files(self):
        template = self.as_role(self.template(), "manager")
        model = self.env["ir.model"]._get("upominky.reminder")
        file = Command.create({"name": "a.txt", "raw": b"x"})
        values = {"name": "Own", "model_id": model.id, "attachment_ids": [file]}
        self.assertIsInstance(self.outcome(lambda: template.create(values)), AccessError)
