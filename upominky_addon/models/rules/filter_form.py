from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .filters import EXCLUDES, FILTERS, WHOM
from .overlap import NAMES_SHOWN
from .queries import FOUND_BY_BOTH, found_by
from .rule_form import EVERYBODY


class UpominkyRule(models.Model):
    """What the form of a rule tells of its filters: what they find, and what is wrong with them."""

    _inherit = "upominky.rule"

    has_filter = fields.Boolean(
        string="By a Filter",
        compute="_compute_has_filter",
        inverse="_inverse_has_filter",
        readonly=False,
        help="Whether it covers customers by conditions too, beside those that it lists.",
    )
    has_exclusion = fields.Boolean(
        string="Leaves Invoices Out",
        compute="_compute_has_exclusion",
        readonly=False,
        help="Whether it reminds not all invoices of its customers.",
    )
    filter_count = fields.Integer(
        string="Found by the Filter",
        compute="_compute_filter_count",
        help="How many customers its filter finds now, also those that another rule covers.",
    )
    filter_warning = fields.Text(compute="_compute_filter_warning")
    whom_hint = fields.Char(
        compute="_compute_whom_hint", help="What empty customers and groups mean, with a filter."
    )

    @api.depends(WHOM)
    def _compute_has_filter(self):
        for rule in self:
            rule.has_filter = bool(rule[WHOM])

    def _inverse_has_filter(self):
        """Refuse a box that is ticked and no condition: that rule would come to cover everybody."""
        for rule in self:
            if rule.has_filter and not rule[WHOM]:
                raise ValidationError(
                    self.env._(
                        "The rule “%s” is to cover customers by a filter, which has no condition "
                        "yet. Write one, or untick the box.",
                        rule.name,
                    )
                )

    @api.depends(EXCLUDES)
    def _compute_has_exclusion(self):
        for rule in self:
            rule.has_exclusion = bool(rule[EXCLUDES])

    @api.depends("has_filter")
    @api.depends_context("lang")
    def _compute_whom_hint(self):
        for rule in self:
            rule.whom_hint = rule.has_filter and self.env._("Whom the filter finds")

    @api.onchange("has_filter")
    def _onchange_has_filter(self):
        """Without the box there is no filter: Odoo's editor shows an empty one as all records."""
        if not self.has_filter:
            self[WHOM] = False

    @api.onchange("has_exclusion")
    def _onchange_has_exclusion(self):
        if not self.has_exclusion:
            self[EXCLUDES] = False

    @api.depends(WHOM, "company_id")
    @api.depends_context("uid")
    def _compute_filter_count(self):
        for rule in self:
            rule.filter_count = rule._number_of(rule._found() & EVERYBODY) if rule[WHOM] else 0

    @api.depends(*FILTERS, "company_id")
    @api.depends_context("uid", "lang")
    def _compute_filter_warning(self):
        for rule in self:
            rule.filter_warning = "\n".join(rule._filter_warnings())

    def _filter_warnings(self):
        """Return what is wrong with the filters of a rule, in sentences.

        :rtype: list[str]
        """
        if not self.company_id:
            return []
        if not isinstance(self.id, int):  # what is saved was refused then
            try:
                self._refuse_unreadable()
            except UserError as error:
                return [str(error)]
        told = self._filter_problems()
        return told or [*filter(None, [self[WHOM] and self._reach_warning()])]

    def _reach_warning(self):
        """Return a sentence about a filter that finds everybody or nobody, as things are."""
        found = self._number_of(self._found() & EVERYBODY)
        if not found:
            return self.env._("The filter finds no customer now.")
        if found < self._number_of(EVERYBODY):
            return None
        return self.env._(
            "The filter finds all customers (%s): nobody is left for the rules that come after it.",
            found,
        )

    def _found(self):
        """Return the domain of the customers that the filters of these rules find.

        Of one that is being edited nothing is found that its editor may not ask for, or that
        cannot be evaluated.
        """
        mine = self.filtered(WHOM)
        edited = mine.filtered(lambda rule: not isinstance(rule.id, int))
        refused = edited.filtered(lambda rule: not rule._may_filter() or rule._filter_problems())
        found, _broken = (mine - refused)._filters()
        return Domain.OR(_found_by(query) for _rule, query in found)

    # -------------------------------------------------------------- overlaps

    def _overlaps_found(self, rivals):
        """Yield a sentence for each way in which filters find customers of other rules too.

        That a rule for some goes before the rule for all is plain, and not told. What it asks the
        database is asked for all rules at once.
        """
        others = rivals.filtered(lambda rival: not rival._is_general())
        if self._is_general() or not (self | others).filtered(WHOM):
            return
        if not isinstance(self.id, int) and (not self._may_filter() or self._filter_problems()):
            return
        for place, mine, theirs, first, number in self._found_by_both(others):
            rival = others[place - 1]
            who = self._who_found(first, number)
            if mine:
                yield self._named_text(rival, who)
            elif theirs:
                yield self._named_by_other_text(rival, who)
            else:
                yield self._found_by_both_text(rival, who)

    def _found_by_both(self, others):
        """Return who is found by the filter of this rule or of others, and named or found by both.

        :param others: rules; their places begin with 1
        :return: tuples of the other's place, whether this rule and whether the other one lists them
            or a group of theirs, ids of the first few, and how many they are
        """
        rules = [(0, self), *enumerate(others, 1)]
        below = self._tags_below(self.category_ids._origin | others.category_ids)
        listed = [(n, id) for n, r in rules for id in r._listed_customers()[r].ids]
        tags = [(n, tag) for n, r in rules for tag in sorted(r._group_ids(below))]
        filters = dict((self | others)._filters()[0])
        found = [(n, filters[rule]) for n, rule in rules if rule in filters]
        for name in ("res.partner", "res.partner.category"):
            self.env[name].flush_model()
        # sudo: ids of the companies above, whose customers are a branch's too.
        companies = self.company_id._origin.sudo().parent_ids.ids
        query = SQL(
            FOUND_BY_BOTH,
            found=found_by(found),
            listed_places=[place for place, _id in listed],
            listed=[id for _place, id in listed],
            tag_places=[place for place, _tag in tags],
            tags=[tag for _place, tag in tags],
            companies=companies,
            shown=NAMES_SHOWN,
        )
        return self.env.execute_query(query)

    def _who_found(self, first, number):
        """Return some customers in words: by name, if the user may read them."""
        customers = self.env["res.partner"].browse(first)
        if customers._filtered_access("read") == customers:
            return self._who(customers, number)
        return self.env._("%s customers", number)

    def _found_by_both_text(self, rival, who):
        words = {"who": who, "rule": rival.name}
        if self._goes_before(rival):
            return self.env._(
                "%(who)s: also found by the filter of the rule “%(rule)s”. This rule applies, as it"
                " stands higher in the list.",
                **words,
            )
        return self.env._(
            "%(who)s: also found by the filter of the rule “%(rule)s”, which applies, as it stands "
            "higher in the list.",
            **words,
        )

    def _named_text(self, rival, who):
        return self.env._(
            "%(who)s: also found by the filter of the rule “%(rule)s”. This rule applies, as it "
            "names the customer or a group.",
            who=who,
            rule=rival.name,
        )

    def _named_by_other_text(self, rival, who):
        return self.env._(
            "%(who)s: also named in the rule “%(rule)s”, or in a group of it, which applies: a "
            "filter comes after those.",
            who=who,
            rule=rival.name,
        )


def _found_by(query):
    """Return the domain of the records whose ids a query finds.

    :param SQL query: see :meth:`upominky.rule._queries`
    """
    return Domain.custom(
        to_sql=lambda _model, alias, _query: SQL("%s IN (%s)", SQL.identifier(alias, "id"), query)
    )
