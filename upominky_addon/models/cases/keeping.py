from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..res_company import INSIDE
from .case import LAWYER

#: Months that files for lawyers are kept, where nobody chose otherwise.
MONTHS = 12
MOST_MONTHS = 120
#: Files that are deleted at once.
MOST_DELETED = 1000


class ResCompany(models.Model):
    """How long files for lawyers are kept: they are copies of what is kept anyway."""

    _inherit = "res.company"

    upominky_case_months = fields.Integer(
        string="Files for Lawyers Are Kept",
        default=MONTHS,
        groups=INSIDE,
        help="Months after which the zip is deleted; what is in it stays where it is kept, and it "
        "can be made anew. 0: never deleted.",
    )

    @api.constrains("upominky_case_months")
    def _check_upominky_case_months(self):
        for company in self:
            if not 0 <= company.upominky_case_months <= MOST_MONTHS:
                raise ValidationError(
                    self.env._(
                        "Files for lawyers cannot be kept %(found)s months: enter 0 to keep them "
                        "for ever, or at most %(most)s.",
                        found=company.upominky_case_months,
                        most=MOST_MONTHS,
                    )
                )


class UpominkyCase(models.Model):
    """What becomes of files that were made: openable until a day that the list names, then gone.

    The row stays: who asked for it, when, what was in it, and its SHA-256.
    """

    _inherit = "upominky.case"

    kept_until = fields.Date(
        compute="_compute_kept_until",
        help="The last day on which the file can be fetched; empty: it is never deleted.",
    )

    @api.depends("attachment_id", "kind", "company_id.upominky_case_months")
    def _compute_kept_until(self):
        for case in self:
            # sudo: how long files are kept is told to whoever reads one.
            months = case.company_id.sudo().upominky_case_months
            is_counted = months and case.attachment_id and case.kind == LAWYER
            made = case.company_id._upominky_day_of(case.create_date) if is_counted else None
            case.kept_until = made and made + relativedelta(months=months)

    def _give_up(self, words):
        """Note why it cannot be made; what was made of it goes."""
        self.write({"state": "failed", "error": words})
        self._parts().unlink()

    @api.autovacuum
    def _gc_files(self):
        """Delete files whose time is over, a company at a time.

        :return: how many, and whether there are more, as Odoo asks
        """
        done, is_more = 0, False
        for company in self.env["res.company"].search([("upominky_case_months", ">", 0)]):
            today = company._upominky_today()
            first = today - relativedelta(months=company.upominky_case_months)
            domain = [("company_id", "=", company.id), ("state", "=", "done")]
            domain += [("kind", "=", LAWYER)]  # a statement is what the customer got
            domain += [("create_date", "<", company._upominky_moment_of(first))]
            found = self.search(domain, limit=MOST_DELETED, order="id")
            # One of that day's morning has its last day today.
            old = found.filtered(lambda case, day=today: (case.kept_until or day) < day)
            old.attachment_id.unlink()
            old.state = "deleted"
            done, is_more = done + len(old), is_more or len(old) == MOST_DELETED
        return done, is_more
