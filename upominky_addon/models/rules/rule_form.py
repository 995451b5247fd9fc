from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.schedule import gap
from .filters import WHOM
from .queries import COVERED, places

#: The customers that a rule for all covers, and those that filters are said to find.
EVERYBODY = Domain("customer_rank", ">", 0) & Domain("parent_id", "=", False)


class UpominkyRule(models.Model):
    """What the form of a rule tells while it is edited: its reach, its time line, its gaps."""

    _inherit = "upominky.rule"

    level_warning = fields.Text(compute="_compute_level_warning")
    customer_count = fields.Integer(
        string="Covers Customers",
        compute="_compute_customer_count",
        help="How many customers this rule covers now, after all rules that go before it.",
    )
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)

    # --------------------------------------------------------------- levels

    @api.model
    def _default_levels(self):
        """Start a new rule in the form with the levels that all customers have."""
        if not self.env.context.get("upominky_copy_levels"):
            return []
        general = self._general_rules().get(self.env.company.id, self.browse())
        return general._copied_levels()

    def _copied_levels(self):
        rows = self.level_ids.copy_data({"rule_id": False})
        return [Command.create(vals) for vals in rows]

    @api.onchange("partner_ids", "category_ids", WHOM, "event")
    def _onchange_whom(self):
        """Give a new rule the levels that applied to its customers, unless they were edited."""
        if self._origin or not self.env.context.get("upominky_copy_levels"):
            return
        self.name = self.name or ", ".join(
            [*self.partner_ids.mapped("name"), *self.category_ids.mapped("name")][:2]
        )
        before = self._applied_before()
        general = self._general_rules(self.event).get(self.company_id.id, self.browse())
        untouched = {general._level_key()} | {r._level_key() for r in self._rivals()} | {()}
        if before and self._level_key() in untouched and self._level_key() != before._level_key():
            self.level_ids = [Command.clear(), *before._copied_levels()]

    @api.onchange("company_id")
    def _onchange_company_id(self):
        """Show the texts that the levels will have in another company, where it has them."""
        for level in self.level_ids:
            # sudo: which template is whose copy is looked up; a template's name is no secret.
            template = level.mail_template_id._origin.sudo()
            if template and not template._upominky_is_of(self.company_id):
                own = (template.upominky_default_id or template)._upominky_copy_of(self.company_id)
                level.mail_template_id = own.sudo(False) or level.mail_template_id

    def _level_key(self):
        """Return what tells one set of levels from another."""
        return tuple(
            (level.order, level.days_overdue, level.name)
            for level in self.level_ids.sorted("order")
        )

    def _applied_before(self):
        """Return the rule that covered the customers of this one before it.

        Of those that a filter finds it is taken for the one for all.
        """
        cover = self._cover(self.company_id, self.event)
        for partner in self.partner_ids.commercial_partner_id._origin:
            caught = self._caught(cover, partner.ids).get(partner.id)
            return self._effective(cover, partner.id, partner.category_id.ids, caught)
        return self._effective(cover, False, self.category_ids._origin.ids)

    @api.depends(
        "level_ids.order",
        "level_ids.days_overdue",
        "level_ids.auto_generate",
        "partner_ids",
        "category_ids",
        "partner_domain",
        "event",
        "company_id",
    )
    def _compute_level_warning(self):
        general = {}
        for rule in self:
            if not rule.level_ids:
                rule.level_warning = self.env._(
                    "This rule has no level, so the customers that it covers get no reminder. "
                    "Add at least one row."
                )
                continue
            if rule.event not in general:
                general[rule.event] = self._general_rules(rule.event)
            others = general[rule.event].get(rule.company_id.id, self.browse())
            told = [rule._missing_levels(others), rule._out_of_step()]
            rule.level_warning = "\n".join(filter(None, told))

    def _missing_levels(self, others):
        """Return a sentence that names the levels of all customers that this rule lacks."""
        if others == self._origin or self._is_general():
            return False
        orders = set(self.level_ids.mapped("order"))
        missing = others.level_ids.filtered(lambda level: level.order not in orders)
        if not missing:
            return False
        return self.env._(
            "Other customers also get: %s. The customers of this rule do not.",
            ", ".join(missing.mapped("name")),
        )

    # ------------------------------------------------------------- the reach

    def _rivals(self):
        """Return the other active rules of the same company and event."""
        return self.with_context(active_test=True).search(
            [
                ("company_id", "=", self.company_id.id),
                ("event", "=", self.event),
                ("id", "not in", self._origin.ids),
            ]
        )

    def _goes_before(self, other):
        """Say whether this rule wins over another of the same kind."""
        mine = (self.sequence, self._origin.id or float("inf"))
        return mine < (other.sequence, other.id)

    @api.depends("partner_ids", "category_ids", WHOM, "sequence", "event", "company_id", "active")
    def _compute_customer_count(self):
        saved = self.filtered(lambda rule: isinstance(rule.id, int))
        for (company, event), rules in saved.grouped(lambda r: (r.company_id, r.event)).items():
            counts = self._covered(company, event)
            for rule in rules:
                rule.customer_count = counts.get(rule.id, 0)
        for rule in self - saved:
            domain = rule._reach() if rule.active and rule.company_id else Domain.FALSE
            rule.customer_count = rule._number_of(domain)

    def _number_of(self, domain):
        """Return how many customers of the rule's company a domain finds."""
        domain &= Domain("company_id", "=", False) | Domain(
            "company_id", "parent_of", self.company_id.ids
        )
        # sudo: a number is shown, not the customers; they are those of the rule's company.
        return self.env["res.partner"].sudo().search_count(domain)

    @api.model
    def _covered(self, company, event):
        """Return how many customers each active rule of a company and an event covers.

        A query tells it of all of them, as they are saved; of one that is being edited
        :meth:`_reach` tells it.

        :rtype: dict[int, int]
        """
        rules, asked = places(self._cover(company, event), "partner.id")
        for name in ("res.partner", "res.partner.category"):
            self.env[name].flush_model()
        # sudo: ids of the companies above, whose say on a customer counts for a branch.
        query = SQL(COVERED, companies=company.sudo().parent_ids.ids, **asked)
        # Numbers are shown, not the customers; they are those of the rules' company.
        found = dict(self.env.execute_query(query))
        return {rule.id: found.get(place, 0) for place, rule in enumerate(rules)}

    def _reach(self):
        """Return the domain of the customers that the rule covers, after those that win over it."""
        rivals = self._rivals()
        stronger = rivals.filtered(lambda rival: not self._goes_before(rival))
        listed = rivals.partner_ids.commercial_partner_id
        own = set(self.partner_ids.commercial_partner_id._origin.ids)
        own -= set(stronger.partner_ids.commercial_partner_id.ids)
        tagged = self._tagged(self.category_ids._origin) & Domain("id", "not in", listed.ids)
        tagged &= ~self._tagged(stronger.category_ids)
        unnamed = Domain("id", "not in", listed.ids) & ~self._tagged(rivals.category_ids)
        if not self._is_general():
            found = self._found() & EVERYBODY & unnamed & ~stronger._found()
            return Domain("id", "in", list(own)) | tagged | found
        if any(rival._is_general() for rival in stronger):
            return Domain.FALSE
        return EVERYBODY & unnamed & ~rivals._found()

    @api.model
    def _tagged(self, categories):
        """Return the domain of customers with one of the tags or their sub-tags."""
        below = self._tags_below(categories)
        return self._of_tags(sorted({tag for tags in below.values() for tag in tags}))

    @api.model
    def _of_tags(self, tag_ids):
        if not tag_ids:
            return Domain.FALSE
        return Domain("category_id", "in", tag_ids) & Domain("parent_id", "=", False)

    @api.model
    def _tags_below(self, categories):
        """Return ids of the tags below each of some, itself among them."""
        below = {category.id: [] for category in categories}
        if not below:
            return below
        # A tag that was archived is asked for no longer, but whoever has it keeps the rule.
        tags = categories.with_context(active_test=False)
        for tag in tags.search([("id", "child_of", categories.ids)]):
            for above in map(int, tag.parent_path.split("/")[:-1]):
                if above in below:
                    below[above].append(tag.id)
        return below

    # ---------------------------------------------------------- the time line

    @api.depends(
        "event",
        "level_ids.order",
        "level_ids.days_overdue",
        "level_ids.deadline_days",
        "level_ids.name",
        "level_ids.auto_generate",
        "level_ids.requires_approval",
        "level_ids.send",
    )
    def _compute_timeline(self):
        for rule in self:
            line = rule._step(self.env._("Due date"), "", "text-bg-secondary")
            before = self.env["upominky.level"]
            for level in rule.level_ids.sorted("order"):
                line += rule._arrow(before, level) + rule._level_step(level)
                before = level
            rule.timeline = rule._event().raises and line

    @api.model
    def _arrow(self, before, level):
        """Return the way from one level to the next, with the days that lie between at least."""
        words = before and level.auto_generate and self._gap_text(before, level)
        return Markup(
            '<span class="d-inline-block text-center mx-2 text-muted">'
            '<i class="fa fa-long-arrow-right"></i><br/><small>%s</small></span>'
        ) % (words or "")

    def _gap_text(self, before, level):
        has_deadline = before.deadline_days and before._channels()
        after_deadline = before.deadline_days + 1 if has_deadline else 0
        days = max(gap(level.days_overdue, before.days_overdue), after_deadline)
        if days == 1:
            return self.env._("at least 1 day later")
        return self.env._("at least %s days later", days)

    def _level_step(self, level):
        when = (
            self.env._("day %s", level.days_overdue)
            if level.auto_generate
            else self.env._("by hand")
        )
        colour = "text-bg-warning" if level.requires_approval else "text-bg-info"
        return self._step(when, level.name or "", colour if level.send else "text-bg-light")

    @api.model
    def _step(self, when, name, colour):
        return Markup(
            '<span class="d-inline-block text-center my-1"><span class="badge %s">%s</span>'
            "<br/><small>%s</small></span>"
        ) % (colour, when, name)
