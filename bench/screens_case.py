"""One request of a screen, and who asks it with which rights."""

from typing import NamedTuple

from odoo import Command

from .process import environment

MANAGER, CLERK = "bench_manager", "bench_clerk"
GROUPS = {
    MANAGER: (
        "base.group_user",
        "base.group_allow_export",
        "account.group_account_invoice",
        "upominky_addon.group_manager",
    ),
    CLERK: ("base.group_user", "upominky_addon.group_user"),
}


class Case(NamedTuple):
    """One request: of which screen and kind, and who asks how.

    ``of_odoo`` are beginnings of the names of requests that this one, Odoo's own, is beside.
    ``ready`` is asked before, as what the reader sees already; ``ask`` gets its answer.
    """

    name: str
    kind: str
    ask: object
    who: str = MANAGER
    of_odoo: tuple[str, ...] = ()
    ready: object = None


def make_users(env):
    """Make those who ask, with their rights and no others."""
    for login, names in GROUPS.items():
        groups = [env.ref(name).id for name in names]
        env["res.users"].create({"name": login, "login": login, "group_ids": [Command.set(groups)]})


def user_id(database, login):
    with environment(database) as env:
        found = env["res.users"].search([("login", "=", login)])
        if not found:
            make_users(env)
            env.cr.commit()
            found = env["res.users"].search([("login", "=", login)])
        return found.id
