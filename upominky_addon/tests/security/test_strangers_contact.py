"""SPEC rules 18 and 29: a reminder goes to nobody whom the clerk of its invoice may not read."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..rights import RightsCommon


@tagged("post_install", "-at_install", "upominky_addon")
class TestStrangersContact(RightsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        values = {"email": "tajny@cizi.example", "company_id": cls.companies["other"].id}
        cls.secret = cls.new_customer("Tajný zákazník", values.pop("email"), **values)
        cls.known = cls.new_customer("Známý", "znamy@x.example")

    def test_rule_29_an_invoice_takes_no_contact_that_its_clerk_may_not_read(self):
        move = self.world["ours"]["account.move"]
        for role in ("invoicing", "user", "manager"):
            mine = self.as_role(move, role)
            for contact, refused in ((self.secret, True), (self.known, False)):
                with self.subTest(role, contact=contact.name):
                    outcome = self.outcome(
                        lambda m=mine, c=contact: m.write({"upominky_contact_id": c.id})
                    )
                    self.assertEqual(isinstance(outcome, AccessError), refused)
                    self.assertNotIn("Tajný", str(outcome))

    def test_rule_29_nor_a_new_one_by_value_or_by_default(self):
        moves = self.as_role(self.env["account.move"], "invoicing")
        values = {
            "move_type": "out_invoice",
            "partner_id": self.customer.id,
            "invoice_line_ids": [Command.create({"name": "x", "price_unit": 1.0})],
        }
        chosen = {"upominky_contact_id": self.secret.id}
        by_default = moves.with_context(default_upominky_contact_id=self.secret.id)
        for there, more in ((moves, chosen), (by_default, {})):
            outcome = self.outcome(lambda t=there, v={**values, **more}: t.create(v))
            self.assertIsInstance(outcome, AccessError)
        self.assertEqual(moves.create(values).upominky_contact_id.id, False)

    def test_an_invoice_with_such_a_contact_is_still_copied_and_reversed(self):
        move = self.world["ours"]["account.move"]
        move.sudo().upominky_contact_id = self.secret
        copy = self.as_role(move, "invoicing").copy()
        self.assertFalse(copy.sudo().upominky_contact_id)
        self.assertTrue(self.as_role(move, "invoicing").write({"ref": "x"}))
