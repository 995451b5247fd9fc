from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class ResourceCalendar(models.Model):
    """A calendar by which reminders are e-mailed has hours, and stays while it is used."""

    _inherit = "resource.calendar"

    @api.constrains("attendance_ids", "schedule_type", "company_id")
    def _check_upominky_used(self):
        for calendar in self:
            calendar._upominky_companies()._check_upominky_calendar()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_upominky(self):
        for calendar in self:
            if companies := calendar._upominky_companies():
                raise UserError(
                    self.env._(
                        "“%(calendar)s” says when payment reminders of %(companies)s are e-mailed. "
                        "Choose another calendar in the reminder settings, or none, then delete "
                        "it.",
                        calendar=calendar.name,
                        companies=calendar._upominky_names(companies),
                    )
                )

    def _upominky_companies(self):
        """Return the companies that e-mail reminders by a calendar."""
        self.ensure_one()
        # sudo: it is kept for them, whether or not the caller sees them.
        companies = self.env["res.company"].sudo()
        return companies.search([("upominky_calendar_id", "=", self.id)])

    def _upominky_names(self, companies):
        """Return the names of companies, as far as the user may know them."""
        known = companies & self.env.user.company_ids
        return ", ".join(known.mapped("name")) or self.env._("another company")

    def _upominky_check_hours(self):
        """Refuse a calendar that says no hours: nothing would ever be sent.

        :raises ValidationError: naming it
        """
        self.ensure_one()
        if self.flexible_hours:
            raise ValidationError(
                self.env._(
                    "“%s” leaves open at which hours people work, so it cannot say when reminders "
                    "are e-mailed. Choose a calendar with fixed hours.",
                    self.name,
                )
            )
        if not any(hours._upominky_is_open() for hours in self.attendance_ids):
            raise ValidationError(
                self.env._(
                    "“%s” has no working hours, so no reminder would ever be e-mailed. Enter the "
                    "hours in it, or choose another calendar; without any, e-mails go at any time.",
                    self.name,
                )
            )


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    def _upominky_is_open(self):
        """Say whether a row of a calendar is time at which people work: no heading, no break."""
        self.ensure_one()
        is_work = not self.display_type and self.day_period != "lunch"
        return is_work and self.hour_from < self.hour_to
