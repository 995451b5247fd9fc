from odoo import api, fields, models
from odoo.tools import SQL

from ...core.events import ISSUE
from ..base.said import kept, read


class UpominkyGenerate(models.AbstractModel):
    """The last step of job 1: what was decided becomes reminders, lines and credits."""

    _inherit = "upominky.generate"

    def _create(self, run, wanted, by_hand, facts, event=ISSUE.code):
        """Write what was decided, all customers in one batch.

        :param wanted: pairs of a core customer and one of its core reminders
        :param Facts facts: what the customers share
        """
        if not wanted:
            return self.env["upominky.reminder"]
        names = run.company_id._upominky_next_numbers(len(wanted))
        keys = {(customer.id, reminder.level.id) for customer, reminder in wanted}
        users = self._responsibles(run.company_id, keys, facts)
        now = fields.Datetime.now()
        has_levels = event in self.env["upominky.event"]._raising()
        rows = [
            {
                "name": name,
                "by_hand": by_hand,
                "event": event,
                "user_id": users[customer.id, reminder.level.id],
                "level_order": reminder.level.order if has_levels else 0,
                **self._values(run, customer, reminder, facts, now),
            }
            for name, (customer, reminder) in zip(names, wanted, strict=True)
        ]
        ids = self._insert("upominky.reminder", rows)
        reminders = [reminder for _customer, reminder in wanted]
        self._create_lines(run, dict(zip(ids, reminders, strict=True)), event)
        created = self.env["upominky.reminder"].browse(ids)
        env = self.with_context(lang=run.company_id.partner_id.lang or "en_US").env
        notes = (read(env, row["contact_note"]) for row in rows)
        created._log_contact_notes(dict(zip(ids, notes, strict=True)))
        charged = zip(ids, reminders, strict=True)
        created.browse(id for id, r in charged if r.level.is_charged)._charge_issued(run)
        return created

    def _responsibles(self, company, keys, facts):
        """Return ids of who answers for new reminders, by customer and level.

        :param keys: pairs of ids of a customer and of a level
        :rtype: dict[tuple[int, int], int | None]
        """
        customers = {customer_id for customer_id, _level_id in keys}
        # sudo: whose a customer is, is no secret to a job that writes to them.
        partners = self.env["res.partner"].sudo().browse(customers)
        may_answer = self.env["upominky.reminder"]._may_answer
        own = {p.id: p.user_id.id for p in partners if may_answer(p.user_id, company)}
        return {key: facts.senders.get(key[1]) or own.get(key[0]) or None for key in keys}

    def _create_lines(self, run, reminders, event):
        """Write the lines and credits of new reminders.

        :param dict reminders: core reminders by the id of their record
        """
        labels = self._credit_labels(s for r in reminders.values() for s in r.credits)
        lines = [
            {"reminder_id": id, **self._line(run, line)}
            for id, reminder in reminders.items()
            for line in reminder.lines
        ]
        credits = [
            {"reminder_id": id, **self._credit(run.company_id, share, labels)}
            for id, reminder in reminders.items()
            for share in reminder.credits
        ]
        self._insert("upominky.reminder.line", lines, **self._of_lines(run, event))
        self._insert("upominky.reminder.credit", credits)
        for model in ("upominky.reminder", "account.move"):  # what they know of their lines
            self.env[model].invalidate_model()

    def _values(self, run, customer, reminder, facts, now):
        """Return the values of one reminder, its lines apart."""
        level = reminder.level
        items = [line.receivable for line in reminder.lines]
        contacts = self.env["upominky.reminder"]._contact_values(
            run.company_id, items, level, facts.languages
        )
        return {
            "company_id": run.company_id.id,
            "partner_id": customer.id,
            "rule_id": customer.rule.id,
            "level_id": level.id,
            "issue_date": run.date,
            "state": "to_approve" if level.approval else "issued",
            "to_send": level.send,
            **contacts,
            "contact_note": kept(contacts["contact_note"]),
            "note": kept(contacts["contact_note"]),
            "currency_totals": {
                facts.currencies[currency]: float(total)
                for currency, total in reminder.totals.items()
            },
            "run_id": run.id,
            "next_try": now if level.send and not level.approval else None,
        }

    def _of_lines(self, run, event):
        """Return what new lines of a run have in common."""
        return {
            "event": event,
            "state": "open",
            "counted": self.env["upominky.event"]._row(event).raises,
            "company_id": run.company_id.id,
        }

    def _line(self, run, line):
        """Return the values of one line, without what it has in common with the others."""
        item = line.receivable
        return {
            "move_line_id": item.id,
            "move_id": item.move_id,
            "level_order": line.level.order,
            "level_days": line.level.days,
            "due_date": item.due,
            "days_overdue": (run.date - item.due).days,
            "currency_id": item.currency,
            "amount_issued": item.residual,
            "amount_due": item.residual,
            "amount_credited": item.credited,
            "partner_bank_id": item.account,
        }

    @api.model
    def _credit(self, company, share, labels):
        """Return the values of one credit used in a reminder."""
        return {
            "company_id": company.id,
            "move_line_id": share.credit_id,
            "name": labels.get(share.credit_id),
            "currency_id": share.currency,
            "amount": share.amount,
            "partner_bank_id": share.account,
        }

    @api.model
    def _credit_labels(self, shares):
        """Return the number of the document behind each credit that ``shares`` come from."""
        ids = [share.credit_id for share in shares]
        query = SQL("SELECT id, move_name FROM account_move_line WHERE id = ANY(%s)", ids)
        return dict(self.env.execute_query(query)) if ids else {}
