from odoo import api, fields, models
from odoo.tools import config
from odoo.tools.mail import email_domain_extract, email_normalize

from ..models.base.dates import day_text
from ..models.base.names import some_names
from ..models.base.trusted import trusted

STATES = [("done", "Done"), ("missing", "Missing"), ("note", "Note")]
NAMES_SHOWN = 3


class UpominkyReadiness(models.TransientModel):
    """The three conditions for reminders to go out, each checked for real, and what else matters.

    One row for each: done, missing, or a note; with what to do, and a button for who may do it.
    """

    _name = "upominky.readiness"
    _description = "Readiness for Payment Reminders"
    _inherit = ["upominky.context"]

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    line_ids = fields.One2many("upominky.readiness.line", "readiness_id", readonly=True)
    ready = fields.Boolean(readonly=True)

    @api.depends("company_id")
    def _compute_display_name(self):
        for readiness in self:
            readiness.display_name = self.env._("Readiness")

    @api.model
    def action_open(self):
        """Check the current company and open the result."""
        self.env["upominky.reminder"]._check_user_may()
        # sudo: what is checked, mail servers and jobs, belongs to administrators; only sentences
        # about it are kept, and never a password.
        readiness = trusted(self).create({"company_id": self.env.company.id})
        readiness._check()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Readiness"),
            "res_model": self._name,
            "res_id": readiness.id,
            "views": [(False, "form")],
        }

    def action_check_again(self):
        """Check everything anew."""
        return self.action_open()

    def _check(self):
        checks = {
            "server": self._check_server(),
            "jobs": self._check_jobs(),
            "rules": self._check_rules(),
            "runs": self._check_runs(),
            "mode": self._check_mode(),
            "address": self._check_address(),
            "receipts": self._check_receipts(),
        }
        if self.company_id.upominky_bank_days:
            checks["bank"] = self._check_bank()
        if self.company_id.upominky_calendar_id:
            checks["calendar"] = self._check_calendar()
        if levels := self._levels_with_codes():
            checks["codes"] = self._check_codes(levels)
        if self._levels_by_law():
            checks["interest"] = self._check_interest()
        if rules := self._rules_with_filters():
            checks["filters"] = self._check_filters(rules)
        self.write(
            {
                "ready": all(state != "missing" for state, _text in checks.values()),
                "line_ids": [
                    (0, 0, {"code": code, "state": state, "text": text})
                    for code, (state, text) in checks.items()
                ],
            }
        )

    # --------------------------------------------------------- 1 mail server

    def _check_server(self):
        """Speak with every mail server that reminders would go through.

        :return: a state, and a sentence
        """
        Server = self.env["ir.mail_server"]
        senders = self._senders()
        found = {sender: self._find_server(sender) for sender in senders}
        servers = Server.union(*(server or Server for server, _instead in found.values()))
        if not servers:
            return self._check_configured_server(senders)
        tried = {(server, email_normalize(used)): None for server, used in found.values() if server}
        for server, address in tried:
            error = self._connect_error(server, address)
            if error:
                return "missing", error
        if refused := self.company_id._upominky_mail_problem():
            return "note", refused
        if replaced := self._replaced_text(found):
            return "note", replaced
        names = ", ".join(servers.mapped("name"))
        return "done", self.env._("“%s” answered just now and takes messages.", names)

    def _senders(self):
        """Return the From addresses of reminders: of the rules' senders, and of the company."""
        levels = self._sending_levels()
        users = (levels.sender_id | levels.rule_id.sender_id).filtered(
            lambda u: u.active and u.email
        )
        senders = [*users.mapped("email_formatted"), self.company_id.email_formatted]
        return [sender for sender in senders if sender] or [False]

    def _replaced_text(self, found):
        """Say which sender's address reminders do not leave from, None if each is kept.

        :param dict found: what :meth:`_find_server` returned, by sender
        """
        for written, (_server, used) in found.items():
            sender, instead = email_normalize(written), email_normalize(used)
            if sender and instead != sender:
                return self.env._(
                    "It works, but reminders of %(sender)s leave from %(instead)s: no mail server "
                    "is set for their address. Enter %(domain)s under “FROM Filtering” of the one "
                    "that may write from it.",
                    sender=sender,
                    instead=instead,
                    domain=email_domain_extract(sender),
                )
        return None

    def _find_server(self, sender):
        """Return the mail server of a sender as the sending job finds it, and who it writes as.

        Odoo keeps the sender's address only where a mail server's filter names it, or where the
        company has no alias domain (``_find_mail_server``).
        """
        servers = self.env["ir.mail_server"].with_company(self.company_id)
        own = servers._get_default_from_address() or sender
        servers = servers.with_context(domain_notifications_email=email_normalize(own))
        return servers._find_mail_server(sender)

    def _check_configured_server(self, senders):
        """Try the server of the program's own configuration, where no other is set."""
        missing = self.env._(
            "No outgoing mail server is set: enter its name, port, user and password."
        )
        try:
            session = self.env["ir.mail_server"]._connect__(smtp_from=senders[-1])
        except Exception:  # whatever it is: there is no server to send through
            return "missing", missing
        if not session:
            return "missing", missing
        session.quit()
        return "done", self.env._(
            "“%s”, from the program's configuration, answered just now.",
            config.get("smtp_server"),
        )

    # ---------------------------------------------------------- 3 rules, mode

    def _sending_levels(self):
        return self.env["upominky.level"].search(
            [
                ("rule_id.company_id", "=", self.company_id.id),
                ("rule_id.active", "=", True),
                ("rule_id.event", "in", self.env["upominky.event"]._raising()),
                ("send", "=", True),
            ]
        )

    def _check_rules(self):
        levels = self._sending_levels()
        written = levels.filtered(lambda level: level.mail_template_id.active)
        if not levels:
            return "missing", self.env._("No active rule has a level that is sent.")
        if not written:
            return "missing", self.env._("No level that is sent has a template: choose one.")
        without = levels - written
        if without:
            return "note", self.env._(
                "These levels are sent but have no template, or an archived one: %s.",
                ", ".join(f"{level.rule_id.name} {level.order}" for level in without),
            )
        return "done", self.env._("Levels that are sent: %s.", len(levels))

    def _check_mode(self):
        company = self.company_id
        mode = company._upominky_effective_mode()
        if mode == "live":
            start = company.upominky_start_date
            if start:
                return "done", self.env._(
                    "Live: all customers, invoices due from %s on.", day_text(self.env, start)
                )
            return "done", self.env._("Live: all customers.")
        if mode == "off":
            if company._upominky_is_copy():
                return "missing", self.env._("This is a neutralised copy: reminders stay off.")
            return "missing", self.env._("Reminders are switched off.")
        pilots = company.upominky_pilot_partner_ids
        if not pilots:
            return "missing", self.env._(
                "Pilot without a pilot customer: nobody is reminded. Choose one."
            )
        return "done", self.env._("Pilot: only %s", self._names(pilots))

    # ------------------------------------------------------------ what else

    def _check_address(self):
        company = self.company_id
        if not company.email:
            return "missing", self.env._("The company has no e-mail address to write from.")
        levels = self._sending_levels()
        silent = (levels.sender_id | levels.rule_id.sender_id).filtered(
            lambda user: not user.active or not user.email
        )
        if silent:
            return "note", self.env._(
                "Archived, or without an e-mail address: %(users)s. Their reminders are sent from "
                "%(address)s.",
                users=self._names(silent),
                address=company.email,
            )
        return "done", self.env._("Reminders can be sent from %s.", company.email)

    def _check_bank(self):
        company = self.company_id
        if problem := company._upominky_bank_problem():
            return "missing", problem
        last = day_text(self.env, company._upominky_last_bank_date())
        return "done", self.env._("The last bank data are of %s.", last)

    def _check_receipts(self):
        incoming = self.env["fetchmail.server"].search_count([("state", "=", "done")], limit=1)
        if not self.company_id.alias_domain_id:
            return "note", self.env._(
                "The company has no alias domain: replies go to the sender's mailbox, and neither "
                "receipts nor bounces find their way back here."
            )
        if not incoming:
            return "note", self.env._(
                "No incoming mail server is set: unless a mail gateway brings messages here, "
                "replies, receipts and bounces do not come back."
            )
        return "done", self.env._("Replies, receipts and bounces come back here.")

    @api.model
    def _names(self, records):
        return some_names(self.env, records[:NAMES_SHOWN].mapped("name"), len(records))
