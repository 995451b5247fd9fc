"""Counts the steps of a regular expression, on the tree that Python itself compiles it from.

Seconds say little on a busy machine, and Python tells no steps. So the expression is gone through
here as Python's engine does, depth first with backtracking, and every letter that it looks at is a
step. What the engine does faster (literal beginnings) is left out: it changes no order of growth.
"""

import re
from functools import cache
from re import _constants as c
from re import _parser

#: More steps than these are taken for no end at all.
MOST = 300_000
_SINGLE = {c.LITERAL, c.NOT_LITERAL, c.ANY, c.IN}
_REPEATS = {c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT}
_CATEGORIES = {
    c.CATEGORY_DIGIT: str.isdecimal,
    c.CATEGORY_SPACE: str.isspace,
    c.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
}
_NEGATED = {
    c.CATEGORY_NOT_DIGIT: c.CATEGORY_DIGIT,
    c.CATEGORY_NOT_SPACE: c.CATEGORY_SPACE,
    c.CATEGORY_NOT_WORD: c.CATEGORY_WORD,
}


@cache
def plain_tree(pattern: re.Pattern) -> list:
    """Return the tree of an expression as plain lists, read once: they are gone through often."""
    return _plain(_parser.parse(pattern.pattern, pattern.flags))


def _plain(value):
    if isinstance(value, _parser.SubPattern):
        return [_node_of(kind, inner) for kind, inner in value]
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    return value


def _node_of(kind, value):
    """Return a node; one that looks around also knows how far it looks."""
    if kind in (c.ASSERT, c.ASSERT_NOT):
        direction, nodes = value
        return kind, (direction, _plain(nodes), nodes.getwidth()[1])
    return kind, _plain(value)


class TooManyError(Exception):
    """It does not come to an end."""


class Counter:
    """One expression, gone through one text."""

    def __init__(self, pattern: re.Pattern, text: str):
        self.tree, self.text, self.steps = plain_tree(pattern), text, 0
        self.ignores_case = bool(pattern.flags & re.I)
        self.dot_is_all = bool(pattern.flags & re.S)
        self.is_by_lines = bool(pattern.flags & re.M)

    def scan(self) -> int:
        """Return the steps of finding all matches, as ``sub`` and ``finditer`` do."""
        place = 0
        while place <= len(self.text):
            end = next(self._run(self.tree, 0, place), None)
            place = place + 1 if end is None or end == place else end
        return self.steps

    def whole(self) -> int:
        """Return the steps of matching the whole text, as ``fullmatch`` does."""
        any(end == len(self.text) for end in self._run(self.tree, 0, 0))
        return self.steps

    def begin(self) -> int:
        """Return the steps of matching at the beginning, as ``match`` does."""
        next(self._run(self.tree, 0, 0), None)
        return self.steps

    # ---------------------------------------------------------------- engine

    def _run(self, nodes, index, place):
        """Yield the ends of all ways to match the nodes from ``index`` on, the first one first."""
        while index < len(nodes) and nodes[index][0] in _SINGLE:
            if not self._fits(*nodes[index], place):
                return
            index, place = index + 1, place + 1
        if index == len(nodes):
            yield place
            return
        for end in self._node(*nodes[index], place):
            yield from self._run(nodes, index + 1, end)

    def _node(self, kind, value, place):
        if kind in _SINGLE:
            if self._fits(kind, value, place):
                yield place + 1
        elif kind is c.BRANCH:
            for branch in value[1]:
                yield from self._run(branch, 0, place)
        elif kind is c.SUBPATTERN:
            yield from self._run(value[3], 0, place)
        elif kind is c.ATOMIC_GROUP:
            yield from self._first(self._run(value, 0, place))
        elif kind in _REPEATS:
            yield from self._repeat(kind, *value, place)
        elif kind is c.AT:
            if self._at(value, place):
                yield place
        elif kind in (c.ASSERT, c.ASSERT_NOT):
            if self._looks(*value, place) == (kind is c.ASSERT):
                yield place
        else:
            raise NotImplementedError(kind)

    def _first(self, ends):
        end = next(ends, None)
        if end is not None:
            yield end

    def _repeat(self, kind, least, most, nodes, place):
        if kind is c.MIN_REPEAT:
            yield from self._lazy(nodes, least, most, place, 0)
        elif len(nodes) == 1 and nodes[0][0] in _SINGLE:
            ends = self._row(nodes[0], least, most, place)
            yield from self._first(ends) if kind is c.POSSESSIVE_REPEAT else ends
        else:
            ends = self._greedy(nodes, least, most, place, 0)
            yield from self._first(ends) if kind is c.POSSESSIVE_REPEAT else ends

    def _row(self, node, least, most, place):
        """Go on with single letters as far as possible, then give back one by one."""
        count = 0
        while count < most and self._fits(*node, place + count):
            count += 1
        for taken in range(count, least - 1, -1):
            self._step()
            yield place + taken

    def _greedy(self, nodes, least, most, place, done):
        if done < most:
            for end in self._run(nodes, 0, place):
                if end != place:
                    yield from self._greedy(nodes, least, most, end, done + 1)
        if done >= least:
            yield place

    def _lazy(self, nodes, least, most, place, done):
        if done >= least:
            yield place
        if done < most:
            for end in self._run(nodes, 0, place):
                if end != place:
                    yield from self._lazy(nodes, least, most, end, done + 1)

    # --------------------------------------------------------------- letters

    def _step(self):
        self.steps += 1
        if self.steps > MOST:
            raise TooManyError

    def _fits(self, kind, value, place):
        self._step()
        if place >= len(self.text):
            return False
        letter = self.text[place]
        if kind is c.ANY:
            return self.dot_is_all or letter != "\n"
        if kind is c.IN:
            return self._among(value, letter)
        return self._same(value, letter) == (kind is c.LITERAL)

    def _same(self, code, letter):
        if self.ignores_case:
            return chr(code).lower() == letter.lower()
        return chr(code) == letter

    def _among(self, values, letter):
        negated = values[0][0] is c.NEGATE
        return negated != any(
            self._is(kind, value, letter) for kind, value in values if kind is not c.NEGATE
        )

    def _is(self, kind, value, letter):
        if kind is c.LITERAL:
            return self._same(value, letter)
        if kind is c.RANGE:
            return value[0] <= ord(letter) <= value[1]
        if value in _NEGATED:
            return not _CATEGORIES[_NEGATED[value]](letter)
        return _CATEGORIES[value](letter)

    def _at(self, where, place):
        begins, ends = place == 0, place == len(self.text)
        if where is c.AT_BEGINNING:
            return begins or (self.is_by_lines and self.text[place - 1] == "\n")
        if where is c.AT_END:
            last = ends or self.text[place:] == "\n"
            return last or (self.is_by_lines and self.text[place] == "\n")
        if where is c.AT_END_STRING:
            return ends
        is_word = _CATEGORIES[c.CATEGORY_WORD]
        before = not begins and is_word(self.text[place - 1])
        after = not ends and is_word(self.text[place])
        return (before != after) == (where is c.AT_BOUNDARY)

    def _looks(self, direction, nodes, width, place):
        start = place if direction > 0 else place - width
        if start < 0:
            return False
        ends = self._run(nodes, 0, start)
        return any(direction > 0 or end == place for end in ends)


def pieces_of(pattern: re.Pattern) -> tuple[set[str], set[str]]:
    """Return letters that an expression speaks of, and its words: rows of them.

    Of a range or a kind of letters one stands for all.
    """
    letters, words = {"a", "5", " ", "\n", "\x00"}, set()
    left = [_parser.parse(pattern.pattern, pattern.flags)]
    while left:
        row = ""
        for kind, value in left.pop():
            row = row + chr(value) if kind is c.LITERAL else ""
            words |= {row} - {""}
            left += [part for part in _parts(value) if isinstance(part, _parser.SubPattern)]
            letters |= {chr(code) for code in _codes(kind, value)}
    return letters, {word for word in words if len(word) > 3}


def _parts(value):
    """Yield what lies inside a node, at any depth of tuples and lists."""
    if isinstance(value, _parser.SubPattern):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _parts(part)


def _codes(kind, value):
    if kind in (c.LITERAL, c.NOT_LITERAL):
        yield value
    elif kind is c.IN:
        for inner, code in value:
            if inner in (c.LITERAL, c.RANGE):
                yield code if inner is c.LITERAL else code[0]
