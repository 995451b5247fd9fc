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


def status(name):
    """Return a line of this process's status (proc(5)), such as VmRSS, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / MB
    return 0.0


def forget_peak():
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
    anew = forget_peak()
    idle, queries, started = status("VmRSS"), sql_db.sql_counter, time.perf_counter()
    yield sample
    sample.seconds = time.perf_counter() - started
    sample.queries = sql_db.sql_counter - queries
    sample.peak_mb = max(status("VmHWM") - idle, 0.0) if anew else 0.0


def by_turns(cases, times):
    """Run each case once in turn, ``times`` over, so that noise of the machine meets all alike.

    The first turn warms caches up, which is when memory grows: its peaks count, its times do not,
    unless there is only one turn.

    :param dict cases: name to a function that returns a Sample
    :rtype: dict[str, list[Sample]]
    """
    samples = defaultdict(list)
    for _turn in range(times + 1 if times > 1 else 1):
        for name, case in cases.items():
            samples[name].append(case())
    return {name: _without_warm_up(found) for name, found in samples.items()}


def _without_warm_up(samples):
    first, *others = samples
    for sample in others:
        sample.peak_mb = max(sample.peak_mb, first.peak_mb)
    return others or samples


def median(samples):
    """Return the sample with the median of the seconds, and the highest peak."""
    middle = sorted(samples, key=lambda sample: sample.seconds)[len(samples) // 2]
    seconds = statistics.median(sample.seconds for sample in samples)
    peak = max(sample.peak_mb for sample in samples)
    return Sample(seconds, middle.queries, peak, middle.notes)


class Clock:
    """Adds up time, queries and calls of one method, put in its place by ``patch.object``."""

    def __init__(self, method):
        self.method, self.seconds, self.queries, self.calls = method, 0.0, 0, 0

    def __get__(self, instance, owner):
        return lambda *args, **kwargs: self._call(instance, *args, **kwargs)

    def _call(self, *args, **kwargs):
        started, queries = time.perf_counter(), sql_db.sql_counter
        self.calls += 1
        try:
            return self.method(*args, **kwargs)
        finally:
            self.seconds += time.perf_counter() - started
            self.queries += sql_db.sql_counter - queries


def paired_ratio(these, those):
    """Return the median of the ratios within each turn: both met the same noise."""
    pairs = zip(these, those, strict=True)
    return statistics.median(this.seconds / that.seconds for this, that in pairs)
