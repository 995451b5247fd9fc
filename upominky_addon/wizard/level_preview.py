from dataclasses import replace
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ..core.money import ZERO
from ..core.plan import plan
from ..models.base.trusted import taken_back, trusted
from ..models.books.facts import Languages
from ..models.delivery.email.preview import NOBODY, SHOWN

SAMPLE_AMOUNT = 12100.0


class UpominkyLevelPreview(models.TransientModel):
    """The message of a level for one customer, as it would be sent.

    A reminder is issued and its message made by the code that sends, in a transaction of its own
    that is always rolled back. Its number is the next one, which is looked at and not used up.
    """

    _name = "upominky.level.preview"
    _description = "Preview of a Reminder's Message"
    _inherit = ["upominky.input"]

    level_id = fields.Many2one(
        "upominky.level", required=True, readonly=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        help="Empty: a customer who is made up.",
        index="btree_not_null",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        help="Empty: the language in which the customer would get it.",
    )
    email_from = fields.Char(string="From", compute="_compute_message")
    reply_to = fields.Char(string="Reply-To", compute="_compute_message")
    email_to = fields.Char(string="To", compute="_compute_message")
    copy_to = fields.Char(compute="_compute_message")
    attached = fields.Char(string="Attachments", compute="_compute_message")
    subject = fields.Char(compute="_compute_message")
    body_html = fields.Html(string="Message", compute="_compute_message", sanitize=False)
    body_text = fields.Text(string="Plain Text", compute="_compute_message")
    note = fields.Text(compute="_compute_message")
    error = fields.Text(compute="_compute_message")

    @api.model
    def _check_asked(self, partner_id, texts):
        """Refuse what is no id of a customer, and no texts that can be kept.

        :raises UserError: naming the field
        """
        if isinstance(partner_id, dict):  # a form may make a record of one; here it is an id
            raise self._refusal(self._fields["partner_id"], partner_id)
        self._check_link(self._fields["partner_id"], partner_id)
        body = self._fields["body_html"]
        if texts and not isinstance(texts, dict):
            raise self._refusal(body, texts)
        for name, text in (texts or {}).items():
            self._check_characters(self._fields.get(name, body), str(text))

    @api.depends("level_id", "partner_id", "lang")
    def _compute_message(self):
        for preview in self:
            preview.update(preview._read_message())

    def _read_message(self):
        """Return the fields of the message, made in a transaction that leaves nothing behind."""
        level, partner = self.level_id._origin, self.partner_id._origin
        return self.browse()._shown(level, partner, self.lang)

    @api.model
    def _shown(self, level, partner, lang, texts=None):
        """Return the message of a level for a customer, or why there is none.

        :param str lang: its language, empty for the customer's
        :param dict texts: of :meth:`upominky.level._write_unsaved`
        :rtype: dict
        """
        level.check_access("read")
        partner.check_access("read")
        blank = dict.fromkeys((*SHOWN, "note", "error"), False)
        # sudo: what a caller's context says does not decide what is shown; the user may read both.
        with taken_back(trusted(self).env) as env:
            try:
                level.with_env(env)._write_unsaved(texts or {})
                return blank | self.with_env(env)._make(level.id, partner.id, lang)
            except (UserError, RedirectWarning) as error:
                return blank | {"error": str(error.args[0])}

    # ------------------------------------------------------------- customer

    @api.model
    def _default_customer(self, level):
        """Return a customer with overdue invoices whom the level's rule covers, if there is any."""
        company = level.company_id
        # sudo: customers are looked through as the job does; the one found is checked below.
        reader = trusted(self.env["upominky.reader"]).with_company(company)
        today = company._upominky_today()
        found = reader._some_due_customers(company, today, level.rule_id.id)
        found = found or reader._some_due_customers(company, today)
        return self.env["res.partner"].browse(found[:1])._filtered_access("read")

    # -------------------------------------------------------------- message

    def _make(self, level_id, partner_id, lang):
        """Issue a reminder and make its message, as job 1 and job 2 would."""
        level = self.env["upominky.level"].browse(level_id)
        here = self.with_company(level.company_id)
        level = level.with_env(here.env)
        partner = here.env["res.partner"].browse(partner_id).commercial_partner_id
        reminder, notes = here._issue(level, partner)
        if lang:
            reminder.lang = lang
        shown = reminder._compose(notes, lang)
        return {name: shown[name] for name in (*SHOWN, "note")}

    # ------------------------------------------------------------- reminder

    def _issue(self, level, partner):
        """Issue the reminder that the preview shows.

        :return: the reminder, and sentences about what is special with it
        """
        run = self.env["upominky.run"].create(
            {
                "company_id": level.company_id.id,
                "kind": "hand",
                "date": level.company_id._upominky_today(),
            }
        )
        notes = [] if level.send else [self.env._("Reminders of this level are not e-mailed.")]
        if partner:
            customer, planned = self._plan(run, level, partner)
            if planned:
                if len(planned) > 1:
                    notes.append(self.env._("This is the first of %s messages.", len(planned)))
                return self._planned(run, level, customer, planned[0]), notes
            notes.append(self._made_up_text(level, partner))
        else:
            partner = self._sample_partner()
            notes.append(self.env._("The customer and the invoice are made up."))
        return self._sample(run, level, partner), notes

    def _made_up_text(self, level, partner):
        """Return why what is shown is made up, for a customer who is not."""
        return self.env._(
            "%s has no overdue invoice that may be reminded, so an invoice was made up.",
            partner.name,
        )

    def _plan(self, run, level, partner):
        """Plan the customer's overdue invoices at this level, whatever level they have reached."""
        reader = self.env["upominky.reader"]
        rule = replace(
            level.rule_id._to_core(),
            levels=(level._to_core(),),
            grouping="per_level",
            minimum=ZERO,
        )
        found = reader._customers(run.company_id, partner.ids, rules={partner.id: rule})
        if partner.id not in found:
            return None, ()
        customer = replace(found[partner.id], past={})
        facts = replace(reader._company(run.company_id, run.date), mode="live")
        return customer, self._messages(level, customer, facts)

    def _messages(self, level, customer, facts):
        """Return what would be sent of all that a customer has overdue.

        :param core.plan.Customer customer: with a rule of this level alone
        :param core.plan.Company facts: the company as of the day
        """
        overdue = {item.id for item in customer.receivables if item.due < facts.today}
        return plan(customer, facts, by_hand=overdue).reminders

    def _planned(self, run, level, customer, planned):
        generate = self.env["upominky.generate"]
        labels = generate._credit_labels(planned.credits)
        shared = generate._of_lines(run, level.event)
        lines = [{**shared, **generate._line(run, line)} for line in planned.lines]
        credits = [generate._credit(run.company_id, share, labels) for share in planned.credits]
        facts = self.env["upominky.reader"]._facts(run.company_id, run.date)
        values = {
            **generate._values(run, customer, planned, facts, fields.Datetime.now()),
            "line_ids": [Command.create(values) for values in lines],
            "credit_ids": [Command.create(values) for values in credits],
        }
        return self._new_reminder(level, values)

    def _new_reminder(self, level, values):
        sequence = level.company_id._upominky_sequence()
        lines = [{**line, "counted": False} for _command, _id, line in values["line_ids"]]
        reminder = self.env["upominky.reminder"].create(
            {
                **values,
                "name": sequence.get_next_char(sequence.number_next_actual),
                "event": level.event,
                # The database lets no reminder of a job, and no line that counts, be made twice.
                "by_hand": True,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        reminder._work_out_charges(reminder.issue_date)
        return reminder

    # --------------------------------------------------------------- sample

    def _sample_partner(self):
        return self.env["res.partner"].create(
            {"name": self.env._("Sample Customer"), "is_company": True, "email": NOBODY}
        )

    def _sample(self, run, level, partner):
        """Issue a reminder of an invoice that is made up."""
        company = level.company_id
        addresses = self.env["upominky.transport.email"]._addresses(partner)
        return self._new_reminder(
            level,
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "rule_id": level.rule_id.id,
                "level_id": level.id,
                "level_order": level.order,
                "issue_date": run.date,
                "email_to": ", ".join(addresses),
                "lang": Languages(company)[partner.lang],
                "currency_totals": {company.currency_id.name: SAMPLE_AMOUNT},
                "line_ids": [Command.create(self._sample_line(run, level, partner))],
            },
        )

    def _sample_line(self, run, level, partner):
        due = self._sample_due(run, level)
        return {
            "company_id": run.company_id.id,
            "move_id": self._sample_move(run, partner, due).id,
            "level_order": level.order,
            "level_days": level.days_overdue,
            "due_date": due,
            "days_overdue": (run.date - due).days,
            "currency_id": run.company_id.currency_id.id,
            "amount_issued": SAMPLE_AMOUNT,
            "amount_due": SAMPLE_AMOUNT,
        }

    def _sample_due(self, run, level):
        return run.date - timedelta(days=max(level.days_overdue, 1))

    def _sample_move(self, run, partner, due):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "company_id": run.company_id.id,
                "name": f"INV/{due.year}/00001",
                "invoice_date": due - timedelta(days=14),
                "invoice_date_due": due,
                "payment_reference": f"{due.year}00001",
            }
        )


class UpominkyLevel(models.Model):
    """The message of a level beside its text, while that is being written."""

    _inherit = "upominky.level"

    def preview_text(self, partner_id=None, texts=None):
        """Return the level's message for a customer, with texts that are not saved yet.

        It is in the user's language, in which they are written.

        :param partner_id: False for a customer who is made up, None for one whom the rule covers
        :param dict texts: ``subject`` and ``body_html`` of the template, ``text_template``
        :return: :data:`SHOWN`, ``note``, ``error``, and ``partner_id``
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        preview = self.env["upominky.level.preview"]
        preview._check_asked(partner_id, texts)
        partner = self.env["res.partner"].browse(partner_id or ())
        if partner_id is None:
            partner = preview._default_customer(self)
        shown = preview._shown(self, partner, self.env.lang, texts)
        return {**shown, "partner_id": partner.id}

    def _write_unsaved(self, texts):
        """Write texts where nothing stays, with the rights of who wrote them.

        :raises UserError: if they may not be written, or are refused
        """
        mine = self.with_env(self.env(su=False))
        for record, names in (
            (mine.mail_template_id, ("subject", "body_html")),
            (mine, ("text_template",)),
        ):
            given = {name: str(texts[name] or "") for name in names if name in texts}
            values = {name: text for name, text in given.items() if text != (record[name] or "")}
            if record and values:
                record.write(values)
