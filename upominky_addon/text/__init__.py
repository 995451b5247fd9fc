"""The plain-text part of a message: a small template language for users who are not trusted.

No Odoo in here. ``errors`` is what may be wrong, ``grammar`` what a template may be made of,
``filters`` what it may do with its values, ``values`` what these are, ``sandbox`` how it is
rendered within its limits.
"""
