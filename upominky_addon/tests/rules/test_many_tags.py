"""SPEC rule 4: which rule covers whom, where many rules list many tags."""

from odoo import Command
from odoo.fields import Domain

from ..common import UpominkyCommon
from ..many import copies


class TestManyTags(UpominkyCommon):
    def setUp(self):
        super().setUp()
        Tag = self.env["res.partner.category"]
        tops = Tag.create([{"name": f"Skupina {n}"} for n in range(6)])
        below = Tag.create([{"name": f"Pod {tag.name}", "parent_id": tag.id} for tag in tops])
        lowest = Tag.create([{"name": f"Zcela {tag.name}", "parent_id": tag.id} for tag in below])
        lowest[0].active = False
        self.tags = tops | below | lowest
        # Some list a tag that lies below another's, one two tags, two the same.
        for listed in (lowest[1], below[0], tops[:2], tops[0], below[2] | tops[3], tops[4]):
            self.listing(listed)

    def listing(self, tags):
        """Make a rule of some tags, that is asked after those that are there."""
        values = {"name": "Skupiny", "category_ids": [Command.set(tags.ids)]}
        rule = self.rule.copy(values)
        rule.sequence = 10 + len(self.env["upominky.rule"].search([]))
        return rule

    def slowly(self):
        """Return the rule of each tag: the first that lists it or one above it."""
        found = {}
        for rule in self.rule.search([("company_id", "=", self.company.id)]):
            for tag in self.tags:
                above, wanted = tag, rule.with_context(active_test=False).category_ids
                while above and above not in wanted:
                    above = above.parent_id
                if rule.event == "issue" and above:
                    found.setdefault(tag.id, rule)
        return found

    def test_rule_04_the_first_rule_that_lists_a_tag_or_one_above_it_covers(self):
        _partners, by_tag, general = self.rule._cover(self.company)
        self.assertEqual(by_tag, self.slowly())
        self.assertEqual(len(set(by_tag.values())), 5)
        self.assertEqual(general, self.rule)

    def test_no_tag_adds_a_query(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.rule._cover(self.company)
            return self.cr.sql_log_count - before

        few = queries()
        for tag in self.env["res.partner.category"].create([{"name": f"T {n}"} for n in range(30)]):
            self.listing(tag)
        self.assertEqual(queries(), few)

    def test_rule_04_many_rules_count_whom_they_cover_and_no_rule_adds_a_query(self):
        """More customers than a page, with tags of several rules, listed, foreign and archived."""
        proto = self.new_customer("Zákazník", customer_rank=1)
        customers = copies(proto, 1_100)
        for place, customer in enumerate(customers):
            customer.category_id = self.tags[place % 20 : place % 20 + 2]
        customers[:40].active = False
        customers[40:80].company_id = self.env["res.company"].create({"name": "Jiná"})
        customers[80:120].parent_id = proto
        customers[120:160].customer_rank = 0
        self.rule.copy({"name": "Vyjmenovaní", "partner_ids": (customers[200:205] | proto).ids})
        rules = self.rule.search([])
        self.env.flush_all()
        said = {rule: self.counted(rule) for rule in rules}
        self.assertGreater(len(set(said.values())), 4)
        self.assertEqual({rule: rule.customer_count for rule in rules}, said)
        queries = self.queries_of_counts(rules)
        for tag in self.env["res.partner.category"].create([{"name": f"T {n}"} for n in range(90)]):
            self.listing(tag)
        self.assertEqual(self.queries_of_counts(self.rule.search([])), queries)

    def counted(self, rule):
        """Return how many customers a rule's own domain finds, one rule at a time."""
        companies = ["|", ("company_id", "=", False), ("company_id", "=", rule.company_id.id)]
        domain = rule._reach() & Domain(companies)
        return self.env["res.partner"].search_count(domain)

    def queries_of_counts(self, rules):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        rules.mapped("customer_count")
        return self.cr.sql_log_count - before
