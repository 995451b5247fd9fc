from odoo import models

from ..base.tracked import told_together


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    # EXTENDS 'mail'
    def _message_track(self, fields_iter, initial_values_dict):
        """Tell the changes of state of many at once."""
        return told_together(self, fields_iter, initial_values_dict, super()._message_track)
