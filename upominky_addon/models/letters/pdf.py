"""From a page in HTML to a PDF, by WeasyPrint: in this process, without a browser or a network.

Why not wkhtmltopdf: `docs/dependencies.md`.
"""

import gc
import logging
import threading
from functools import cache

#: What it warns of is of styles that Odoo's frames have and paper knows not, for each letter anew.
logging.getLogger("weasyprint").setLevel(logging.ERROR)

#: Letters after which what they left behind is collected: in a process as large as Odoo's Python
#: puts that off, and memory grows. It takes a third of a second, 7 ms a letter.
COLLECT_AFTER = 50


class NoRendererError(Exception):
    """WeasyPrint, or the library Pango that it loads, is not there."""


class _Fonts(threading.local):
    """The fonts of a thread, read once: each reading keeps a quarter of a megabyte for good."""

    config = None
    made = 0


_FONTS = _Fonts()


@cache
def _library():
    """Return WeasyPrint; it takes a second and its memory once, of whoever makes letters.

    :raises NoRendererError: with what is missing
    """
    try:
        import weasyprint
        import weasyprint.text.fonts  # loads Pango
    except (ImportError, OSError) as error:
        raise NoRendererError(str(error).splitlines()[0]) from error
    return weasyprint


def missing() -> str:
    """Return what is missing to make PDFs, nothing if they can be made."""
    try:
        _library()
    except NoRendererError as error:
        return str(error)
    return ""


def write_pdf(page: str) -> bytes:
    """Return a page in HTML as a PDF; the same page gives the same bytes.

    Images and styles are those that the page holds itself (``data:``, RFC 2397): a text that
    somebody wrote has nothing fetched, neither of the network nor of the disk.

    :raises NoRendererError: with what is missing
    """
    library = _library()
    if _FONTS.config is None:
        _FONTS.config = library.text.fonts.FontConfiguration()
    nothing_fetched = library.urls.URLFetcher(allowed_protocols=("data",))
    document = library.HTML(string=page, url_fetcher=nothing_fetched)
    data = document.write_pdf(font_config=_FONTS.config)
    _FONTS.made += 1
    if not _FONTS.made % COLLECT_AFTER:
        gc.collect()
    return data
