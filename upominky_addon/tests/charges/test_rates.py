"""SPEC rule 38: the table of base rates, kinds of customers, laws, and what may be entered."""

from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from ...core.interest import CustomerKind, Regime
from ..common import TODAY
from ..interest_case import REPO, InterestCase

#: What has no second source, as INTEREST.md marks it.
TO_CHECK = {
    *(("cz", f"{year}-{month}-01") for year in range(2014, 2018) for month in ("01", "07")),
    ("cz", "2026-01-01"),
    ("cz", "2026-07-01"),
    ("sk", "2024-07-01"),
    ("sk", "2025-01-01"),
    ("sk", "2025-07-01"),
    ("sk", "2026-01-01"),
}


class TestRates(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rates = cls.env["upominky.rate"].sudo()

    def manager(self, login, companies):
        """Return a manager of some companies, at home in ours."""
        group = "upominky_addon.group_manager"
        ids = [Command.set(companies.ids)]
        return new_test_user(self.env, login, group, company_id=self.company.id, company_ids=ids)

    def rate(self, regime, day):
        return self.rates.search([("regime", "=", regime), ("date_from", "=", day)])

    def test_rule_38_what_is_shipped_is_what_the_sources_say(self):
        for day, percent in REPO.items():
            self.assertEqual(f"{self.rate('cz', day).percent:.2f}", percent, day)
        for regime, day, percent in (
            ("sk", "2022-07-01", 0),
            ("sk", "2023-01-01", 2.5),
            ("sk", "2024-01-01", 4.5),
            ("de", "2021-01-01", -0.88),
            ("de", "2024-01-01", 3.62),
            ("de", "2026-01-01", 1.27),
            ("pl", "2021-01-01", 0.1),
        ):
            with self.subTest(regime=regime, day=day):
                self.assertEqual(self.rate(regime, day).percent, percent)
        self.assertFalse(self.rate("sk", "2026-07-01") | self.rate("de", "2026-07-01"))
        self.assertTrue(all(self.rates.search([]).mapped("source")))

    def test_rule_38_what_no_second_source_confirms_is_not_checked(self):
        unchecked = self.rates.search([("regime", "in", ("cz", "sk")), ("checked", "=", False)])
        self.assertEqual({(r.regime, str(r.date_from)) for r in unchecked}, TO_CHECK)

    def test_rule_38_rates_are_read_as_exact_numbers(self):
        found = self.rates._base_rates()
        self.assertEqual(found["de"][date(2021, 1, 1)], Decimal("-0.88"))
        self.assertTrue(
            all(isinstance(p, Decimal) for mine in found.values() for p in mine.values())
        )

    def test_rule_38_a_half_year_is_copied_forward_unchecked(self):
        last = self.rate("cz", "2026-07-01")
        last.action_copy_forward()
        copied = self.rate("cz", "2027-01-01")
        self.assertEqual((copied.percent, copied.checked), (3.75, False))
        self.assertIn("compare it with its source", copied.source)
        with self.assertRaisesRegex(UserError, "already"):
            last.action_copy_forward()

    def test_rule_38_an_update_adopts_a_rate_that_a_person_entered_before(self):
        ours = self.env.ref("upominky_addon.rate_cz_2026_07")
        ours.unlink()
        theirs = self.rates.create({"regime": "cz", "date_from": "2026-07-01", "percent": 4})
        values = {"regime": "cz", "percent": 3.5, "source": "x"}
        self.rates._load_records(
            [
                {
                    "xml_id": f"upominky_addon.rate_cz_{name}",
                    "noupdate": True,
                    "values": {**values, "date_from": day},
                }
                for name, day in (("2026_07", "2026-07-01"), ("2031_01", "2031-01-01"))
            ],
            update=True,
        )
        self.assertEqual(self.env.ref("upominky_addon.rate_cz_2026_07"), theirs)
        self.assertEqual(theirs.percent, 4)
        self.assertEqual(self.rate("cz", "2031-01-01").percent, 3.5)

    def test_rule_38_rates_of_days_do_not_overlap_and_have_an_end_that_is_one(self):
        last = self.rate("sk_day", "2025-06-11")
        self.assertEqual((last.percent, str(last.date_to)), (2.15, "2025-12-22"))
        half = self.rate("cz", "2026-07-01")
        day = {"regime": "sk_day", "percent": 2}
        for act, words in (
            (lambda: half.write({"date_to": "2026-12-31"}), "Known Until"),
            (lambda: last.write({"date_to": "2025-06-10"}), "Known Until"),
            (lambda: self.rates.create({**day, "date_from": "2025-12-22"}), "two rates for"),
            (last.action_copy_forward, "not copied to a half-year"),
        ):
            with (
                self.subTest(words),
                self.assertRaisesRegex(UserError, words),
                self.env.cr.savepoint(),
            ):
                act()
        self.rates.create({**day, "date_from": "2025-12-23"})

    def test_rule_38_what_is_no_rate_is_refused_in_a_sentence(self):
        for values, words in (
            ({"date_from": "2026-03-01", "percent": 1}, "begins on 1 January or on 1 July"),
            ({"date_from": "2040-01-01", "percent": 1000}, "enter one from -10 to 50"),
            ({"date_from": "2040-01-01", "percent": "x"}, "cannot be entered"),
            ({"date_from": False, "percent": 1}, "missing"),
        ):
            with self.subTest(values), self.assertRaisesRegex((UserError, ValidationError), words):
                self.rates.create({"regime": "cz", **values})

    def test_rule_29_rates_are_all_companies_so_managers_of_some_change_none(self):
        some = self.manager("some", self.company)
        every = self.manager("every", self.env["res.company"].search([]))
        rate = self.rate("cz", "2026-07-01")
        self.env["res.company"].create({"name": "Another"})
        for act in (
            lambda r: r.write({"checked": True}),
            lambda r: r.action_copy_forward(),
            lambda r: r.unlink(),
        ):
            with self.assertRaisesRegex(AccessError, "All companies"):
                act(rate.with_user(some))
        every.company_ids |= self.env["res.company"].search([])
        rate.with_user(every).checked = True
        self.assertTrue(rate.checked)


class TestLaws(InterestCase):
    def test_rule_38_the_law_is_the_one_chosen_else_of_the_country(self):
        for country, chosen, wanted in (
            ("cz", False, Regime.CZ),
            ("sk", False, Regime.SK),
            ("sk", "sk_fixed", Regime.SK_FIXED),
            ("de", False, Regime.DE),
            ("pl", False, Regime.PL),
            ("fr", False, None),
            ("fr", "de", Regime.DE),
            (None, False, None),
        ):
            with self.subTest(country=country, chosen=chosen):
                company = self.env["res.company"].new(
                    {
                        "name": "X",
                        "country_id": country and self.env.ref(f"base.{country}").id,
                        "upominky_regime": chosen,
                    }
                )
                self.assertEqual(company._upominky_effective_regime(), wanted)

    def test_rule_38_what_a_customer_is(self):
        for values, wanted in (
            ({"is_company": True}, CustomerKind.BUSINESS),
            ({"is_company": False}, CustomerKind.CONSUMER),
            ({"is_company": False, "vat": "/"}, CustomerKind.CONSUMER),
            ({"is_company": False, "company_registry": "12345678"}, CustomerKind.BUSINESS),
            ({"is_company": False, "vat": "CZ12345679"}, CustomerKind.BUSINESS),
            ({"is_company": True, "upominky_kind": "consumer"}, CustomerKind.CONSUMER),
            ({"is_company": True, "upominky_kind": "public"}, CustomerKind.PUBLIC),
        ):
            with self.subTest(values):
                partner = self.env["res.partner"].new({"name": "Z", **values})
                self.assertEqual(partner._upominky_effective_kind(), wanted)

    def test_rule_38_a_contact_is_what_its_company_is(self):
        self.customer.upominky_kind = "public"
        person = self.new_customer("Jan", "j@j.example", is_company=False,
                                   parent_id=self.customer.id)  # fmt: skip
        self.assertEqual(person._upominky_effective_kind(), CustomerKind.PUBLIC)

    def test_rule_38_managers_choose_the_law_in_the_settings(self):
        manager = new_test_user(self.env, "law", "upominky_addon.group_manager",
                                company_id=self.company.id,
                                company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        settings = self.env["upominky.settings"].with_user(manager).with_company(self.company)
        opened = settings.browse(settings.action_open()["res_id"])
        self.assertEqual((opened.regime, opened.day_basis), (False, "actual"))
        opened.write({"regime": "sk_fixed", "day_basis": "365"})
        self.assertEqual(self.company.upominky_regime, "sk_fixed")
        self.assertEqual(self.company.upominky_day_basis, "365")


class TestLevels(InterestCase):
    def test_rule_38_a_rate_that_nobody_agrees_on_is_refused(self):
        for percent, is_right in ((0, False), (-1, False), (1000, False), (100.1, False),
                                  (0.1, True), (12, True), (100, True)):  # fmt: skip
            values = {"interest": "contractual", "interest_percent": percent}
            with self.subTest(percent):
                if is_right:
                    self.charge(**values)
                    continue
                with self.assertRaisesRegex(ValidationError, "above 0 and at most 100 %"):
                    self.charge(**values)

    def test_rule_38_a_cost_below_zero_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "below zero"):
            self.charge(flat_cost=-1)

    def test_rule_38_everything_is_off_until_switched_on(self):
        self.charge(interest="none")
        levels = self.env["upominky.level"].sudo().search([])
        self.assertEqual(set(levels.mapped("interest")), {"none"})
        self.assertFalse(any(levels.mapped("flat_cost")))
        self.assertFalse(any(level._to_core().is_charged for level in levels))


class TestReadiness(InterestCase):
    def told(self):
        """Return what readiness says of interest: a state and a sentence, None for nothing."""
        with self.on(TODAY):
            self.env["upominky.readiness"].action_open()
        line = self.env["upominky.readiness.line"].sudo().search([], order="id desc")
        (found,) = line.filtered(lambda row: row.code == "interest")[:1] or [line.browse()]
        return found.state, found.text

    def test_rule_38_readiness_names_what_is_missing_and_what_to_do(self):
        rates = self.env["upominky.rate"].sudo().search([("regime", "=", "cz")])
        this = rates.filtered(lambda r: r.date_from == date(2026, 1, 1))
        self.invoice(due=10)
        state, text = self.told()
        self.assertEqual(state, "note")
        self.assertIn("compared with their source", text)
        self.assertIn("2026", text)
        this.checked = True
        self.assertEqual(self.told()[0], "done")
        this.unlink()
        state, text = self.told()
        self.assertEqual(state, "missing")
        self.assertIn("fail until they are entered under Rates of Interest", text)

    def test_rule_38_readiness_tells_of_a_law_that_is_not_known(self):
        self.company.country_id = self.env.ref("base.fr")
        self.assertIn("Choose one in the settings", self.told()[1])
        self.company.upominky_regime = "pl"
        self.customer.upominky_kind = "consumer"
        self.invoice(due=10)
        state, text = self.told()
        self.assertEqual(state, "missing")
        self.assertIn(self.customer.name, text)

    def test_rule_38_readiness_is_silent_where_no_level_asks_by_law(self):
        self.charge(interest="contractual", interest_percent=5)
        with self.on(TODAY):
            readiness = self.env["upominky.readiness"].browse(
                self.env["upominky.readiness"].action_open()["res_id"]
            )
        self.assertNotIn("interest", readiness.sudo().line_ids.mapped("code"))
