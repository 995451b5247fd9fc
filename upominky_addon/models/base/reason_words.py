"""The words of the tables of the core, in the language of their reader.

Read when they are shown, not when this is imported: other add-ons add rows later.
"""

from odoo.tools import LazyTranslate
from odoo.tools.translate import LazyGettext, get_translation

from ...core.reasons import Code, table

_lt = LazyTranslate(__name__)
#: By hand no interval counts: only what is not overdue at all is not due yet.
BY_HAND = {Code.NOT_DUE_YET: _lt("Not overdue yet")}


def in_words(env, label):
    """Return words of a row: this program's own, or an add-on's that translate themselves."""
    if isinstance(label, LazyGettext):
        return env._(label)
    return get_translation("upominky_addon", env.lang or "en_US", label, ())


def reason_labels(env, instead=None):
    """Return the reasons with what the preview says of them, as a selection has them.

    :param dict instead: other words for some of them, by code
    :rtype: list[tuple[str, str]]
    """
    words = instead or {}
    return [(str(row.code), in_words(env, words.get(row.code, row.label))) for row in table()]


def dropped_labels(env):
    """Return the reasons for which a line drops out, with what is said of it then."""
    return [(str(row.code), in_words(env, row.dropped)) for row in table() if row.dropped]
