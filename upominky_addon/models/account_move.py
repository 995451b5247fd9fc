from functools import partial
from operator import ge, gt, le, lt

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .base.context import traced
from .base.names import as_given
from .base.trusted import trusted
from .books.receivables import CUSTOMER_INVOICES, REMINDED
from .reminders.decided_dates import companies_searched, kept_condition
from .reminders.queries import MOVE_VALUES, SOME_LINE, SUMMARY, VALUE_COLUMNS
from .reminders.reminder import STATES
from .res_company import INSIDE
from .res_partner_holds import HOLD_REASONS, HOLDS

COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge}
#: How it is asked for invoices with any reminder, however many.
ANY_REMINDER = ((">", 0), (">=", 1), ("not in", {0}))
#: Values that are the highest of a column of the counted lines.
HIGHEST = ("upominky_level", "upominky_last_date")


class AccountMove(models.Model):
    _inherit = "account.move"

    upominky_line_ids = fields.One2many(
        "upominky.reminder.line",
        "move_id",
        string="Reminder Lines",
        readonly=True,
        groups="upominky_addon.group_user",
    )
    upominky_in_parts = fields.Boolean(
        compute="_compute_upominky_in_parts",
        # sudo: who reads the invoice may know that it is due in parts.
        compute_sudo=True,
        groups=INSIDE,
        help="The invoice is due in several parts, and what was reminded is told for each.",
    )
    upominky_level = fields.Integer(
        string="Reminder Level",
        compute="_compute_upominky",
        search="_search_upominky_level",
        aggregator=False,
        groups=INSIDE,
    )
    upominky_count = fields.Integer(
        string="Number of Issued Reminders",
        compute="_compute_upominky",
        search="_search_upominky_count",
        groups=INSIDE,
    )
    upominky_last_date = fields.Date(
        string="Last Reminder",
        compute="_compute_upominky",
        search="_search_upominky_last_date",
        groups=INSIDE,
    )
    upominky_next_date = fields.Date(
        string="Next Reminder",
        compute="_compute_upominky_next_date",
        search="_search_upominky_next_date",
        groups=INSIDE,
    )
    upominky_status = fields.Selection(
        STATES,
        string="Reminder Status",
        compute="_compute_upominky",
        search="_search_upominky_status",
        groups=INSIDE,
    )
    upominky_hold_until = fields.Date(
        string="Reminders On Hold Until",
        copy=False,
        tracking=True,
        index="btree_not_null",
        groups=INSIDE,
        help="No reminder of this invoice is issued or sent up to and including this day; then it "
        "goes on by itself. A reason without a date holds until it is lifted.",
    )
    upominky_hold_reason = fields.Selection(
        HOLD_REASONS, string="Reason of Hold", copy=False, tracking=True, groups=INSIDE
    )
    upominky_explanation = fields.Text(
        string="What the Job Does Today",
        compute="_compute_upominky_explanation",
        groups=INSIDE,
        help="What the generating job would do with this invoice today, and why.",
    )
    upominky_contact_id = fields.Many2one(
        "res.partner",
        string="Contact Person",
        groups=INSIDE,
        help="Contact person of the order <EMAIL_KONT_OSOBA_ZAK>, for levels that write to it.",
        index="btree_not_null",
    )

    def write(self, vals):
        result = super(AccountMove, traced(self, vals, HOLDS)).write(vals)
        if not vals.keys().isdisjoint(HOLDS):
            self.env["upominky.reminder"]._take_away([("line_ids.move_id", "in", self.ids)])
        return result

    # ------------------------------------------------------------- computes

    def _compute_upominky_in_parts(self):
        for move in self:
            move.upominky_in_parts = any(line.part_number for line in move.upominky_line_ids)

    def _compute_upominky(self):
        rows = self._upominky_summary(SQL("line.move_id = ANY(%s)", self.ids))
        for move in self:
            level, count, last, status = rows.get(move.id, (0, 0, False, False))
            move.upominky_level = level or 0
            move.upominky_count = count
            move.upominky_last_date = last or False
            move.upominky_status = status or False

    @api.model
    def _upominky_summary(self, condition):
        """Return, per invoice id, its highest level, number, last date and last state.

        Read with SQL for invoices that the user can read; rows carry no other's data.
        """
        for name in ("upominky.reminder", "upominky.reminder.line"):
            self.env[name].flush_model()
        rows = self.env.execute_query(
            SQL(SUMMARY, condition=condition, raising=self.env["upominky.event"]._raising())
        )
        return {row[0]: row[1:] for row in rows}

    def _compute_upominky_explanation(self):
        """Ask the very code that job 1 runs, for the customers of these invoices."""
        asked = self.filtered(lambda m: m.move_type in CUSTOMER_INVOICES and m.state == "posted")
        (self - asked).upominky_explanation = False
        for company, mine in asked.grouped("company_id").items():
            # sudo: the decision takes in all of a customer's items; only its outcome is shown.
            reasons = trusted(self.env["upominky.preview.line"])._explain(company, mine)
            for move in mine:
                move.upominky_explanation = reasons.get(move.id, False)

    def _compute_upominky_next_date(self):
        asked = self.filtered(lambda m: m.move_type in REMINDED and m.state == "posted")
        dates = self.env["upominky.reader"]._next_dates(asked)
        for move in self:
            move.upominky_next_date = dates.get(move.id, False)

    # ------------------------------------------------------------- searches

    def _upominky_search(self, name, empty, operator, value):
        """Search by a value of the summary, which nothing stores: the database works it out.

        :param str name: the field
        :param empty: what invoices without a reminder have
        """
        self._upominky_check_search(name)
        matches = self._upominky_matcher(operator, value)
        if matches is NotImplemented:
            return NotImplemented
        asked = partial(_compared, operator=operator, value=value)
        enough = self._upominky_enough(name, operator, value)
        if enough is not None and not matches(empty):
            return self._upominky_summarised(name, None, enough)
        is_any = matches(empty) or self._upominky_is_common(name, operator, value)
        if name == "upominky_count" and not is_any:
            return self._upominky_in_many(asked)
        return self._upominky_summarised(name, asked, None if is_any else asked)

    @api.model
    def _upominky_enough(self, name, operator, value):
        """Return the condition of a counted line's column that one line meets for its invoice.

        The highest of an invoice's lines is over a value if any of them is; and any line is enough
        where it is asked whether there is one.

        :rtype: typing.Callable | None
        """
        if name == "upominky_count" and (operator, value) in ANY_REMINDER:
            return lambda _column: SQL("line.counted")
        if name in HIGHEST and operator in (">", ">="):
            return lambda column: SQL("line.counted AND %s", _compared(column, operator, value))
        return None

    def _upominky_summarised(self, name, meets, some):
        """Return the domain of invoices whose value of the summary meets a condition.

        :param meets: returns the condition of a value; where that is NULL, it is not met. None
            where one line tells
        :param some: returns the condition of a line without which none is met; None where
            invoices without a reminder meet it
        """
        for model in ("upominky.reminder", "upominky.reminder.line"):
            self.env[model].flush_model()
        asked = {
            "condition": self._upominky_of_companies(),
            "raising": self.env["upominky.event"]._raising(),
        }
        column = VALUE_COLUMNS[name]
        of_line = some(SQL(column)) if some and column else SQL("line.counted")

        def to_sql(_model, alias, _query):
            move = SQL.identifier(alias, "id")
            parts = [SQL(SOME_LINE[name], move=move, meets=of_line, **asked)] if some else []
            if meets:
                parts.append(_known(meets(SQL(MOVE_VALUES[name], move=move, **asked))))
            return SQL("(%s)", SQL(" AND ").join(parts))

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _upominky_matcher(self, operator, value):
        """Return how a value is compared with what is asked for, NotImplemented where it is not."""
        if operator not in ("in", "not in", *COMPARE):
            return NotImplemented
        if operator in COMPARE and isinstance(value, set):
            raise UserError(self.env._("“%s” is compared with one value, not with many.", operator))

        def matches(found):
            if operator not in COMPARE:
                return (found in value) == (operator == "in")
            return found is not False and COMPARE[operator](found, value)

        return matches

    def _search_upominky_level(self, operator, value):
        return self._upominky_search("upominky_level", 0, operator, self._upominky_to_number(value))

    def _search_upominky_count(self, operator, value):
        return self._upominky_search("upominky_count", 0, operator, self._upominky_to_number(value))

    def _search_upominky_last_date(self, operator, value):
        return self._upominky_search(
            "upominky_last_date", False, operator, self._upominky_to_date(value)
        )

    def _search_upominky_status(self, operator, value):
        return self._upominky_search(
            "upominky_status", False, operator, self._upominky_to_text(value)
        )

    def _search_upominky_next_date(self, operator, value):
        self._upominky_check_search("upominky_next_date")
        return self._upominky_search_date("upominky_next_date", operator, value)

    @api.model
    def _upominky_search_date(self, name, operator, value):
        """Return the domain of a search by a next date, of invoices, of items or of reminders.

        :param str name: the field
        """
        day = self._upominky_to_date(value)
        matches = self._upominky_matcher(operator, day)
        if matches is NotImplemented:
            return NotImplemented

        def to_sql(model, alias, query):
            companies = companies_searched(model)
            kept = model.env["upominky.reader"]._kept_dates(companies, model._name)
            if kept is not None and day is not False:
                return kept_condition(kept, SQL.identifier(alias, "id"), operator, day)
            column = model._upominky_next_date_to_sql(alias, query, is_whole=False)
            return _known(_compared(column, operator, day))

        return Domain.custom(to_sql=to_sql, predicate=lambda record: matches(record[name]))

    @api.model
    def _upominky_search_column(self, name, column, operator, value):
        """Return the domain of a search by what nothing stores, of whichever model.

        :param str name: the field
        :param column: called with the model, its alias and the query; returns the value in SQL
        """
        matches = self._upominky_matcher(operator, value)
        if matches is NotImplemented:
            return NotImplemented

        def to_sql(model, alias, query):
            return _known(_compared(column(model, alias, query), operator, value))

        return Domain.custom(to_sql=to_sql, predicate=lambda record: matches(record[name]))

    @api.model
    def _upominky_check_search(self, name):
        """Refuse to search by a field that the user may not read.

        Odoo asks for that right when it reads a column, and there is none; it also searches as
        superuser along some paths (``bypass_search_access``), where the right is the user's still.

        :raises AccessError: naming the field
        """
        self.sudo(False)._check_field_access(self._fields[name], "read")

    @api.model
    def _upominky_of_companies(self):
        """Return the condition of the reminders that a search takes in: of what it searches in.

        A superuser's search finds invoices of all companies, whichever is active.
        """
        if self.env.su:
            return SQL("TRUE")
        return SQL("line.company_id = ANY(%s)", self.env.companies.ids)

    @api.model
    def _upominky_to_number(self, value):
        """Return what is asked for as numbers.

        :raises UserError: naming what is none
        """
        return self._upominky_converted(
            value, lambda given: int(given or 0), self.env._("“%s” is not a whole number.")
        )

    @api.model
    def _upominky_to_text(self, value):
        """Return what is asked for as texts, False for none: a database compares no others."""
        return self._upominky_converted(value, lambda given: given and str(given), "%s")

    @api.model
    def _upominky_to_date(self, value):
        """Return what is asked for as dates, False for none.

        :raises UserError: naming what is none
        """
        return self._upominky_converted(
            value,
            lambda given: fields.Date.to_date(given) if given else False,
            self.env._("“%s” is not a date: write the year, the month and the day, 2026-05-29."),
        )

    @api.model
    def _upominky_converted(self, value, convert, sentence):
        many = not isinstance(value, str) and hasattr(value, "__iter__")
        try:
            return {convert(given) for given in value} if many else convert(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(sentence % as_given(value)) from error

    # -------------------------------------------------------------- actions

    def action_upominky_issue(self):
        """Show what issuing the next reminder of these invoices by hand would do."""
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        return self.env["upominky.issue"]._open(moves=self)

    # ------------------------------------------------------------- business

    def _upominky_order_contacts(self):
        """Return the contact persons of the orders behind each invoice: a hook for bridges.

        A contact person that was chosen on the invoice wins; bridges add those of the orders to
        invoices without one.

        :rtype: dict[int, res.partner]
        """
        # Few invoices have one: reading all of them here would be a third of job 1's queries.
        chosen = self.search_fetch(
            [("id", "in", self.ids), ("upominky_contact_id", "!=", False)], ["upominky_contact_id"]
        )
        return {move.id: move.upominky_contact_id for move in chosen}


def _known(condition):
    """Return a condition that is never NULL, so that its inverse holds for all others."""
    return SQL("COALESCE(%s, FALSE)", condition)


def _compared(column, operator, value):
    """Return the condition that a value of the summary is one of those asked for, or compares so.

    Of a mere column and values that are there it is one that an index answers.

    :param SQL column: the value; NULL for none
    """
    if operator == "not in":
        return SQL("NOT %s", _known(_compared(column, "in", value)))
    if operator in COMPARE:
        return SQL("%s %s %s", column, SQL(operator), value) if value is not False else SQL("FALSE")
    values = [one for one in value if one is not False]
    found = SQL("%s = ANY(%s)", column, values) if values else SQL("FALSE")
    return SQL("(%s OR %s IS NULL)", found, column) if len(values) < len(value) else found
