"""Work that takes longer than a person waits: done in slices, one request each.

The browser asks for one slice after the other and shows how far it is (`static/src/slices`).
Whoever leaves loses nothing but time: each work keeps what was done or begins anew, as it says
itself. No job is needed: this is work for the person who looks, not for customers.
"""

import time

#: So long a slice takes, and a chunk more: nobody is kept from leaving.
SECONDS = 2


def in_slice(step):
    """Take step after step, until nothing is left or the slice has had its time.

    :param step: called without arguments; says whether something is left
    :return: whether something is left
    :rtype: bool
    """
    end = time.monotonic() + SECONDS
    is_left = step()
    while is_left and time.monotonic() < end:
        is_left = step()
    return is_left


def next_slice(records, method, done, total, *, title, text, **kwargs):
    """Return the action that shows how far the work is, and asks for its next slice.

    :param records: whose method it is
    :param str method: the public method that takes a slice, and returns this or what comes after it
    :param int done: how many are done
    :param int total: of how many
    :param str title: what is done, in the user's language
    :param str text: how far it is, in words
    :param kwargs: what the method is called with
    """
    params = {"title": title, "text": text, "done": done, "total": total}
    ids = [records.ids] if records else []  # a method of the model takes none
    asked = {"model": records._name, "method": method, "args": ids, "kwargs": kwargs}
    return {"type": "ir.actions.client", "tag": "upominky_slices", "params": {**params, **asked}}
