"""SPEC rule 35: public holidays of the company's country become days off of its calendar."""

from datetime import date, datetime, timedelta
from importlib.util import find_spec
from unittest import TestCase, skipUnless
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ...models.delivery import public_holidays
from ..common import TODAY
from .test_sending_hours import HoursCommon

CHRISTMAS = date(2026, 12, 25)


class Found(dict):
    supported_languages = ("cs", "en_US")
    default_language = "cs"


class Library:
    """Knows two public holidays of one country."""

    @staticmethod
    def country_holidays(country, years, language=None):
        if country != "CZ":
            raise NotImplementedError(country)
        names = {"cs": "Svátek", "en_US": "Holiday"}
        name = names[language or "cs"]
        return Found({date(year, 12, day): name for year in years for day in (26, 25)})


class HolidaysCommon(HoursCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(public_holidays, "_library", lambda: Library))
        cls.company.partner_id.country_id = cls.env.ref("base.cz")
        groups = "upominky_addon.group_manager"
        cls.chief = new_test_user(cls.env, "holidays_chief", groups, company_id=cls.company.id)

    def settings(self):
        settings = self.env["upominky.settings"].with_user(self.chief)
        return settings.browse(settings.action_open()["res_id"])

    def load(self, day=TODAY):
        """Press the button, and return what it says."""
        with self.on(day):
            return self.settings().action_load_holidays()["params"]["message"]

    def leaves(self):
        calendar = self.company.upominky_calendar_id
        leaves = self.env["resource.calendar.leaves"].sudo()
        return leaves.search([("calendar_id", "=", calendar.id)], order="date_from")


class TestPublicHolidays(HolidaysCommon):
    def test_rule_35_this_year_and_the_next_once(self):
        self.use()
        self.company.partner_id.lang = "en_US"
        self.assertIn(": 4", self.load())
        self.assertEqual(self.leaves().mapped("name"), ["Holiday"] * 4)
        first = self.leaves()[0]
        self.assertEqual(first.company_id, self.company)
        self.assertEqual(first.date_from, datetime(2026, 12, 24, 23))
        self.assertEqual(first.date_to, datetime(2026, 12, 25, 22, 59, 59))
        self.assertIn("already", self.load())
        self.assertEqual(len(self.leaves()), 4)
        self.assertIn(": 2", self.load(date(2027, 1, 2)))
        self.assertEqual(len(self.leaves()), 6)

    def test_rule_35_nothing_is_e_mailed_on_them(self):
        self.use(days=range(7))
        self.load()
        opens = self.company._upominky_opens(datetime(2026, 12, 24, 16))
        self.assertEqual(opens, datetime(2026, 12, 27, 7))

    def test_rule_35_what_a_person_entered_is_not_entered_again(self):
        self.use()
        self.day_off(datetime(2026, 12, 23, 23), datetime(2026, 12, 25, 22, 59))
        self.assertIn(": 3", self.load())

    def test_rule_35_what_all_of_the_company_has_off_is_not_entered_again(self):
        self.use()
        begin, end = datetime(2026, 12, 23, 23), datetime(2026, 12, 25, 22, 59)
        self.day_off(begin, end, calendar_id=False)
        self.assertIn(": 3", self.load())

    def test_rule_35_beside_half_a_day_off_the_other_half_is_entered(self):
        """Odoo's time off refuses days off that overlap, so not even by a second."""
        self.use()
        noon = datetime(2026, 12, 25, 11)
        half = self.day_off(noon, datetime(2026, 12, 25, 22, 59, 59))
        self.assertIn(": 4", self.load())
        other = (self.leaves() - half)[0]
        self.assertEqual(other.date_from, datetime(2026, 12, 24, 23))
        self.assertEqual(other.date_to, noon - timedelta(seconds=1))
        self.assertIn("already", self.load())

    def test_rule_35_names_are_in_the_language_of_the_company(self):
        for lang, name in (
            ("cs_CZ", "Svátek"),
            ("en_US", "Holiday"),
            ("en_GB", "Holiday"),
            ("de_DE", "Svátek"),
        ):
            with self.subTest(lang=lang):
                found = public_holidays.holidays_of("CZ", [2026], lang)
                self.assertEqual(set(found.values()), {name})

    def test_rule_35_what_is_missing_is_said(self):
        cases = (
            ("Choose a sending calendar", lambda: None),
            ("has no country", lambda: self.company.partner_id.write({"country_id": False})),
            (
                "not known: enter the days off",
                lambda: self.company.partner_id.write({"country_id": self.env.ref("base.aq").id}),
            ),
        )
        for words, spoil in cases:
            spoil()
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.load()
            self.use()
        self.company.partner_id.country_id = self.env.ref("base.cz")
        missing = patch.object(public_holidays, "_library", lambda: None)
        with missing, self.assertRaisesRegex(UserError, "pip install holidays"):
            self.load()
        self.assertFalse(self.leaves())

    def test_rule_29_a_calendar_that_others_share_is_not_changed_by_managers(self):
        self.company.upominky_calendar_id = self.calendar(company_id=False)
        with self.assertRaisesRegex(AccessError, "shared with other companies"):
            self.load()
        self.chief.group_ids += self.env.ref("base.group_system")
        self.assertIn(": 4", self.load())

    def test_rule_35_readiness_reminds_in_december(self):
        self.use()
        for day, loads, state in (
            (date(2026, 11, 30), False, "done"),
            (date(2026, 12, 1), False, "note"),
            (date(2026, 12, 1), True, "done"),
            (date(2027, 12, 1), False, "note"),
        ):
            if loads:
                self.load(day)
            with self.subTest(day=day, loads=loads), self.on(day, 10):
                page = self.env["upominky.readiness"].with_user(self.chief)
                page = page.browse(page.action_open()["res_id"])
                line = page.line_ids.filtered(lambda line: line.code == "calendar")
                self.assertEqual(line.state, state)
                if state == "note":
                    self.assertIn(str(day.year + 1), line.text)

    def test_rule_35_readiness_says_nothing_without_a_calendar(self):
        with self.on(TODAY):
            page = self.env["upominky.readiness"].with_user(self.chief)
            page = page.browse(page.action_open()["res_id"])
        self.assertNotIn("calendar", page.line_ids.mapped("code"))


@skipUnless(find_spec("holidays"), "without the library")
class TestLibrary(TestCase):
    def test_rule_35_the_library_knows_what_the_law_says(self):
        found = public_holidays.holidays_of("CZ", [2026, 2027], "cs_CZ")
        self.assertEqual(len(found), 26)
        self.assertIn(CHRISTMAS, found)
        self.assertEqual(found[date(2026, 12, 24)], "Štědrý den")
        self.assertIn(date(2026, 4, 3), found)  # Good Friday
        self.assertIsNone(public_holidays.holidays_of("XX", [2026], "cs_CZ"))

    def test_rule_35_names_are_in_a_language_that_is_there(self):
        for country in ("SK", "DE", "PL", "AT", "US", "GB", "IT"):
            for lang in ("cs_CZ", "de_DE", "xx_XX", "en_US"):
                with self.subTest(country=country, lang=lang):
                    self.assertTrue(public_holidays.holidays_of(country, [2026], lang))
