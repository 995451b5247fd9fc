"""What a customer reads whose order is stopped: that it is, and nothing of why.

This module has no other texts, so that nobody must translate more; see scripts/check_i18n.py.
"""


def not_online(env):
    """Return the sentence that a customer gets who confirms or pays an order that is stopped."""
    return env._(
        "This order cannot be confirmed online at the moment. Please get in touch with us."
    )
