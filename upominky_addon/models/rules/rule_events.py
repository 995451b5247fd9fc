from odoo import Command, api, models


class UpominkyRule(models.Model):
    """What a rule's event asks of its levels, and what a new rule of it begins with."""

    _inherit = "upominky.rule"

    @api.constrains("event")
    def _check_levels_of_event(self):
        """Refuse an event that the levels of a rule do not fit."""
        for level in self.level_ids:
            level._check_days_overdue()
            level._check_days_of_event()
            level._check_demands_nothing()
            level._check_thanks_alone()

    @api.constrains("active", "event")
    def _check_levels_have_messages(self):
        """Refuse to switch on a rule of notices, or of thanks, that has nothing to say."""
        self.level_ids._check_has_message()

    @api.onchange("event")
    def _onchange_event(self):
        """Give a new rule of an event with days of its own the level that ships with it."""
        if self._origin or not self._event().days or not self.company_id:
            return
        least, most = self._event().days
        if len(self.level_ids) == 1 and least <= self.level_ids.days_overdue <= most:
            return
        shipped = self.with_context(active_test=False).search(
            [("company_id", "=", self.company_id.id), ("event", "=", self.event)], limit=1
        )
        self.level_ids = [Command.clear(), *shipped._copied_levels()]
