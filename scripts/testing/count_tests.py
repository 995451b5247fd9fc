"""Pytest plugin: appends "passed failed skipped" to the file that UPOMINKY_COUNTS names.

What failed is told a second time in the file that UPOMINKY_FAILURES names: the log of a whole run
is long, and whoever reads only its end must see which tests to mend.
"""

import os
from pathlib import Path


def _is_failure(category):
    return category != "xfailed" and ("failed" in category or category == "error")


def _lacks_browser(report):
    reason = str(report.longrepr).lower()
    return "chrome" in reason or "websocket" in reason


def _missing_browsers(reporter):
    """In CI a browser test that found no browser has failed; Odoo only skips it."""
    if os.environ.get("CI") != "true":
        return []
    return [report for report in reporter.stats.get("skipped", []) if _lacks_browser(report)]


def _told(report):
    """Return the name of a failed test, and the first line of why."""
    lines = [line for line in str(report.longrepr).splitlines() if line.startswith("E  ")]
    why = lines[0][1:].strip() if lines else ""
    return f"FAILED {report.nodeid} {why}"[:400]


def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and _missing_browsers(reporter):
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter):
    if "PYTEST_XDIST_WORKER" in os.environ:  # whoever leads the workers counts for all
        return
    stats = terminalreporter.stats
    missing = len(_missing_browsers(terminalreporter))
    passed = len(stats.get("passed", [])) + len(stats.get("xpassed", []))
    failures = [
        report for category, reports in stats.items() if _is_failure(category) for report in reports
    ]
    failed = len(failures)
    skipped = len(stats.get("skipped", [])) + len(stats.get("xfailed", []))
    with Path(os.environ["UPOMINKY_COUNTS"]).open("a", encoding="ascii") as counts:
        counts.write(f"{passed} {failed + missing} {skipped - missing}\n")
    with Path(os.environ["UPOMINKY_FAILURES"]).open("a", encoding="utf-8") as told:
        told.writelines(f"{_told(report)}\n" for report in failures)
