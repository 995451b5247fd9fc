"""Pages of a PDF as a reader of PDFs sees them: their texts, and where on the sheet they stand."""

from io import BytesIO

from pypdf import PdfReader

#: Points of PDF in a millimetre.
POINT = 72 / 25.4
SHEET_HEIGHT = 297


def pages(data):
    """Return the texts of the pages of a PDF, each with single blanks."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(data)).pages]


def places(data, page=0):
    """Return texts of a page with where they begin: millimetres from its left and upper edge."""
    found = []

    def visit(text, cm, tm, _font, _size):
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x / POINT, SHEET_HEIGHT - y / POINT))

    PdfReader(BytesIO(data)).pages[page].extract_text(visitor_text=visit)
    return found


def read_codes(data):
    """Return what the codes say that are drawn on the pages of a PDF."""
    import zxingcpp

    images = [image.image for page in PdfReader(BytesIO(data)).pages for image in page.images]
    return {found.text for image in images for found in zxingcpp.read_barcodes(image.convert("L"))}
