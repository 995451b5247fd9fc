"""Texts of others in the cells of a spreadsheet: what would be a formula there is a text.

A file is opened by programs that part its cells elsewhere than it does: by commas where semicolons
stand between them. So what follows any of these is taken for the beginning of a cell, too.
"""

import re

#: What stands between cells, in whatever program opens the file.
SEPARATORS = ";,\t"
#: The beginning of a formula, where a cell begins or may begin.
_FORMULA = re.compile(r"(?:^|(?<=[;,\t\r\n]))(?=[ \"]*[=+\-@]|[\t\r])")
_GUARDED = re.compile(r"(?:^|(?<=[;,\t\r\n]))'(?=[ \"]*[=+\-@]|[\t\r])")


def guarded(text: str) -> str:
    r"""Return a text as a cell that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("Firma, s.r.o."), guarded("5-4"), guarded("\t=1")
    ("'=1+1", 'Firma, s.r.o.', '5-4', "'\t'=1")
    >>> guarded("Firma, =HYPERLINK(A1)")
    "Firma,' =HYPERLINK(A1)"
    """
    return _FORMULA.sub("'", text)


def guarded_at_start(text: str) -> str:
    """Return a text as a cell of a file whose cells are parted as they were written.

    What is within it stays as it is, for the file is evidence.

    >>> guarded_at_start("=1+1"), guarded_at_start("Dlouhá 2, +420 111")
    ("'=1+1", 'Dlouhá 2, +420 111')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    r"""Return the text of which :func:`guarded` made a cell.

    >>> unguarded("'=1+1"), unguarded("Firma,' =x"), unguarded("'Quoted'"), unguarded("")
    ('=1+1', 'Firma, =x', "'Quoted'", '')
    """
    return _GUARDED.sub("", cell)
