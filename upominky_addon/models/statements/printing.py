from io import BytesIO

from odoo import models
from odoo.exceptions import UserError

from ..base.trusted import trusted
from .page import REPORT

#: Statements that are printed at once, within the request of the person who asks.
MOST_PRINTED = 200


class UpominkyCase(models.Model):
    """Statements that people print: as they are kept, all in one PDF."""

    _inherit = "upominky.case"

    def action_print(self):
        """Print statements, as one PDF."""
        self._printable()
        # sudo: whoever may read statements may print them; the report's settings decide nothing.
        report = trusted(self).env.ref(REPORT)
        return report.with_env(self.env).report_action(self.ids, config=False)

    def _printable(self):
        """Return the statements, if the user may print them.

        :raises UserError: if one of them is not there, or there are too many
        """
        self.env["upominky.reminder"]._check_user_may()
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Choose statements to print."))
        if len(self) > MOST_PRINTED:
            raise UserError(
                self.env._("At most %s statements are printed at once: choose fewer.", MOST_PRINTED)
            )
        self._check_ready()
        return self


class IrActionsReport(models.Model):
    """A statement is an ordinary report, of which the kept file is printed."""

    _inherit = "ir.actions.report"

    def _upominky_statements(self, report_ref, ids):
        """Return the statements that are meant, None if it is another report."""
        ours = self.env.ref(REPORT, raise_if_not_found=False)
        # sudo: which report is meant is no secret.
        if not ours or self._get_report(report_ref).id != ours.sudo().id:
            return None
        return self.env["upominky.case"].browse(dict.fromkeys(ids or ()))._printable()

    # EXTENDS 'base'
    def _render_qweb_html(self, report_ref, docids, data=None):
        statements = self._upominky_statements(report_ref, docids)
        if statements is None:
            return super()._render_qweb_html(report_ref, docids, data)
        pages = [statement._statement_page() for statement in statements]
        return "\n".join(pages).encode(), "html"

    # EXTENDS 'base'
    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        statements = self._upominky_statements(report_ref, res_ids)
        if statements is None:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        return {
            one.id: {"stream": BytesIO(one.attachment_id.raw), "attachment": None}
            for one in statements
        }
