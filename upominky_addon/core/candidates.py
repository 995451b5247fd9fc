"""What the database may leave out before the core decides.

Most open receivables wait, every night. :func:`steps` states a condition that :func:`.decide` is
sure to ask for as well, in a form that one query can check: whoever passes is read and decided on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .schedule import Past, Receivable, Rule, next_level


@dataclass(frozen=True, slots=True)
class Step:
    """Who reached an order from ``reached`` to below ``above`` waits ``days`` at least.

    ``above`` is None without an end. Days count from the due date, less those that the level before
    counted from its sending.
    """

    reached: int
    above: int | None
    days: int

    def may_be_due(self, receivable: Receivable, past: Past | None, today: date) -> bool:
        """Say whether a receivable that is on this step is worth deciding about."""
        if (today - receivable.due).days < self.days:
            return False
        if past is None:
            return True
        if past.pending or past.is_answerable(today):
            return False
        return (today - past.on).days >= max(1, self.days - past.level_days)


def steps(rules: Iterable[Rule]) -> tuple[Step, ...]:
    """Return the least that any of the rules asks for, by the order that was reached.

    Which rule covers whom is not looked at. Orders after which no rule goes on by itself are left
    out: nothing there is due, nor by a rule that is broken.

    >>> from .schedule import Level
    >>> steps([Rule(1, (Level(1, 1, 7), Level(2, 5, 21))), Rule(2, (Level(3, 1, 10),))])
    (Step(reached=0, above=1, days=7), Step(reached=1, above=5, days=21))
    """
    rules = tuple(rule for rule in rules if not rule.broken)
    bounds = sorted({0, *(level.order for rule in rules for level in rule.levels)})
    bounds = [bound for bound in bounds if bound >= 0]
    found = []
    for reached, above in zip(bounds, [*bounds[1:], None], strict=True):
        days = _least_days(rules, reached)
        if days is not None:
            found.append(Step(reached, above, days))
    return tuple(found)


def rungs(found: Iterable[Step]) -> tuple[list[int], list[int | None]]:
    """Return the orders from which each step is reached, and what is waited on it, as queries ask.

    Where nothing is due, None is waited.

    >>> rungs([Step(0, 1, 7), Step(1, 5, 21), Step(6, None, 30)])
    ([0, 1, 5, 6], [7, 21, None, 30])
    """
    days: dict[int, int | None] = {}
    for step in found:
        days[step.reached] = step.days
        if step.above is not None:
            days.setdefault(step.above, None)
    return list(days), list(days.values())


def _least_days(rules: tuple[Rule, ...], reached: int) -> int | None:
    past = Past(reached, 0, date.min, 0) if reached else None
    levels = (next_level(rule, past) for rule in rules)
    return min((level.days for level in levels if level and level.auto), default=None)
