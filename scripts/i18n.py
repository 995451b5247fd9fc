"""Bring exported templates into the add-ons and merge them into their translations.

Called by scripts/i18n with the exported files, each named after its add-on.
"""

import argparse
import difflib
import sys
from pathlib import Path

import polib
from check_i18n import paths, wanted

REPO = Path(__file__).resolve().parents[1]
#: A new text that resembles a removed one this much gets its translation, marked as fuzzy.
SIMILAR = 0.6
WIDTH = 100
POT_METADATA = {
    "Project-Id-Version": "Odoo 19.0",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


def ordered(entries, metadata, header):
    """A file that is the same whenever its entries are."""
    result = polib.POFile(wrapwidth=WIDTH)
    result.metadata = metadata
    result.header = header
    for entry in sorted(entries, key=lambda entry: entry.msgid):
        entry.occurrences = sorted(set(entry.occurrences))
        result.append(entry)
    return result


def normalised(path):
    """The exported template without what changes by itself: dates, versions, line numbers."""
    addon = path.stem
    return ordered(polib.pofile(str(path)), dict(POT_METADATA), f"Translation of {addon}.")


def records(entry):
    """The fields of records that a text is the value of: they tell which text replaced which."""
    return {name for name, _line in entry.occurrences if name.startswith("model:")}


def predecessor(entry, removed):
    """The removed translation that the new text most likely replaces, if any."""
    for old in removed:
        if records(entry) & records(old):
            return old
    matcher = difflib.SequenceMatcher(b=entry.msgid, autojunk=False)
    best, best_ratio = None, SIMILAR
    for old in removed:
        matcher.set_seq1(old.msgid)
        if matcher.quick_ratio() > best_ratio and (ratio := matcher.ratio()) > best_ratio:
            best, best_ratio = old, ratio
    return best


def merged_entry(entry, known, removed):
    result = polib.POEntry(
        msgid=entry.msgid, comment=entry.comment, occurrences=list(entry.occurrences)
    )
    old = known.get(entry.msgid)
    if old:
        result.msgstr, result.tcomment, result.flags = old.msgstr, old.tcomment, list(old.flags)
        result.previous_msgid = old.previous_msgid if old.fuzzy else None
    elif old := predecessor(entry, removed):
        result.msgstr, result.tcomment = old.msgstr, old.tcomment
        result.previous_msgid = old.msgid
        result.flags = ["fuzzy"]
    return result


def merge(template, po, lang):
    """`po` for the texts of the template: what is known is kept, what is obsolete goes.

    A language that need not have everything gets what it must have.
    """
    known = {entry.msgid: entry for entry in po if not entry.obsolete}
    current = {entry.msgid for entry in template}
    removed = [entry for msgid, entry in known.items() if msgid not in current and entry.msgstr]
    entries = [
        merged_entry(entry, known, removed)
        for entry in template
        if wanted(entry, lang) or entry.msgid in known
    ]
    return ordered(entries, po.metadata, po.header)


def incomplete(po):
    return [entry for entry in po if entry.fuzzy or not entry.translated()]


def report(path, entries):
    for entry in entries:
        print(f"{path}: {'fuzzy' if entry.fuzzy else 'missing'}: {entry.msgid!r}")


def write_if_changed(path, text):
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(REPO)}: written")


def file_text(po):
    return f"{str(po).rstrip()}\n"


def update(template, folder, addon):
    folder.mkdir(exist_ok=True)
    write_if_changed(folder / f"{addon}.pot", file_text(template))
    for path in sorted(folder.glob("*.po")):
        po = merge(template, polib.pofile(str(path)), path.stem)
        write_if_changed(path, file_text(po))
        missing = incomplete(po)
        report(path.relative_to(REPO), missing)
        print(f"{path.relative_to(REPO)}: {len(po)} texts, {len(missing)} to translate")
    return 0


def check(template, folder, addon):
    """Number of complaints about the files as they lie there."""
    path = folder / f"{addon}.pot"
    stale = not path.exists() or path.read_text(encoding="utf-8") != file_text(template)
    if stale:
        print(f"{path.relative_to(REPO)}: not current, run scripts/i18n")
    missing = 0
    for path in paths(folder):
        po = polib.pofile(str(path)) if path.exists() else polib.POFile()
        entries = incomplete(merge(template, po, path.stem))
        report(path.relative_to(REPO), entries)
        missing += len(entries)
    return stale + missing


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("templates", nargs="+", type=Path)
    args = parser.parse_args()
    work = check if args.check else update
    found = 0
    for path in args.templates:
        addon = path.stem
        found += work(normalised(path), REPO / addon / "i18n", addon)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
