"""Where words may stand in a sentence with places for values: what a search looks for in them."""

#: Ways to read words in one sentence that are looked at; more would only be guesses.
MOST_READINGS = 20


def readings(literals: list[str], words: str) -> list[tuple[str, ...]]:
    """Return how words can stand in a sentence, over at least some of its own text.

    Each way is the parts of the words that the values would have to hold, from the left; none are
    needed where the words are the sentence's own. Words that lie within one value are not here.

    :param literals: the text between the places for values, which are between each two of them
    :param words: what is looked for, in the same case as the literals

    >>> readings(["cancelled by ", "."], "celled b"), readings(["cancelled by ", "."], "by jana")
    ([()], [('jana',)])
    >>> readings(["", " is ", ""], "up/1 is sent"), readings(["a ", " c"], "x")
    ([('up/1', 'sent')], [])
    """
    found = [()] if any(words in literal for literal in literals) else []
    for place, literal in enumerate(literals[:-1]):
        for length in range(1, min(len(literal), len(words) - 1) + 1):
            if literal.endswith(words[:length]):
                found += _rest(literals, place + 1, words[length:])
        found += [parts for parts in _rest(literals, place + 1, words) if parts != (words,)]
    return list(dict.fromkeys(found))[:MOST_READINGS]


def _rest(literals, place, words):
    """Return how words that begin in a value can go on, before the literal at a place."""
    literal, more = literals[place], place < len(literals) - 1
    found = [(words,)]
    found += [
        (words[:-length],)
        for length in range(1, min(len(literal), len(words) - 1) + 1)
        if literal.startswith(words[-length:])
    ]
    at = words.find(literal, 1) if literal and more else -1
    while 0 < at < len(words) - len(literal) and len(found) < MOST_READINGS:
        after = _rest(literals, place + 1, words[at + len(literal) :])
        found += [(words[:at], *parts) for parts in after]
        at = words.find(literal, at + 1)
    return found[:MOST_READINGS]
