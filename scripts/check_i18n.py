"""Fail if a translation is missing, fuzzy, or has other placeholders than its source.

Czech is complete; the other languages have at least what customers read, all of it. A cheap check
of the files alone; `scripts/i18n --check` also says whether the template is current.
"""

import re
import sys
from collections import Counter
from pathlib import Path

import polib

REPO = Path(__file__).resolve().parents[1]
#: Everything is translated to these; to the others what customers read.
COMPLETE = ("cs",)
FOR_CUSTOMERS = ("sk", "de", "pl")
#: Where texts come from that reach a customer: subjects and bodies of messages, the table and the
#: frame of the letter, and the modules that write the letter's sentences. A module in this list
#: has no other texts, so that nobody must translate more.
CUSTOMERS_READ = (
    "model:mail.template,subject:",
    "model:mail.template,body_html:",
    "model_terms:ir.ui.view,arch_db:upominky_addon.invoice_table",
    "model_terms:ir.ui.view,arch_db:upominky_addon.letter",
    "model_terms:ir.ui.view,arch_db:upominky_addon.mail_layout",
    "model_terms:ir.ui.view,arch_db:upominky_addon.statement",
    "code:addons/upominky_addon/models/billing/words.py",
    "code:addons/upominky_addon/models/letters/claim.py",
    "code:addons/upominky_addon/models/letters/instalments.py",
    "code:addons/upominky_addon/models/letters/invoice_links.py",
    "code:addons/upominky_addon/models/letters/letter.py",
    "code:addons/upominky_addon/models/letters/listing.py",
    "code:addons/upominky_addon/models/letters/own_payments.py",
    "code:addons/upominky_addon/models/letters/paper.py",
    "code:addons/upominky_addon/models/letters/placeholders.py",
    "code:addons/upominky_addon/models/letters/plain.py",
    "code:addons/upominky_addon_sale/models/words_for_customers.py",
    "code:addons/upominky_addon/models/statements/page.py",
    "code:addons/upominky_addon/models/statements/words.py",
)
#: What must be the same on both sides: formats, inline expressions, tags with their attributes and
#: the source system's tokens, percent signs in formats.
FORMAT = re.compile(r"%(?:\(\w+\))?[sdifr]")
MARKUP = re.compile(r"\{\{.*?\}\}|</?\w[^<>]*>")


def read_by_customers(entry):
    return any(name.startswith(CUSTOMERS_READ) for name, _line in entry.occurrences)


def wanted(entry, lang):
    """Say whether a text of the template must be in the translation to a language."""
    return lang in COMPLETE or read_by_customers(entry)


def is_code(entry):
    return any(name.startswith("code:") for name, _line in entry.occurrences)


def placeholders(text):
    return Counter(FORMAT.findall(text)) + Counter(MARKUP.findall(text))


def margins(text):
    """Blanks at both ends: those of a term in a view are layout, a lost line break is a mistake."""
    return text[:1].isspace(), text[-1:].isspace()


def complaint(entry):
    if entry.fuzzy:
        return "fuzzy"
    if not entry.translated():
        return "untranslated"
    if placeholders(entry.msgid) != placeholders(entry.msgstr):
        return "other placeholders than in"
    if is_code(entry) and "%%" in entry.msgid and "%%" not in entry.msgstr:
        return "a lost %% of"
    if margins(entry.msgid) != margins(entry.msgstr):
        return "blanks lost or added at an end of"
    return None


def complaints(path):
    name = path.relative_to(REPO)
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    for entry in entries:
        if words := complaint(entry):
            yield f"{name}:{entry.linenum}: {words}: {entry.msgid!r}"
    counts = Counter(entry.msgid for entry in entries)
    for msgid in (msgid for msgid, count in counts.items() if count > 1):
        yield f"{name}: twice: {msgid!r}"
    template = path.parent / f"{path.parent.parent.name}.pot"
    if not template.exists():
        yield f"{template.relative_to(REPO)}: missing, run scripts/i18n"
        return
    yield from differences(name, entries, polib.pofile(str(template)), path.stem)


def differences(name, entries, template, lang):
    """Texts and places of the template that the translation lacks: Odoo loads by place."""
    places = {entry.msgid: set(entry.occurrences) for entry in entries}
    current = {entry.msgid: entry for entry in template}
    for msgid, entry in current.items():
        if msgid not in places:
            if wanted(entry, lang):
                yield f"{name}: not in it: {msgid!r}"
        elif set(entry.occurrences) != places[msgid]:
            yield f"{name}: other places, run scripts/i18n: {msgid!r}"
    for msgid in places.keys() - current.keys():
        yield f"{name}: obsolete, run scripts/i18n: {msgid!r}"


def has_letters(folder):
    """Say whether an add-on has any text for customers."""
    template = folder / f"{folder.parent.name}.pot"
    return template.exists() and any(map(read_by_customers, polib.pofile(str(template))))


def paths(folder):
    """Return the translations that an add-on must have, and those that it has beside them."""
    langs = {*COMPLETE, *(FOR_CUSTOMERS if has_letters(folder) else ())}
    return sorted({*(folder / f"{lang}.po" for lang in langs), *folder.glob("*.po")})


def main():
    folders = [
        path.parent / "i18n" for path in sorted(REPO.glob("upominky_addon*/__manifest__.py"))
    ]
    found = []
    for path in (path for folder in folders for path in paths(folder)):
        missing = [f"{path.relative_to(REPO)}: missing"]
        found += complaints(path) if path.exists() else missing
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
