"""What was measured, against what must be reached."""

from dataclasses import dataclass

from .measure import Sample


@dataclass(frozen=True)
class Line:
    """One target: what was reached, and the limit that it must keep."""

    work: str
    reached: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def holds(self):
        return self.reached >= self.limit if self.at_least else self.reached <= self.limit

    def cells(self):
        sign = "≥" if self.at_least else "≤"
        return (
            self.work,
            f"{self.reached:.2f} {self.unit}",
            f"{sign} {self.limit:g}",
            "yes" if self.holds else "**no**",
        )


class Report:
    """Collects targets and the samples behind them."""

    def __init__(self):
        self.lines = []
        self.samples = []

    def at_most(self, work, reached, limit, unit):
        self.lines.append(Line(work, reached, limit, unit))

    def at_least(self, work, reached, limit, unit):
        self.lines.append(Line(work, reached, limit, unit, at_least=True))

    def add(self, work, sample: Sample, times):
        self.samples.append((work, sample, times))

    def short(self):
        """Return the targets that were missed."""
        return [line for line in self.lines if not line.holds]

    def table(self):
        """Return the targets as a Markdown table."""
        return markdown_table(
            ("Work", "Reached", "Must be", "Holds"), [line.cells() for line in self.lines]
        )

    def details(self):
        """Return the samples as a Markdown table."""
        head = ("Work", "Seconds", "Queries", "Peak MB", "Letters, totals", "Runs")
        return markdown_table(head, [_sample_cells(*row) for row in self.samples])


def _sample_cells(work, sample, times):
    notes = ", ".join(f"{key} {_words(value)}" for key, value in sample.notes.items())
    return (work, f"{sample.seconds:.2f}", sample.queries, f"{sample.peak_mb:.0f}", notes, times)


def _words(value):
    return " + ".join(f"{v} {k}" for k, v in value.items()) if isinstance(value, dict) else value


def markdown_table(head, rows):
    """Return rows as a Markdown table."""
    rows = [tuple(str(cell) for cell in row) for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells):
        return "| " + " | ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)) + " |"

    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return "\n".join([line(head), rule, *map(line, rows)])
