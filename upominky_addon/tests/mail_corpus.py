"""Subjects and names as they occur, and how readers of mail see them.

Nothing but the standard library, so that it runs on any version of Python.
"""

import random
import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

FIRMS = (
    "Jihočeská stavební společnost s.r.o.", "Dopravce s.r.o.", "Řeznictví a uzenářství Žižka, a.s.",
    "Ing. Jiří Novák – autodoprava, výkopové práce", "Obec Dolní Břežany, příspěvková organizace",
    "Východoslovenské železiarne, a. s., Košice", "Ľubovnianske pekárne Šariš spol. s r.o.",
    "Müller & Söhne Straßenbau GmbH & Co. KG", "Donaudampfschifffahrtsgesellschaft mbH, Wien",
    "Przedsiębiorstwo Wielobranżowe „Łódź-Żegluga” sp. z o.o.", "Gdańska Spółdzielnia Mieszkaniowa",
    "O'Brien \"Fast\" Freight (Europe) Ltd.", "International Business Machines of Central Europe",
    "Plain Name", "Kavárna 😀☕ U Tří čepic", "Jana a Petr Novákovi",
    "Київська будівельна компанія", "東京電力ホールディングス",
    "Nejneobhospodařovávatelnějšímipolíčkyobklopenézemědělskédružstvo", "x" * 90, "Ž" * 70,
    "C# & C++ školení, 100% = hotovo?", "A/B=C?=D =? E", "Úřad [vlády] <ČR>; odbor: finance\\účty",
)  # fmt: skip
SUBJECTS = (
    "Reminder: unpaid invoices of {firm} ({number})",
    "Second reminder: invoices still unpaid, {firm} ({number})",
    "Upomínka: neuhrazené faktury společnosti {firm} ({number})",
    "Předžalobní výzva / pokus o smír – {firm}, {number}, celkem {amount} Kč",
    "Tretia upomienka: prosíme o úhradu do siedmich dní, {firm} ({number})",
    "Zahlungserinnerung für überfällige Rechnungen der {firm}, {amount} €",
    "Wezwanie do zapłaty zaległych faktur {firm} nr {number}",
    "{number} {firm} zbývá uhradit {amount} Kč, prosíme o zaplacení co nejdříve",
    "⚠ {firm}: {amount} Kč po splatnosti 👩‍👩‍👧",
)
ENCODED = re.compile(r"=\?utf-8\?[qb]\?[!->@-~]+\?=")
FOLD = re.compile(r"\r?\n(?=[ \t])")


def subjects(count, seed=21):
    """Yield subjects of reminders."""
    chance = random.Random(seed)
    for number in range(count):
        yield SUBJECTS[number % len(SUBJECTS)].format(
            firm=_firm(chance),
            number=f"UP/2026/{chance.randrange(100_000):05}",
            amount=f"{chance.randrange(10 ** chance.randrange(2, 8)):,}".replace(",", "\u00a0"),
        )


def names(count, seed=19):
    """Yield names of senders."""
    chance = random.Random(seed)
    for _number in range(count):
        yield _firm(chance)[:100].strip()


def _firm(chance):
    """Return a name, or one made of the words of two."""
    words = chance.choice(FIRMS).split(" ")
    if chance.random() < 0.6:
        others = chance.choice(FIRMS).split(" ")
        words = (
            words[: chance.randrange(1, len(words) + 1)] + others[chance.randrange(len(others)) :]
        )
    return " ".join(words)


def read_text(data, name):
    """Return a header of free text as Python's new reader and its old one see it."""
    new = message_from_bytes(data, policy=policy.default)
    return str(new[name]), _decoded(message_from_bytes(data)[name])


def read_name(data, name):
    """Return name and address of a header as Python's new reader and its old one see them."""
    (mailbox,) = message_from_bytes(data, policy=policy.default)[name].addresses
    person, address = parseaddr(FOLD.sub("", message_from_bytes(data)[name]))
    return (mailbox.display_name, mailbox.addr_spec), (_decoded(person), address)


def _decoded(value):
    return str(make_header(decode_header(FOLD.sub("", value))))


def adds_spaces():
    """Say whether this Python's reader sees a space more between encoded words of a name."""
    read, _old = read_name(b"From: =?utf-8?q?a_?= =?utf-8?q?b?= <a@x.cz>\r\n\r\n", "From")
    return read[0] != "a b"


def faults(header):
    """Return what RFC 5322 and RFC 2047 forbid in the lines of a header.

    :param str header: name and value, as they are sent
    """
    lines = header.split("\r\n")
    words = [word for line in lines for word in line.split(" ") if "=?" in word]
    found = [f"line of {len(line)}" for line in lines if len(line) > 76]
    found += [f"word of {len(word)}" for word in words if len(word) > 75]
    found += [
        f"no encoded word: {word}" for word in words if not ENCODED.fullmatch(word.strip("()"))
    ]
    found += [f"blank line {line!r}" for line in lines if not line.strip()]
    found += [f"part of a letter: {word}" for word in words if "\ufffd" in _decoded(word)]
    return found if header.isascii() else [*found, "8 bits"]
