"""Ways through the client in a real browser."""

import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.http import Application
from odoo.tests import HttpCase

from .common import UpominkyCommon
from .figures import tell_figures

#: What a click costs; the rest, as menus and style sheets, is read once.
TIMED = ("/web/dataset/", "/web/action/")


class TourCase(UpominkyCommon, HttpCase):
    """Runs tours as the accountant, and tells how long their slowest request took.

    An error on the console fails a tour: Odoo's runner sees to it. Seconds are told, not asserted:
    they are the machine's.
    """

    def tour(self, address, name, **options):
        """Start a tour at an address below /odoo; records are read anew after it.

        :param options: of Odoo's own, as ``login`` for somebody else than the accountant
        """
        options.setdefault("login", self.env.user.login)
        with _times() as taken:
            self.start_tour(f"/odoo/{address}".rstrip("/"), name, **options)
        self.env.invalidate_all()
        seconds, path = max(taken)
        tell_figures(f"tour {name}: {len(taken)} requests, the longest {seconds:.2f} s ({path})")


@contextmanager
def _times():
    """Collect (seconds, path) of the requests that are answered meanwhile."""
    taken, answer = [], Application.__call__

    def timed(application, environ, start_response):
        started, path = time.perf_counter(), environ["PATH_INFO"]
        try:
            return answer(application, environ, start_response)
        finally:
            if path.startswith(TIMED):
                taken.append((time.perf_counter() - started, path))

    with patch.object(Application, "__call__", timed):
        yield taken
