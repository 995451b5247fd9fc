"""Who is told what."""

from odoo import SUPERUSER_ID
from odoo.http import request


def who_asks(env):
    """Return the person behind a call: Odoo's pages of customers act as OdooBot for whoever asked.

    :return: OdooBot itself for a job, nobody for a page that asks nobody's name
    :rtype: res.users
    """
    # sudo: none; who is behind a page that acts as OdooBot decides what it may tell.
    return request.env.user if env.uid == SUPERUSER_ID and request else env.user


def is_colleague(user):
    """Say whether somebody works here, and is no customer."""
    return bool(user) and user._is_internal()
