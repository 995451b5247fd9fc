"""From a page in HTML to a PDF, by WeasyPrint: in this process, without a browser or a network.

It has no time limit of its own: a thread writes, and whoever waits for it does so for some time.

Why not wkhtmltopdf: `docs/dependencies.md`.
"""

import ctypes
import gc
import logging
import threading
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from queue import SimpleQueue

#: What it warns of is of styles that Odoo's frames have and paper knows not, for each letter anew.
logging.getLogger("weasyprint").setLevel(logging.ERROR)

#: Letters after which what they left behind is collected: in a process as large as Odoo's Python
#: puts that off, and memory grows. It takes a third of a second, 7 ms a letter.
COLLECT_AFTER = 50
#: Seconds after which a page is given up; one of sixty invoices takes less than one.
MOST_SECONDS = 30


class NoRendererError(Exception):
    """WeasyPrint, or the library Pango that it loads, is not there."""


class TooSlowError(Exception):
    """A page takes so long that nobody waits for it."""


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
    :raises TooSlowError: if it is not there in time
    """
    _library()
    return _DESK.written(page)


class _Writer(threading.Thread):
    """Writes pages, one after the other, for threads that wait no longer than they want to.

    It alone has fonts: each reading keeps a quarter of a megabyte for good.
    """

    def __init__(self):
        super().__init__(name="upominky-letters", daemon=True)
        self._pages, self._fonts, self._made = SimpleQueue(), None, 0

    def written(self, page):
        """Return the PDF of a page.

        :raises TooSlowError: if it is not there in time
        """
        answer = Future()
        self._pages.put((page, answer))
        try:
            return answer.result(MOST_SECONDS)
        except TimeoutError:
            raise TooSlowError from None

    def stop(self):
        """Have it end, whatever page it is at; one that is at none ends too."""
        ended = ctypes.py_object(SystemExit)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.ident), ended)
        self._pages.put(None)

    def run(self):
        with suppress(SystemExit):  # of `stop`
            self._write_all()

    def _write_all(self):
        while (asked := self._pages.get()) is not None:
            page, answer = asked
            try:
                answer.set_result(self._write(page))
            except Exception as error:
                answer.set_exception(error)

    def _write(self, page):
        library = _library()
        if self._fonts is None:
            self._fonts = library.text.fonts.FontConfiguration()
        nothing_fetched = library.urls.URLFetcher(allowed_protocols=("data",))
        document = library.HTML(string=page, url_fetcher=nothing_fetched)
        data = document.write_pdf(font_config=self._fonts)
        self._made += 1
        if not self._made % COLLECT_AFTER:
            gc.collect()
        return data


class _Desk:
    """Where pages are handed in, one after the other: two at once would wait for each other."""

    def __init__(self):
        self.writer, self._turn = None, threading.Lock()

    def written(self, page):
        """Return the PDF of a page; a writer that is too slow is sent away.

        :raises TooSlowError: if it is not there in time
        """
        with self._turn:
            if self.writer is None or not self.writer.is_alive():  # a fork has no other threads
                self.writer = _Writer()
                self.writer.start()
            try:
                return self.writer.written(page)
            except TooSlowError:
                self.writer.stop()
                self.writer = None
                raise


_DESK = _Desk()
