from odoo import models


class UpominkyOverview(models.AbstractModel):
    """Until when messages wait: for the sending calendar, or for the limit of an hour."""

    _inherit = "upominky.overview"

    # EXTENDS 'upominky.overview'
    def _next_run(self, company):
        """Return when job 1 runs next, and until when messages wait.

        A calendar that never opens is among what is missing, as readiness has it.
        """
        has_hours = company._upominky_has_hours() and not company._upominky_is_never_open()
        waits = company._upominky_waits_text() if has_hours else ""
        return {**super()._next_run(company), "waits": str(waits)}
