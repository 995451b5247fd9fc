from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from .base.trusted import trusted
from .res_partner_holds import HOLD_REASONS

#: In one order, so that two never wait for each other.
LOCK = "SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR SHARE"
CLAIM = """
    WITH mine AS (SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE)
    UPDATE res_partner SET write_date = write_date FROM mine WHERE res_partner.id = mine.id
"""


class ResPartner(models.Model):
    _inherit = "res.partner"

    # sudo: rules are the users' of reminders, and so are these two fields; the active company's
    # rules alone are looked through.
    upominky_rule_id = fields.Many2one(
        "upominky.rule",
        string="Reminder Rule",
        compute="_compute_upominky_rule_id",
        compute_sudo=True,
        groups="upominky_addon.group_user",
        help="The rule that applies to this customer now.",
    )
    upominky_rule_reason = fields.Char(
        string="Why This Rule",
        compute="_compute_upominky_rule_id",
        compute_sudo=True,
        groups="upominky_addon.group_user",
    )
    upominky_reminder_ids = fields.One2many(
        "upominky.reminder",
        "partner_id",
        string="Payment Reminders",
        groups="upominky_addon.group_user",
    )
    upominky_reminder_count = fields.Integer(
        string="Reminders",
        compute="_compute_upominky_reminder_count",
        groups="upominky_addon.group_user",
    )

    # Job 1 walks customers by their commercial partner, which Odoo does not index.
    _upominky_commercial_idx = models.Index("(commercial_partner_id)")

    def _upominky_reserve(self):
        """Have these customers for oneself until the end of the transaction.

        Who claims or locks them meanwhile waits. A job that locks them then is told by the database
        that they were written, and decides anew.
        """
        self.env.cr.execute(CLAIM, [self.ids])

    def _upominky_lock(self):
        """Keep others from claiming these customers until the end of the transaction."""
        if self:
            self.env.cr.execute(LOCK, [self.ids])

    @api.depends_context("company")
    @api.depends("category_id", "commercial_partner_id")
    def _compute_upominky_rule_id(self):
        Rule = self.env["upominky.rule"]
        cover = Rule._cover(self.env.company)
        caught = Rule._caught(cover, self.commercial_partner_id._origin.ids)
        for partner in self:
            customer = partner.commercial_partner_id
            found = caught.get(customer._origin.id)
            rule = Rule._effective(cover, customer._origin.id, customer.category_id.ids, found)
            partner.upominky_rule_id = rule
            partner.upominky_rule_reason = partner._upominky_why(rule, cover, found)

    def _upominky_why(self, rule, cover, found):
        """Return a sentence that says why ``rule`` applies.

        :param Cover cover: of :meth:`upominky.rule._cover`
        :param found: the first rule whose filter finds the customer
        """
        customer = self.commercial_partner_id
        if not rule:
            return self.env._("No rule covers this customer, so it gets no reminder.")
        if rule in cover.broken:
            return self.env._(
                "A filter of the rule “%s” cannot be evaluated any more, so this customer gets no "
                "reminder until it is mended.",
                rule.name,
            )
        if cover.by_partner.get(customer._origin.id) == rule:
            return self.env._("The rule lists this customer.")
        if any(tag in cover.by_tag for tag in customer.category_id.ids):
            return self.env._("The rule lists a group of this customer.")
        if rule == found:
            return self.env._("The filter of the rule “%s” finds this customer.", rule.name)
        return self.env._("The rule covers all customers, and no other covers this one.")

    def _compute_upominky_reminder_count(self):
        customers = self.commercial_partner_id
        domain = [
            ("partner_id.commercial_partner_id", "in", customers.ids),
            ("event", "not in", self.env["upominky.event"]._undemanding()),
            ("state", "!=", "cancelled"),
        ]
        rows = self.env["upominky.reminder"]._read_group(domain, ["partner_id"], ["__count"])
        counts = Counter()
        for reminded, count in rows:  # some may have become contacts of another since
            # sudo: whom a contact belongs to is no more than the count tells.
            counts[reminded.sudo().commercial_partner_id.id] += count
        for partner in self:
            partner.upominky_reminder_count = counts[partner.commercial_partner_id.id]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_upominky_rule(self):
        self.env["upominky.rule"]._refuse_unlisting("partner_ids", self)

    def action_upominky_issue(self):
        """Show what issuing the next reminder of all that these customers owe would do."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        return self.env["upominky.issue"]._open(customers=self.commercial_partner_id)

    def action_upominky_ask_hold(self):
        """Ask whether this customer gets reminders of the active company.

        Of several it is asked only until when and why they are on hold.

        :raises UserError: if there is none
        """
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        customer = self.commercial_partner_id
        if not customer:
            raise UserError(self.env._("Choose whose reminders to hold."))
        if len(customer) > 1:
            return customer.action_upominky_hold_many()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold or Exclude"),
            "res_model": "upominky.hold",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": customer.id,
                "default_excluded": customer.upominky_excluded,
                "default_hold_until": customer.upominky_hold_until,
                "default_hold_reason": customer.upominky_hold_reason,
            },
        }

    def action_upominky_hold_many(self):
        """Ask until when and why these customers are on hold with the active company."""
        reminders = self.env["upominky.reminder"]
        reminders._check_user_may()
        self.check_access("read")
        return reminders._ask_hold({"default_partner_ids": self.commercial_partner_id.ids})

    def action_upominky_hold(self, excluded=None, until=False, reason=False, at_least=False):
        """Say whether these customers get reminders of the active company; the history keeps it.

        Whoever works with reminders may do this much with a customer, also without the right to
        change contacts.

        :param bool excluded: whether they get none for good; None leaves that as it is
        :param until: the last day of the hold, none if it has no end or there is none
        :param str reason: one of :data:`.res_partner_holds.HOLD_REASONS`, if any
        :param bool at_least: whether what is on hold for longer stays so, with its reason
        :raises UserError: if the day or the reason is none
        """
        reminders = self.env["upominky.reminder"]
        reminders._check_user_may()
        self.check_access("read")
        if reason:
            reminders._refuse_choice(reason, HOLD_REASONS)
        until = reminders._day_of(until)
        values = {
            "upominky_hold_until": until,
            "upominky_hold_reason": reason,
        }
        if excluded is not None:
            values["upominky_excluded"] = bool(excluded)
        # sudo: the caller's rights were checked; nothing else of the customer is written.
        customers = trusted(self).commercial_partner_id
        held = customers._upominky_held_past(until, reason) if at_least else customers.browse()
        (customers - held).write(values)
        return True

    def action_open_upominky_reminders(self):
        """Open the customer's reminders; a click shows its notices and thanks beside them."""
        self.env["upominky.reminder"]._check_user_may()
        self.ensure_one()
        customer = self.commercial_partner_id
        domain = [("partner_id.commercial_partner_id", "=", customer.id)]
        name = self.env._("Reminders: %s", customer.name)
        shown = {"search_default_reminders": 1}
        return self.env["upominky.reminder"]._open_book(domain, name=name, context=shown)


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_upominky_rule(self):
        self.env["upominky.rule"]._refuse_unlisting("category_ids", self)
