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
        cover = self.rule._cover(self.company)
        self.assertEqual(cover.by_tag, self.slowly())
        self.assertEqual(len(set(cover.by_tag.values())), 5)
        self.assertEqual(cover.general, self.rule)

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

    def test_many_rules_warn_of_whom_two_of_them_cover_and_no_rule_adds_a_query(self):
        """More customers and rules than a page, against one rule after the other."""
        proto = self.new_customer("Zákazník", customer_rank=1)
        customers = copies(proto, 1_100)
        self.env.cr.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%s)", [customers.ids]
        )
        self.env.invalidate_all()
        for place, customer in enumerate(customers):
            customer.category_id = self.tags[place % 20 : place % 20 + 3]
        customers[:40].active = False
        customers[40:80].company_id = self.env["res.company"].create({"name": "Jiná"})
        customers[80:120].parent_id = proto
        listed = self.rule.copy({"name": "Vyjmenovaní", "partner_ids": customers[200:260].ids})
        both = {"partner_ids": customers[190:210].ids, "category_ids": self.tags[0].ids}
        self.rule.copy({"name": "Obojí", "sequence": 3, **both})
        for number in range(90):
            self.listing(self.tags[number % len(self.tags)])
        rules = self.rule.search([("event", "=", "issue")])
        self.assertGreater(len(rules), 80)
        for rule in rules[1:4] | listed | rules[-1:]:
            said = [text for rival in rule._rivals() for text in self.overlaps(rule, rival) if text]
            shown = rule.overlap_text.split("\n")
            self.assertEqual(len(shown), len(said))
            for mine, theirs in zip(shown, said, strict=True):
                self.assertEqual(mine, theirs)
        self.assertGreater(len(rules[1].overlap_text.split("\n")), 3)
        queries = self.queries_of_form(listed), self.queries_of_form(rules[1])
        for tag in self.tags:
            self.listing(tag).partner_ids = customers[tag.id % 100 + 300]
        self.assertEqual((self.queries_of_form(listed), self.queries_of_form(rules[1])), queries)
        self.assertLess(max(queries), 25)

    def overlaps(self, rule, rival):
        """Yield what the form is to say of two rules, asked for these two alone."""
        if rule._is_general() or rival._is_general():
            if rule._is_general() and rival._is_general():
                yield rule._general_text(rival)
            return
        mine, theirs = (each.partner_ids.commercial_partner_id for each in (rule, rival))
        yield rule._ordered_text(rival, mine & theirs, len(mine & theirs))
        tagged, others = rule._tagged(rule.category_ids), rule._tagged(rival.category_ids)
        yield rule._mine_text(rival, (mine - theirs).filtered_domain(others))
        yield rule._theirs_text(rival, (theirs - mine).filtered_domain(tagged))
        unnamed = Domain("id", "not in", (mine | theirs).ids)
        own = Domain("company_id", "in", [False, rule.company_id.id])
        found = self.env["res.partner"].search(tagged & others & unnamed & own)
        yield rule._ordered_text(rival, found, len(found))

    def queries_of_form(self, rule):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        rule.overlap_text  # noqa: B018, it is computed when it is read
        return self.cr.sql_log_count - before
