"""How the jobs commit, and try again what met somebody else's change.

Odoo's cursors are REPEATABLE READ: what was read may be out of date, and PostgreSQL says so only
when the same row is written.
"""

import logging
from contextlib import nullcontext

import psycopg2

from odoo import modules

_logger = logging.getLogger(__name__)

TRIES = 3
#: Somebody else wrote the same rows: what was read is no longer so.
COLLISIONS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
)


def is_test_transaction(env):
    """Say whether the transaction belongs to a test, which nobody else must end."""
    return bool(modules.module.current_test) and "cron_id" not in env.context


def commit(env, processed=0, remaining=None):
    """Make what was done durable.

    :param int processed: how many were done since, for the job's progress
    :param int remaining: how many are left, None: less by those
    :return: whether there is time for more
    """
    if is_test_transaction(env):
        env.flush_all()
        return True
    return env["ir.cron"]._commit_progress(processed, remaining=remaining) > 0


def start_again(env):
    """Take a fresh snapshot; what was not committed is gone."""
    if not is_test_transaction(env):
        env.cr.rollback()
    env.invalidate_all(flush=False)


def attempt(env, step, tries=TRIES):
    """Take a step and commit it; one that collides is taken again on a fresh snapshot.

    :param step: called without arguments; reads all that it needs itself
    :return: what the step returned
    :raises psycopg2.Error: of the last try
    """
    for left in reversed(range(tries)):
        try:
            # The transaction of a test goes on after an error; a job's own begins anew.
            with env.cr.savepoint(flush=False) if modules.module.current_test else nullcontext():
                result = step()
                env.flush_all()
            commit(env)
            return result
        except COLLISIONS as collision:
            _logger.info("Met another transaction, %s tries left: %s", left, collision)
            start_again(env)
            if not left:
                raise
    return None
