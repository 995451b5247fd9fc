"""What a customer owes and is asked for nowhere, and why."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .reasons import Code
from .schedule import Decision, Rule


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is owed and is no receivable, for a reason that a person may want to change.

    An item without a due date, or of an entry that is not to be followed up. ``residual`` is
    positive, in ``currency``.
    """

    id: int
    move_id: int
    currency: int
    residual: Decimal
    due: date | None = None
    excluded: bool = False
    no_followup: bool = False


def why_left_out(item: LeftOut, rule: Rule | None) -> Decision:
    """Say why something that is owed is no receivable.

    >>> why_left_out(LeftOut(1, 1, 1, Decimal(100)), Rule(1, ())).code
    <Code.NO_DUE_DATE: 'no_due_date'>
    """
    reasons = (
        (Code.NO_RULE, rule is None),
        (Code.RULE_BROKEN, rule is not None and rule.broken),
        (Code.EXCLUDED, item.excluded),
        (Code.NO_FOLLOWUP, item.no_followup),
        (Code.NO_DUE_DATE, item.due is None),
    )
    blockers = tuple(code for code, applies in reasons if applies)
    return Decision(blockers[0], blockers=blockers)
