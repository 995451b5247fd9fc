"""What each role may do with each model and each added field (SPEC rules 3, 22 and 29)."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..rights import (
    ACCOUNTING,
    INTERNAL,
    MANAGERS,
    OWN,
    ROLES,
    USERS,
    RightsCommon,
    definitions,
)

#: Search, read, write, create, unlink of the own company's records: of users, and of managers.
#: Everybody else is refused all of it, and so is everybody in companies that are not theirs.
TABLE = {
    "upominky.rule": ("sr---", "srwcu"),
    "upominky.level": ("sr---", "srwcu"),
    "upominky.run": ("sr---", "sr---"),
    "upominky.reminder": ("sr---", "sr---"),
    "upominky.reminder.line": ("sr---", "sr---"),
    "upominky.reminder.credit": ("sr---", "sr---"),
    "upominky.reminder.file": ("sr---", "sr---"),
    "upominky.delivery": ("sr---", "sr---"),
    "upominky.case": ("sr---", "sr---"),
    "upominky.reminder.interest": ("sr---", "sr---"),
    "upominky.billed": ("sr---", "sr---"),
    # All companies ask interest by them, and these managers have one: see test_rates.
    "upominky.rate": ("sr---", "sr---"),
    "upominky.analysis": ("sr---", "sr---"),
    "upominky.coming": ("sr---", "sr---"),
    "upominky.debtor": ("sr---", "sr---"),
    "upominky.preview": ("-----", "-----"),
    "upominky.preview.line": ("sr---", "sr---"),
    # What is kept for lists is read by their queries alone.
    "upominky.mark": ("-----", "-----"),
    "upominky.kept": ("-----", "-----"),
    "upominky.next.date": ("-----", "-----"),
    "upominky.line.payment": ("-----", "-----"),
    # Whom filters found last is read by their queries alone.
    "upominky.rule.found": ("-----", "-----"),
    "upominky.level.preview": ("srwcu", "srwcu"),
    "upominky.issue": ("sr---", "sr---"),
    "upominky.issue.line": ("sr---", "sr---"),
    "upominky.letter": ("srwc-", "srwc-"),
    "upominky.cancel": ("srwc-", "srwc-"),
    "upominky.mark.sent": ("srwc-", "srwc-"),
    "upominky.send.again": ("srwc-", "srwc-"),
    "upominky.any.time": ("srwc-", "srwc-"),
    "upominky.letter.posted": ("srwc-", "srwc-"),
    "upominky.letter.returned": ("srwc-", "srwc-"),
    "upominky.resend": ("sr---", "sr---"),
    "upominky.resend.line": ("sr---", "sr---"),
    "upominky.hold.many": ("srwc-", "srwc-"),
    "upominky.hold": ("srwc-", "srwc-"),
    "upominky.statement": ("srwc-", "srwc-"),
    "upominky.settings": ("-----", "srw--"),
    # The jobs serve all companies, and these managers have one: see test_strangers_jobs.
    "upominky.settings.job": ("-----", "sr---"),
    "upominky.live": ("-----", "srw--"),
    "upominky.past.import": ("-----", "srw--"),
    "upominky.readiness": ("sr---", "sr---"),
    "upominky.readiness.line": ("sr---", "sr---"),
    "upominky.first.steps": ("-----", "srw--"),
    # Abstract: the jobs, what they read with, and the first page.
    "upominky.billing": ("-----", "-----"),
    "upominky.generate": ("-----", "-----"),
    "upominky.past.levels": ("-----", "-----"),
    "upominky.reader": ("-----", "-----"),
    "upominky.send": ("-----", "-----"),
    "upominky.worker": ("-----", "-----"),
    "upominky.transport.gone": ("-----", "-----"),
    "upominky.transport": ("-----", "-----"),
    "upominky.transport.email": ("-----", "-----"),
    "upominky.transport.letter": ("-----", "-----"),
    "upominky.writer": ("-----", "-----"),
    "upominky.overview": ("-----", "-----"),
    # What models share.
    "upominky.context": ("-----", "-----"),
    "upominky.customer.list": ("-----", "-----"),
    "upominky.decision": ("-----", "-----"),
    "upominky.event": ("-----", "-----"),
    "upominky.input": ("-----", "-----"),
    "upominky.paper": ("-----", "-----"),
    "upominky.thread": ("-----", "-----"),
}
#: Who reads the fields that are added to Odoo's models, where he reads the record.
FIELDS = {
    "ir.attachment": {"upominky_is_letter": {"system"}},
    "account.move": {
        "upominky_line_ids": USERS,
        "upominky_in_parts": INTERNAL,
        "upominky_level": INTERNAL,
        "upominky_count": INTERNAL,
        "upominky_last_date": INTERNAL,
        "upominky_next_date": INTERNAL,
        "upominky_status": INTERNAL,
        "upominky_hold_until": INTERNAL,
        "upominky_hold_reason": INTERNAL,
        "upominky_on_hold": INTERNAL,
        "upominky_customer_hold": ACCOUNTING,
        "upominky_explanation": INTERNAL,
        "upominky_is_opening": INTERNAL,
        "upominky_contact_id": INTERNAL,
        "upominky_acknowledged_on": INTERNAL,
        "upominky_limitation_date": INTERNAL,
        "upominky_is_of_many": INTERNAL,
        "upominky_is_interest": INTERNAL,
        "upominky_paid_late": INTERNAL,
        "upominky_paid_on": INTERNAL,
        "upominky_days_late": INTERNAL,
    },
    "account.move.line": {
        "upominky_bills": INTERNAL,
        "upominky_days_overdue": INTERNAL,
        "upominky_level": INTERNAL,
        "upominky_next_date": INTERNAL,
        "upominky_of_customer": INTERNAL,
    },
    "res.partner": {
        "upominky_excluded": ACCOUNTING,
        "upominky_kind": ACCOUNTING,
        "upominky_hold_until": ACCOUNTING,
        "upominky_hold_reason": ACCOUNTING,
        "upominky_rule_id": USERS,
        "upominky_rule_reason": USERS,
        "upominky_reminder_ids": USERS,
        "upominky_reminder_count": USERS,
    },
    "res.company": {
        "upominky_attachment_limit": INTERNAL,
        "upominky_case_months": INTERNAL,
        "upominky_calendar_id": INTERNAL,
        "upominky_hourly_limit": INTERNAL,
        "upominky_bank_activity_id": INTERNAL,
        "upominky_bank_days": INTERNAL,
        "upominky_bank_told": INTERNAL,
        "upominky_four_eyes": INTERNAL,
        "upominky_day_basis": INTERNAL,
        "upominky_interest_account_id": INTERNAL,
        "upominky_interest_journal_id": INTERNAL,
        "upominky_interest_tax_ids": INTERNAL,
        "upominky_regime": INTERNAL,
        "upominky_job_activity_id": INTERNAL,
        "upominky_job_told": INTERNAL,
        "upominky_letter_layout": INTERNAL,
        "upominky_mail_activity_id": INTERNAL,
        "upominky_mail_faults": INTERNAL,
        "upominky_mode": INTERNAL,
        "upominky_pilot_partner_ids": INTERNAL,
        "upominky_start_date": INTERNAL,
    },
    # Templates are Odoo's, whose names and texts all employees read.
    "mail.template": {
        "upominky_company_id": INTERNAL,
        "upominky_default_id": INTERNAL,
        "upominky_extras": INTERNAL,
        "upominky_warning": INTERNAL,
        "upominky_source_hash": INTERNAL,
    },
    "ir.mail_server": {"delivery_receipt": {"system"}, "read_receipt": {"system"}},
    "res.config.settings": {
        "upominky_attachment_limit": {"system"},
        "upominky_case_months": {"system"},
        "upominky_letter_layout": {"system"},
        "upominky_calendar_id": {"system"},
        "upominky_hourly_limit": {"system"},
        "upominky_bank_days": {"system"},
        "upominky_four_eyes": {"system"},
        "upominky_mode": {"system"},
        "upominky_pilot_partner_ids": {"system"},
        "upominky_start_date": {"system"},
        "upominky_timezone": {"system"},
    },
}
#: What is the same for all companies, and is read in each.
SHARED = ("upominky.rate",)
#: Odoo's own fields, of which the add-on keeps the history: who reads them is Odoo's.
ODOO = ("no_followup",)


@tagged("post_install", "-at_install", "upominky_addon")
class TestRightsModels(RightsCommon):
    def may(self, model, role, name, record=None):
        """Return what a role gets in a company, in the letters of :data:`TABLE`.

        „0“ is a search that finds nothing of that company.
        """
        Model = self.as_role(self.env[model], role)
        if self.env[model]._abstract:
            operations = ("read", "read", "write", "create", "unlink")
            return "".join("x" if Model.has_access(op) else "-" for op in operations)
        record = record or self.record(model, name, role)
        values = self.values(model, name, role)
        mine = record.with_env(Model.env)
        found = self.outcome(lambda: Model.search([("id", "in", record.ids)]).ids)
        search = "-" if isinstance(found, AccessError) else "s" if found else "0"
        calls = (
            ("r", lambda: mine.read(["display_name"])),
            ("w", lambda: mine.write({})),
            ("c", lambda: Model.create(values)),
            ("u", mine.unlink),
        )
        return search + "".join("-" if self.refused(call) else letter for letter, call in calls)

    def expected(self, model, role, name):
        """Return what the table says of a role in a company."""
        users, managers = TABLE[model]
        own = managers if role in MANAGERS else users if role in USERS else "-----"
        if name == ROLES[role][0] or model in SHARED:
            return own
        return "0----" if own[0] == "s" else "-----"

    def test_rule_29_each_role_with_each_model_in_each_company(self):
        for model in TABLE.keys() - set(OWN):
            for role in ROLES:
                for name in self.companies:
                    with self.subTest(model=model, role=role, company=name):
                        got = self.may(model, role, name)
                        self.assertEqual(got, self.expected(model, role, name))

    def test_rule_29_each_role_with_its_own_dialogs(self):
        for model in OWN:
            for role, (home, _groups) in ROLES.items():
                with self.subTest(model=model, role=role):
                    got = self.may(model, role, home)
                    self.assertEqual(got, self.expected(model, role, home))

    def test_rule_29_nobody_gets_a_colleagues_dialog(self):
        for model in OWN:
            theirs = self.record(model, "ours", "parent")
            for role in ("employee", "user", "manager"):
                got = self.may(model, role, "ours", theirs)
                own = self.expected(model, role, "ours")
                # What he may make, he makes in a dialog of his own.
                wanted = f"{'0' if own[0] == 's' else '-'}--{own[3]}-"
                with self.subTest(model=model, role=role):
                    self.assertEqual(got, wanted)

    def test_rule_29_each_role_with_each_added_field(self):
        for model, fields in FIELDS.items():
            for role in ROLES:
                for name in self.companies:
                    for field, readers in fields.items():
                        with self.subTest(model=model, role=role, company=name, field=field):
                            got = self.reads(model, field, role, name)
                            self.assertEqual(got, role in readers and self.sees(model, role, name))

    def sees(self, model, role, name):
        """Say whether a role reads Odoo's own part of the record."""
        if model in ("ir.attachment", "ir.mail_server", "res.config.settings"):
            return role == "system"
        return self.reads(model, "display_name", role, name)

    def reads(self, model, field, role, name):
        if model == "ir.mail_server":
            record = self.env[model].sudo().create({"name": "S", "smtp_host": "localhost"})
        elif model == "ir.attachment":
            record = self.env[model].sudo().create({"name": "A"})
        elif model == "res.config.settings":
            record = self.as_role(self.env[model], role).sudo().create({})
        else:
            record = self.record(model, name, role)
        return not self.refused(lambda: self.as_role(record, role).read([field]))

    def test_rule_29_what_a_record_offers_to_a_reader_he_can_read(self):
        """A field to a model that its reader may not read would make reading the record fail."""
        for model in ("account.move", "res.partner", "res.company"):
            for role, (home, _groups) in ROLES.items():
                if not self.sees(model, role, home):
                    continue
                record = self.as_role(self.record(model, home, role), role)
                offered = set(FIELDS[model]) & set(record.fields_get())
                with self.subTest(model=model, role=role):
                    self.assertEqual(
                        offered, {f for f in FIELDS[model] if role in FIELDS[model][f]}
                    )
                    self.assertFalse(self.refused(lambda r=record, o=offered: r.read(["id", *o])))

    def test_the_tables_are_complete(self):
        new, added = set(), {}
        for definition in definitions():
            model = definition._name
            if self.env.registry[model]._original_module == "upominky_addon":
                new.add(model)
                continue
            for name, field in self.env[model]._fields.items():
                if field._module == "upominky_addon" and name not in ODOO:
                    added.setdefault(model, set()).add(name)
        self.assertEqual(new, set(TABLE), "A model without a row, or a row without a model")
        self.assertEqual(added, {model: set(fields) for model, fields in FIELDS.items()})
        self.assertLessEqual(set(OWN), set(TABLE))
