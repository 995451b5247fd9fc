"""SPEC rule 31: whom a rule covers by a filter, and which of their invoices it leaves out."""

from datetime import timedelta

from odoo import Command
from odoo.tools import SQL

from ..common import TODAY, UpominkyCommon

IN_PRAGUE = "[('city', '=', 'Praha 31')]"
BY_DEBIT = "[('ref', '=', 'Inkaso')]"
GONE = "[('x_gone', '=', 'a')]"


class FiltersCommon(UpominkyCommon):
    def filtering(self, domain=IN_PRAGUE, **values):
        """Make a rule that covers customers by a filter."""
        given = {"name": "Filter", "sequence": 5, "partner_domain": domain, **values}
        return self.rule.copy(given)

    def preview(self):
        """Return the reasons of the preview by document."""
        with self.on(TODAY):
            self.env["upominky.preview.line"].action_open()
        rows = self.env["upominky.preview.line"].search([("user_id", "=", self.env.uid)])
        return {row.move_id: row.reason for row in rows if row.company_id == self.company}

    def rules_of(self, customers):
        """Return the rule of each customer: on its form, for the jobs, and in a query for all."""
        self.env.flush_all()
        self.env.invalidate_all()
        shown = {customer: customer.upominky_rule_id for customer in customers}
        reader = self.env["upominky.reader"].sudo()
        cores = reader._rules(self.company, customers.ids)
        read = {
            customer: self.rule.browse(core.id if core else ())
            for customer, core in ((customer, cores[customer.id]) for customer in customers)
        }
        self.assertEqual(read, shown)
        return shown

    def break_filter(self, rule, name="partner_domain", domain=GONE):
        """Leave a filter as if the field that it asks for had been removed since it was saved."""
        self.env.flush_all()
        column = SQL.identifier(name)
        query = SQL("UPDATE upominky_rule SET %s = %s WHERE id = %s", column, domain, rule.id)
        self.cr.execute(query)
        self.env.invalidate_all()


class TestFilters(FiltersCommon):
    def named_and_found(self):
        """Make customers that are listed, tagged and found in all ways, with the rule to expect."""
        tag = self.env["res.partner.category"].create({"name": "A"})
        found = {}
        for number in range(8):
            is_listed, is_tagged, is_found = (bool(number & bit) for bit in (4, 2, 1))
            customer = self.new_customer(
                f"C{number}",
                f"c{number}@c.example",
                city="Praha 31" if is_found else "Brno",
                category_id=tag.ids if is_tagged else [],
                customer_rank=1,
            )
            found[customer] = (is_listed, is_tagged, is_found)
        customers = self.customer.union(*found) - self.customer
        listed = customers.filtered(lambda customer: found[customer][0])
        # Whatever stands higher in the list, the rank comes first.
        listing = self.rule.copy({"name": "Listed", "sequence": 90, "partner_ids": listed.ids})
        tagging = self.rule.copy({"name": "Group", "sequence": 80, "category_ids": tag.ids})
        finding = self.filtering(sequence=1)
        ranks = (listing, tagging, finding)
        return {
            customer: next((r for r, is_so in zip(ranks, said, strict=True) if is_so), self.rule)
            for customer, said in found.items()
        }

    def test_rule_31_a_customer_goes_before_a_tag_before_a_filter_before_all(self):
        wanted = self.named_and_found()
        customers = self.customer.union(*wanted) - self.customer
        self.assertEqual(self.rules_of(customers), wanted)
        for customer in customers:
            self.invoice(customer, due=10)
        issued = self.generate()
        self.assertEqual({r.partner_id: r.rule_id for r in issued}, wanted)
        self.env.invalidate_all()
        for rule in self.rule.union(*wanted.values()) - self.rule:
            with self.subTest(rule=rule.name):
                mine = [customer for customer, one in wanted.items() if one == rule]
                self.assertEqual(rule.customer_count, len(mine))
                covered = self.env["res.partner"].search(rule._reach()) & customers
                self.assertEqual(covered, customers.browse(c.id for c in mine))

    def test_rule_31_of_two_filters_the_one_higher_in_the_list_applies(self):
        self.customer.write({"city": "Praha 31", "zip": "11000"})
        first = self.filtering(sequence=3)
        second = self.filtering("[('zip', '=like', '110%')]", sequence=4)
        self.assertEqual(self.rules_of(self.customer), {self.customer: first})
        first.sequence = 9
        self.assertEqual(self.rules_of(self.customer), {self.customer: second})
        second.active = False
        self.assertEqual(self.rules_of(self.customer), {self.customer: first})

    def test_rule_31_customers_move_between_rules_as_they_change(self):
        finding = self.filtering()
        move = self.invoice(due=30)
        first = self.generate()
        self.assertEqual(first.rule_id, self.rule)
        with self.on(TODAY):
            first.action_mark_sent()
        self.customer.city = "Praha 31"
        self.assertEqual(self.rules_of(self.customer), {self.customer: finding})
        self.assertIn("“Filter”", self.customer.upominky_rule_reason)
        # The history goes along, and another rule waits seven days after the last reminder.
        finding.level_ids[1].days_overdue = 8
        self.assertFalse(self.generate(TODAY + timedelta(days=6)))
        second = self.generate(TODAY + timedelta(days=7))
        self.assertEqual((second.rule_id, second.level_order), (finding, 2))
        self.assertEqual(second.line_ids.move_id, move)
        self.customer.active = False
        self.assertEqual(self.rules_of(self.customer), {self.customer: finding}, "archived")

    def test_rule_31_a_rule_of_which_conditions_are_taken_out_is_for_all_as_it_says(self):
        finding = self.filtering(sequence=200)
        self.assertFalse(finding._is_general())
        finding.partner_domain = "[]"
        self.assertFalse(finding.partner_domain)
        self.assertTrue(finding._is_general())
        self.assertIn("covers all customers too", finding.overlap_text)

    def test_rule_31_a_filter_looks_at_no_other_company(self):
        other = self.env["res.company"].create({"name": "Jiná"})
        contact = self.new_customer("Pobočka", is_company=False, parent_id=self.customer.id)
        contact.city = "Tajné"
        asking = {
            "a path": "[('child_ids.city', '=', 'Tajné')]",
            "any": "[('child_ids', 'any', [('city', '=', 'Tajné')])]",
            "not any": "['!', ('child_ids', 'not any', [('city', '=', 'Tajné')])]",
            "a name": "[('child_ids', 'ilike', 'Pobočka')]",
            "no other name": "['!', ('child_ids', 'not ilike', 'Pobočka')]",
            "whether there is one": "[('child_ids', '!=', False)]",
            "whether there is none": "['!', ('child_ids', '=', False)]",
            "an id": f"[('child_ids', 'in', [{contact.id}])]",
            "no other id": f"['!', ('child_ids', 'not in', [{contact.id}])]",
            "below": f"[('child_ids', 'child_of', {contact.id})]",
        }
        for belongs in (True, False):
            for what, domain in asking.items():
                with self.subTest(what=what, belongs=belongs):
                    rule = self.filtering(domain)
                    expected = rule if belongs else self.rule
                    self.assertEqual(self.rules_of(self.customer), {self.customer: expected})
                    rule.active = False
            self.env.flush_all()
            self.cr.execute(
                "UPDATE res_partner SET company_id = %s WHERE id = %s", [other.id, contact.id]
            )
            self.env.invalidate_all()

    def test_rule_31_filters_find_the_same_in_the_language_of_whoever_looks(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        country = self.env.ref("base.de").sudo()
        country.with_context(lang="cs_CZ").name = "Německo"
        self.company.partner_id.lang = "cs_CZ"
        self.customer.country_id = country
        finding = self.filtering("[('country_id.name', '=', 'Německo')]")
        for lang in ("cs_CZ", "en_US"):
            with self.subTest(lang=lang):
                customer = self.customer.with_context(lang=lang)
                self.env.invalidate_all()
                self.assertEqual(customer.upominky_rule_id, finding)

    # ------------------------------------------------------------- left out

    def test_rule_31_invoices_that_the_rule_leaves_out_are_not_reminded(self):
        debit, plain = self.invoice(due=10, ref="Inkaso"), self.invoice(due=10, ref="Převod")
        other = self.new_customer("Druhý", "d@d.example")
        theirs = self.invoice(other, due=10, ref="Inkaso")
        self.rule.copy({"name": "Own", "partner_ids": other.ids})
        self.rule.exclude_domain = BY_DEBIT
        reasons = self.preview()
        self.assertEqual(reasons, {debit: "excluded_by_rule", plain: "due", theirs: "due"})
        with self.on(TODAY):
            self.env.invalidate_all()
            self.assertFalse(debit.upominky_next_date)
            self.assertTrue(plain.upominky_next_date)
            self.assertIn("leaves the invoice out", debit.upominky_explanation)
        self.assertEqual(self.generate().line_ids.move_id, plain | theirs)

    def test_rule_31_items_of_opening_entries_are_not_left_out_by_what_entries_lack(self):
        account = self.company_data["default_account_receivable"]
        against = self.company_data["default_account_revenue"]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "debit": 900,
                            "date_maturity": TODAY - timedelta(days=10),
                            "name": "2026017",
                        }
                    ),
                    Command.create({"account_id": against.id, "credit": 900}),
                ],
            }
        )
        entry.action_post()
        entry.line_ids.filtered("date_maturity").no_followup = False
        small, large = self.invoice(amount=100, due=10), self.invoice(amount=900, due=10)
        self.rule.exclude_domain = "[('amount_residual', '<', 500)]"
        reasons = self.preview()
        self.assertEqual(reasons, {entry: "due", large: "due", small: "excluded_by_rule"})
        self.assertEqual(self.generate().line_ids.move_id, entry | large)

    def test_rule_31_a_filter_reads_no_settings_of_other_companies(self):
        other = self.env["res.company"].sudo().create({"name": "Jiná"})
        other.upominky_hourly_limit = 77
        self.env.user.company_ids |= other
        rule = self.filtering("[('create_uid.company_ids.upominky_hourly_limit', '=', 77)]")
        self.env.invalidate_all()
        self.assertFalse(rule.filter_count)

    def test_rule_31_what_is_left_out_since_is_not_sent(self):
        debit, plain = self.invoice(due=10), self.invoice(due=10)
        reminder = self.generate().sudo()
        self.rule.exclude_domain = BY_DEBIT
        debit.ref = "Inkaso"
        with self.on(TODAY):
            reminder._recheck()
        lines = {line.move_id: (line.state, line.drop_reason) for line in reminder.line_ids}
        self.assertEqual(lines, {debit: ("dropped", "excluded_by_rule"), plain: ("open", False)})
        plain.ref = "Inkaso"
        with self.on(TODAY):
            reminder._recheck()
        self.assertEqual(reminder.state, "cancelled")
        self.rule.exclude_domain = False
        self.assertEqual(self.generate().line_ids.move_id, debit | plain)

    def test_rule_31_invoices_left_out_are_not_issued_by_hand_either(self):
        debit = self.invoice(due=10, ref="Inkaso")
        self.rule.exclude_domain = BY_DEBIT
        items = debit.line_ids.filtered("date_maturity")
        with self.on(TODAY):
            generate = self.env["upominky.generate"].sudo()
            run = generate._issue_by_hand(self.company, self.customer.ids, items.ids)
        self.assertFalse(run.reminder_ids)

    # ------------------------------------------------------------------ kept

    def test_rule_31_next_dates_of_a_company_with_filters_are_not_kept(self):
        """Whatever a filter asks for may change unseen: lists work the dates out."""
        move = self.invoice(due=10)
        kept, reader = self.env["upominky.kept"].sudo(), self.env["upominky.reader"].sudo()
        company = self.company.sudo()
        for what, values in (
            ("a filter", {"partner_domain": "[('city', '=', 'Brno')]"}),
            ("left out", {"exclude_domain": BY_DEBIT, "sequence": 1}),
        ):
            with self.subTest(what), self.on(TODAY):
                kept._refill()
                self.assertTrue(reader._dates_of(company, [], TODAY)[1])
                rule = self.rule.copy({"name": what, **values})
                kept._refill()
                self.assertFalse(reader._dates_of(company, [], TODAY)[1])
                mine = SQL("SELECT FROM upominky_next_date WHERE move_id = %s", move.id)
                self.cr.execute(mine)
                self.assertFalse(self.cr.rowcount)
                rule.active = False
                self.env.flush_all()
