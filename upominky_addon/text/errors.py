"""What may be wrong with a template, for people to read in their own language."""

from enum import StrEnum


class Fault(StrEnum):
    """Kinds of errors; ``TextError.what`` is the name, the thing or the words meant."""

    SYNTAX = "syntax"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    NOT_TEXT = "not_text"
    NO_DATE = "no_date"
    NO_CURRENCY = "no_currency"
    TOO_DEEP = "too_deep"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    TOO_SLOW = "too_slow"
    FAILED = "failed"


class TextError(Exception):
    """A template that is refused, cut off, or cannot be rendered.

    :param line: line of the template, from 1; None where it cannot be told
    """

    def __init__(self, fault: Fault, what: str = "", line: int | None = None):
        super().__init__(fault, what, line)
        self.fault, self.what, self.line = fault, what, line
