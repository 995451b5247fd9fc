"""Dates and times as the reader writes them."""

from odoo.tools import format_date, format_datetime
from odoo.tools.misc import get_lang

#: Languages that write a date with spaces (ČSN 01 6910, 10.1.2); Odoo's records of them have none.
SPACED = ("cs", "sk")
#: The month before the day, in figures: abroad 05/06 is read as another day.
MONTH_FIRST = "%m/%d/%Y"


def _is_spaced(env, lang_code):
    return (lang_code or env.lang or "").startswith(SPACED)


def _month_in_words(env, lang_code):
    """Return a form that nobody misreads, False for the language's own where that is one."""
    lang = get_lang(env, lang_code)
    is_misread = lang.code.startswith("en") and lang.date_format == MONTH_FIRST
    return "MMM d, y" if is_misread else False


def day_text(env, day, lang_code=None):
    """Return a date in words of the reader's language, or of another one.

    :param date day: empty for no text
    :param str lang_code: code of an installed language, as ``cs_CZ``
    """
    form = "d. M. y" if _is_spaced(env, lang_code) else _month_in_words(env, lang_code)
    return format_date(env, day, lang_code=lang_code, date_format=form)


def moment_text(env, moment):
    """Return a moment in the reader's language and time zone, to the minute.

    :param datetime moment: in UTC
    """
    form = "d. M. y H:mm" if _is_spaced(env, None) else "short"
    return format_datetime(env, moment, dt_format=form)
