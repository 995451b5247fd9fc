"""How a chunk and a slice are run is one hook each, as docs/extending.md says."""

from odoo.tests import tagged

from odoo.addons.upominky_addon.tests.common import UpominkyCommon, smtp_inbox


@tagged("post_install", "-at_install", "upominky_addon")
class TestQueue(UpominkyCommon):
    def test_each_chunk_and_each_slice_passes_its_hook(self):
        self.invoice(amount=1000, due=10)
        self.invoice(self.new_customer("Second", "second@x.example"), amount=1000, due=10)
        parameters = self.env["ir.config_parameter"].sudo()
        with smtp_inbox(self.env) as inbox:
            self.generate()
            self.assertEqual(parameters.get_param("example.chunk"), "2/0")
            self.send()
        self.assertEqual(parameters.get_param("example.slice"), "2")
        self.assertEqual(len(inbox.messages), 2)
