from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.base.trusted import trusted

#: What managers may change of a company, by the name it has here.
OF_COMPANY = {
    "pilot_partner_ids": "upominky_pilot_partner_ids",
    "start_date": "upominky_start_date",
    "bank_days": "upominky_bank_days",
    "calendar_id": "upominky_calendar_id",
    "hourly_limit": "upominky_hourly_limit",
    "four_eyes": "upominky_four_eyes",
    "regime": "upominky_regime",
    "day_basis": "upominky_day_basis",
    "interest_journal_id": "upominky_interest_journal_id",
    "interest_account_id": "upominky_interest_account_id",
    "interest_tax_ids": "upominky_interest_tax_ids",
    "attachment_limit": "upominky_attachment_limit",
    "letter_layout": "upominky_letter_layout",
    "case_months": "upominky_case_months",
}
#: What managers may change of a job, by the name it has here. An “active” would hide rows.
OF_JOB = {
    "is_on": "active",
    "interval_number": "interval_number",
    "interval_type": "interval_type",
    "nextcall": "nextcall",
}


class UpominkySettings(models.TransientModel):
    """The settings of reminders, for managers who administer nothing else.

    A window onto one company and the two jobs: what is saved in it is written there, after the
    manager's right has been checked.
    """

    _name = "upominky.settings"
    _description = "Payment Reminder Settings"
    _inherit = ["upominky.input"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    mode = fields.Selection(
        lambda self: self._of_company("upominky_mode"),
        compute="_compute_mode",
    )
    timezone = fields.Char(
        string="Time Zone",
        compute="_compute_mode",
        help="“Today” is the date in this time zone: that of the company's contact, else of its "
        "country.",
    )
    pilot_partner_ids = fields.Many2many(
        "res.partner",
        string="Pilot Customers",
        help="While in pilot mode, only these customers get reminders. Start with one.",
    )
    start_date = fields.Date(
        string="Remind From Due Date",
        help="Invoices due before this day are reminded by hand only, so that going live does not "
        "wake old debts.",
    )
    bank_days = fields.Integer(
        string="Bank Data Too Old After",
        help="When the last line of a bank statement is older than so many days, no reminder is "
        "e-mailed until newer ones are there. 0: bank data may be of any age.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Sending Calendar",
        index="btree_not_null",
        check_company=True,
        help="E-mails go out in these working hours alone, by the clock of the company, and not on "
        "its days off. Empty: at any time. Reminders are issued at any time, and letters by post "
        "wait for nobody.",
    )
    hourly_limit = fields.Integer(
        string="Messages an Hour at Most",
        help="So many messages of reminders are handed over within any hour, by the job and by "
        "people; the others wait for the next one. 0: no limit.",
    )
    four_eyes = fields.Boolean(
        string="Final Notices: Four Eyes",
        help="Who issued a final notice by hand may not approve it too.",
    )
    regime = fields.Selection(
        lambda self: self._of_company("upominky_regime"),
        string="Interest by Law",
        help="The law by which interest for late payment is asked. Empty: that of the country of "
        "the company.",
    )
    day_basis = fields.Selection(
        lambda self: self._of_company("upominky_day_basis"),
        string="Days of a Year",
        required=True,
        default="actual",
        help="By how many days a year's interest is divided.",
    )
    interest_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Interest",
        index="btree_not_null",
        check_company=True,  # a branch has those of its parents
        domain="[('type', '=', 'sale')]",
        help="Where invoices of interest are made. Empty: the first journal of sales.",
    )
    interest_account_id = fields.Many2one(
        "account.account",
        string="Account of Interest",
        index="btree_not_null",
        check_company=True,
        help="Of the lines of invoices of interest. Empty: the journal's.",
    )
    interest_tax_ids = fields.Many2many(
        "account.tax",
        relation="upominky_settings_tax_rel",
        string="Taxes of Interest",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="Empty: interest and costs are outside VAT.",
    )
    attachment_limit = fields.Integer(
        string="Files of a Message at Most",
        help="MB of all files of one message as it is sent. Above it, links to the invoices on the "
        "portal are sent instead of their files.",
    )
    letter_layout = fields.Boolean(
        string="Letters in the Document Layout",
        help="Letters have the head and the foot of the company's document layout, as invoices "
        "have.",
    )
    case_months = fields.Integer(
        string="Files for Lawyers Are Kept",
        help="Months after which the zip is deleted; it can be made anew. 0: never deleted.",
    )
    job_ids = fields.One2many("upominky.settings.job", "settings_id", string="Jobs")
    may_change_jobs = fields.Boolean(
        compute="_compute_may_change_jobs",
        help="The jobs serve all companies: administrators, and managers of all of them, change "
        "them.",
    )
    warning = fields.Text(compute="_compute_warning")

    @api.depends("company_id")
    def _compute_display_name(self):
        for settings in self:
            settings.display_name = self.env._("Reminder Settings")

    @api.model
    def _of_company(self, name):
        """Return the values of a field of companies, with their labels."""
        return self.env["res.company"]._fields[name]._description_selection(self.env)

    @api.depends("company_id")
    def _compute_mode(self):
        for settings in self:
            settings.mode = settings.company_id._upominky_effective_mode()
            settings.timezone = settings.company_id._upominky_timezone().zone

    @api.depends_context("uid")
    def _compute_may_change_jobs(self):
        # sudo: as whoever looks at the page, not as whoever opened it for him.
        self.may_change_jobs = self.env["res.company"].sudo(False)._upominky_may_change_jobs()

    @api.depends("job_ids.is_on", "mode", "pilot_partner_ids", "bank_days", "calendar_id")
    def _compute_warning(self):
        for settings in self:
            texts = [job._off_text() for job in settings.job_ids if not job.is_on]
            if settings.mode == "pilot" and not settings.pilot_partner_ids:
                texts.append(
                    self.env._("Pilot without a pilot customer: nobody is reminded. Choose one.")
                )
            if settings.calendar_id and (waits := settings.company_id._upominky_waits_text()):
                texts.append(waits)
            if old := settings.company_id._upominky_bank_problem():
                texts.append(old)
            settings.warning = "\n".join(texts)

    def write(self, vals):
        self.company_id._upominky_check_manager()
        result = super().write(vals)
        self.company_id._upominky_check_manager()  # the values may name another one
        names = self._names_of_company()
        # sudo: managers set these of a company of theirs, and nothing else of it.
        for settings in trusted(self):
            for name in names.keys() & vals.keys():
                settings.company_id[names[name]] = settings[name]
        return result

    @api.model
    def _names_of_company(self):
        """Return what managers may change of a company, by the name here; bridges add theirs.

        :rtype: dict[str, str]
        """
        return OF_COMPANY

    # -------------------------------------------------------------- actions

    @api.model
    def action_open(self):
        """Open the settings of the current company."""
        company = self.env.company
        company._upominky_check_manager()
        # sudo: managers change settings, they make no rows of their own.
        mine = trusted(company)
        settings = trusted(self).create(
            {
                "company_id": company.id,
                **{
                    name: mine._fields[of_company].convert_to_write(mine[of_company], mine)
                    for name, of_company in self._names_of_company().items()
                },
            }
        )
        jobs = trusted(self.env["upominky.settings.job"])
        for job in jobs._fields["job"].get_values(self.env):
            jobs.create({"settings_id": settings.id, "job": job})._read_job()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settings"),
            "res_model": self._name,
            "res_id": settings.id,
            "view_mode": "form",
        }

    def action_live(self):
        """Show what live mode would issue today, and ask for the start date."""
        self.company_id._upominky_check_manager()
        return self.env["upominky.live"]._open(self.company_id)

    def action_pilot(self):
        """Go back to the pilot customers alone."""
        return self._switch("pilot")

    def action_off(self):
        """Switch the reminders of the company off."""
        return self._switch("off")

    def _switch(self, mode):
        self.company_id._upominky_check_manager()
        # sudo: managers change the mode of a company of theirs.
        trusted(self).company_id.upominky_mode = mode
        self.invalidate_recordset(["mode", "warning"])
        return True

    def action_load_holidays(self):
        """Enter the public holidays of this year and the next into the sending calendar."""
        company = self.company_id
        company._upominky_check_manager()
        loaded = company._upominky_load_holidays()
        country = company.country_id.name
        words = {"country": country, "calendar": company.upominky_calendar_id.name}
        if loaded:
            message = self.env._(
                "Public holidays of %(country)s entered into “%(calendar)s”: %(days)s.",
                **words,
                days=len(loaded),
            )
        else:
            message = self.env._(
                "All public holidays of %(country)s, of this year and the next, are in "
                "“%(calendar)s” already.",
                **words,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "success"},
        }

    def action_readiness(self):
        """Open the three conditions."""
        return self.env["upominky.readiness"].action_open()


class UpominkySettingsJob(models.TransientModel):
    """One of the two jobs, as managers may adjust it. The jobs serve all companies."""

    _name = "upominky.settings.job"
    _description = "Payment Reminder Job"
    _inherit = ["upominky.input"]
    _order = "id"

    settings_id = fields.Many2one(
        "upominky.settings", required=True, readonly=True, ondelete="cascade", index=True
    )
    job = fields.Selection(
        [("cron_generate", "Automatic generation"), ("cron_send", "Automatic sending")],
        required=True,
        readonly=True,
    )
    is_on = fields.Boolean(string="On")
    interval_number = fields.Integer(string="Every", aggregator=False)
    interval_type = fields.Selection(
        [
            ("minutes", "Minutes"),
            ("hours", "Hours"),
            ("days", "Days"),
            ("weeks", "Weeks"),
            ("months", "Months"),
        ],
        string="Unit",
    )
    nextcall = fields.Datetime(string="Next Run")
    lastcall = fields.Datetime(string="Last Run", readonly=True)

    may_change = fields.Boolean(related="settings_id.may_change_jobs")

    def write(self, vals):
        self._check_may_change()
        result = super().write(vals)
        if vals.get("interval_number", 1) < 1:
            raise UserError(self.env._("A job runs every 1 or more: enter a positive number."))
        for job in self:
            cron = job._cron()
            names = {name: OF_JOB[name] for name in OF_JOB.keys() & vals.keys()}
            changed = {of: job[name] for name, of in names.items() if job[name] != cron[of]}
            if changed:
                cron.write(changed)
        return result

    def _check_may_change(self):
        self.settings_id.company_id._upominky_check_manager()
        self.env.company._upominky_check_jobs()

    def _cron(self):
        # sudo: the callers have checked the right; scheduled jobs are the administrators' else.
        return trusted(self.env.ref(f"upominky_addon.{self.job}"))

    def _read_job(self):
        """Take over what the scheduler has."""
        for job in self:
            cron = job._cron()
            values = {name: cron[of_cron] for name, of_cron in OF_JOB.items()}
            job.write({**values, "lastcall": cron.lastcall})

    def _off_text(self):
        if self.job == "cron_generate":
            return self.env._(
                "Automatic generation is switched off: no reminder is issued unless by hand."
            )
        return self.env._(
            "Automatic sending is switched off: issued reminders wait until somebody sends them."
        )

    def action_run_now(self):
        """Run the job at once, as the scheduler does, and say what it did."""
        self.ensure_one()
        self._check_may_change()
        Run = self.env["upominky.run"]
        before = Run.search([], limit=1).id or 0
        result = self._cron().method_direct_trigger()
        if result is not True:
            return result  # the scheduler's own account of what went wrong
        self.env.invalidate_all()
        self._read_job()
        runs = Run.search([("id", ">", before)])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self._fields["job"].convert_to_export(self.job, self),
                "message": " ".join([runs._counts_text(), *runs._errors()]),
                "type": "warning" if runs._went_wrong() else "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
