"""Whom a reminder is for, whatever the way it gets there."""

from dataclasses import dataclass

EMAIL = "email"
#: On paper, by post.
LETTER = "letter"
#: By these nobody but the contact of the invoice is addressed, whatever the level says of e-mails.
INVOICE_ONLY = frozenset({LETTER})


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address of one channel, and the language that its reader has set."""

    channel: str
    address: str
    lang: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Return what is the same for one recipient however it is written.

        >>> Recipient("email", "Jana@X.cz").key == Recipient("email", "jana@x.cz", "cs_CZ").key
        True
        >>> Recipient("letter", "jana@x.cz").key == Recipient("email", "jana@x.cz").key
        False
        """
        return self.channel, self.address.lower()
