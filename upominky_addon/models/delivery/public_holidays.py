from datetime import UTC, datetime, time, timedelta
from functools import cache

from odoo import models
from odoo.exceptions import AccessError, UserError

from ...core.sending_hours import SECOND, open_parts
from ..base.trusted import trusted

#: This year and the next one.
YEARS = 2
#: From this month on the holidays of the next year should be there.
LAST_MONTH = 12


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
        # Of one language there may be other codes: en_GB reads what is there in en_US.
        spoken = [c for c in found.supported_languages or () if c[:2] == lang[:2]]
        language = lang if lang in spoken else next(iter(spoken), found.default_language)
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
        """Return the public holidays, or parts of them, that the sending calendar has not off yet.

        A day that somebody entered, by hand or by the button, for it or for all of the company, is
        not entered again, nor half of one: Odoo's time off refuses two at a time.

        :param years: as numbers
        :return: names, with from when to when they are missing, by date
        :rtype: dict[datetime.date, tuple[str, list]]
        """
        found = self._upominky_holidays(years)
        if not found:
            return {}
        begin, end = self._upominky_bounds(min(found))[0], self._upominky_bounds(max(found))[1]
        # sudo: days off of the company are the same whoever asks.
        leaves = self.env["resource.calendar.leaves"].sudo()
        in_time = [("date_from", "<=", end), ("date_to", ">=", begin)]
        off = leaves.search([*self._upominky_days_off(), ("resource_id", "=", False), *in_time])
        closed = [(leave.date_from, leave.date_to) for leave in off]
        missing = {
            day: (name, open_parts(*self._upominky_bounds(day), closed))
            for day, name in found.items()
        }
        return {day: (name, parts) for day, (name, parts) in missing.items() if parts}

    def _upominky_bounds(self, day):
        """Return the first and the last second of a day of the company.

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

        :return: the days that were not there yet
        :rtype: list[datetime.date]
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
        wanted = [
            {"name": name, "date_from": begin, "date_to": end}
            for name, parts in missing.values()
            for begin, end in parts
        ]
        same = {"calendar_id": calendar.id, "time_type": "leave", "resource_id": False}
        for leave, values in zip(leaves.create([same | w for w in wanted]), wanted, strict=True):
            if (leave.date_from, leave.date_to) != (values["date_from"], values["date_to"]):
                leave.write(values)  # Odoo's time off moves what is created by the user's clock
        return list(missing)

    def _upominky_check_own(self, calendar):
        """Refuse a calendar that other companies may work by, to who administers nothing else.

        :raises AccessError: with what to do instead
        """
        others = calendar._upominky_companies() - self
        if self.env.user.has_group("base.group_system") or self.env.su:
            return
        # sudo: only whether anybody works by it.
        people = self.env["resource.resource"].sudo()
        if people.search_count([("calendar_id", "=", calendar.id)], limit=1):
            raise AccessError(
                self.env._(
                    "People work by “%s”, so only an administrator loads holidays into it. Choose "
                    "a calendar for reminders alone.",
                    calendar.name,
                )
            )
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
