"""Letters of a hundred lines beside short ones, and a call of job 2 that has nothing else."""

from odoo.tools import SQL

from . import floor, job, post
from .measure import Sample, measured
from .process import environment

#: What these customers owe is put together: letters of about a hundred lines.
TOGETHER = 20
#: Of ten customers, so many have a part in a long letter.
LONG_OF_TEN = 9
#: Letters in a turn.
SHORT, LONG = 40, 8

#: Makes one customer of each twenty, in the books alone.
GATHER = """
    WITH debtor AS (
        SELECT id, (row_number() OVER (ORDER BY id) - 1) AS place
          FROM (SELECT DISTINCT commercial_partner_id AS id
                  FROM account_move WHERE move_type IN ('out_invoice', 'out_refund')) AS debtors
    ), leader AS (
        SELECT id, first_value(id) OVER (PARTITION BY place / %(together)s ORDER BY place) AS of
          FROM debtor
         WHERE (place / %(together)s) %% 10 < %(long)s
    ), moved AS (
        UPDATE account_move SET partner_id = leader.of, commercial_partner_id = leader.of
          FROM leader
         WHERE account_move.commercial_partner_id = leader.id
    )
    UPDATE account_move_line SET partner_id = leader.of
      FROM leader, res_partner partner
     WHERE account_move_line.partner_id = partner.id
       AND partner.commercial_partner_id = leader.id
"""

LETTERS = """
    SELECT line.reminder_id, COUNT(*)
      FROM upominky_reminder_line line
      JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
     WHERE reminder.state = 'issued'
     GROUP BY 1
    HAVING COUNT(*) BETWEEN %s AND %s
     ORDER BY 1
"""


def gather(database):
    """Put the debts of customers together, and issue reminders."""
    with environment(database) as env:
        env.cr.execute(SQL(GATHER, together=TOGETHER, long=LONG_OF_TEN))
        env.cr.commit()
        env.cr.execute("ANALYZE account_move, account_move_line")
        floor.clear(env)
    job.run_job(database)


def letters(database, least, most):
    """Return the numbers of lines of the letters that wait and have so many, by id."""
    with environment(database) as env:
        return dict(env.execute_query(SQL(LETTERS, least, most)))


def send(database, count, least, most):
    """Measure preparing and sending of some letters, all of it, per line."""
    chosen = dict(list(letters(database, least, most).items())[:count])
    prepared, sent = post.send(database, count, list(chosen))
    lines = sum(chosen.values())
    whole = (prepared.seconds + sent.seconds) / lines, prepared.queries + sent.queries
    return Sample(*whole, sent.peak_mb, {"mails": count, "lines": lines})


def a_call(database):
    """Measure one call of job 2 with nothing but long letters waiting."""
    with environment(database) as env:
        short = list(letters(database, 1, TOGETHER))
        env["upominky.reminder"].browse(short).write({"to_send": False})
        env.cr.commit()
        waiting = len(letters(database, TOGETHER, 10**6))
        with measured() as sample:
            env.ref("upominky_addon.cron_send").method_direct_trigger()
        left = len(letters(database, TOGETHER, 10**6))
    sample.notes = {"waiting": waiting, "mails": waiting - left}
    return sample
