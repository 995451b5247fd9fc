from odoo import models


class UpominkySend(models.AbstractModel):
    """A reminder whose interest is not known goes out by no channel (SPEC rule 38)."""

    _inherit = "upominky.send"

    def _make(self, channel, deliveries):
        deliveries.reminder_id._refuse_unknown_claim()
        return super()._make(channel, deliveries)


class UpominkyReminder(models.Model):
    _inherit = "upominky.reminder"

    def _render(self):
        self._refuse_unknown_claim()
        return super()._render()
