"""SPEC rule 29: a form that is being filled in names nothing that its reader may not read."""

import json

from odoo import Command
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged

from ..rights import RightsCommon, definitions

SECRET = "Tajný odběratel"


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersNames(RightsCommon):
    """Generated: each form of ours × each link of it × each way of giving it a foreign record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.companies["other"]
        cls.stranger = cls.new_customer(SECRET, "tajny@tajny.example", company_id=other.id)
        cls.world["other"]["upominky.level"].name = "Tajný stupeň"
        cls.foreign = {
            **{model: record[:1].id for model, record in cls.world["other"].items()},
            "res.partner": cls.stranger.id,
            "res.company": other.id,
            "res.users": cls.users["other_user"].id,
            "account.move.line": cls.world["other"]["account.move"].line_ids[:1].id,
        }
        for template in cls.world["other"]["upominky.level"].mail_template_id:
            template.sudo().name = "Sdílená šablona"  # all employees read templates

    def secrets(self):
        """Return the names of what is another company's alone."""
        there = self.world["other"]
        return (
            SECRET,
            self.companies["other"].name,
            there["upominky.rule"].name,
            there["upominky.level"].name,
            there["account.move"].name,
            there["upominky.reminder"].name,
        )  # users of all companies are read by all employees

    def forms(self):
        """Return our models that have a form: dialogs, and what managers write."""
        ours = {definition._name for definition in definitions()}
        return sorted(
            name
            for name in ours
            if name.startswith("upominky.")
            and not self.env[name]._abstract
            and (self.env[name]._transient or name in ("upominky.rule", "upominky.level"))
        )

    def spec(self, model, depth=2):
        """Return the specification of a form that shows everything, as the web client asks."""
        spec = {}
        for name, field in self.env[model]._fields.items():
            if field.relational and depth:
                spec[name] = {"fields": {"display_name": {}}}
                if field.type == "one2many":
                    spec[name] = {"fields": self.spec(field.comodel_name, depth - 1)}
            elif not field.relational and name != "id":
                spec[name] = {}
        return spec

    def links(self, model):
        """Yield a link of a model, and values that lead by it to what is foreign."""
        for name, field in self.env[model]._fields.items():
            foreign = field.relational and self.foreign.get(field.comodel_name)
            if not foreign or name in MAGIC_COLUMNS:
                continue
            if field.type == "many2one":
                yield name, foreign
            else:
                yield name, [Command.link(foreign)]
                yield name, [Command.set([foreign])]
                yield name, [foreign]
            if field.type == "one2many":
                for inner, value in self.links(field.comodel_name):
                    if self.env[field.comodel_name]._fields[inner].type == "many2one":
                        yield name, [Command.create({inner: value})]

    def asked(self, role, model, name, value):
        """Yield calls that fill in a form with a value, by how it is given."""
        fresh = self.as_role(self.env[model], role)
        spec = self.spec(model)
        yield (
            "default",
            lambda: fresh.with_context(**{f"default_{name}": value}).onchange({}, [], spec),
        )
        yield "value", lambda: fresh.onchange({name: value}, [name], spec)
        mine = self.as_role(self.record(model, "ours", role), role)
        yield "change", lambda: mine.onchange({name: value}, [name], spec)
        beside = {name: value, "display_name": "x"}
        yield "beside", lambda: mine.onchange(beside, ["display_name"], spec)

    def test_rule_29_no_form_names_what_is_another_companys(self):
        asked = 0
        for model in self.forms():
            for name, value in self.links(model):
                for role in ("user", "manager"):
                    for how, call in self.asked(role, model, name, value):
                        asked += 1
                        with self.subTest(model=model, name=name, value=value, role=role, how=how):
                            self.assert_silent(self.outcome(call))
        self.assertGreater(asked, 200)

    def assert_silent(self, answer):
        text = json.dumps(answer, default=str, ensure_ascii=False)
        for secret in self.secrets():
            self.assertNotIn(secret, text)
        if isinstance(answer, Exception):
            self.assertIsInstance(answer, UserError)

    def test_rule_29_a_default_in_a_row_is_looked_at_too(self):
        seller = self.users["other_user"]
        rules = self.as_role(self.env["upominky.rule"], "manager")
        mine = rules.with_context(default_sender_id=seller.id, upominky_copy_levels=True)
        self.assert_silent(self.outcome(lambda: mine.onchange({}, [], self.spec(rules._name))))

    def test_what_one_may_read_is_filled_in_as_ever(self):
        level = self.world["ours"]["upominky.level"]
        preview = self.as_role(self.env["upominky.level.preview"], "user")
        preview = preview.with_context(
            default_level_id=level.id, default_partner_id=self.customer.id
        )
        spec = {name: {"fields": {"display_name": {}}} for name in ("level_id", "partner_id")}
        answer = preview.onchange({}, [], spec)["value"]
        self.assertEqual(answer["level_id"]["display_name"], level.name)
        self.assertEqual(answer["partner_id"]["display_name"], self.customer.name)

    def test_a_foreign_customer_whom_a_rule_lists_already_stays(self):
        rule = self.world["ours"]["upominky.rule"]
        rule.sudo().partner_ids = self.stranger
        mine = self.as_role(rule, "manager")
        values = {"partner_ids": [Command.link(self.stranger.id)], "name": "New"}
        mine.onchange(values, ["name"], {"name": {}})
