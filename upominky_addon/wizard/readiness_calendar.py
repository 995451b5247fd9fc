from odoo import models


class UpominkyReadiness(models.TransientModel):
    """Whether the sending calendar ever opens, and has the holidays of the next year."""

    _inherit = "upominky.readiness"

    def _check_calendar(self):
        """Say when e-mails go, and from December on which holidays are to be loaded.

        :return: a state, and a sentence
        """
        company = self.company_id
        waits = company._upominky_waits_text()
        if company._upominky_is_never_open():
            return "missing", waits
        if year := company._upominky_next_holidays_missing():
            return "note", self.env._(
                "Public holidays of %(year)s are not all in the sending calendar “%(calendar)s”: "
                "load them in the settings, or reminders are e-mailed on those days.",
                year=str(year),
                calendar=company.upominky_calendar_id.name,
            )
        if waits:
            return "done", waits
        calendar = company.upominky_calendar_id.name
        return "done", self.env._("E-mails go now, by the sending calendar “%s”.", calendar)
