"""Fail if a Czech translation is missing, fuzzy, or has other placeholders than its source.

A cheap check of the files alone; `scripts/i18n --check` also says whether the template is current.
"""

import re
import sys
from collections import Counter
from pathlib import Path

import polib

REPO = Path(__file__).resolve().parents[1]
#: What must be the same on both sides: formats, inline expressions, tags with their attributes and
#: the source system's tokens, percent signs in formats.
FORMAT = re.compile(r"%(?:\(\w+\))?[sdifr]")
MARKUP = re.compile(r"\{\{.*?\}\}|</?\w[^<>]*>")


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
    yield from differences(name, entries, polib.pofile(str(template)))


def differences(name, entries, template):
    """Texts and places of the template that the translation lacks: Odoo loads by place."""
    places = {entry.msgid: set(entry.occurrences) for entry in entries}
    for entry in template:
        if entry.msgid not in places:
            yield f"{name}: not in it: {entry.msgid!r}"
        elif set(entry.occurrences) != places[entry.msgid]:
            yield f"{name}: other places, run scripts/i18n: {entry.msgid!r}"


def main():
    manifests = sorted(REPO.glob("upominky_addon*/__manifest__.py"))
    paths = [manifest.parent / "i18n" / "cs.po" for manifest in manifests]
    found = [f"{p.relative_to(REPO)}: missing" for p in paths if not p.exists()]
    found += [line for path in paths if path.exists() for line in complaints(path)]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
