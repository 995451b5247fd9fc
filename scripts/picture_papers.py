"""Pictures of what is no screen: a letter on paper, the contents of a file for a lawyer."""

import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

from picture_table import CASE, PAPERS
from PIL import Image, ImageOps

#: Dots in an inch: so that small letters can be read.
DENSITY = 84
#: Around each page, and between pages.
MARGIN, EDGE = 16, 1
DESK, LINE = "#e9ecef", "#adb5bd"


def letter_on_paper(client, lang):
    """Return a picture of the pages of a letter, side by side."""
    name, order = PAPERS[lang]
    domain = [("partner_id.name", "like", name), ("level_order", "=", order)]
    found = client.call("upominky.reminder", "search", domain, limit=1)
    if not found:
        raise SystemExit(f"The demo has no reminder of level {order} to {name}.")
    return _beside(_pages(client.get(f"/report/pdf/upominky_addon.letter/{found[0]}")))


def _pages(pdf):
    """Return the pages of a PDF as pictures, drawn by pdftoppm of poppler-utils."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-png", "-r", str(DENSITY), "-", f"{folder}/page"]
        subprocess.run(command, input=pdf, check=True)
        return [Image.open(path).convert("RGB") for path in sorted(Path(folder).glob("*.png"))]


def _beside(pages):
    edged = [ImageOps.expand(page, EDGE, LINE) for page in pages]
    width = sum(page.width + MARGIN for page in edged) + MARGIN
    height = max(page.height for page in edged) + 2 * MARGIN
    desk, left = Image.new("RGB", (width, height), DESK), MARGIN
    for page in edged:
        desk.paste(page, (left, MARGIN))
        left += page.width + MARGIN
    output = io.BytesIO()
    desk.save(output, "PNG")
    return output.getvalue()


def contents_of_case(client, lang):
    """Have a file for a lawyer made in a language, and return its list of contents in HTML."""
    domain = [("name", "like", CASE), ("parent_id", "=", False)]
    (customer,) = client.call("res.partner", "search", domain, limit=1)
    options = {"context": {"lang": lang}}
    action = client.call("res.partner", "action_upominky_case_file", [customer], **options)
    with zipfile.ZipFile(io.BytesIO(client.get(action["url"]))) as file:
        return file.read("index.html").decode()
