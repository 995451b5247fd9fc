from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "upominky_addon")
class TestAssets(TransactionCase):
    def test_the_style_sheets_compile(self):
        """A style sheet that does not compile takes the styles of the whole client away."""
        bundle = self.env["ir.qweb"]._get_asset_bundle("web.assets_backend", js=False)
        css = bundle.preprocess_css()
        self.assertEqual(bundle.css_errors, [])
        for name in ("o_upominky_progress", "o_upominky_lines", "o_upominky_overview"):
            self.assertIn(name, css)
