from markupsafe import Markup

from odoo import models

from ...core.letter import MOST_LINES
from ...core.mail_text import clean
from .placeholders import MAX_PART


class UpominkyReminder(models.Model):
    """Links to invoices, for a message that would be too large with their files."""

    _inherit = "upominky.reminder"

    def _links_html(self, links):
        """Return links as HTML, below the text of a message.

        :param links: pairs of the number of an invoice and the address of its page
        :rtype: Markup
        """
        me = self._in_its_language()
        rows = [
            Markup('<br/>%s: <a href="%s">%s</a>') % (clean(number, MAX_PART), url, url)
            for number, url in links[:MOST_LINES]
        ]
        said = Markup("<p>%s%s%s</p>")
        more = Markup("<br/>%s") % me._more_links(links) if len(links) > MOST_LINES else ""
        return said % (me._links_title(), Markup().join(rows), more)

    def _links_text(self, links):
        """Return links as plain text, each on a line of its own: mail programs make them links."""
        me = self._in_its_language()
        rows = [f"{clean(number, MAX_PART)}: {url}" for number, url in links[:MOST_LINES]]
        more = [me._more_links(links)] if len(links) > MOST_LINES else []
        return "\n".join([me._links_title(), *rows, *more])

    def _links_title(self):
        return self.env._(
            "The invoices are too large to be attached. You can see and download them here:"
        )

    def _more_links(self, links):
        return self.env._(
            "Invoices that are not listed here: %s. We will gladly send them to you; just reply.",
            len(links) - MOST_LINES,
        )
