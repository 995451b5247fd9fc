"""SPEC rule 31: what the form tells of a filter, what it refuses, and whom it tells nothing."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user

from .test_filters import BY_DEBIT, IN_PRAGUE, FiltersCommon

#: A field of customers that administrators alone may read.
SECRET = "[('signup_type', '!=', False)]"
#: As deep as fits into a filter.
DEEP = "[" + "'&',('id','>',1),'|',('id','>',2)," * 550 + "('id','>',3)]"


class TestFiltersForm(FiltersCommon):
    def setUp(self):
        super().setUp()
        self.clerk = new_test_user(
            self.env,
            "filter_manager",
            "upominky_addon.group_manager,account.group_account_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )

    def test_rule_31_bad_filters_are_refused_in_a_sentence(self):
        for field, domain, words in (
            ("partner_domain", "nonsense", "no list of conditions"),
            ("partner_domain", "[('name', '=', uid)]", "no list of conditions"),
            ("partner_domain", "[('name', '=', 'a' + 'b')]", "no list of conditions"),
            ("partner_domain", "__import__('os').system('true')", "no list of conditions"),
            ("partner_domain", "[" * 5_000, "no list of conditions"),
            ("partner_domain", f"[('name', '=', '{'a' * 60_000}')]", "no list of conditions"),
            ("partner_domain", "[('name', 'any', [('id', '=', 1)])]", "no list of conditions"),
            ("partner_domain", "[('id', 'any!', [('id', '=', 1)])]", "no list of conditions"),
            ("partner_domain", "[('no_such', '=', 1)]", "“no_such”"),
            ("partner_domain", "[('child_ids.no_such', '=', 1)]", "“no_such”"),
            ("partner_domain", "[('bank_ids', 'any', [('no_such', '=', 1)])]", "“no_such”"),
            ("partner_domain", "[('upominky_rule_id', '!=', False)]", "nothing can be found"),
            ("exclude_domain", "[('upominky_next_date', '!=', False)]", "nothing can be found"),
            ("exclude_domain", "[('no_such', '=', 1)]", "“no_such”"),
            ("partner_domain", "[(1, '=', 1)]", "finds every customer"),
            ("partner_domain", "[('id', 'not in', [])]", "finds every customer"),
            ("partner_domain", "[('id', '=', 'abc')]", "cannot be evaluated"),
            ("partner_domain", "[('name', '=like', 'Praha\\\\')]", "no list of conditions"),
            ("partner_domain", "[('parent_id', '=ilike', 'a\\\\')]", "no list of conditions"),
            ("partner_domain", DEEP, "no list of conditions"),
            ("exclude_domain", "[(1, '=', 1)]", "finds every invoice"),
        ):
            with self.subTest(field=field, domain=domain[:60]):
                rule = self.filtering(IN_PRAGUE)
                for call in (
                    lambda r=rule, f=field, d=domain: r.write({f: d}),
                    lambda f=field, d=domain: self.rule.copy({"name": "New", f: d}),
                ):
                    with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                        call()
                rule.active = False

    def test_rule_31_a_filter_on_what_its_editor_may_not_read_is_refused(self):
        rules = self.rule.with_user(self.clerk)
        self.assertFalse(self.clerk.has_group("base.group_erp_manager"))
        for what, domain in (
            ("a field", SECRET),
            ("on the way", "[('parent_id.signup_type', '!=', False)]"),
            ("within", "[('child_ids', 'any', [('signup_type', '!=', False)])]"),
            ("by way of another field", "[('user_ids.signup_type', '!=', False)]"),
            ("by another", "['|', ('city', '=', 'Praha 31'), ('signup_type', '!=', False)]"),
        ):
            with self.subTest(what=what):
                for call in (
                    lambda d=domain: rules.write({"partner_domain": d}),
                    lambda d=domain: rules.copy({"name": "New", "partner_domain": d}),
                ):
                    with self.assertRaisesRegex(AccessError, "signup_type"), self.cr.savepoint():
                        call()
        through = "[('partner_id.signup_type', '!=', False)]"
        with self.assertRaises(AccessError), self.cr.savepoint():
            rules.write({"exclude_domain": through})
        rules.write({"exclude_domain": BY_DEBIT})

    def test_rule_31_a_filter_on_what_its_editor_reads_in_part_is_refused(self):
        """Other people's channels, messages, and whatever rules of Odoo keep from somebody."""
        rules = self.rule.with_user(self.clerk)
        self.env["ir.rule"].sudo().create(
            {
                "name": "Own industries alone",
                "model_id": self.env["ir.model"]._get("res.partner.industry").id,
                "domain_force": "[('create_uid', '=', user.id)]",
                "groups": [Command.link(self.env.ref("base.group_user").id)],
            }
        )
        for domain in (
            "[('channel_ids.name', 'ilike', 'a')]",
            "[('message_ids.body', 'ilike', 'plat')]",
            "[('activity_ids', 'any', [('summary', 'ilike', 'a')])]",
            "[('industry_id.name', '=like', 'A%')]",
            "[('industry_id', 'ilike', 'A')]",
        ):
            refused = self.assertRaisesRegex(AccessError, "some only")
            with self.subTest(domain=domain), refused, self.cr.savepoint():
                rules.write({"partner_domain": domain})

    def test_rule_31_what_rules_of_companies_limit_may_be_asked_for(self):
        rules = self.rule.with_user(self.clerk)
        for name, domain in (
            ("partner_domain", "[('category_id.name', '=', 'A'), ('country_id.code', '=', 'CZ')]"),
            (
                "partner_domain",
                "[('user_id', 'ilike', 'a'), ('parent_id.user_id.login', '=', 'a')]",
            ),
            ("partner_domain", "[('property_payment_term_id.name', '=', 'A')]"),
            ("partner_domain", "[('invoice_ids.line_ids.account_id.code', '=like', '311%')]"),
            ("partner_domain", "[('bank_ids.acc_number', '=like', 'CZ%')]"),
            ("partner_domain", "[('company_id.name', '=', 'A')]"),
            ("partner_domain", "[('create_date', '>', 'today -30d')]"),
            ("exclude_domain", "[('journal_id.code', '=', 'INV'), ('invoice_user_id', '=', 1)]"),
            ("exclude_domain", "[('invoice_line_ids.product_id.categ_id.name', '=', 'A')]"),
            ("exclude_domain", "[('preferred_payment_method_line_id.name', 'ilike', 'a')]"),
            ("exclude_domain", "[('invoice_date.month_number', '=', 2)]"),
        ):
            with self.subTest(domain=domain):
                rules.write({name: domain})

    def test_rule_31_who_may_not_read_it_is_told_no_number_while_editing(self):
        self.customer.sudo().write({"signup_type": "reset", "customer_rank": 1})
        rules = self.env["upominky.rule"].with_user(self.clerk).with_company(self.company)
        edited = rules.new({"name": "New", "company_id": self.company.id, "partner_domain": SECRET})
        self.assertEqual((edited.filter_count, edited.customer_count), (0, 0))
        self.assertIn("signup_type", edited.filter_warning)
        self.assertFalse(edited.overlap_text)

    def test_rule_31_what_an_administrator_wrote_stays_when_others_edit_the_rest(self):
        rule = self.rule.sudo().copy({"name": "Filter", "partner_domain": SECRET})
        rule.with_user(self.clerk).write({"name": "Renamed", "exclude_domain": BY_DEBIT})
        self.assertEqual(rule.partner_domain, SECRET)

    def test_rule_31_the_form_counts_whom_a_filter_finds(self):
        customers = [self.new_customer(f"C{n}", city="Praha 31", customer_rank=1) for n in range(3)]
        self.new_customer("Dodavatel", city="Praha 31")
        self.customer.customer_rank = 1
        self.rule.copy({"name": "Own", "partner_ids": customers[0].ids})
        with Form(self.env["upominky.rule"].with_context(upominky_copy_levels=True)) as form:
            form.name = "Prague"
            form.has_filter = True
            form.partner_domain = IN_PRAGUE
            self.assertEqual((form.filter_count, form.customer_count), (3, 2))
            self.assertFalse(form.filter_warning)
        rule = form.record
        self.env.invalidate_all()
        self.assertEqual((rule.filter_count, rule.customer_count), (3, 2))
        self.assertTrue(rule.has_filter)
        with Form(rule) as form:
            form.has_filter = False
        self.assertFalse(rule.partner_domain)

    def test_rule_31_a_box_that_is_ticked_and_no_condition_make_no_rule_for_all(self):
        form = Form(self.env["upominky.rule"].with_context(upominky_copy_levels=True))
        form.name = "By a filter"
        form.has_filter = True
        for given in (None, "[]"):
            if given:
                form.partner_domain = given
            with self.assertRaisesRegex(ValidationError, "no condition"), self.cr.savepoint():
                form.save()

    def test_rule_31_a_filter_that_finds_nobody_or_everybody_is_told(self):
        self.customer.customer_rank = 1
        nobody = self.filtering("[('city', '=', 'Nikde')]")
        self.assertIn("finds no customer", nobody.filter_warning)
        everybody = self.filtering("[('id', '>', 0)]")
        self.assertIn("finds all customers", everybody.filter_warning)

    def test_rule_31_two_rules_that_cover_a_customer_say_which_applies(self):
        tag = self.env["res.partner.category"].create({"name": "A"})
        self.customer.write({"city": "Praha 31", "customer_rank": 1, "category_id": tag.ids})
        found, zip_too = {"partner_domain": IN_PRAGUE}, {"partner_domain": "[('id', '>', 0)]"}
        for what, first, second in (
            ("both find", found, zip_too),
            ("found here, listed there", found, {"partner_ids": self.customer.ids}),
            ("found here, tagged there", found, {"category_ids": tag.ids}),
            ("listed here, found there", {"partner_ids": self.customer.ids}, found),
            ("tagged here, found there", {"category_ids": tag.ids}, found),
        ):
            for order in (1, 99):
                with self.subTest(what=what, order=order), self.env.cr.savepoint() as savepoint:
                    mine = self.rule.copy({"name": "Mine", "sequence": order, **first})
                    rival = self.rule.copy({"name": "Rival", "sequence": 50, **second})
                    applies = self.customer.upominky_rule_id
                    self.assertIn(applies, mine | rival)
                    text = mine.overlap_text
                    self.assertEqual("This rule applies" in text, applies == mine, text)
                    self.assertIn("“Rival”", text)
                    self.assertIn("Odběratel s.r.o.", text)
                    savepoint.rollback()

    def test_rule_31_filters_that_share_nobody_warn_of_nothing(self):
        self.customer.write({"city": "Praha 31", "customer_rank": 1})
        rules = self.filtering() | self.filtering("[('city', '=', 'Brno')]")
        for rule in rules | self.rule:
            self.assertFalse(rule.overlap_text)

    def test_rule_31_whatever_is_given_in_a_form_is_answered_in_a_sentence(self):
        for given in ("nonsense", "[('no_such', '=', 1)]", "[('id', '=', 'abc')]"):
            with self.subTest(given=given):
                edited = self.env["upominky.rule"].new(
                    {"name": "New", "company_id": self.company.id, "partner_domain": given}
                )
                self.assertTrue(edited.filter_warning)
                self.assertEqual((edited.filter_count, edited.customer_count), (0, 0))
                self.assertFalse(edited.overlap_text)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.rule.write({"partner_domain": 5})
