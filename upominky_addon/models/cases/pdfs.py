import logging

from odoo import models

from ..base.logs import log_problem
from ..base.transactions import COLLISIONS, OF_DATABASE, attempt, start_again

_logger = logging.getLogger(__name__)


class UpominkyCase(models.Model):
    """PDFs of invoices that go into a file and were never made: Odoo keeps none of what is printed.

    As beside messages they are made by job 2, each in a transaction of its own, and in no request.
    """

    _inherit = "upominky.case"

    def _lacks_pdfs(self):
        """Say whether an invoice that goes into one of these files has no PDF yet."""
        return any(case._without_pdf(case.contents["documents"]) for case in self)

    def _without_pdf(self, documents):
        """Return the invoices among documents of which there is no PDF, and could be one.

        :param documents: pairs of a kind and an id
        :rtype: account.move
        """
        ids = [id for kind, id in documents if kind == "invoice"]
        return (
            self.env["account.move"]
            .browse(ids)
            .exists()
            .filtered(
                lambda move: (
                    move.is_sale_document(include_receipts=True)
                    and move.state == "posted"
                    and not move.invoice_pdf_report_id
                )
            )
        )

    # EXTENDS 'upominky.case'
    def _needs_job(self):
        return super()._needs_job() or self._lacks_pdfs()

    # EXTENDS 'upominky.case'
    def _before_slice(self):
        """Make the PDFs that the next documents lack; one that cannot be made stops nothing."""
        result = super()._before_slice()
        for invoice in self._without_pdf(self._next_documents()):
            try:
                attempt(self.env, invoice._upominky_make_pdf)
            except COLLISIONS:  # somebody else makes it: it is there, or it is told as missing
                _logger.info("The PDF of invoice %s is in other hands", invoice.id)
            except OF_DATABASE:
                raise
            except Exception as problem:
                start_again(self.env)
                log_problem(_logger, problem, "The PDF of invoice %s cannot be made", invoice.id)
        return result
