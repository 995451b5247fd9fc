from lxml import html
from markupsafe import Markup

from odoo import models
from odoo.tools import is_html_empty

from .layout_style import SCOPE, styles_for

#: The styles of Odoo's reports.
BUNDLE = "web.report_assets_common"
#: The template that every report of Odoo is in.
LAYOUT = "web.external_layout"
_WITH_CLASS = "//*[contains(concat(' ', normalize-space(@class), ' '), ' %s ')]"


class UpominkyPaper(models.AbstractModel):
    """The head and the foot of the company's document layout, around the letter's own body.

    Shapes behind some of Odoo's layouts (waves, bubbles, folders) are drawn for another program and
    over a whole page, where they would lie under the address: they are left out.
    """

    _inherit = "upominky.paper"

    def _company_layout(self, report):
        """Return head, foot and styles of the company's layout, None where letters have their own.

        :param report: by which the layout is rendered
        :rtype: dict | None
        """
        if not self.company_id.upominky_letter_layout:
            return None
        # Odoo's own page numbers are for another program: as on a screen there are none.
        values = {
            "o": self,
            "company": self.company_id,
            "report_type": "html",
            "is_html_empty": is_html_empty,
        }
        page = html.fromstring(f"<div>{report._render_template(LAYOUT, values).decode()}</div>")
        parts = {name: _part(page, name) for name in ("header", "footer")}
        nodes = [node for part in parts.values() if part is not None for node in part.iter()]
        css = styles_for(
            self._report_styles(),
            frozenset(name for node in nodes for name in (node.get("class") or "").split()),
            frozenset(node.tag for node in nodes if isinstance(node.tag, str)),
        )
        return {**{name: _written(part) for name, part in parts.items()}, "style": Markup(css)}

    def _report_styles(self):
        """Return the styles that Odoo has for the reports of all companies."""
        bundle = self.env["ir.qweb"]._get_asset_bundle(BUNDLE, js=False, autoprefix=True)
        return "\n".join(file.raw.decode() for file in bundle.css())


def _part(page, name):
    """Return a part of a layout, without its shapes; None if it has no such part."""
    part = next(iter(page.xpath(_WITH_CLASS % name)), None)
    for shape in () if part is None else part.xpath(".//svg"):
        shape.drop_tree()
    return part


def _written(part):
    """Return a part of a layout as HTML, nothing if it shows nothing."""
    if part is None or not (part.text_content().strip() or part.xpath(".//img")):
        return Markup()
    text = html.tostring(part, encoding="unicode", with_tail=False)
    return Markup(f'<div class="{SCOPE}">{text}</div>')  # what Odoo rendered is escaped already
