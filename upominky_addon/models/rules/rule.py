from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import schedule
from ...core.events import ISSUE
from ..base.in_use import refuse_in_use
from .cover import Cover

#: What is a rule's company's own, and changes with it.
OF_COMPANY = ("company_id", "sender_id")


class UpominkyRule(models.Model):
    _name = "upominky.rule"
    _description = "Reminder Rule"
    _inherit = ["upominky.thread", "upominky.input"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(
        default=10, help="Of two rules that could cover a customer, the lower number wins."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    event = fields.Selection(
        lambda self: self.env["upominky.event"]._rule_labels(),
        required=True,
        default=ISSUE.code,
        help="VYSTAVENI issues reminders level by level; RESEND sends a summary of what was "
        "already reminded and is still unpaid; UPOZORNENI tells what will be due, before it is; "
        "PODEKOVANI thanks for the payment of what was reminded.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        relation="upominky_rule_partner_rel",
        ondelete="restrict",
        string="Customers",
        context={"active_test": False},
        help="Leave customers, groups and the filter empty and the rule covers all customers.",
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        relation="upominky_rule_category_rel",
        ondelete="restrict",
        string="Customer Groups",
        context={"active_test": False},
        help="Customers with one of these contact tags or their sub-tags.",
    )
    sender_id = fields.Many2one(
        "res.users",
        context={"active_test": False},
        help="Whose name and address the reminders carry. Empty: the company's address.",
        index="btree_not_null",
    )
    grouping = fields.Selection(
        [
            ("per_level", "One reminder per level"),
            ("highest_level", "One reminder at the highest level due"),
        ],
        required=True,
        default="per_level",
    )
    min_amount = fields.Monetary(
        string="Minimum",
        help="A reminder is not issued when its total to pay, converted to the company's currency "
        "at today's rate, is lower.",
    )
    credit_policy = fields.Selection(
        [
            ("deduct", "Deduct them"),
            ("hold", "Do not remind while there are any"),
            ("ignore", "Ignore them"),
        ],
        string="Open Credits",
        required=True,
        default="deduct",
        help="What to do with credit notes and payments on account that are not matched yet.",
    )
    level_ids = fields.One2many(
        "upominky.level",
        "rule_id",
        string="Levels",
        copy=True,
        default=lambda self: self._default_levels(),
    )

    @api.constrains("level_ids")
    def _check_has_level(self):
        for rule in self:
            if not rule.level_ids:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” has no level: add at least one row, or archive the "
                        "rule if its customers shall get no reminder.",
                        rule=rule.name,
                    )
                )

    @api.constrains("level_ids")
    def _check_orders(self):
        self.level_ids.with_context(upominky_levels_together=False)._check_order()

    @api.constrains("event", "level_ids")
    def _check_one_level(self):
        for rule in self:
            if rule._event().one_level and len(rule.level_ids) > 1:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” is of the event “%(event)s”: it takes exactly one "
                        "level, but has %(count)s.",
                        rule=rule.name,
                        event=self.env["upominky.event"]._label(rule.event),
                        count=len(rule.level_ids),
                    )
                )

    @api.constrains("event")
    def _check_event(self):
        # Odoo looks at no value of a selection that is made when it is read.
        known = [event.code for event in self.env["upominky.event"]._rows()]
        for rule in self:
            if rule.event not in known:
                raise ValidationError(
                    self.env._("“%s” is no event that reminders are issued for.", rule.event)
                )

    @api.constrains("sender_id")
    def _check_sender(self):
        for rule in self:
            rule._check_sender_company(rule.sender_id)

    def _check_sender_company(self, sender):
        """Refuse a sender who works for other companies only: nobody writes in their name.

        :raises ValidationError: naming the user and the company
        """
        # sudo: for which companies a user works decides, whoever chooses.
        if sender and self.company_id not in sender.sudo().company_ids:
            raise ValidationError(
                self.env._(
                    "%(sender)s is no user of %(company)s, so reminders of that company cannot be "
                    "sent in that name. Choose another sender.",
                    sender=sender.sudo().name,
                    company=self.company_id.name,
                )
            )

    @api.constrains("min_amount")
    def _check_min_amount(self):
        for rule in self:
            if rule.min_amount < 0:
                raise ValidationError(
                    self.env._("The minimum of “%s” must not be negative.", rule.name)
                )

    def write(self, vals):
        moved = self.filtered(lambda rule: rule.company_id.id != vals.get("company_id"))
        # Rows that change places are checked when all are written.
        result = super(UpominkyRule, self.with_context(upominky_levels_together=True)).write(vals)
        if "company_id" in vals:
            self.check_access("write")  # Odoo asks before only: nobody gives a rule away
            moved._settle_in_company()
        return result

    def copy(self, default=None):
        """Duplicate rules; into another company as if the duplicates moved there."""
        default = dict(default or {})
        there = {name: default.pop(name) for name in OF_COMPANY if name in default}
        copies = super().copy(default)
        if there:
            copies.write(there)
        return copies

    def _settle_in_company(self):
        """Let rules that came from another company write in the name of their own.

        :raises ValidationError: for a sender who does not work for it
        """
        for rule in self:
            for sender in rule.sender_id | rule.level_ids.sender_id:
                rule._check_sender_company(sender)
        self.level_ids._take_own_templates()

    # ------------------------------------------------------------- business

    def _event(self):
        """Return what the table says of the rule's event.

        :rtype: core.events.Event
        """
        return self.env["upominky.event"]._row(self.event)

    @api.model
    def _general_rules(self, event=ISSUE.code):
        """Return, per company id, the rule that names nobody and so covers all."""
        general = {}
        for rule in self.with_context(active_test=True).search([("event", "=", event)]):
            if rule._is_general():
                general.setdefault(rule.company_id.id, rule)
        return general

    @api.model
    def _refuse_unlisting(self, field, records):
        """Refuse to delete what a rule lists: without it the rule might come to cover everybody.

        :raises UserError: naming the record and the rule
        """
        # sudo: a rule that the user cannot see must not change its reach either.
        rules = self.sudo().with_context(active_test=False)
        for rule in rules.search([(field, "in", records.ids)], limit=1):
            name = (rule[field] & records)[:1].display_name
            refuse_in_use(
                rule,
                self.env._(
                    "%(record)s cannot be deleted: the reminder rule “%(rule)s” lists it. Take it "
                    "out of the rule first, or archive it.",
                    record=name,
                    rule=rule.name,
                ),
                self.env._(
                    "%s cannot be deleted: a reminder rule that you cannot see lists it. Archive "
                    "it instead.",
                    name,
                ),
            )

    @api.model
    def _cover(self, company, event=ISSUE.code, archived=False):
        """Return the order in which the company's rules of an event are asked for a customer.

        :param bool archived: whether archived rules are asked as well
        :rtype: Cover
        """
        domain = [("company_id", "=", company.id), ("event", "=", event)]
        return self.with_context(active_test=not archived).search(domain)._as_cover()

    def _as_cover(self):
        """Return the order in which these rules, all of one event, are asked for a customer.

        :rtype: Cover
        """
        by_partner, by_tag, general = {}, {}, self.browse()
        rules = self.with_context(active_test=False)
        for rule in rules:
            for partner in rule.partner_ids:
                by_partner.setdefault(partner.commercial_partner_id.id, rule)
            for tag in rule.category_ids:
                by_tag.setdefault(tag.id, rule)
            if rule._is_general():
                general = general or rule
        return Cover(by_partner, rules._with_tags_below(by_tag), general, *rules._filters())

    def _is_general(self):
        """Say whether the rule names nobody: neither customers nor groups, nor by a filter."""
        return not (self.partner_ids or self.category_ids or self.partner_domain)

    def _with_tags_below(self, by_tag):
        """Return the first of these rules for each tag that they list, and for those below it.

        :param dict by_tag: the first rule that lists a tag, by its id
        """
        if not by_tag:
            return {}
        place = {rule: place for place, rule in enumerate(self)}
        # One search for all of them: a company may have a rule for each of many tags.
        tags = self.category_ids.search([("id", "child_of", list(by_tag))])
        return {
            tag.id: min(
                (
                    by_tag[above]
                    for above in map(int, tag.parent_path.split("/")[:-1])
                    if above in by_tag
                ),
                key=place.get,
            )
            for tag in tags
        }

    @api.model
    def _effective(self, cover, partner_id, category_ids, caught=None):
        """Return the one rule that covers a customer: customer before group, filter and all.

        :param Cover cover: what :meth:`_cover` returned
        :param int partner_id: the commercial partner
        :param category_ids: ids of the partner's contact tags
        :param caught: the first rule whose filter finds it, of :meth:`_caught`
        """
        if partner_id in cover.by_partner:
            return cover.by_partner[partner_id]
        of_groups = [cover.by_tag[tag] for tag in category_ids if tag in cover.by_tag]
        others = caught or cover.general
        return min(of_groups, key=lambda rule: (rule.sequence, rule.id), default=others)

    def _to_core(self, broken=None):
        """Return the rule as the pure core knows it, None for no rule.

        :param bool broken: whether a filter of it is known not to work; None to ask of the one that
            leaves invoices out, whoever its customers are
        """
        if not self:
            return None
        self.ensure_one()
        if broken is None:
            broken = bool(self.exclude_domain and not self._exclusions())
        return schedule.Rule(
            id=self.id,
            levels=tuple(level._to_core() for level in self.level_ids),
            grouping=self.grouping,
            minimum=Decimal(str(self.min_amount)),
            credit_policy=self.credit_policy,
            leaves_out=bool(self.exclude_domain),
            broken=broken,
        )
