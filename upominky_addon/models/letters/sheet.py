from odoo import api, models

from ...core import paper
from ...core.mail_text import clean
from ...core.paper import Sheet, address_lines, written_address
from .placeholders import MAX_PART


class UpominkyPaper(models.AbstractModel):
    """What lies around the text of whatever is written on paper to a customer.

    It needs a ``company_id``, who writes, and a ``partner_id``, the customer.
    """

    _name = "upominky.paper"
    _description = "Letter on Paper"

    def _paper_sheet(self, report):
        """Return the size and margins of a report's paper.

        :rtype: Sheet
        """
        chosen = report.get_paperformat()
        size = f"{chosen.print_page_width:g}mm {chosen.print_page_height:g}mm"
        sides = ("top", "right", "bottom", "left")
        return Sheet(size, *(chosen[f"margin_{side}"] for side in sides))

    @api.model
    def _paper_places(self, sheet):
        """Return where things stand, in millimetres from the margins of the first page.

        :param Sheet sheet: the paper
        """
        return {
            "sheet": sheet,
            "window": {
                "left": sheet.across(paper.ADDRESS_LEFT),
                "top": sheet.down(paper.ADDRESS_TOP),
                "width": paper.ADDRESS_WIDTH,
                "height": paper.ADDRESS_HEIGHT,
                "sender": paper.SENDER_HEIGHT,
            },
            "beside": {
                "left": sheet.across(paper.FACTS_LEFT),
                "top": sheet.down(paper.FACTS_TOP),
                "width": paper.FACTS_WIDTH,
            },
            "letterhead": {
                "top": sheet.down(paper.LETTERHEAD_TOP),
                "height": paper.LETTERHEAD_HEIGHT,
            },
            "marks": [
                {"left": sheet.across(paper.MARK_LEFT), "top": sheet.down(mark)}
                for mark in (*paper.FOLDS, paper.HOLE)
            ],
        }

    def _paper_receiver(self):
        """Return whose address stands in the window: of who gets the customer's invoices."""
        return self.partner_id.browse(self.partner_id.address_get(["invoice"])["invoice"])

    def _paper_address(self):
        """Return the lines of the address in the window."""
        partner, receiver = self.partner_id, self._paper_receiver()
        country = receiver.country_id
        at_home = country == self.company_id.country_id
        # Odoo's own way to write an address, which leaves the receiver's name to its caller.
        pattern, values = receiver._prepare_display_address(without_company=True)
        text = written_address(pattern, country.code or "") % values
        names = dict.fromkeys(filter(None, (partner.name, receiver.name)))
        lines = "\n".join(clean(line, MAX_PART) for line in (*names, *text.splitlines()))
        return address_lines(lines, (at_home and country.name) or "")

    def _one_line(self, partner):
        """Return the name and the address of the sender in a line, as above an address."""
        place = " ".join(filter(None, [partner.zip, partner.city]))
        parts = [partner.name, partner.street, place]
        return " · ".join(filter(None, (clean(part or "", MAX_PART) for part in parts)))
