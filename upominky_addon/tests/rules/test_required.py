"""What is left empty gets a default or a sentence: the database's own refusal reaches nobody."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..rights import RightsCommon, definitions

#: Belong to all companies, and are refused to managers of one whatever is in them: see test_rates.
BY_ADMINISTRATORS = ("upominky.rate",)


@tagged("post_install", "-at_install", "upominky_addon")
class TestRequired(RightsCommon):
    def made(self):
        """Yield the models that people or programs make records of, and a role that may."""
        for name in sorted({definition._name for definition in definitions()}):
            if self.env.registry[name]._original_module != "upominky_addon":
                continue
            if name in BY_ADMINISTRATORS:
                continue
            if self.env[name]._auto and not self.env[name]._abstract:
                for role in ("manager", "user"):
                    if self.as_role(self.env[name], role).has_access("create"):
                        yield name, role
                        break

    def required(self, model):
        return [n for n, f in self.env[model]._fields.items() if f.required and f.store]

    def check(self, model, values):
        """Make a record as a person and as a program: it is made, or refused in words."""
        for records in (model, model.sudo()):
            found = self.outcome(lambda r=records: r.create(dict(values)))
            if not isinstance(found, UserError):
                continue
            self.assertNotIsInstance(found, AccessError)
            self.assertIsInstance(found, ValidationError)
            self.assertTrue(str(found))

    def test_nothing_at_all_is_refused_in_words_or_filled_in(self):
        made = dict(self.made())
        self.assertLessEqual({"upominky.rule", "upominky.level", "upominky.cancel"}, made.keys())
        for model, role in made.items():
            with self.subTest(model=model):
                self.check(self.as_role(self.env[model], role), {})

    def test_each_required_field_left_out_or_empty(self):
        for model, role in self.made():
            values = self.values(model, "ours", role)
            for field in self.required(model):
                rest = {name: value for name, value in values.items() if name != field}
                for given in (rest, *({**rest, field: empty} for empty in (False, None, " "))):
                    if given.get(field) == " " and self.env[model]._fields[field].type != "char":
                        continue
                    with self.subTest(model=model, field=field, given=given.get(field, "left out")):
                        self.check(self.as_role(self.env[model], role), given)

    def test_each_required_field_emptied_later(self):
        for model, role in self.made():
            record = self.as_role(self.record(model, "ours", role), role)
            for field in self.required(model):
                with self.subTest(model=model, field=field):
                    found = self.outcome(lambda r=record, f=field: r.write({f: False}))
                    self.assertIn(type(found), (bool, ValidationError), found)

    # ------------------------------------------------------- the name of a level

    def level(self, lang="en_US", **values):
        rule = self.world["ours"]["upominky.rule"].with_context(lang=lang)
        rule.level_ids = [Command.create({"days_overdue": 99, **values})]
        return rule.level_ids.sorted("order")[-1]

    def test_a_level_without_a_name_gets_one_in_every_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        for order, lang in ((3, "en_US"), (4, "cs_CZ")):
            with self.subTest(lang=lang):
                level = self.level(lang, order=order)
                self.assertEqual(level.with_context(lang="en_US").name, f"Reminder No. {order}")
                self.assertEqual(level.with_context(lang="cs_CZ").name, f"{order}. upomínka")

    def test_a_name_that_is_given_stays(self):
        self.assertEqual(self.level(order=3, name="Poslední").name, "Poslední")
        rule = self.world["ours"]["upominky.rule"]
        levels = self.env["upominky.level"].with_context(default_name="From the context")
        self.assertEqual(levels.create({"rule_id": rule.id, "order": 8}).name, "From the context")

    def test_rule_24_the_level_of_a_summary_is_called_what_it_is(self):
        resend = self.env["upominky.rule"].create(
            {"name": "R", "event": "resend", "level_ids": [Command.create({})]}
        )
        self.assertEqual(resend.level_ids.name, "List of unpaid invoices")
