"""Issue 18, point 7: a statement and a balance confirmation, as their readers see them."""

from datetime import date

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError

from ...core import paper
from ...models.statements import statement as statements
from ..common import TODAY
from ..pages import pages, places
from ..statement_case import ONE_DAY, StatementCommon

LANGUAGES = ("en_US", "cs_CZ", "sk_SK", "de_DE", "pl_PL")
SILENCE = "your silence is neither taken as an acknowledgement of a debt"


class TestStatementPage(StatementCommon):
    def pages(self, case):
        self.assertEqual(case.state, "done", case.error)
        return pages(case.attachment_id.sudo().raw)

    def text(self, case):
        """Return the page of a statement as text, with single blanks."""
        with self.on(TODAY):
            told = html.fromstring(case.sudo()._statement_page()).xpath("//body//text()")
        return " ".join(" ".join(told).split())

    def test_section_18_7_what_is_due_and_not_due_credits_and_interest_told_apart(self):
        self.company.partner_id.write({"company_registry": "27082440", "vat": "CZ27082440"})
        self.customer.company_registry = "45317054"
        late, early = self.dated(30, 1_000), self.dated(-10, 200)
        interest = self.dated(5, 70, upominky_is_interest=True)
        self.payment(300)
        text = " ".join(self.pages(self.asked())).replace("\ufeff", "")
        for said in (
            "Statement of account as of", late.name, early.name, interest.name,
            "Total: Overdue 1,000.00", "Total: Not due yet 200.00",
            "Total: Interest and costs that were billed 70.00",
            "Total: Payments on account and credit notes -300.00",
            "Balance in our favour", "970.00",
            "ID 27082440", "VAT ID CZ27082440", "ID 45317054", "Odběratel s.r.o. Krátká 2",
            "8–30 days", "Not overdue", "Page 1 of",
        ):  # fmt: skip
            with self.subTest(said):
                self.assertIn(said, text)
        self.assertNotIn(SILENCE, text)

    def test_section_18_7_a_confirmation_has_a_place_to_sign(self):
        self.dated(30, 1_000)
        case = self.asked(kind="confirmation", reply_date=date(2026, 6, 30))
        found = self.pages(case)
        self.assertEqual(len(found), 1, "a few items and the answer are one page to sign")
        text = " ".join(found)
        for said in (
            "Balance confirmation as of", "Jun 30, 2026", "We agree", "We do not agree",
            "Stamp and signature", SILENCE,
        ):  # fmt: skip
            with self.subTest(said):
                self.assertIn(said, text)

    def test_section_18_7_nobody_owes_anything(self):
        text = self.text(self.asked())
        self.assertIn("nothing was open on your account as our customer", text)
        self.assertNotIn("Balance in", text)

    def test_section_18_7_a_payment_is_called_by_its_own_words(self):
        """Not by the way of payment, which Odoo writes in the language of whoever registers it."""
        payment = self.payment(300)
        payment.memo = "2026000123"
        text = self.text(self.asked())
        self.assertIn(payment.move_id.name, text)
        self.assertNotIn("Manual Payment", text)

    def test_section_18_7_only_credits_are_a_balance_in_the_customer_s_favour(self):
        self.payment(300)
        text = self.text(self.asked())
        self.assertIn("Balance in your favour", text)
        self.assertNotIn("Overdue", text)
        self.assertNotIn("8–30 days", text)

    def test_section_18_7_as_it_was_on_a_day_before(self):
        move = self.dated(30, 1_000)
        self.pay(move, 1_000, TODAY)
        self.assertNotIn(move.name, self.text(self.asked()))
        self.assertIn(move.name, self.text(self.asked(date=TODAY - ONE_DAY)))

    def test_section_18_7_currencies_of_no_and_three_places(self):
        for code, amount in (("JPY", 1_000), ("KWD", 1.234)):
            currency = self.setup_other_currency(code, rates=[("2020-01-01", 1.0)])
            self.entry(amount, currency=currency, date_maturity=TODAY - 3 * ONE_DAY)
        text = self.text(self.asked())
        self.assertIn("1.234", text)
        self.assertRegex(text, r"1,000(?![.\d])")

    def test_section_18_7_three_hundred_items_on_pages_with_heads(self):
        day = TODAY - 20 * ONE_DAY
        for number in range(6):
            self.env["account.move"].create(
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": self.customer.id,
                        "invoice_date": day,
                        "taxable_supply_date": day,
                        "invoice_date_due": day + number * ONE_DAY,
                        "invoice_line_ids": [
                            Command.create({"name": "A", "price_unit": 10, "tax_ids": False})
                        ],
                    }
                    for _invoice in range(50)
                ]
            ).action_post()
        found = self.pages(self.asked())
        self.assertGreater(len(found), 5)
        for page in found[:-1]:
            self.assertIn("Days overdue", page)
        self.assertIn("3,000.00", found[-1])

    def test_section_18_7_more_than_a_letter_holds_is_a_sentence(self):
        self.dated(30)
        self.dated(20)
        self.patch(statements, "MOST_ITEMS", 1)
        with self.assertRaisesRegex(UserError, "2 items were open, more than the 1"):
            self.asked()

    def test_section_18_7_in_the_language_of_who_gets_it(self):
        for lang in LANGUAGES:
            self.env["res.lang"]._activate_lang(lang)
        self.dated(30, 1_000)
        told = set()
        for lang in LANGUAGES:
            self.customer.lang = lang
            case = self.asked(kind="confirmation")
            with self.subTest(lang):
                self.assertEqual(case._statement_lang(), lang)
                told.add(self.text(case))
        self.assertEqual(len(told), len(LANGUAGES))

    def test_section_18_7_a_language_that_is_no_more_gives_way_to_the_company_s(self):
        case = self.asked()
        self.env.flush_all()
        query = "UPDATE res_partner SET lang = 'fi_FI' WHERE id = %s"  # nobody installed it
        self.env.cr.execute(query, [self.customer.id])
        self.customer.invalidate_recordset(["lang"])
        self.assertEqual(case._statement_lang(), self.company.partner_id.lang or "en_US")

    def test_section_18_7_it_goes_to_the_address_of_invoices_in_the_window(self):
        self.env["res.partner"].create(
            {
                "parent_id": self.customer.id,
                "type": "invoice",
                "name": "Účtárna",
                "street": "Nová 9",
                "zip": "602 00",
                "city": "Brno",
                "country_id": self.cz().id,
            }
        )
        found = places(self.asked().attachment_id.sudo().raw)
        ((_text, left, top),) = [place for place in found if place[0] == "Nová 9"]
        self.assertTrue(paper.ADDRESS_LEFT < left < paper.ADDRESS_LEFT + 10)
        self.assertGreater(top, paper.ADDRESS_TOP + paper.SENDER_HEIGHT)
        self.assertLess(top, paper.ADDRESS_TOP + paper.ADDRESS_HEIGHT)

    def test_rule_29_odd_texts_do_no_harm(self):
        self.customer.name = "<html><script>alert(1)</script>" + "Ž" * 2_000
        self.dated(30).name = "<b>FA</b>/1"
        page = self.asked().sudo()._statement_page()
        self.assertNotIn("<script>alert", page)
        self.assertNotIn("<b>FA", page)
        self.assertLess(page.count("Ž"), 1_500)

    def test_rule_36_the_letter_of_a_reminder_is_written_as_before(self):
        """Both take the places on the page from one model."""
        self.bank = self.company.partner_id.bank_ids[:1]  # as that letter has it
        reminder = self.reminder()
        self.assertEqual(reminder._paper_address()[0], "Odběratel s.r.o.")
        self.company.upominky_letter_layout = True
        for printed in (self.printed(reminder), self.asked().attachment_id.sudo().raw):
            self.assertIn("Dopravce s.r.o.", pages(printed)[0])


class TestStatementDialog(StatementCommon):
    def test_section_18_7_bad_days_are_a_sentence(self):
        for values, words in (
            ({"date": TODAY + ONE_DAY}, "choose today, or a day before"),
            ({"kind": "confirmation", "reply_date": TODAY - ONE_DAY}, "an answer is asked for"),
            ({"kind": "confirmation", "reply_date": False}, "an answer is asked for"),
            ({"date": False}, "is missing"),
            ({"partner_ids": False}, "choose customers"),
        ):
            with self.subTest(words, values=values), self.assertRaisesRegex(UserError, words):
                self.asked(**values)

    def test_section_18_7_a_day_of_another_century_has_nothing_open(self):
        self.dated(30)
        self.assertEqual(self.asked(date=date(1900, 1, 1)).state, "done")

    def test_section_18_7_all_who_had_something_open(self):
        nobody = self.new_customer("Nic", "nic@nic.example")
        archived = self.new_customer("Archiv", "archiv@archiv.example")
        self.dated(30)
        self.dated(30, partner=archived)
        archived.active = False
        cases = self.asked(nobody, whose="open")
        self.assertLessEqual({self.customer, archived}, set(cases.partner_id))
        self.assertNotIn(nobody, cases.partner_id)

    def test_section_18_7_contacts_stand_for_their_customer_once(self):
        person = self.env["res.partner"].create({"name": "Jana", "parent_id": self.customer.id})
        action = (self.customer + person).with_user(self.clerk).action_upominky_statement()
        self.assertEqual(action["context"]["default_partner_ids"], self.customer.ids)
        self.assertEqual(self.asked(self.customer + person).partner_id, self.customer)

    def test_rule_29_only_who_works_with_reminders_asks_and_reads(self):
        case = self.asked()
        for groups, may in (
            ("base.group_user", False),
            ("account.group_account_readonly", False),
            ("account.group_account_invoice", False),
            ("upominky_addon.group_user", True),
        ):
            user = self.new_clerk(groups.replace(".", "_"), groups)
            with self.subTest(groups):
                self.assertEqual(case.with_user(user).has_access("read"), may)
                self.assertEqual(case.attachment_id.with_user(user).has_access("read"), may)
                if not may:
                    with self.assertRaises(AccessError):
                        self.customer.with_user(user).action_upominky_statement()

    def test_rule_29_a_branch_is_a_company_of_its_own(self):
        self.company.write({"child_ids": [Command.create({"name": "Pobočka Brno"})]})
        self.env.cr.precommit.run()  # Odoo loads the chart of a branch then
        branch = self.company.child_ids
        self.dated(30, 1_000)
        self.assertEqual(self.open_on(company=branch), [])
        user = self.new_clerk("branch_clerk", "upominky_addon.group_user")
        user.write({"company_ids": [Command.set(branch.ids)], "company_id": branch.id})
        case = self.asked(user=user)
        self.assertEqual(case.company_id, branch)
        self.assertIn("nothing was open", case.sudo()._statement_page())
        self.assertFalse(self.env["upominky.case"].with_user(self.clerk).search([
            ("id", "=", case.id),
        ]))  # fmt: skip
