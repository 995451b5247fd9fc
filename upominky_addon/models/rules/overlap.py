from itertools import pairwise

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.names import some_names
from .level import FIRST_DAYS

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

    @api.depends("partner_ids", "category_ids", "sequence", "event", "company_id", "active")
    def _compute_overlap_text(self):
        for rule in self:
            rivals = rule._rivals() if rule.active and rule.company_id else rule.browse()
            told = (sentence for rival in rivals for sentence in rule._overlaps(rival))
            rule.overlap_text = "\n".join(filter(None, told))

    def _overlaps(self, rival):
        """Yield a sentence for each way in which two rules cover the same customers.

        That a rule for some goes before the rule for all is plain, and not told.
        """
        if self._is_general() or rival._is_general():
            if self._is_general() and rival._is_general():
                yield self._general_text(rival)
            return
        # sudo: only names that one of these two rules lists are shown, to who may read the rules.
        named = self.partner_ids.commercial_partner_id._origin.sudo()
        theirs = rival.partner_ids.commercial_partner_id.sudo()
        yield self._ordered_text(rival, named & theirs)
        mine = self._tagged(self.category_ids._origin)
        others = self._tagged(rival.category_ids)
        yield self._mine_text(rival, (named - theirs).filtered_domain(others))
        yield self._theirs_text(rival, (theirs - named).filtered_domain(mine))
        if self.category_ids and rival.category_ids:
            unnamed = Domain("id", "not in", (named | theirs).ids)
            own = Domain("company_id", "in", [False, self.company_id.id])
            yield self._ordered_text(rival, named.search(mine & others & unnamed & own))

    def _is_general(self):
        return not self.partner_ids and not self.category_ids

    def _who(self, customers):
        """Return some customers as a list in a sentence, the first few of them by name."""
        return some_names(self.env, customers[:NAMES_SHOWN].mapped("name"), len(customers))

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

    def _ordered_text(self, rival, customers):
        """Tell which of two rules of the same rank applies: the one higher in the list."""
        if not customers:
            return None
        if self._goes_before(rival):
            return self.env._(
                "%(who)s: also in the rule “%(rule)s”. This rule applies, as it stands higher in "
                "the list.",
                who=self._who(customers),
                rule=rival.name,
            )
        return self.env._(
            "%(who)s: also in the rule “%(rule)s”, which applies, as it stands higher in the list.",
            who=self._who(customers),
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
