"""What the database watches: rows on which next dates and the analysis rest.

Each makes a mark in the transaction that changes it, whoever writes it and how. A trigger whose
condition does not hold costs next to nothing, and what has no due date is no receivable.
"""

from typing import NamedTuple

from .receivables import REMINDED


class Watch(NamedTuple):
    """An event of a table's rows that makes a mark, ``column`` of it, of what ``value`` says.

    ``columns`` are those whose change counts, of an update; all say what happened before with
    ``OLD`` and after with ``NEW``.
    """

    table: str
    event: str
    column: str
    value: str
    condition: str
    columns: tuple[str, ...] = ()

    @property
    def function(self):
        """The name of the function that makes the mark; several may share it."""
        return f"upominky_mark_{self.column}_{self.value.replace('.', '_')}".lower()

    @property
    def body(self):
        """What the function does."""
        mark = f"INSERT INTO upominky_mark ({self.column}) VALUES ({self.value})"  # noqa: S608
        return f"BEGIN {mark}; RETURN NULL; END"

    @property
    def name(self):
        """The name of the trigger, unlike those of the table's others."""
        parts = self.event, self.value.replace(".", "_"), *self.columns[:1]
        return f"upominky_{'_'.join(parts)}".lower()

    @property
    def trigger(self):
        """What makes the trigger."""
        of = f" OF {', '.join(self.columns)}" if self.columns else ""
        conditions = [self.condition] if self.condition else []
        if self.columns:
            old, new = (
                ", ".join(f"{row}.{name}" for name in self.columns) for row in ("OLD", "NEW")
            )
            conditions.append(f"ROW({old}) IS DISTINCT FROM ROW({new})")
        when = f" WHEN ({' AND '.join(conditions)})" if conditions else ""
        return (
            f"CREATE TRIGGER {self.name} AFTER {self.event}{of} ON {self.table} "
            f"FOR EACH ROW{when} EXECUTE FUNCTION {self.function}()"
        )


_ITEM = (
    "account_id",
    "amount_residual_currency",
    "company_id",
    "currency_id",
    "date_maturity",
    "move_id",
    "no_followup",
    "parent_state",
    "partner_id",
    "reconciled",
)
_MOVE = (
    "journal_id",
    "move_type",
    "origin_payment_id",
    "payment_state",
    "reversed_entry_id",
    "statement_line_id",
    "upominky_hold_reason",
    "upominky_hold_until",
)
_PARTNER = (
    "commercial_partner_id",
    "upominky_excluded",
    "upominky_hold_reason",
    "upominky_hold_until",
)
_REMINDER = ("deadline", "issue_date", "partner_id", "rule_id", "sent_date", "state", "to_send")
_LINE = (
    "amount_due",
    "counted",
    "currency_id",
    "level_days",
    "level_order",
    "move_line_id",
    "reminder_id",
    "state",
)
_TAGS = "res_partner_res_partner_category_rel"
_TAG = ("partner_id", "category_id")
_MATCH = ("credit_move_id", "debit_amount_currency", "debit_move_id")
_DUE = "({row}.date_maturity IS NOT NULL AND {row}.parent_state = 'posted')"
_NEW_DUE, _OLD_DUE = _DUE.format(row="NEW"), _DUE.format(row="OLD")
_TYPES = ", ".join(f"'{kind}'" for kind in REMINDED)
#: When a document is posted, or no more, its items are marked.
_POSTED = f"NEW.state = 'posted' AND NEW.move_type IN ({_TYPES})"
_MATCHES = "account_partial_reconcile"

WATCHED = (
    Watch("account_move_line", "INSERT", "item_id", "NEW.id", _NEW_DUE),
    Watch("account_move_line", "DELETE", "item_id", "OLD.id", _OLD_DUE),
    Watch("account_move_line", "UPDATE", "item_id", "NEW.id", f"({_OLD_DUE} OR {_NEW_DUE})", _ITEM),
    Watch("account_move", "UPDATE", "move_id", "NEW.id", _POSTED, _MOVE),
    # What was paid on which day is said by the other entry, whose day a bank statement changes.
    Watch("account_move", "UPDATE", "move_id", "NEW.id", "NEW.state = 'posted'", ("date",)),
    # Two matches undone and made anew in one write may leave as much to pay as before.
    Watch(_MATCHES, "INSERT", "item_id", "NEW.debit_move_id", ""),
    Watch(_MATCHES, "DELETE", "item_id", "OLD.debit_move_id", ""),
    Watch(_MATCHES, "UPDATE", "item_id", "NEW.debit_move_id", "", _MATCH),
    Watch(_MATCHES, "UPDATE", "item_id", "OLD.debit_move_id", "", _MATCH),
    Watch("res_partner", "UPDATE", "partner_id", "NEW.id", "", _PARTNER),
    Watch(_TAGS, "INSERT", "partner_id", "NEW.partner_id", ""),
    Watch(_TAGS, "DELETE", "partner_id", "OLD.partner_id", ""),
    # Where customers are merged, Odoo gives their tags to the one that stays.
    Watch(_TAGS, "UPDATE", "partner_id", "NEW.partner_id", "", _TAG),
    Watch(_TAGS, "UPDATE", "partner_id", "OLD.partner_id", "", _TAG),
    Watch("upominky_reminder", "UPDATE", "reminder_id", "NEW.id", "", _REMINDER),
    Watch("upominky_reminder_line", "INSERT", "item_id", "NEW.move_line_id", "NEW.counted IS TRUE"),
    Watch(
        "upominky_reminder_line",
        "UPDATE",
        "item_id",
        "NEW.move_line_id",
        "NEW.move_line_id IS NOT NULL",
        _LINE,
    ),
    Watch(
        "upominky_reminder_line",
        "UPDATE",
        "item_id",
        "OLD.move_line_id",
        "OLD.move_line_id IS NOT NULL",
        ("move_line_id",),
    ),
    Watch(
        "upominky_reminder_line",
        "DELETE",
        "item_id",
        "OLD.move_line_id",
        "OLD.move_line_id IS NOT NULL",
    ),
)
