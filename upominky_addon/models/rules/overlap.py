from itertools import pairwise

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.names import some_names
from .filters import WHOM
from .level import FIRST_DAYS
from .queries import TAGGED_BY_BOTH

#: Days from one level to the next, for a row that is added to a rule.
STEP_DAYS = 14
NAMES_SHOWN = 3


class UpominkyRule(models.Model):
    """What the form of a rule warns of: customers of another rule too, levels out of step."""

    _inherit = "upominky.rule"

    overlap_text = fields.Text(
        compute="_compute_overlap_text",
        help="Customers that another active rule names too, and which of the two applies.",
    )
    new_days = fields.Integer(
        compute="_compute_new_row", help="Days after the due date of a row to be added."
    )
    new_template_id = fields.Many2one(
        "mail.template", compute="_compute_new_row", help="Template of a row to be added."
    )

    @api.depends("level_ids.days_overdue", "level_ids.order", "level_ids.mail_template_id")
    def _compute_new_row(self):
        for rule in self:
            last = rule.level_ids.sorted("order")[-1:]
            rule.new_days = last.days_overdue + STEP_DAYS if last else FIRST_DAYS
            rule.new_template_id = last.mail_template_id

    # --------------------------------------------------------------- levels

    def _out_of_step(self):
        """Return a sentence about a level whose day lies before that of the one it follows."""
        levels = self.level_ids.filtered("auto_generate").sorted("order")
        for before, level in pairwise(levels):
            if self._event().raises and level.days_overdue <= before.days_overdue:
                return self.env._(
                    "“%(level)s” (day %(day)s) follows “%(before)s” (day %(before_day)s), so it "
                    "is issued the day after it. Drag the rows into the order of their days, or "
                    "change the days.",
                    level=level.name or "",
                    day=level.days_overdue,
                    before=before.name or "",
                    before_day=before.days_overdue,
                )
        return False

    # -------------------------------------------------------------- overlaps

    @api.depends("partner_ids", "category_ids", WHOM, "sequence", "event", "company_id", "active")
    def _compute_overlap_text(self):
        for rule in self:
            rivals = rule._rivals() if rule.active and rule.company_id else rule.browse()
            told = [*rule._overlaps(rivals), *rule._overlaps_found(rivals)]
            rule.overlap_text = "\n".join(filter(None, told))

    def _overlaps(self, rivals):
        """Yield a sentence for each way in which other rules cover the same customers.

        That a rule for some goes before the rule for all is plain, and not told. What it asks the
        database is asked for all rules at once.
        """
        alike = rivals.filtered(lambda rival: rival._is_general() == self._is_general())
        if self._is_general():
            yield from map(self._general_text, alike)
            return
        below = self._tags_below(self.category_ids._origin | alike.category_ids)
        listed = alike._listed_customers()
        tagged = self._tagged_by_both(alike, listed, below)
        mine = self._listed_customers()[self]
        for rival in alike:
            yield from self._overlaps_listed(rival, mine, listed[rival], below)
            yield self._ordered_text(rival, *tagged.get(rival, (mine.browse(), 0)))

    def _listed_customers(self):
        """Return the customers that each rule lists."""
        # sudo: only names that one of these rules lists are shown, to who may read the rules.
        contacts = self.partner_ids._origin.sudo()
        everybody = contacts.commercial_partner_id.ids
        return {
            rule: (contacts & rule.partner_ids._origin.sudo())
            .with_prefetch(contacts.ids)
            .commercial_partner_id.with_prefetch(everybody)
            for rule in self
        }

    def _overlaps_listed(self, rival, mine, theirs, below):
        """Yield a sentence about customers that one of two rules lists, and the other has too."""
        both = mine & theirs
        yield self._ordered_text(rival, both, len(both))
        # What differs is read together with what all rules list.
        own = (mine - theirs).with_prefetch(mine._prefetch_ids)
        others = (theirs - mine).with_prefetch(theirs._prefetch_ids)
        yield self._mine_text(rival, own.filtered_domain(rival._of_groups(below)))
        yield self._theirs_text(rival, others.filtered_domain(self._of_groups(below)))

    def _of_groups(self, below):
        """Return the domain of customers of the rule's groups; see :meth:`_tags_below`."""
        return self._of_tags(sorted(self._group_ids(below)))

    def _group_ids(self, below):
        return {tag for group in self.category_ids._origin.ids for tag in below[group]}

    def _tagged_by_both(self, rivals, listed, below):
        """Return customers that are in a group of this rule and of another, and in neither's list.

        :return: by rule the first few of them, in their order, and their number
        """
        rivals = rivals.filtered("category_ids")
        # sudo: as for those who are listed.
        Partner = self.env["res.partner"].sudo()
        if not (rivals and self.category_ids):
            return {}
        mine = self._of_groups(below) & Domain("company_id", "in", [False, self.company_id.id])
        mine &= Domain("id", "not in", self._listed_customers()[self].ids)
        query = Partner._search(mine, order=Partner._order)
        tags = [(n, tag) for n, rival in enumerate(rivals) for tag in rival._group_ids(below)]
        theirs = [(n, one) for n, rival in enumerate(rivals) for one in listed[rival].ids]
        rows = self.env.execute_query(
            SQL(
                TAGGED_BY_BOTH,
                partners=query.from_clause,
                mine=query.where_clause,
                order=query.order,
                shown=NAMES_SHOWN,
                tag_places=[place for place, _tag in tags],
                tags=[tag for _place, tag in tags],
                listed_places=[place for place, _one in theirs],
                listed=[one for _place, one in theirs],
            )
        )
        shown = [one for _place, first, _number in rows for one in first]
        return {
            rivals[place]: (Partner.browse(first).with_prefetch(shown), number)
            for place, first, number in rows
        }

    def _who(self, customers, number=None):
        """Return some customers as a list in a sentence, the first few of them by name.

        :param int number: how many they are, where only the first few are known
        """
        number = len(customers) if number is None else number
        return some_names(self.env, customers[:NAMES_SHOWN].mapped("name"), number)

    def _general_text(self, rival):
        if self._goes_before(rival):
            return self.env._(
                "“%s” covers all customers too. This rule applies: it stands higher in the list.",
                rival.name,
            )
        return self.env._(
            "“%s” covers all customers too, and applies: it stands higher in the list of rules. "
            "Drag this one above it, or choose customers here.",
            rival.name,
        )

    def _ordered_text(self, rival, customers, number):
        """Tell which of two rules of the same rank applies: the one higher in the list."""
        if not customers:
            return None
        if self._goes_before(rival):
            return self.env._(
                "%(who)s: also in the rule “%(rule)s”. This rule applies, as it stands higher in "
                "the list.",
                who=self._who(customers, number),
                rule=rival.name,
            )
        return self.env._(
            "%(who)s: also in the rule “%(rule)s”, which applies, as it stands higher in the list.",
            who=self._who(customers, number),
            rule=rival.name,
        )

    def _mine_text(self, rival, customers):
        return customers and self.env._(
            "%(who)s: also in a group of the rule “%(rule)s”. This rule applies, as it names the "
            "customer.",
            who=self._who(customers),
            rule=rival.name,
        )

    def _theirs_text(self, rival, customers):
        return customers and self.env._(
            "%(who)s: also named in the rule “%(rule)s”, which applies: a customer's own rule goes "
            "before that of a group.",
            who=self._who(customers),
            rule=rival.name,
        )
