"""Texts that are written for one invoice and for several: ``{the invoice is|the invoices are}``.

Languages say more than one word otherwise, so a template's author writes both ways of it.
"""

import re

#: Both forms in single braces. Elements are passed over, for an attribute is not what is read; two
#: braces are a placeholder.
_FORMS = re.compile(r"<[^<>]*>|(?<!\{)\{([^{}|]*)\|([^{}|]*)\}(?!\})")


def for_number(text: str, is_one: bool) -> str:
    """Return a text with one of each pair of forms: the first one for one invoice.

    >>> for_number("{The invoice is|The invoices are} overdue, {{ object.name }}.", True)
    'The invoice is overdue, {{ object.name }}.'
    >>> for_number('<p title="{a|b}">{it|<b>them</b>}</p>', False)
    '<p title="{a|b}"><b>them</b></p>'
    """

    def chosen(found: re.Match) -> str:
        one, several = found.groups()
        if one is None:
            return found.group()
        return one if is_one else several

    return _FORMS.sub(chosen, text)
