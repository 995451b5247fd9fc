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
