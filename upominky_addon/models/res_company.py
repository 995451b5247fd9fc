from datetime import UTC, datetime, time

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..core.lifecycle import mode_stops

#: Order, days after the due date, whether a person approves, and days to pay: what a new company
#: starts with.
DEFAULT_LEVELS = ((1, 7, False, 7), (2, 21, False, 7), (3, 35, False, 7), (4, 50, True, 14))
#: Days that a new company's notices and thanks begin with: before the due date, after the payment.
FRIENDLY_DAYS = (("notice", -3), ("thanks", 0))
#: Who reads what the add-on knows about invoices, customers and companies: portal and public users,
#: who read some of these records, do not.
INSIDE = "base.group_user"

#: What decides whom the jobs write to at all.
WHO_IS_REMINDED = ("upominky_mode", "upominky_pilot_partner_ids")

#: The code of each company's number series.
SERIES = "upominky.reminder"


class ResCompany(models.Model):
    _inherit = "res.company"

    upominky_mode = fields.Selection(
        [
            ("off", "Off: the jobs do nothing"),
            ("pilot", "Pilot: chosen customers only"),
            ("live", "Live: all customers"),
        ],
        string="Reminders",
        groups=INSIDE,
        required=True,
        default="pilot",
    )
    upominky_pilot_partner_ids = fields.Many2many(
        "res.partner",
        relation="upominky_pilot_partner_rel",
        string="Pilot Customers",
        groups=INSIDE,
        help="While in pilot mode, only these customers get reminders. Start with one.",
    )
    upominky_start_date = fields.Date(
        string="Remind From Due Date",
        groups=INSIDE,
        help="Invoices due before this day are reminded by hand only.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._upominky_set_up()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(WHO_IS_REMINDED):
            self._upominky_stop_workers()
        return result

    def _upominky_stop_workers(self):
        """Have workers ask anew whom they may write to; what is on its way is told.

        Never refused: who stops the mail must not have to wait for a moment without any.
        """
        Reminder = self.env["upominky.reminder"]
        if late := Reminder._take_away([("company_id", "in", self.ids)], refuse=False):
            message = self.env._(
                "%s: handed to the mail server at this very moment, so it may still arrive.",
                ", ".join(late.mapped("name")),
            )
            self.env.user._bus_send("simple_notification", {"type": "warning", "message": message})

    def unlink(self):
        self.check_access("unlink")  # before what is named in refusals is looked at
        # sudo: whoever may delete a company takes away what it was set up with.
        of_these = [("company_id", "in", self.ids)]
        series = self.env["ir.sequence"].sudo().search([*of_these, ("code", "=", SERIES)])
        self.env["upominky.rule"].sudo().with_context(active_test=False).search(of_these).unlink()
        # sudo: as above; runs are nobody's to keep.
        self.env["upominky.run"].sudo().search(of_these).unlink()
        own = self.env["mail.template"]._upominky_left_by(self)
        result = super().unlink()
        series.unlink()
        own.unlink()
        return result

    # ------------------------------------------------------------- business

    def _upominky_timezone(self):
        """Return the zone of the company's calendar: its partner's, its country's if sole, UTC."""
        self.ensure_one()
        # sudo: users without access to the company's contact share its calendar.
        partner = self.sudo().partner_id
        if partner.tz:
            return pytz.timezone(partner.tz)
        zones = pytz.country_timezones.get(partner.country_id.code or "", [])
        return pytz.timezone(zones[0]) if len(zones) == 1 else pytz.utc

    def _upominky_today(self):
        """Return the company's own calendar date.

        :rtype: datetime.date
        """
        return self._upominky_day_of(fields.Datetime.now())

    def _upominky_day_of(self, moment):
        """Return the company's own calendar date at a moment.

        :param datetime moment: in UTC, without a zone
        :rtype: datetime.date
        """
        return moment.replace(tzinfo=UTC).astimezone(self._upominky_timezone()).date()

    def _upominky_moment_of(self, day):
        """Return a moment of a day: now if it is today, else its noon by the company's clock.

        :param date day: a calendar date of the company
        :return: in UTC, without a zone
        :rtype: datetime
        """
        if day == self._upominky_today():
            return fields.Datetime.now()
        noon = self._upominky_timezone().localize(datetime.combine(day, time(12)))
        return noon.astimezone(UTC).replace(tzinfo=None)

    def _upominky_effective_mode(self):
        """Return the mode; a neutralised copy of the database is always off."""
        self.ensure_one()
        return "off" if self._upominky_is_copy() else self.upominky_mode

    def _upominky_is_off(self):
        """Say whether the mode lets nobody be reminded."""
        return mode_stops(self._upominky_effective_mode(), is_pilot=True) is not None

    def _upominky_pilots(self):
        """Return the customers who are reminded in pilot mode, whichever contact was chosen."""
        return self.upominky_pilot_partner_ids.commercial_partner_id

    def _upominky_is_copy(self):
        """Say whether this database is a neutralised copy of another."""
        # sudo: the parameter says what kind of database this is, to everybody.
        parameters = self.env["ir.config_parameter"].sudo()
        return bool(parameters.get_param("database.is_neutralized"))

    def _upominky_check_manager(self):
        """Refuse callers who do not manage the reminders of these companies."""
        if self.env.su:
            return
        if not self.env.user.has_group("upominky_addon.group_manager"):
            raise AccessError(
                self.env._("You need the right “Upomínky: manager” to change how reminders work.")
            )
        if self - self.env.companies:
            raise AccessError(self.env._("Switch to that company to change its reminders."))

    @api.model
    def _upominky_may_change_jobs(self):
        """Say whether the user may decide for every company: the jobs serve all of them."""
        if self.env.su or self.env.user.has_group("base.group_system"):
            return True
        # sudo: whether there are others is asked for, and none is named.
        others = self.sudo().search_count(
            [("id", "not in", self.env.user.company_ids.ids)], limit=1
        )
        return not others

    @api.model
    def _upominky_check_jobs(self):
        """Refuse managers of some companies who administer nothing else.

        :raises AccessError: with what they may do instead
        """
        if not self._upominky_may_change_jobs():
            raise AccessError(
                self.env._(
                    "The jobs serve all companies, so only an administrator, or a manager of all "
                    "of them, changes or runs them. Switch the reminders of your company off by "
                    "its mode, or send and issue by hand."
                )
            )

    def _upominky_sequence(self):
        # sudo: whoever issues a reminder needs a number for it.
        sequence = self.env["ir.sequence"].sudo()
        return sequence.search_fetch(
            [("code", "=", SERIES), ("company_id", "=", self.id)],
            ["implementation", "use_date_range", "prefix", "suffix", "padding"],
            limit=1,
        )

    def _upominky_next_numbers(self, count):
        """Return ``count`` numbers for reminders, in one statement.

        :rtype: list[str]
        """
        self.ensure_one()
        sequence = self._upominky_sequence()
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _i in range(count)]
        name = f"ir_sequence_{sequence.id:03d}"
        query = SQL("SELECT nextval(%s) FROM generate_series(1, %s)", name, count)
        # What `get_next_char` does for each, with the prefix worked out once.
        prefix, suffix = sequence._get_prefix_suffix()
        width = sequence.padding
        return [f"{prefix}{n:0{width}d}{suffix}" for (n,) in self.env.execute_query(query)]

    def _upominky_set_up(self):
        """Give companies their number series and their default rules; those that have any stay."""
        # sudo: whoever may create a company gets it with its reminders set up.
        Rule = (
            self.env["upominky.rule"]
            .sudo()
            .with_context(
                active_test=False,
                lang="en_US",
                mail_create_nolog=True,  # nobody made them, and Odoo would say so in English
            )
        )
        Sequence = self.env["ir.sequence"].sudo()
        for company in self:
            if not company._upominky_sequence():
                Sequence.create(company._upominky_sequence_values())
            if not Rule.search_count([("company_id", "=", company.id)], limit=1):
                english = company.with_context(lang="en_US")
                company._upominky_translate(Rule.create(english._upominky_default_rules()))

    def _upominky_translate(self, rules):
        """Write the names of default rules and levels in every language that is installed."""
        for lang, _name in self.env["res.lang"].get_installed():
            there = self.with_context(lang=lang)
            for rule, vals in zip(
                rules.with_context(lang=lang), there._upominky_default_rules(), strict=True
            ):
                rule.name = vals["name"]
                for level, (_command, _id, row) in zip(
                    rule.level_ids, vals["level_ids"], strict=True
                ):
                    level.name = row["name"]

    @api.model
    def _upominky_name_in(self, langs):
        """Name default rules and levels in languages that came later; other names stay.

        :param langs: codes of the languages
        """
        english = self.with_context(lang="en_US")._upominky_names()
        # sudo: whoever activates a language need not manage reminders; names alone are written.
        models_named = [self.env[name].sudo() for name in ("upominky.rule", "upominky.level")]
        everywhere = {"active_test": False, "tracking_disable": True}
        for lang in {*langs} - {"en_US"}:
            names = self.with_context(lang=lang)._upominky_names()
            words = {english[key]: name for key, name in names.items()}
            for Model in models_named:
                found = Model.with_context(**everywhere, lang="en_US").search(
                    [("name", "in", list(words))]
                )
                for record in found:
                    there = record.with_context(lang=lang)
                    if there.name == record.name:
                        there.name = words[record.name]

    def _upominky_sequence_values(self):
        return {
            "name": f"Payment reminders {self.name}",
            "code": SERIES,
            "company_id": self.id,
            "prefix": "UP/%(year)s/",
            "padding": 5,
        }

    def _upominky_template(self, xmlid):
        """Return the company's own copy of a default template; none if that was deleted."""
        default = self.env.ref(f"upominky_addon.{xmlid}", raise_if_not_found=False)
        return default._upominky_copy_for(self) if default else self.env["mail.template"]

    def _upominky_own_templates(self):
        """Give companies copies of the templates that they share, so that each has its own.

        Of a template that a user made the first company keeps the original.
        """
        # sudo: what companies use is settled for all of them at once.
        levels = self.env["upominky.level"].sudo().with_context(active_test=False)
        taken = self.env["mail.template"]
        for company in self.sorted("id"):
            mine = levels.search([("rule_id.company_id", "=", company.id)])
            shared = mine.mail_template_id
            for template in shared & (taken | shared._upominky_defaults()):
                theirs = mine.filtered(lambda level, t=template: level.mail_template_id == t)
                theirs.mail_template_id = template._upominky_copy_for(company)
            taken |= shared
            # sudo: a template without a company is that of the first one that uses it.
            own = shared.filtered(lambda template: not template.upominky_company_id)
            (own - shared._upominky_defaults()).upominky_company_id = company

    def _upominky_default_rules(self):
        """Return the values of the rules that the company is given, named in the language in use.

        Another add-on adds its own here, always as many as in every other language.

        :rtype: list[dict]
        """
        return [
            self._upominky_issue_rule(),
            self._upominky_resend_rule(),
            *self._upominky_friendly_rules(),
        ]

    def _upominky_issue_rule(self):
        names = self._upominky_names()
        levels = [
            {
                "order": order,
                "name": names[order],
                "days_overdue": days,
                "requires_approval": approval,
                "deadline_days": days_to_pay,
                "mail_template_id": self._upominky_template(f"mail_template_level_{order}").id,
            }
            for order, days, approval, days_to_pay in DEFAULT_LEVELS
        ]
        return {
            "name": names["issue"],
            "company_id": self.id,
            "sequence": 100,
            "level_ids": [(0, 0, level) for level in levels],
        }

    @api.model
    def _upominky_names(self):
        """Return the names of default rules and of their levels, in the language in use."""
        return {
            "issue": self.env._("All customers"),
            "resend": self.env._("All customers: list of unpaid invoices"),
            "list": self.env._("List of unpaid invoices"),
            "rule_notice": self.env._("All customers: notice before the due date"),
            "notice": self.env._("Notice before the due date"),
            "rule_thanks": self.env._("All customers: thanks for the payment"),
            "thanks": self.env._("Thanks for the payment"),
            1: self.env._("First reminder"),
            2: self.env._("Second reminder"),
            3: self.env._("Third reminder"),
            4: self.env._("Call before legal action / attempt at conciliation"),
        }

    def _upominky_resend_rule(self):
        names = self._upominky_names()
        level = {
            "order": 1,
            "name": names["list"],
            "days_overdue": 14,
            "deadline_days": 0,  # a list of what was asked for already asks for nothing new
            "mail_template_id": self._upominky_template("mail_template_resend").id,
        }
        return {
            "name": names["resend"],
            "company_id": self.id,
            "event": "resend",
            "sequence": 100,
            "active": False,
            "level_ids": [(0, 0, level)],
        }

    def _upominky_friendly_rules(self):
        """Return the values of the rules of notices and of thanks, switched off."""
        names = self._upominky_names()
        return [
            {
                "name": names[f"rule_{event}"],
                "company_id": self.id,
                "event": event,
                "sequence": 100,
                "active": False,
                "level_ids": [
                    (
                        0,
                        0,
                        {
                            "order": 1,
                            "name": names[event],
                            "days_overdue": days,
                            "deadline_days": 0,  # nothing is late: no day beside the due dates
                            "mail_template_id": self._upominky_template(
                                f"mail_template_{event}"
                            ).id,
                        },
                    )
                ],
            }
            for event, days in FRIENDLY_DAYS
        ]

    def _upominky_add_friendly_rules(self):
        """Give companies that were set up before the rules of notices and of thanks, switched off.

        Those that have a rule of the event already keep it alone.
        """
        quiet = {"active_test": False, "lang": "en_US", "mail_create_nolog": True}
        # sudo: a migration is the program's own; see `_upominky_set_up`.
        rules = self.env["upominky.rule"].sudo().with_context(**quiet)
        for company in self:
            had = rules.search([("company_id", "=", company.id)]).mapped("event")
            given = company.with_context(lang="en_US")._upominky_friendly_rules()
            rules.create([values for values in given if values["event"] not in had])
        self._upominky_name_in(code for code, _name in self.env["res.lang"].get_installed())
