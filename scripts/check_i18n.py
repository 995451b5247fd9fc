"""Fail if a Czech translation is missing, fuzzy, or has other placeholders than its source."""

import re
import sys
from pathlib import Path

import polib

REPO = Path(__file__).resolve().parents[1]
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdifr]|\{\{.*?\}\}")


def complaints(path):
    name = path.relative_to(REPO)
    for entry in polib.pofile(str(path)):
        if entry.obsolete:
            continue
        if entry.fuzzy:
            yield f"{name}:{entry.linenum}: fuzzy: {entry.msgid!r}"
        elif not entry.translated():
            yield f"{name}:{entry.linenum}: untranslated: {entry.msgid!r}"
        elif sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            yield f"{name}:{entry.linenum}: other placeholders than in {entry.msgid!r}"


def main():
    paths = sorted(REPO.glob("upominky_addon*/i18n/cs.po"))
    found = [line for path in paths for line in complaints(path)]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
