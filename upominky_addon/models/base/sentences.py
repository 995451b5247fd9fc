"""The sentences that are kept by their codes, one home for all of them.

A code stays what it is once released: rows have it. Its words may be bettered. Another add-on adds
its own: ``SENTENCES |= {...}``.
"""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: Codes with their sentences in English; values by name.
SENTENCES = {
    # ------------------------------------------------------------- runs of the jobs
    "issuing_broken_off": _lt(
        "Issuing was broken off: %(problem)s. It is tried again by the next run; if this comes "
        "back, show it to an administrator."
    ),
    "sending_broken_off": _lt(
        "Sending was broken off: %(problem)s. What waits is tried again by the next run; if this "
        "comes back, show it to an administrator."
    ),
    "day_was_over": _lt("Stopped: the day was over. Choose what is left and issue it again."),
    "of_customer": _lt("%(customer)s: %(problem)s"),
    # ----------------------------------------------------------------- reminders
    "of_reminder": _lt("%(reminder)s: %(problem)s"),
    "both": _lt("%(first)s %(second)s"),
    "and_more": _lt("%(names)s and %(count)s more"),
    "state_refused": _lt("%(reminder)s is “%(state)s”."),
    "day_refused": _lt(
        "%(reminder)s was issued on %(issued)s: enter the day it was sent, from then until today."
    ),
    "reason_needed": _lt("%(reminder)s was mailed: give a reason to cancel it."),
    "hold_needs_day": _lt("Enter until when the invoices are on hold: today or later."),
    "cancelled_by": _lt("Cancelled by %(user)s."),
    "below_the_minimum": _lt("What is left to pay is below the minimum of the rule."),
    "all_paid": _lt("Everything was paid before it was sent."),
    "nothing_left": _lt("Nothing was left to remind before it was sent."),
    "dropped": _lt("%(reason)s: %(invoices)s."),
    "no_order_contact": _lt(
        "%(person)s, the contact person of the order, is archived or has no e-mail address."
    ),
    "invoice_address_instead": _lt(
        "No contact person of the order to write to for %(invoices)s: the invoice address is used."
    ),
}
