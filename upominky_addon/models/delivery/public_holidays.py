from datetime import UTC, datetime, time, timedelta
from functools import cache

from odoo import models
from odoo.exceptions import AccessError, UserError

from ...core.sending_hours import not_closed
from ..base.trusted import trusted

#: This year and the next one.
YEARS = 2
#: From this month on the holidays of the next year should be there.
LAST_MONTH = 12
#: A day off ends a second before the next one begins, as Odoo has it.
SECOND = timedelta(seconds=1)


@cache
def _library():
    """Return the library of public holidays, None where it is not installed."""
    try:
        import holidays
    except ImportError:
        return None
    return holidays


def is_installed():
    """Say whether public holidays are known at all."""
    return _library() is not None


def holidays_of(country, years, lang):
    """Return the public holidays of a whole country, without those of its regions alone.

    :param str country: its code (ISO 3166-1)
    :param years: as numbers
    :param str lang: whose words their names are in where it is known, else the country's own
    :return: names by date; None of a country that is not known
    :rtype: dict[datetime.date, str] | None
    """
    try:
        found = _library().country_holidays(country, years=years)
        spoken = found.supported_languages or ()
        mine = [code for code in (lang, lang.split("_")[0]) if code in spoken]
        language = mine[0] if mine else found.default_language
        named = _library().country_holidays(country, years=years, language=language)
    except NotImplementedError:
        return None
    return dict(sorted(named.items()))


class ResCompany(models.Model):
    """The public holidays of its country as days off of the sending calendar (SPEC rule 35)."""

    _inherit = "res.company"

    def _upominky_holidays(self, years):
        """Return the public holidays of the company's country.

        :raises UserError: with what is missing to know them
        :rtype: dict[datetime.date, str]
        """
        self.ensure_one()
        # sudo: where the company is, and what it speaks, is no secret.
        company = self.sudo()
        if not is_installed():
            raise UserError(
                self.env._(
                    "Public holidays are not known here: the program “holidays” is not installed. "
                    "Have an administrator install it (pip install holidays), or enter the days "
                    "off in the calendar."
                )
            )
        if not company.country_id:
            raise UserError(self.env._("%s has no country: enter it in its address.", company.name))
        lang = company.partner_id.lang or "en_US"
        found = holidays_of(company.country_id.code, list(years), lang)
        if found is None:
            raise UserError(
                self.env._(
                    "The public holidays of %s are not known: enter the days off in the calendar.",
                    company.country_id.name,
                )
            )
        return found

    def _upominky_missing_holidays(self, years):
        """Return the public holidays that the sending calendar does not have off yet.

        A day that somebody entered, by hand or by the button, is not entered again.

        :param years: as numbers
        :rtype: dict[datetime.date, str]
        """
        found = self._upominky_holidays(years)
        bounds = [(day, *self._upominky_bounds(day)) for day in found]
        if not bounds:
            return {}
        # sudo: days off of the company are the same whoever asks.
        leaves = self.env["resource.calendar.leaves"].sudo()
        off = leaves.search(
            [
                ("calendar_id", "=", self.sudo().upominky_calendar_id.id),
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("date_from", "<=", max(end for _day, _start, end in bounds)),
                ("date_to", ">=", min(start for _day, start, _end in bounds)),
            ]
        )
        days = not_closed(bounds, [(leave.date_from, leave.date_to) for leave in off])
        return {day: found[day] for day in days}

    def _upominky_bounds(self, day):
        """Return when a day of the company begins and ends.

        :return: in UTC, without a zone
        :rtype: tuple[datetime, datetime]
        """
        zone = self._upominky_timezone()
        begin, end = (
            zone.localize(datetime.combine(some, time())).astimezone(UTC).replace(tzinfo=None)
            for some in (day, day + timedelta(days=1))
        )
        return begin, end - SECOND

    def _upominky_load_holidays(self):
        """Enter the public holidays of this year and the next into the sending calendar.

        :return: those that were not there yet, names by date
        :rtype: dict[datetime.date, str]
        :raises UserError: if there is no calendar, or holidays are not known
        :raises AccessError: if others work by the calendar too
        """
        self._upominky_check_manager()
        # sudo: managers of reminders enter days off into a calendar that is their company's alone.
        calendar = trusted(self).upominky_calendar_id
        if not calendar:
            raise UserError(
                self.env._("Choose a sending calendar first, then load public holidays into it.")
            )
        self._upominky_check_own(calendar)
        year = self._upominky_today().year
        missing = self._upominky_missing_holidays(range(year, year + YEARS))
        # sudo: as above; whose calendar it is was checked.
        leaves = trusted(self.env["resource.calendar.leaves"]).with_company(self)
        leaves.create(
            [
                {
                    "name": name,
                    "calendar_id": calendar.id,
                    "date_from": begin,
                    "date_to": end,
                    "time_type": "leave",
                    "resource_id": False,
                }
                for day, name in missing.items()
                for begin, end in [self._upominky_bounds(day)]
            ]
        )
        return missing

    def _upominky_check_own(self, calendar):
        """Refuse a calendar that other companies may work by, to who administers nothing else.

        :raises AccessError: with what to do instead
        """
        others = calendar._upominky_companies() - self
        if self.env.user.has_group("base.group_system") or self.env.su:
            return
        if others or calendar.company_id != self:
            raise AccessError(
                self.env._(
                    "“%s” is shared with other companies, so only an administrator loads holidays "
                    "into it. Choose a calendar of this company alone.",
                    calendar.name,
                )
            )

    def _upominky_next_holidays_missing(self):
        """Return the year whose public holidays are to be loaded by now, None if there is none.

        From December on the next one's; of a country that is not known nobody is reminded.
        """
        today = self._upominky_today()
        if today.month < LAST_MONTH or not self.upominky_calendar_id or not is_installed():
            return None
        try:
            missing = self._upominky_missing_holidays([today.year + 1])
        except UserError:
            return None
        return today.year + 1 if missing else None
