"""SPEC rule 29: whatever is wrong with a call, its caller gets a sentence."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from odoo.addons.base.models.ir_cron import IrCron

from ..common import TODAY
from ..rights import RightsCommon, definitions
from .test_rights_methods import ARGUMENTS, OF_MODEL, TABLE, VALUES

#: Contexts that no client sends.
ODD = (
    {"lang": 5},
    {"lang": ["cs_CZ"]},
    {"lang": {"a": 1}},
    {"lang": True},
    {"allowed_company_ids": 5},
    {"allowed_company_ids": "1"},
    {"allowed_company_ids": ["1"]},
    {"allowed_company_ids": [[1]]},
    {"allowed_company_ids": [{}]},
    {"allowed_company_ids": {"a": 1}},
    {"allowed_company_ids": [True]},
    {"allowed_company_ids": [1.5]},
)


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersInput(RightsCommon):
    def sentence(self, call):
        """Make a call that is wrong: what comes back is a sentence."""
        error = None
        with self.env.cr.savepoint() as savepoint:
            try:
                call()
                self.env.flush_all()
            except Exception as raised:
                error = raised
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertIsInstance(error, UserError, repr(error)[:200])

    def test_an_odd_context_is_a_sentence_for_every_method(self):
        for (model, method), allowed in TABLE.items():
            if "manager" not in allowed or not model.startswith("upominky."):
                continue
            record = self.record(model, "ours", "manager")
            ids = [] if method in OF_MODEL else [record.ids]
            given = (method == "write" and VALUES.get(model)) or ARGUMENTS.get(method, [])
            mine = self.env(user=self.users["manager"].id, su=False, context={})[model]
            for context in ODD:
                with (
                    self.subTest(model=model, method=method, context=context),
                    self.on(TODAY),
                    patch.object(IrCron, "method_direct_trigger", lambda this: True),
                ):
                    self.sentence(
                        lambda m=mine, n=method, a=[*ids, *given], c=context: call_kw(
                            m, n, a, {"context": c}
                        )
                    )

    def test_every_model_of_ours_that_people_reach_checks_its_context(self):
        checked = self.env.registry["upominky.context"]
        for definition in definitions():
            name = definition._name
            if not name.startswith("upominky."):
                continue
            people = self.env["ir.model.access"].sudo().search([("model_id.model", "=", name)])
            if people or name == "upominky.overview":
                with self.subTest(model=name):
                    self.assertIsInstance(self.env[name], checked)

    def test_translations_are_checked_as_texts_are(self):
        level = self.as_role(self.world["ours"]["upominky.level"], "manager")
        rule = self.as_role(self.world["ours"]["upominky.rule"], "manager")
        for record, name, given in (
            (level, "name", {"en_US": "a\0b"}),
            (level, "name", {"cs_CZ": {"Poprvé": "a\0b"}}),
            (level, "text_template", {"cs_CZ": "a\0b"}),
            (rule, "name", {"cs_CZ": "a\0b"}),
            (rule, "name", {"cs_CZ": 5}),
            (rule, "name", {"cs_CZ": ["x"]}),
            (rule, "name", ["x"]),
            (rule, "name", "x"),
            (rule, "name", None),
        ):
            with self.subTest(record=record, field=name, given=given):
                self.sentence(lambda r=record, n=name, g=given: r.update_field_translations(n, g))

    def test_what_is_right_is_kept(self):
        level = self.as_role(self.world["ours"]["upominky.level"], "manager")
        self.env["res.lang"]._activate_lang("cs_CZ")
        level.update_field_translations("name", {"cs_CZ": "Podruhé"})
        self.assertEqual(level.with_context(lang="cs_CZ").name, "Podruhé")
