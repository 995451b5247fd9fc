"""Every screen, asked as the web client asks, on the books of :mod:`bench.screens_books`.

Prints a table of seconds and queries, the slowest first, against what each kind of request may
take, and with the ratio to Odoo's own list or form of the same model where there is one.
"""

import argparse
import contextlib
import functools
import io
import json
import logging
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from odoo.exceptions import UserError
from odoo.modules.registry import Registry

from .measure import measured, median
from .process import DAY, environment, freeze_today, start_odoo
from .report import markdown_table
from .screens_case import Case, user_id
from .screens_cases import cases

#: Seconds that a request of a kind may take; a step goes on by itself, and may be left.
LIMITS = {"page": 0.5, "group": 1.5, "bulk": 5.0, "many": 25.0, "step": 60.0}
#: A request that took longer than this is not asked again.
LONG = 2.0
TIMES = 3
#: How many times as long as Odoo's own request of that kind one may take that is over its limit:
#: where Odoo reads all of a table for its own columns, the add-on cannot be faster.
OVER_ODOO = 1.5


@dataclass
class Taken:
    """What a request took; ``first`` is the call that found nothing in the caches."""

    case: Case
    seconds: float
    first: float
    queries: int
    rows: object

    @property
    def limit(self):
        return LIMITS[self.case.kind]


def plan_tomorrow(database):
    """Let the overview count what job 1 does on the day after that of the books.

    The job itself is switched off there, so that no server runs it.
    """
    Overview = Registry(database)["upominky.overview"]
    Overview._is_planned = lambda self, company: True
    Overview._next_day = lambda self, company: DAY + timedelta(days=1)


def keep(database):
    """Work out what lists keep, as the night's job does at its end."""
    with environment(database) as env:
        env["upominky.kept"]._refill()
        env.cr.commit()


def _size(answer):
    if isinstance(answer, dict):
        return answer.get("length", "")
    return len(answer) if isinstance(answer, list) else ""


@functools.cache
def _ready(database, uid, case):
    """Return what a request is told of what its reader sees already."""
    if not case.ready:
        return ()
    with environment(database, uid) as env:
        return (case.ready(env),)


def ask_once(database, case):
    """Ask in a cursor and a cache of its own; a refusal is an answer as well."""
    uid = user_id(database, case.who)
    ready = _ready(database, uid, case)
    with environment(database, uid) as env, measured() as sample:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                sample.notes = {"rows": _size(case.ask(env, *ready))}
        except UserError as error:
            sample.notes = {"rows": f"refused: {str(error)[:60]}"}
        except Exception as error:  # the others are to be measured all the same
            sample.notes = {"rows": f"error: {str(error)[:80]!r}"}
        env.flush_all() if not str(sample.notes["rows"]).startswith("error") else None
        env.cr.rollback()
    return sample


def take(database, case):
    """Return what a request took: the first time, and the median of some after it."""
    first = ask_once(database, case)
    again = [first]
    if first.seconds < LONG and case.kind != "bulk":
        again = [ask_once(database, case) for _turn in range(TIMES)]
    middle = median(again)
    return Taken(case, middle.seconds, first.seconds, middle.queries, middle.notes["rows"])


def run(database, wanted):
    for case in cases(database):
        if wanted and not any(part in case.name for part in wanted):
            continue
        taken = take(database, case)
        print(
            f"{taken.seconds:8.3f} s {taken.queries:6} q  {case.name}", file=sys.stderr, flush=True
        )
        yield taken


def beside(taken, found):
    """Return what Odoo's own request took that stands beside this one, or None.

    Of several it is the one that is named most exactly.
    """
    named = [
        (len(start), own)
        for own in found
        for start in own.case.of_odoo
        if taken.case.name.startswith(start) and not taken.case.of_odoo
    ]
    return max(named, key=lambda each: each[0])[1] if named else None


def holds(taken, own):
    """Say whether a request takes no longer than it may."""
    most = max(taken.limit, OVER_ODOO * own.seconds if own else 0)
    return taken.seconds <= most


def table(found):
    """Return the requests as a Markdown table, the slowest first."""
    rows = []
    for taken in sorted(found, key=lambda taken: -taken.seconds):
        own = beside(taken, found)
        rows.append(
            (
                taken.case.name,
                f"{taken.seconds:.2f}",
                f"{taken.first:.2f}",
                taken.queries,
                taken.rows,
                f"{taken.seconds / own.seconds:.2f}" if own else "",
                f"≤ {taken.limit:g}",
                "Odoo's" if taken.case.of_odoo else "yes" if holds(taken, own) else "**no**",
            )
        )
    head = ("Request", "Seconds", "First", "Queries", "Rows", "× Odoo's own", "Must be", "Holds")
    return markdown_table(head, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--only", action="append", help="requests whose names hold this")
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--json", type=Path, help="where figures are kept, to compare with later")
    arguments = parser.parse_args()
    start_odoo(arguments.database)
    logging.getLogger("odoo").setLevel(logging.CRITICAL)
    freeze_today(arguments.database)
    plan_tomorrow(arguments.database)
    keep(arguments.database)
    found = list(run(arguments.database, arguments.only))
    text = table(found)
    print(text)
    if arguments.markdown:
        arguments.markdown.write_text(f"{text}\n", encoding="utf-8")
    if arguments.json:
        kept = {t.case.name: [t.seconds, t.first, t.queries, str(t.rows)] for t in found}
        arguments.json.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    ours = [taken for taken in found if not taken.case.of_odoo]
    return 0 if all(holds(taken, beside(taken, found)) for taken in ours) else 1


if __name__ == "__main__":
    sys.exit(main())
