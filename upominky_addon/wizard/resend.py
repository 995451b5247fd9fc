from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, RedirectWarning, UserError

from ..core.lifecycle import mode_stops
from ..models.base.amounts import totals_text
from ..models.base.names import some_names
from ..models.base.trusted import taken_back, trusted

#: Fields of the message that is shown.
SHOWN = ("email_from", "email_to", "subject", "body_html")


class UpominkyResend(models.TransientModel):
    """Sending lists of unpaid invoices by hand: whom they go to, what they say, then “Send”.

    Decided and written by the code that issues and sends them.
    """

    _name = "upominky.resend"
    _description = "Send Lists of Unpaid Invoices"
    _inherit = ["upominky.context"]

    line_ids = fields.One2many("upominky.resend.line", "resend_id", string="Customers")
    shown_id = fields.Many2one(
        "upominky.resend.line", string="Message To", readonly=True, index="btree_not_null"
    )
    line_count = fields.Integer(compute="_compute_line_count")
    is_done = fields.Boolean(readonly=True)
    # The message that is shown: made when a customer is chosen, as reading writes nothing.
    email_from = fields.Char(string="From", readonly=True)
    email_to = fields.Char(string="To", readonly=True)
    subject = fields.Char(readonly=True)
    body_html = fields.Html(string="Message", readonly=True, sanitize=False)
    error = fields.Text(readonly=True)
    waiting_text = fields.Text(readonly=True, help="Whom a list waits to be sent to already.")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for wizard in self:
            wizard.line_count = len(wizard.line_ids)

    # -------------------------------------------------------------- preview

    @api.model
    def _open(self, chosen):
        """Decide who gets a list, and open the preview.

        :param chosen: companies, each with its customers and with ids of items to keep to (None for
            all that they were reminded of); the caller's right to them was checked
        :raises UserError: if there is nothing to list
        """
        chosen = list(chosen)
        # sudo: the rows are what the core decided; users read them, they do not write them.
        wizard = trusted(self).create({})
        for company, customers, items in chosen:
            wizard._fill(company, customers.commercial_partner_id.ids, items)
        if not wizard.line_ids:
            raise UserError(self._why_none(chosen))
        wizard.waiting_text = wizard._waiting_sentence()
        wizard._show(wizard.line_ids[:1])
        return wizard._reopen()

    def _waiting_sentence(self):
        """Name those to whom a list was issued that is not out yet: this one would be a second."""
        reminders, waiting = self.env["upominky.reminder"], self.env["res.partner"]
        for company, mine in self.line_ids.grouped("company_id").items():
            waiting |= reminders._lists_waiting(company, mine.partner_id.ids).partner_id
        return bool(waiting) and self.env._(
            "A list that was issued before still waits to be sent to: %s. This one would be a "
            "second one.",
            some_names(self.env, waiting[:5].mapped("display_name"), len(waiting)),
        )

    def _why_none(self, chosen):
        """Return why nobody gets a list; see :meth:`_open`."""
        if chosen and all(self._is_stopped(company, of) for company, of, _items in chosen):
            return self.env._(
                "The chosen customers get nothing now: reminders are switched off, or are in a "
                "pilot without them. The settings of reminders say which."
            )
        return self.env._(
            "There is nothing to list: no invoice of the chosen customers was mailed a "
            "reminder and is still unpaid, or it is on hold, excluded or covered by "
            "credits."
        )

    def _is_stopped(self, company, customers):
        """Say whether a company's mode alone keeps all of these customers from being reminded."""
        # sudo: a company's mode and pilot customers, of which the answer tells neither.
        company = trusted(company)
        mode, pilots = company._upominky_effective_mode(), company._upominky_pilots()
        customers = customers.commercial_partner_id
        return customers and all(mode_stops(mode, customer in pilots) for customer in customers)

    def _fill(self, company, customer_ids, items):
        run = self.env["upominky.run"].new(
            {"company_id": company.id, "kind": "hand", "date": company._upominky_today()}
        )
        found = self._summaries(run, customer_ids, items)
        ids = [customer.id for customer, _summary in found]
        known = self.env["upominky.reminder"]._lists_of(company, ids)
        self.line_ids = [
            Command.create(
                {
                    "company_id": company.id,
                    "partner_id": customer.id,
                    "known": known.get(customer.id, 0),
                    "items": [line.receivable.id for line in summary.lines],
                    "invoice_count": len({line.receivable.move_id for line in summary.lines}),
                    "totals_text": totals_text(self.env, summary.totals),
                }
            )
            for customer, summary in found
        ]

    @api.model
    def _summaries(self, run, customer_ids, items):
        """Return whom a list would go to by hand, and of what."""
        generate = self.env["upominky.generate"].with_company(run.company_id)
        reader = self.env["upominky.reader"].with_company(run.company_id)
        facts = reader._facts(run.company_id, run.date, archived=True)
        return generate._summaries(run, customer_ids, True, items, facts)

    def _show(self, line):
        """Show the message that one of the customers would get."""
        self.write({"shown_id": line.id, **self._read_message(line)})

    @api.model
    def _read_message(self, line):
        """Return the message to a customer, made in a transaction that leaves nothing behind."""
        blank = dict.fromkeys((*SHOWN, "error"), False)
        with taken_back(self.env) as env:
            there = self.with_env(env).browse()
            try:
                found = there._make(line.company_id.id, line.partner_id.id, line.items or [])
                return blank | {name: found[name] for name in SHOWN}
            except (UserError, RedirectWarning) as error:
                return blank | {"error": str(error.args[0])}

    def _make(self, company_id, customer_id, items):
        """Issue a list and make its message, as sending it does."""
        company = self.env["res.company"].browse(company_id)
        preview = self.env["upominky.level.preview"].with_company(company)
        run = preview.env["upominky.run"].create(
            {"company_id": company.id, "kind": "hand", "date": company._upominky_today()}
        )
        found = self._summaries(run, [customer_id], items)
        if not found:
            raise UserError(self.env._("Nothing is left to list."))
        customer, summary = found[0]
        level = preview.env["upominky.level"].browse(summary.level.id)
        return preview._planned(run, level, customer, summary)._compose([])

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send List of Unpaid Invoices"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # ----------------------------------------------------------------- send

    def action_send(self):
        """Issue the lists and send them."""
        self.env["upominky.reminder"]._check_user_may()
        self.ensure_one()
        self.check_access("read")
        # sudo: users issue lists, but write neither them nor the rows of this preview.
        issued = trusted(self)._issue()
        if not issued:
            raise UserError(self.env._("Nothing is left to list."))
        return self.env["upominky.reminder"].browse(issued.ids).action_send_now()

    def _issue(self):
        """Issue what the preview shows, decided once more.

        :raises UserError: if that was done already, here or in another window
        """
        if self.is_done:
            raise UserError(
                self.env._(
                    "These lists were issued already. The reminder book tells what became of them."
                )
            )
        self.line_ids._check_companies()
        self.line_ids._refuse_sent_meanwhile()
        self.is_done = True
        issued = self.env["upominky.reminder"]
        for company, mine in self.line_ids.grouped("company_id").items():
            items = [item for line in mine for item in line.items or ()]
            generate = self.env["upominky.generate"]
            issued |= generate._resend_by_hand(company, mine.partner_id.ids, items)
        return issued


class UpominkyResendLine(models.TransientModel):
    """One customer who gets a list."""

    _name = "upominky.resend.line"
    _description = "List of Unpaid Invoices to Send"
    _rec_name = "partner_id"
    _inherit = ["upominky.context"]

    resend_id = fields.Many2one("upominky.resend", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, index=True)
    items = fields.Json(help="Ids of the receivables that it lists.")
    invoice_count = fields.Integer(string="Invoices", aggregator=False)
    totals_text = fields.Char(string="Total to Pay")
    known = fields.Integer(help="How many lists the customer had when the window was opened.")

    def action_look(self):
        """Show the message that this customer would get."""
        self.env["upominky.reminder"]._check_user_may()
        self.ensure_one()
        self.check_access("read")
        self._check_companies()
        # sudo: users choose what is shown to them, and nothing else of the preview.
        wizard = trusted(self).resend_id
        wizard._show(self)
        return wizard._reopen()

    def _refuse_sent_meanwhile(self):
        """Refuse customers who were issued a list, by whomever, after the window was opened.

        Two windows at once wait for each other here, and the second sees what the first has done.
        So does the job, which decides anew.

        :raises UserError: naming them
        """
        self.partner_id._upominky_reserve()
        late = self.browse()
        with self.env.registry.cursor() as cr:  # what is committed by now
            reminders = self.with_env(self.env(cr=cr)).env["upominky.reminder"]
            for company, mine in self.grouped("company_id").items():
                counts = reminders._lists_of(company, mine.partner_id.ids)
                late |= mine.filtered(
                    lambda line, counts=counts: counts.get(line.partner_id.id, 0) > line.known
                )
        if late:
            raise UserError(
                self.env._(
                    "After this window was opened, a list was issued to %s – open it anew to see "
                    "what is left to send.",
                    some_names(self.env, late.partner_id[:5].mapped("display_name"), len(late)),
                )
            )

    def _check_companies(self):
        """Refuse lists of companies that the user has not chosen, or not any more.

        :raises AccessError: if there are some
        """
        if self.company_id - self.env.companies:
            raise AccessError(self.env._("Choose the company of these invoices first."))
