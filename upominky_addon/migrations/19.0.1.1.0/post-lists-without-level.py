"""Lists of unpaid invoices raise no level, and bear none: they stood among the first reminders."""


def migrate(cr, version):
    """Take the level off those that were issued."""
    cr.execute("UPDATE upominky_reminder SET level_order = 0 WHERE event = 'resend'")
