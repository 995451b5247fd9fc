import base64
from datetime import date
from hashlib import sha256
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..core import past_levels
from ..core.mail_text import clean
from ..models.base.dates import day_text
from ..models.base.trusted import trusted

_lt = LazyTranslate(__name__)

#: Sentences that the dialog shows; the others are in the file of all of them.
SHOWN = 200
#: Letters of the name of a file that are kept.
MOST_NAME = 100
#: Letters of what was given that a sentence repeats.
MOST_GIVEN = 60
#: What is wrong with a file as a whole.
OF_FILE = {
    "no_text": _lt(
        "The file is no text, or in an encoding that is not known. Save it as “CSV UTF-8”."
    ),
    "file_too_large": _lt("The file is larger than %(most)s MB. Divide it."),
    "too_many_rows": _lt("The file has more than %(most)s rows. Divide it."),
    "no_rows": _lt(
        "No row of the file says anything of a reminder: below the names of the columns each row "
        "has a number, a level and a day."
    ),
    "columns_missing": _lt(
        "The first row does not name these columns: %(columns)s. Begin with the example, which has"
        " all of them."
    ),
    "column_twice": _lt("The first row names the column “%(columns)s” twice. Take one out."),
    "line_unreadable": _lt(
        "Line %(line)s cannot be read: look for a quotation mark that is not closed, or a cell that"
        " is very long."
    ),
}
#: What is wrong with a row.
OF_ROW = {
    "too_many_cells": _lt("It has more cells than there are columns. Is a quotation mark missing?"),
    "number_missing": _lt("The number is missing. Enter that of the invoice."),
    "no_level": _lt("“%(given)s” is no level. Enter a number from 1."),
    "no_day": _lt("“%(given)s” is no day. Write it as 2026-05-04 or 4.5.2026."),
    "short_year": _lt(
        "“%(given)s” has no year of four digits. Write it as 2026-05-04 or 4.5.2026."
    ),
    "other_century": _lt("%(day)s is before this century. Correct the year."),
    "in_future": _lt("%(day)s is yet to come. Enter a day up to today."),
    "sent_before": _lt("Sent on %(sent)s, before the day of the reminder (%(day)s)."),
    "before_due": _lt("On %(day)s it was not overdue: it is due on %(due)s. Correct the day."),
    "unknown_number": _lt("There is no posted invoice or opening item “%(number)s”."),
    "nothing_open": _lt(
        "Nothing of “%(number)s” can be reminded: it is paid, not followed up, or without a due "
        "date. Leave the row out, or correct that first."
    ),
    "other_company": _lt("“%(number)s” is of another company: %(company)s. Switch to it first."),
    "other_customer": _lt("“%(number)s” is owed by %(owner)s, not by “%(customer)s”."),
    "several_customers": _lt(
        "Several customers owe something with the number “%(number)s”. Name the customer."
    ),
    "several_documents": _lt(
        "Several documents have the number “%(number)s”. Enter the number of the invoice itself, or"
        " give the items names of their own."
    ),
    "several_items": _lt(
        "The entry has several items with the number “%(number)s”. Give each a name of its own, and"
        " enter that."
    ),
    "no_rule": _lt("No rule covers %(customer)s. Set one up first."),
    "level_unknown": _lt("The rule of %(customer)s has no level %(level)s; it has: %(levels)s."),
    "is_there": _lt("It has the level %(level)s already, of %(day)s. Leave the row out."),
    "level_lower": _lt(
        "It reached the level %(reached)s on %(day)s, which is above %(level)s. Leave the row out."
    ),
    "waits_here": _lt(
        "A reminder of it, of the level %(reached)s, waits to be sent here. Send or cancel that "
        "first."
    ),
    "before_reached": _lt(
        "The day is before that of the level %(reached)s (%(day)s), which it reached already."
    ),
    "twice": _lt("Line %(other)s gives the same level of the same item. Leave one out."),
    "crossed": _lt("The day is before that of the lower level %(lower)s on line %(other)s."),
}
#: What the columns are called in the example and in sentences: in Czech and Slovak, and elsewhere.
CZECH = {
    "number": "číslo",
    "customer": "zákazník",
    "level": "pořadí",
    "day": "den",
    "sent": "odesláno",
}
ENGLISH = {name: name for name in past_levels.COLUMNS}


class UpominkyPastImport(models.TransientModel):
    """Asks for a file of levels reached in another system, tells what is wrong, and takes it over.

    Nothing is written before all of it was checked; what is written is checked once more.
    """

    _name = "upominky.past.import"
    _description = "Bring Over Levels from Another System"
    _inherit = ["upominky.input"]

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    file = fields.Binary(string="CSV File", attachment=False)
    file_name = fields.Char()
    example = fields.Binary(compute="_compute_example", attachment=False)
    example_name = fields.Char(compute="_compute_example")
    is_checked = fields.Boolean(readonly=True)
    seen = fields.Char(readonly=True, help="What was checked, in one word.")
    row_count = fields.Integer(string="Rows", readonly=True)
    right_count = fields.Integer(string="Right", readonly=True)
    wrong_count = fields.Integer(string="Wrong", readonly=True)
    open_file = fields.Binary(string="Open Items", readonly=True, attachment=False)
    problems = fields.Text(string="What Is Wrong", readonly=True)
    problem_file = fields.Binary(string="All That Is Wrong", readonly=True, attachment=False)
    problem_file_name = fields.Char(readonly=True)

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_example(self):
        table = (self._titles().values(), ("2026001", "", "1", "2026-05-04", "2026-05-05"))
        for wizard in self:
            wizard.example = base64.b64encode(past_levels.written(table))
            wizard.example_name = self.env._("reminded before.csv")

    def _titles(self):
        """Return what the columns are called, by their names in the core.

        :rtype: dict[str, str]
        """
        return CZECH if (self.env.lang or "")[:2] in ("cs", "sk") else ENGLISH

    @api.model
    def _open(self, company):
        """Open the dialog for one company."""
        company.with_env(self.env)._upominky_check_manager()
        # sudo: managers fill the dialog in, they make no rows of their own.
        return trusted(self).create({"company_id": company.id})._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bring Over Past Levels"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # -------------------------------------------------------------- actions

    def action_check(self):
        """Check the file, and show what is wrong with it; nothing is written to the books."""
        self.ensure_one()
        self.company_id._upominky_check_manager()
        # sudo: the books are read whole, for a company of the manager's.
        wizard = trusted(self)
        wizard._show(wizard._checked())
        return self._reopen()

    def action_list_open(self):
        """Fetch what is overdue and was never reminded here, as a file to be filled in."""
        self.ensure_one()
        self.company_id._upominky_check_manager()
        # sudo: the books are read whole, for a company of the manager's.
        trusted(self)._list_open()
        name = quote(self.env._("to be filled in.csv"))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/open_file/{name}?download=true",
            "target": "self",
        }

    def action_import(self):
        """Write what is right of the file as it was shown, and open the run that did."""
        self.ensure_one()
        self.company_id._upominky_check_manager()
        # sudo: managers bring levels over, but write no field of a reminder themselves.
        wizard = trusted(self)
        checked = wizard._checked()
        if wizard.seen != wizard._word(checked):  # another file, or other books
            wizard._show(checked)
            return self._reopen()
        if not checked.claims:
            raise UserError(self.env._("No row of the file is right, so nothing is brought over."))
        levels = wizard.env["upominky.past.levels"]
        run = levels._bring_over(wizard.company_id, checked, wizard._given_name())
        # The content of the file is in the books now.
        wizard.write({"file": False, "is_checked": False, "seen": False})
        action = run.with_env(self.env)._show_progress()
        return {**action, "name": self.env._("Levels Brought Over"), "target": "main"}

    # ------------------------------------------------------------- checking

    def _list_open(self):
        found = self.env["upominky.past.levels"]._never_reminded(self.company_id)
        titles = self._titles()
        more = self.env._("due"), self.env._("left to pay"), self.env._("currency")
        table = [(*titles.values(), *more)]
        # Another point would make a day of an amount, where a spreadsheet opens the file.
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        point = language.decimal_point or "."
        for number, customer, due, left, currency in found:
            cells = {"number": number, "customer": customer}
            row = (cells.get(name, "") for name in titles)
            table.append((*row, due, left.replace(".", point), currency))
        self.open_file = base64.b64encode(past_levels.written(table))

    def _checked(self):
        """Read the file and check it against the books of today.

        :raises UserError: for what is wrong with the file as a whole
        :rtype: core.past_levels.Checked
        """
        if not self.file:
            raise UserError(self.env._("Choose a CSV file first."))
        try:
            table = past_levels.rows(self._content())
        except past_levels.PastLevelError as fault:
            raise UserError(self._words(OF_FILE, fault.code, fault.values)) from fault
        return self.env["upominky.past.levels"]._check(self.company_id, table)

    def _content(self):
        try:
            return base64.b64decode(self.file, validate=True)
        except ValueError as error:  # binascii's too
            raise UserError(self._words(OF_FILE, "no_text", {})) from error

    def _given_name(self):
        return clean(self.file_name or "", MOST_NAME) or self.env._("CSV file")

    def _word(self, checked):
        """Return a word for a file and what is right of it: the same word, the same rows.

        :param core.past_levels.Checked checked: what was found
        """
        right = repr([(claim.line, [item.id for item in claim.items]) for claim in checked.claims])
        return sha256(self._content() + right.encode()).hexdigest()

    def _show(self, checked):
        """Keep what was found for the person who decides.

        :param core.past_levels.Checked checked: what was found
        """
        sentences = [self._sentence(problem) for problem in checked.problems]
        values = {
            "is_checked": True,
            "seen": self._word(checked),
            "row_count": checked.rows,
            "right_count": len(checked.claims),
            "wrong_count": checked.wrong_rows,
            "problems": "\n".join(sentences[:SHOWN]),
            "problem_file": False,
        }
        if len(sentences) > SHOWN:
            text = "\r\n".join(sentences)
            values["problem_file"] = base64.b64encode(text.encode("utf-8-sig", errors="replace"))
            values["problem_file_name"] = self.env._("what is wrong.txt")
        self.write(values)

    def _sentence(self, problem):
        """Return what is wrong with a row, with its line.

        :param core.past_levels.Problem problem: of the file
        """
        words = self._words(OF_ROW, problem.code, problem.values)
        return self.env._("Line %(line)s: %(problem)s", line=problem.line, problem=words)

    def _words(self, sentences, code, values):
        """Return a sentence with its values, as the reader writes them; what was given is cut."""
        shown = {name: self._shown(value) for name, value in values.items()}
        sentence = self.env._(sentences[code])
        return sentence % shown

    def _shown(self, value):
        if isinstance(value, date):
            return day_text(self.env, value)
        if isinstance(value, tuple):  # names of columns
            return ", ".join(self._titles()[name] for name in value)
        return value if isinstance(value, int) else clean(str(value), MOST_GIVEN)


class UpominkySettings(models.TransientModel):
    _inherit = "upominky.settings"

    def action_past_levels(self):
        """Ask for a file of levels that invoices reached in another system."""
        return self.env["upominky.past.import"]._open(self.company_id)


class UpominkyLive(models.TransientModel):
    _inherit = "upominky.live"

    def action_past_levels(self):
        """Ask for a file of levels that invoices reached in another system."""
        return self.env["upominky.past.import"]._open(self.company_id)
