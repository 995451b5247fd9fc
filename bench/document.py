"""docs/benchmarks.md, from a run."""

import platform
from datetime import date
from pathlib import Path

HEAD = """# Benchmarks

Measured with `scripts/bench --markdown` on {day}, {machine}. Ratios count: they come from one run,
in which the pieces of work took turns. A machine's seconds do not count.

## Ratios

{ratios}

## Behind them

{details}

Each is the median of its runs, after one that warms caches up. Queries are those of all cursors of
the process; the peak is memory above what the process held when the work began, while the memory
among the ratios is that of a new process, above what it held when it had loaded Odoo. Letters and
totals are checked against an independent count (`bench/oracle.py`): a run with wrong ones ends with
an error. The floor's rows are compared with the job's, each of them.
"""
NOTES = Path(__file__).with_name("notes.md")


def write_document(path, report):
    """Write the tables of a run, and what does not change from run to run after them."""
    head = HEAD.format(
        day=date.today(),
        machine=f"{platform.machine()}, Python {platform.python_version()}",
        ratios=report.table(),
        details=report.details(),
    )
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{head}\n{NOTES.read_text()}")
