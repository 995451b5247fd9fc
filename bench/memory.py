"""Memory of job 1, in a process that did nothing but load Odoo."""

import gc
import multiprocessing

from . import floor, job
from .measure import forget_peak, status
from .process import environment, freeze_today, start_odoo


def above_idle(database):
    """Return how much more memory a process holds while job 1 runs than when it is idle, in MB.

    The process is a new one: what an earlier run left in it would hide what this one takes.
    """
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_run, (database,))


def _run(database):
    start_odoo(database)
    freeze_today(database)
    with environment(database) as env:
        floor.clear(env)
    gc.collect()
    if not forget_peak():
        raise SystemExit("This kernel does not tell the peak of memory anew (proc(5))")
    idle = status("VmRSS")
    job.run_job(database)
    return status("VmHWM") - idle
