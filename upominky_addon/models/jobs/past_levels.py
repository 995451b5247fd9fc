from collections import defaultdict
from decimal import Decimal

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core import past_levels
from ...core.events import ISSUE
from ...core.lifecycle import UNFINISHED, Reminder
from ..base.said import kept, say
from ..base.trusted import trusted
from ..books.number_queries import BY_NUMBER, NEVER_REMINDED
from ..reminders.actions import ELSEWHERE

#: The kind of a run that brought levels over.
IMPORT = "import"
#: So many reminders are written in one statement.
CHUNK = 5_000


class UpominkyPastLevels(models.AbstractModel):
    """Levels that invoices reached in another system, brought over as reminders that it sent.

    They count as all others do, so that the next level comes when it is due and none comes twice.
    Nothing of them is ever sent from here.
    """

    _name = "upominky.past.levels"
    _description = "Levels Reached in Another System"
    _inherit = ["upominky.writer"]

    # ------------------------------------------------------------- checking

    @api.model
    def _check(self, company, table):
        """Say what of a file is right for a company, and all that is wrong with the rest.

        :param table: rows of :func:`core.past_levels.rows`
        :rtype: core.past_levels.Checked
        """
        reader = self.env["upominky.reader"].with_company(company)
        today = company._upominky_today()
        facts = reader._facts(company, today)
        owed = self._owed(company, facts, table)
        mine = {item.id: item for items in owed.values() for item in items if item.is_own}
        customers = sorted({item.customer for item in mine.values()})
        rules = reader._rules(company, customers, facts=facts) if customers else {}
        known = past_levels.Known(owed=owed, rules=rules, past=reader._past(sorted(mine)))
        return past_levels.check(table, known, today)

    def _owed(self, company, facts, table):
        """Return what goes by the numbers in a file, in this and in other companies of the user.

        :param Facts facts: what was read about the company
        :rtype: dict[str, list[core.past_levels.Owed]]
        """
        numbers = {row.number for row in table if len(row.number) <= past_levels.MOST_LETTERS}
        companies = company | self.env.user.company_ids
        self.env["upominky.reader"]._flush()
        asked = {"companies": companies.ids, "accounts": list(facts.accounts)}
        self.env.cr.execute(SQL(BY_NUMBER, numbers=sorted(numbers - {""}), **asked))
        found = defaultdict(list)
        for row in self.env.cr.dictfetchall():
            item = self._item(row, company, companies)
            for number in {row["document"], row["reference"], row["label"]} & numbers:
                found[number].append(item)
        return found

    def _item(self, row, company, companies):
        """Return a row of :data:`BY_NUMBER` as the core knows it."""
        return past_levels.Owed(
            id=row["id"],
            move_id=row["move_id"],
            customer=row["customer_id"],
            customer_name=row["customer_name"] or "",
            names=frozenset(filter(None, map(past_levels.folded, row["names"]))),
            company=companies.browse(row["company_id"]).name,
            due=row["due"],
            currency=row["currency_id"],
            residual=Decimal(row["residual"] or 0),
            lang=row["lang"],
            is_invoice=row["is_invoice"],
            is_own=row["company_id"] == company.id,
            is_open=row["is_open"],
        )

    @api.model
    def _never_reminded(self, company):
        """Return what is overdue and was never reminded here, for a file to be filled in.

        :return: number, customer, due date, what is left to pay and currency of each, as texts
        :rtype: list[tuple[str, ...]]
        """
        self.env["upominky.reader"]._flush()
        query = SQL(
            NEVER_REMINDED,
            company=company.id,
            accounts=self.env["upominky.reader"]._accounts(),
            today=company._upominky_today(),
        )
        found = self.env.execute_query(query)
        return [tuple(str(value or "") for value in row) for row in found]

    # -------------------------------------------------------------- writing

    @api.model
    def _bring_over(self, company, checked, file_name):
        """Write what is right of a file, all of it or nothing.

        :param core.past_levels.Checked checked: what :meth:`_check` returned in this transaction
        :param str file_name: for the history
        :return: the run, by which all of it can be taken back
        :raises UserError: if somebody else issues one of these levels at the same moment
        """
        today = company._upominky_today()
        runs = self.env["upominky.run"]
        # A job that decides meanwhile would issue a lower level, which no index refuses: one that
        # is at work holds its row, one that ended since this transaction began has written it.
        self._refuse_beside_job()
        runs._issuing(company)._meet()
        values = {"company_id": company.id, "kind": IMPORT, "date": today, "state": "done"}
        run = runs.create({**values, "source": file_name})
        reader = self.env["upominky.reader"].with_company(company)
        facts = reader._facts(company, today)
        customers = sorted({claim.customer for claim in checked.claims})
        rules = reader._rules(company, customers, facts=facts) if customers else {}
        try:
            with self.env.cr.savepoint():
                self._write_reminders(run, checked, facts, rules)
        except psycopg2.errors.UniqueViolation as collision:
            raise UserError(
                self.env._(
                    "Somebody else, or the job, has just issued one of these levels, so nothing "
                    "was brought over. Check the file again to see what is left."
                )
            ) from collision
        return run

    def _refuse_beside_job(self):
        # sudo: the row of the job is locked, and nothing of it read.
        job = self.env.ref("upominky_addon.cron_generate").sudo()
        if not job.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "The job that issues reminders is at work, so nothing was brought over. Try "
                    "again in a minute."
                )
            )

    def _write_reminders(self, run, checked, facts, rules):
        """Write the reminders of a checked file, and their lines.

        :param Facts facts: what was read about the company
        :param dict rules: the rule of each customer, as the core knows it
        """
        wanted = []
        for claim, items in past_levels.together(checked.claims):
            rule = rules[claim.customer]
            level = next(known for known in rule.levels if known.order == claim.level)
            wanted.append((claim, items, rule, level))
        keys = {(claim.customer, level.id) for claim, _items, _rule, level in wanted}
        users = self.env["upominky.generate"]._responsibles(run.company_id, keys, facts)
        for start in range(0, len(wanted), CHUNK):
            some = wanted[start : start + CHUNK]
            rows = [
                {
                    "name": f"IMP/{run.id}/{number}",
                    "user_id": users[claim.customer, level.id],
                    **self._reminder(facts, claim, items, rule, level),
                }
                for number, (claim, items, rule, level) in enumerate(some, start + 1)
            ]
            ids = self._insert("upominky.reminder", rows, **self._of_reminders(run))
            lines = [
                {"reminder_id": id, **self._line(claim, item, level)}
                for id, (claim, items, _rule, level) in zip(ids, some, strict=True)
                for item in items
            ]
            self._insert("upominky.reminder.line", lines, **self._of_lines(run))
        for model in ("upominky.reminder", "upominky.run", "account.move", "res.partner"):
            self.env[model].invalidate_model()

    def _of_reminders(self, run):
        """Return what all reminders of a run have in common."""
        words = say(self.env, "brought_over", user=self.env.user.name, file=run.source or "")
        return {
            "company_id": run.company_id.id,
            "run_id": run.id,
            "event": ISSUE.code,
            "state": Reminder.SENT.value,
            "sent_way": ELSEWHERE,
            "to_send": False,
            "by_hand": False,
            "note": kept(words),
        }

    def _reminder(self, facts, claim, items, rule, level):
        """Return the values of one reminder, without what it has in common with the others."""
        totals = defaultdict(Decimal)
        for item in items:
            totals[facts.currencies[item.currency]] += item.residual
        return {
            "partner_id": claim.customer,
            "rule_id": rule.id,
            "level_id": level.id,
            "level_order": level.order,
            "issue_date": claim.day,
            "sent_date": claim.sent,
            "lang": facts.languages[items[0].lang],
            "currency_totals": {name: float(total) for name, total in totals.items()},
        }

    def _of_lines(self, run):
        """Return what all lines of a run have in common."""
        company_id = run.company_id.id
        return {"company_id": company_id, "event": ISSUE.code, "state": "open", "counted": True}

    def _line(self, claim, item, level):
        """Return the values of one line; what was asked for that day nobody told."""
        return {
            "move_line_id": item.id,
            "move_id": item.move_id,
            "level_order": level.order,
            "level_days": level.days,
            "due_date": item.due,
            "days_overdue": (claim.day - item.due).days,
            "currency_id": item.currency,
            "amount_issued": item.residual,
            "amount_due": item.residual,
        }


class UpominkyRun(models.Model):
    """A run that brought levels over, and is taken back as a whole."""

    _inherit = "upominky.run"

    source = fields.Char(string="File", readonly=True, help="What levels were brought over from.")

    def action_ask_undo(self):
        """Show what was brought over, where it is taken back; ask about all other runs."""
        brought = self.filtered(lambda run: run.kind == IMPORT)
        if not brought:
            return super().action_ask_undo()
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        return brought._show_progress()

    def action_take_back(self):
        """Take back all levels that these runs brought over: none of them counts any more."""
        self.company_id._upominky_check_manager()
        self.check_access("read")
        # sudo: managers take levels back, but write no field of a reminder themselves.
        trusted(self)._take_back()
        return True

    def _take_back(self):
        for company in self.company_id:
            self._issuing(company)._meet()
        reminders = self.filtered(lambda run: run.kind == IMPORT).reminder_ids
        brought = reminders.filtered(lambda reminder: reminder._is_elsewhere())
        brought._lock_rows()
        still = brought.filtered(lambda reminder: reminder.state == Reminder.SENT)
        # Of those, too, that a person cancelled so that the next level follows.
        counted = brought.line_ids.filtered("counted")
        if not still and not counted:
            raise UserError(
                self.env._("Nothing is left to take back: what this run brought over is cancelled.")
            )
        counted.write({"state": "cancelled", "counted": False})
        by_whom = say(self.env, "taken_back", user=self.env.user.name)
        followed = say(self.env, "before_taken_back", user=self.env.user.name)
        self._followed(counted)._cancel(followed)
        # Of tens of thousands no message each: who took them back is on each as its reason.
        still.with_context(tracking_disable=True)._set_state("cancelled", cancel_reason=by_whom)

    def _followed(self, lines):
        """Return what was issued after levels that are taken back, and did not go out yet.

        :param lines: those levels; what waits counts from them
        :raises UserError: if one of them is being handed over
        """
        items = [("move_line_id", "in", lines.move_line_id.ids), ("counted", "=", True)]
        later = self.env["upominky.reminder.line"].search(items).reminder_id
        later = later.filtered(lambda r: r.state in UNFINISHED and not r._is_out())
        later._lock_rows()
        later._refuse_being_sent()
        return later
