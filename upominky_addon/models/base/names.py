"""Names in a sentence."""

from .said import say


def some_names(env, shown, total):
    """Return names as a list in a sentence, and how many more there are.

    :param shown: the first few names
    :param int total: how many there are in all
    """
    names = ", ".join(name or "" for name in shown)
    more = total - len(shown)
    return say(env, "and_more", names=names, count=more) if more else names


def as_given(value):
    """Return what a caller gave as it is shown to him: its beginning, in letters that can be sent.

    Half a pair of surrogates, as JSON may bring, could not be: the answer would be lost with it.
    """
    return str(value)[:50].encode(errors="replace").decode()
