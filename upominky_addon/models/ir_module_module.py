from odoo import models

ADDON = "upominky_addon"


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    # EXTENDS 'base'
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Name default rules and levels in a language that is activated after the install."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if ADDON in modules:
            self.env["res.company"]._upominky_name_in(langs)
        return result
