"""Measuring: seconds, queries and memory of a piece of work, several pieces by turns."""

import gc
import statistics
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from odoo import sql_db

MB = 1024


@dataclass
class Sample:
    """What one piece of work took. ``notes`` are what it says about itself: letters, totals."""

    seconds: float = 0.0
    queries: int = 0
    peak_mb: float = 0.0
    notes: dict = field(default_factory=dict)


def _status(name):
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / MB
    return 0.0


def _forget_peak():
    """Make the kernel measure the peak of memory anew (proc(5), clear_refs)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True


@contextmanager
def measured():
    """Measure what is done inside; queries are those of all cursors of this process."""
    sample = Sample()
    gc.collect()
    anew = _forget_peak()
    idle, queries, started = _status("VmRSS"), sql_db.sql_counter, time.perf_counter()
    yield sample
    sample.seconds = time.perf_counter() - started
    sample.queries = sql_db.sql_counter - queries
    sample.peak_mb = max(_status("VmHWM") - idle, 0.0) if anew else 0.0


def by_turns(cases, times):
    """Run each case once in turn, ``times`` over, so that noise of the machine meets all alike.

    The first turn warms caches up and does not count, unless there is only one.

    :param dict cases: name to a function that returns a Sample
    :rtype: dict[str, list[Sample]]
    """
    samples = defaultdict(list)
    turns = range(times + 1) if times > 1 else range(1)
    for turn in turns:
        for name, case in cases.items():
            sample = case()
            if turn or times == 1:
                samples[name].append(sample)
    return dict(samples)


def median(samples):
    """Return the sample with the median of the seconds, and the peak over all of them."""
    middle = sorted(samples, key=lambda sample: sample.seconds)[len(samples) // 2]
    seconds = statistics.median(sample.seconds for sample in samples)
    peak = max(sample.peak_mb for sample in samples)
    return Sample(seconds, middle.queries, peak, middle.notes)


def paired_ratio(these, those):
    """Return the median of the ratios within each turn: both met the same noise."""
    pairs = zip(these, those, strict=True)
    return statistics.median(this.seconds / that.seconds for this, that in pairs)
