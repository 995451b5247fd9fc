"""How the jobs commit, and try again what met somebody else's change.

Odoo's cursors are REPEATABLE READ: what was read may be out of date, and PostgreSQL says so only
when the same row is written.
"""

import logging
import threading
from contextlib import nullcontext

import psycopg2

_logger = logging.getLogger(__name__)

TRIES = 3
#: Somebody else wrote the same rows: what was read is no longer so.
COLLISIONS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
)
#: The database is gone.
BROKEN = (psycopg2.OperationalError, psycopg2.InterfaceError)
#: What is the database's, and no fault of the record that was worked on.
OF_DATABASE = (*COLLISIONS, *BROKEN)


class Transactions:
    """Whose the transactions are: the jobs' own, to be ended and begun anew.

    Whoever runs the jobs within a transaction of its own puts another in the place of :data:`HOW`.
    """

    def is_kept(self, env):
        """Say whether the transaction is somebody else's, whom alone it is to end."""
        return False

    def around(self, env):
        """Return what a step is taken in; a collision leaves nothing of it behind."""
        return nullcontext()


HOW = Transactions()


class Loops(threading.local):
    """What a job did in earlier loops of a call: its progress tells of the whole call.

    Odoo calls a job again and again while something is left, each time with a progress of its own,
    and its log tells of the last one alone. A call is known by the end of its time.
    """

    call = loop = None
    done = left = 0

    def begin(self, context):
        """Say how much to report for earlier loops: the first time in a loop what they did."""
        call, loop = context.get("cron_end_time"), context.get("ir_cron_progress_id")
        if call is None or call != self.call:
            self.call, self.loop, self.done, self.left = call, loop, 0, 0
        earlier = self.done if loop != self.loop else 0
        self.loop = loop
        return earlier


LOOPS = Loops()


def commit(env, processed=0, remaining=None):
    """Make what was done durable.

    :param int processed: how many were done since, for the job's progress
    :param int remaining: how many are left, None: less by those
    :return: whether there is time for more
    """
    if HOW.is_kept(env):
        env.flush_all()
        return True
    earlier = LOOPS.begin(env.context)
    seconds = env["ir.cron"]._commit_progress(processed + earlier, remaining=remaining)
    LOOPS.done += processed
    LOOPS.left = max(LOOPS.left - processed, 0) if remaining is None else remaining
    return seconds > 0


def commit_idle(env):
    """Report what earlier loops of the call did and left: in this one there was no time."""
    commit(env, remaining=LOOPS.left)


def is_called_again(env):
    """Say whether earlier loops of this call of a job did something already."""
    end = env.context.get("cron_end_time")
    return end is not None and LOOPS.call == end


def start_again(env):
    """Take a fresh snapshot; what was not committed is gone."""
    if not HOW.is_kept(env):
        env.cr.rollback()
    env.invalidate_all(flush=False)


def attempt(env, step, tries=TRIES):
    """Take a step and commit it; one that collides is taken again on a fresh snapshot.

    :param step: called without arguments; reads all that it needs itself
    :return: what the step returned
    :raises psycopg2.Error: of the last try
    """

    def committed():
        with HOW.around(env):
            result = step()
            env.flush_all()
        commit(env)
        return result

    return again(env, committed, tries)


def again(env, step, tries=TRIES):
    """Take a step that ends its transaction, or leaves that to its caller, as :func:`attempt` does.

    :param step: called without arguments; reads all that it needs itself
    :return: what the step returned
    :raises psycopg2.Error: of the last try
    """
    for left in reversed(range(tries)):
        try:
            return step()
        except COLLISIONS as collision:
            _logger.info(
                "Met another transaction, %s tries left: %s", left, type(collision).__name__
            )
            start_again(env)
            if not left:
                raise
    return None
