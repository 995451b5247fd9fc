from odoo import models
from odoo.tools import LazyTranslate

from odoo.addons.upominky_addon.core.letter import Column

_lt = LazyTranslate(__name__)

ORDER = Column("your_order", _lt("Your order"), lambda line: line.move_id.ref or "", under="number")


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    # EXTENDS 'upominky_addon'
    def _letter_columns(self):
        return (*super()._letter_columns(), ORDER)
