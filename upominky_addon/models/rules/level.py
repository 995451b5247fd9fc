from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...core import schedule
from ...core.address import is_address, split
from ...core.recipient import EMAIL
from ..base.trusted import trusted

#: Days overdue of the first level, unless told.
FIRST_DAYS = 7
#: Templates to choose from: not what all companies begin with, nor what another one wrote.
OWN_TEMPLATES = """[
    ('model', '=', 'upominky.reminder'),
    ('template_category', '=', 'custom_template'),
    ('upominky_company_id', 'in', [False, company_id]),
]"""
#: The longest that a level may wait: ten years, after which no claim is left (§ 639 of the code).
MAX_DAYS = 3660


class UpominkyLevel(models.Model):
    _name = "upominky.level"
    _description = "Reminder Level"
    _inherit = ["upominky.input"]
    _order = "rule_id, order, id"

    rule_id = fields.Many2one("upominky.rule", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rule_id.company_id")
    event = fields.Selection(related="rule_id.event")
    order = fields.Integer(
        required=True,
        default=1,
        help="1 for the first reminder, 2 for the second, and so on. A row that is dragged takes "
        "the number of its new place; gaps stay.",
    )
    name = fields.Char(required=True, translate=True)
    auto_generate = fields.Boolean(
        string="Automatic",
        default=True,
        help="Off: this level is issued by hand only, and later levels wait for it.",
    )
    days_overdue = fields.Integer(
        string="Generate After Days Overdue",
        required=True,
        default=FIRST_DAYS,
        help="How many days after the due date the reminder is generated and sent. After the "
        "previous reminder it also waits as many days as lie between the two rows, at least one.",
    )
    send = fields.Boolean(
        default=True,
        help="Off: the reminder is generated and counts, but is not e-mailed.",
    )
    contact = fields.Selection(
        [
            ("invoice", "Invoice address <EMAIL_ODB>"),
            ("order", "Contact person of the order <EMAIL_KONT_OSOBA_ZAK>"),
            ("both", "Both"),
        ],
        required=True,
        default="invoice",
    )
    extra_email = fields.Char(
        string="Copy To", help="More addresses that get a copy, separated by commas."
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="Template",
        domain=OWN_TEMPLATES,
        ondelete="restrict",
        help="The message of this level. Needed when the level is sent.",
        index="btree_not_null",
    )
    attach_letter = fields.Boolean(
        help="The e-mail carries the reminder as a letter in PDF, which is kept with it as it went "
        "out.",
    )
    sender_id = fields.Many2one(
        "res.users",
        context={"active_test": False},
        help="Empty: the sender of the rule.",
        index="btree_not_null",
    )
    requires_approval = fields.Boolean(
        string="Needs Approval",
        help="A person approves each reminder of this level before it is sent.",
    )
    text_template = fields.Text(
        string="Plain Text",
        translate=True,
        help="The plain-text part of the message. Empty: made from the HTML message.",
    )

    # A deferred constraint lets two rows change places within one save.
    _order_unique = models.Constraint(
        'UNIQUE (rule_id, "order") DEFERRABLE INITIALLY DEFERRED',
        "Two levels of a rule cannot have the same order.",
    )

    @api.constrains("order", "rule_id")
    def _check_order(self):
        for level in self.filtered(lambda level: level.order < 1):
            raise ValidationError(
                self.env._("The order of a level starts at 1 (rule “%s”).", level.rule_id.name)
            )
        if self.env.context.get("upominky_levels_together"):
            return  # the rule checks all its rows when it is saved
        for rule in self.rule_id:
            orders = rule.level_ids.mapped("order")
            double = {order for order in orders if orders.count(order) > 1}
            if double:
                raise ValidationError(
                    self.env._(
                        "The rule “%(rule)s” has two levels with the order %(order)s. "
                        "Give each level an order of its own.",
                        rule=rule.name,
                        order=min(double),
                    )
                )

    @api.constrains("days_overdue")
    def _check_days_overdue(self):
        for level in self:
            if level.rule_id._event().days:  # has days of its own, see `level_events`
                continue
            if level.days_overdue < 1:
                raise ValidationError(
                    self.env._(
                        "“%(level)s” would be generated %(days)s days after the due date. "
                        "Enter 1 or more.",
                        level=level.name,
                        days=level.days_overdue,
                    )
                )
            if level.days_overdue > MAX_DAYS:
                raise ValidationError(
                    self.env._(
                        "“%(level)s” would be generated more than ten years after the due date. "
                        "Enter %(most)s days at most.",
                        level=level.name,
                        most=MAX_DAYS,
                    )
                )

    @api.constrains("extra_email")
    def _check_extra_email(self):
        for level in self:
            for copy_to in split(level.extra_email):
                if not is_address(copy_to):
                    raise ValidationError(
                        self.env._(
                            "“%(address)s” is not an e-mail address, so “%(level)s” cannot send a "
                            "copy to it. Correct it, or take it out.",
                            address=copy_to,
                            level=level.name,
                        )
                    )

    @api.constrains("sender_id", "rule_id")
    def _check_sender(self):
        for level in self:
            level.rule_id._check_sender_company(level.sender_id)

    @api.constrains("mail_template_id", "send")
    def _check_mail_template(self):
        for level in self:
            # sudo: what a template is made for is no secret.
            model = level.mail_template_id.sudo().model
            if level.mail_template_id and model != "upominky.reminder":
                raise ValidationError(
                    self.env._(
                        "The template “%(template)s” of “%(level)s” is made for another kind of "
                        "document. Choose a template of a payment reminder.",
                        template=level.mail_template_id.name,
                        level=level.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_join({vals.get("rule_id") for vals in vals_list})
        rows = [self._named(vals) for vals in vals_list]
        levels = super().create(rows)
        for level, vals, row in zip(levels, vals_list, rows, strict=True):
            if row is not vals:
                level._translate_default_name()
        levels._check_own_template()
        return levels

    @api.model
    def _named(self, vals):
        """Return values with a default name, if they and the caller's defaults have none."""
        said = {**self.default_get(["name", "order"]), **vals}
        if str(said.get("name") or "").strip():
            return vals
        return {**vals, "name": self._default_name(said.get("order"), said.get("rule_id"))}

    @api.model
    def _default_name(self, order, rule_id):
        """Return what a level is called unless told, in the language of the environment."""
        event = self.env["upominky.rule"].browse(rule_id or ()).event
        return self.env["upominky.event"]._title(event) or self.env._("Reminder No. %s", order)

    def _translate_default_name(self):
        """Write the default name in every language that is installed."""
        for code, _name in self.env["res.lang"].get_installed():
            there = self.with_context(lang=code)
            there.name = there._default_name(self.order, self.rule_id.id)

    def write(self, vals):
        self._check_may_join({vals.get("rule_id")})
        result = super().write(vals)
        if "rule_id" in vals and "mail_template_id" not in vals:
            self._take_own_templates()  # the rule may be another company's
        if "mail_template_id" in vals:
            self._check_own_template()
        return result

    def _check_own_template(self):
        """Refuse a template of another company, whoever chooses it: its owner could write no more.

        :raises AccessError: naming the template
        """
        if self.env.su:
            return
        for level in self:
            # sudo: whose a template is decides, and is no secret.
            owner = level.mail_template_id.sudo().upominky_company_id
            if owner and owner != level.rule_id.company_id:
                raise AccessError(
                    self.env._(
                        "The template “%s” is another company's. Choose one of your own.",
                        level.mail_template_id.name,
                    )
                )

    def _take_own_templates(self):
        """Give levels that came from another company the texts of the one where they are now.

        What was a copy of a default becomes the copy of the new company; a text that was written
        for a company alone is copied for the new one.
        """
        for company, levels in self.grouped("company_id").items():
            for template, mine in levels.grouped("mail_template_id").items():
                # sudo: managers choose texts; which frame and server a copy keeps they do not.
                own = trusted(template)._upominky_for(company)
                if own != template:
                    mine.mail_template_id = own

    @api.model
    def _check_may_join(self, rule_ids):
        """Refuse rows of rules that the user may not write, before a constraint names such a rule.

        Odoo asks before a write only, for the rule that the row had.
        """
        self.env["upominky.rule"].browse(filter(None, rule_ids)).check_access("write")

    def _to_core(self):
        """Return the level as the pure core knows it."""
        self.ensure_one()
        return schedule.Level(
            id=self.id,
            order=self.order,
            days=self.days_overdue,
            auto=self.auto_generate,
            approval=self.requires_approval,
            send=bool(self._channels()),
            contact=self.contact,
            channels=self._channels() or (EMAIL,),
            is_charged=bool(self._charges()),
        )

    def _channels(self):
        """Return the channels that the level sends by; another channel adds its own.

        One that sends by none may be sent by hand, as an e-mail.

        :rtype: tuple[str, ...]
        """
        self.ensure_one()
        return (EMAIL,) if self.send else ()
