"""Who is who in the tests of rights: roles, companies, and one record of each model in each."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.orm.models import MetaModel
from odoo.tests import new_test_user

from ..core.interest import next_half_year
from .common import TODAY, UpominkyCommon

ADDON = "upominky_addon"
USER, MANAGER = "upominky_addon.group_user", "upominky_addon.group_manager"
#: Each role: the company where it is at home, and its groups. No other company is allowed to it.
ROLES = {
    "public": ("ours", "base.group_public"),
    "portal": ("ours", "base.group_portal"),
    "employee": ("ours", "base.group_user"),
    "invoicing": ("ours", "account.group_account_invoice"),
    "user": ("ours", USER),
    "manager": ("ours", MANAGER),
    "system": ("ours", "base.group_system"),
    "other_user": ("other", USER),
    "other_manager": ("other", f"{MANAGER},account.group_account_manager"),
    "branch": ("branch", f"{MANAGER},account.group_account_manager"),
    "parent": ("ours", f"{MANAGER},account.group_account_manager"),
}
USERS = frozenset({"user", "manager", "other_user", "other_manager", "branch", "parent"})
MANAGERS = frozenset({"manager", "other_manager", "branch", "parent"})
INTERNAL = frozenset(ROLES) - {"public", "portal"}
ACCOUNTING = USERS | {"invoicing"}
NOBODY = frozenset()
#: Dialogs: whoever opened one sees it, and no colleague does.
OWN = (
    "upominky.preview",
    "upominky.preview.line",
    "upominky.coming",
    "upominky.issue",
    "upominky.issue.line",
    "upominky.cancel",
    "upominky.letter",
    "upominky.mark.sent",
    "upominky.letter.posted",
    "upominky.letter.returned",
    "upominky.send.again",
    "upominky.any.time",
    "upominky.resend",
    "upominky.resend.line",
    "upominky.hold.many",
    "upominky.hold",
    "upominky.statement",
    "upominky.settings",
    "upominky.settings.job",
    "upominky.live",
    "upominky.past.import",
    "upominky.readiness",
    "upominky.readiness.line",
    "upominky.first.steps",
)


def definitions():
    """Return the classes with which this add-on defines or extends models."""
    return list(MetaModel._module_to_models__[ADDON])


class RightsCommon(UpominkyCommon):
    """A company, its branch and a stranger's company, each with all that reminders are made of.

    One customer owes all three: what they share is what could leak.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.company
        company.write({"child_ids": [Command.create({"name": "Pobočka Brno"})]})
        cls.env.cr.precommit.run()  # Odoo loads the chart of a branch then
        cls.companies = {
            "ours": company,
            "branch": company.child_ids,
            "other": cls.setup_other_company(name="Cizí firma a.s.")["company"],
        }
        cls.companies["other"].write({"email": "cizi@firma.example"})
        cls.env.user.company_ids |= company.child_ids | cls.companies["other"]
        cls.users = {role: cls._new_user(role) for role in ROLES}
        with freeze_time(TODAY):
            cls.world = {name: cls._new_world(name) for name in cls.companies}
        cls.env.flush_all()

    @classmethod
    def _new_user(cls, role):
        company, groups = ROLES[role]
        user = new_test_user(
            cls.env,
            f"role_{role}",
            groups,
            password=f"role_{role}",
            company_id=cls.companies[company].id,
            company_ids=[Command.set(cls.companies[company].ids)],
        )
        if role == "portal":  # a person of the customer, who reads its invoices
            user.partner_id.parent_id = cls.customer
        return user

    # ------------------------------------------------------------ the world

    @classmethod
    def _new_world(cls, name):
        """Return one record of each stored model in a company, as the program makes them."""
        company = cls.companies[name]
        there = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        company.upominky_mode = "live"
        move = cls._move(there, 12100.0, 10)
        cls._move(there, 100.0, 1, move_type="out_refund")
        items = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        generate = there["upominky.generate"].sudo()
        run = generate._issue_by_hand(company, cls.customer.ids, items.ids)
        reminder = run.reminder_ids.with_env(there)
        reminder.message_post(body=f"Tajemství {name}", attachments=[(f"{name}.txt", b"secret")])
        delivery = there["upominky.delivery"].sudo()
        interest = there["upominky.reminder.interest"].sudo().create(cls._days_of(reminder))
        values = {"reminder_id": reminder.id, "company_id": company.id, "state": "uncertain"}
        rule = there["upominky.rule"].create(cls.rule_values(company))
        return {
            "account.move": move,
            "account.move.line": items,
            "upominky.rule": rule,
            "upominky.level": rule.level_ids,
            "upominky.run": run,
            "upominky.reminder": reminder,
            "upominky.reminder.line": reminder.line_ids,
            "upominky.reminder.credit": reminder.credit_ids,
            "upominky.reminder.interest": interest,
            "upominky.billed": there["upominky.billed"].sudo().create(cls._bill_of(move, items)),
            "upominky.reminder.file": there["upominky.reminder.file"]
            .sudo()
            .create(cls._file_values(reminder, move)),
            "upominky.delivery": delivery.create({**values, "email_to": f"{name}@x.example"}),
            "upominky.case": there["upominky.case"].sudo()._open(company, cls.customer, move),
            "upominky.analysis": there["upominky.analysis"].browse(reminder.line_ids.ids),
            "upominky.debtor": there["upominky.debtor"].browse(reminder.line_ids.move_line_id.ids),
        }

    @classmethod
    def _days_of(cls, reminder):
        """Return the values of a row of its calculation."""
        line = reminder.line_ids[:1]
        days = {"date_from": TODAY, "date_to": TODAY, "days": 1, "base": 1, "amount": 1}
        links = {"line_id": line.id, "currency_id": line.currency_id.id}
        return {"reminder_id": reminder.id, "company_id": reminder.company_id.id, **links, **days}

    @classmethod
    def _bill_of(cls, move, items):
        """Return the values of what an invoice bills: itself, that is enough for rights."""
        links = {"move_line_id": items[:1].id, "move_id": move.id, "billed_move_id": move.id}
        links |= {"billed_line_id": items[:1].id}
        days = {"date_from": TODAY - timedelta(days=9), "date_to": TODAY - timedelta(days=9)}
        currency = move.currency_id.id
        return {"company_id": move.company_id.id, "currency_id": currency, "kind": "interest",
                "amount": 1, **links, **days}  # fmt: skip

    @classmethod
    def _file_values(cls, reminder, move):
        values = {"reminder_id": reminder.id, "company_id": reminder.company_id.id}
        return {**values, "move_id": move.id, "name": "FA.pdf", "sha256": "0" * 64}

    @classmethod
    def _move(cls, env, amount, days, **values):
        due = TODAY - timedelta(days=days)
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create({"name": "Přeprava", "price_unit": amount, "tax_ids": False})
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def rule_values(cls, company):
        level = {"order": 1, "name": "Poprvé", "send": True, "mail_template_id": cls.template().id}
        name = f"Tajné pravidlo {company.name}"
        return {"name": name, "company_id": company.id, "level_ids": [Command.create(level)]}

    @classmethod
    def template(cls):
        return cls.env.ref("upominky_addon.mail_template_level_1")

    # ------------------------------------------------------------- a record

    def values(self, model, name, role):
        """Return what a record of ``model`` in a company is made of, by a role."""
        makers = self.stored_values if model in self.world[name] else self.dialog_values
        return makers(name, role)[model]()

    def stored_values(self, name, _role):
        """Return, by model, what makes the values of a record that is kept."""
        there, company = self.world[name], self.companies[name]
        common = {"company_id": company.id}
        reminder = {**common, "reminder_id": there["upominky.reminder"].id}
        row = {**reminder, "currency_id": company.currency_id.id}
        level = {"rule_id": there["upominky.rule"].id, "order": 7, "name": "Znovu"}
        book = {"name": "UP", "partner_id": self.customer.id, "issue_date": TODAY}
        return {
            "upominky.rule": lambda: self.rule_values(company),
            "upominky.level": lambda: level,
            "upominky.run": lambda: {**common, "kind": "hand", "date": TODAY},
            "upominky.reminder": lambda: {**common, **book},
            "upominky.reminder.line": lambda: {**row, "move_id": there["account.move"].id},
            "upominky.reminder.credit": lambda: row,
            "upominky.reminder.interest": lambda: self._days_of(there["upominky.reminder"]),
            "upominky.billed": lambda: self._bill_of(
                there["account.move"], there["account.move.line"]
            ),
            "upominky.reminder.file": lambda: {**reminder, "name": "FA.pdf", "sha256": "0" * 64},
            "upominky.delivery": lambda: {**reminder, "email_to": "a@b.example"},
            "upominky.case": lambda: {**common, "name": "Case", "partner_id": self.customer.id},
            "upominky.analysis": dict,
            "upominky.debtor": dict,
        }

    def dialog_values(self, name, role):
        """Return, by model, what makes the values of a dialog."""
        there, company = self.world[name], self.companies[name]
        common = {"company_id": company.id}
        row = {**common, "move_id": there["account.move"].id}
        chosen = {"reminder_ids": [Command.set(there["upominky.reminder"].ids)]}
        listed = {**common, "partner_id": self.customer.id, "items": []}
        reminder = {"reminder_id": there["upominky.reminder"].id}
        mine = {**common, "user_id": self.users[role].id}

        def inside(model, field):
            return {field: self.record(model, name, role).id}

        return (
            self.kept_values()
            | self.letter_values(there)
            | self.page_values(name, role)
            | {
                "upominky.preview": lambda: {**mine, "day": TODAY, "terms": "t", "is_whole": True},
                "upominky.preview.line": lambda: (
                    row | mine | inside("upominky.preview", "preview_id")
                ),
                "upominky.coming": lambda: mine,
                "upominky.level.preview": lambda: {"level_id": there["upominky.level"].id},
                "upominky.issue": lambda: {"line_ids": [Command.create(row)]},
                "upominky.issue.line": lambda: {**common, **inside("upominky.issue", "issue_id")},
                "upominky.cancel": lambda: {**chosen, "reason": "Omyl", "afterwards": "again"},
                "upominky.letter": lambda: reminder,
                "upominky.mark.sent": lambda: chosen,
                "upominky.send.again": lambda: chosen,
                "upominky.any.time": lambda: chosen,
                "upominky.hold.many": lambda: chosen,
                "upominky.resend": lambda: {"line_ids": [Command.create(listed)]},
                "upominky.resend.line": lambda: {
                    **listed,
                    **inside("upominky.resend", "resend_id"),
                },
                "upominky.hold": lambda: {"partner_id": self.customer.id},
            }
        )

    def page_values(self, name, role):
        """Return, by model, what makes the values of a page about a company."""
        common = {"company_id": self.companies[name].id}
        job = {"job": "cron_send", "interval_number": 1}
        condition = {"code": "rules", "state": "missing"}

        def inside(model, field):
            return {field: self.record(model, name, role).id}

        return {
            "upominky.settings": lambda: common,
            "upominky.settings.job": lambda: job | inside("upominky.settings", "settings_id"),
            "upominky.live": lambda: common,
            "upominky.past.import": lambda: common,
            "upominky.readiness": lambda: common,
            "upominky.first.steps": lambda: {**common, "partner_id": self.customer.id},
            "upominky.readiness.line": lambda: (
                condition | inside("upominky.readiness", "readiness_id")
            ),
        }

    def letter_values(self, there):
        """Return, by model, what makes the values of a dialog about letters."""
        letters = {"letter_ids": [Command.set(there["upominky.delivery"].ids)]}
        dialogs = ("upominky.letter.posted", "upominky.letter.returned")
        customers = {"partner_ids": [Command.set(self.customer.ids)]}
        return dict.fromkeys(dialogs, lambda: letters) | {"upominky.statement": lambda: customers}

    def kept_values(self):
        """Return, by model, what makes the values of a row that is kept for lists."""
        ids = dict.fromkeys(("item_id", "move_id", "company_id", "customer_id"), 1)
        return {
            "upominky.mark": lambda: {"item_id": 1},
            "upominky.kept": lambda: {"name": self.unused("kept"), "company_id": 0, "terms": "t"},
            "upominky.next.date": lambda: {**ids, "day": TODAY},
            "upominky.line.payment": lambda: {"line_id": self.unused("line.payment"), "item_id": 1},
            "upominky.rule.found": lambda: {
                "rule_id": self.world["ours"]["upominky.rule"].copy().id,
                "customer_ids": [1],
                "last_id": 1,
            },
            "upominky.rate": lambda: {"regime": "de", "date_from": self.unused_day(), "percent": 1},
        }

    def record(self, model, name, role):
        """Return a record of ``model`` in a company, made for a role where dialogs are made."""
        if model in self.world[name]:
            return self.world[name][model]
        if model == "res.partner":
            return self.customer
        if model == "res.company":
            return self.companies[name]
        if model == "mail.template":
            return self.world[name]["upominky.level"].mail_template_id
        if self.env[model]._abstract:
            return self.env[model]
        return self.as_role(self.env[model], role).sudo().create(self.values(model, name, role))

    def unused(self, model):
        """Return a number that no row of a model has yet."""
        return -self.env[f"upominky.{model}"].sudo().search_count([])

    def unused_day(self):
        """Return the first day of a half-year that has no base rate yet."""
        known = self.env["upominky.rate"].sudo().search([("regime", "=", "de")])
        return next_half_year(max(known.mapped("date_from")))

    def as_role(self, records, role):
        """Return records as a role sees them, in the company where it is at home."""
        company = self.companies[ROLES[role][0]]
        return records.with_user(self.users[role]).with_context(allowed_company_ids=company.ids)

    def outcome(self, call):
        """Make a call, undo it, and return what it gave: a value, or the error."""
        self.env.flush_all()
        self.env.invalidate_all()  # rights are asked for when something is read, not from the cache
        try:
            with self.env.cr.savepoint() as savepoint:
                result = call()
                self.env.flush_all()
                savepoint.rollback()
                return result
        except UserError as error:
            return error
        finally:
            self.env.invalidate_all()

    def refused(self, call):
        """Say whether a call is refused for want of a right."""
        return isinstance(self.outcome(call), AccessError)
