"""The queries of sending hours (SPEC rule 35)."""

#: Whether a reminder goes whatever the hour is, though e-mails wait: somebody asked for that.
ANY_TIME = """
    EXISTS (
        SELECT
          FROM upominky_run_asked_rel asked
          JOIN upominky_run run ON run.id = asked.run_id
         WHERE asked.reminder_id = upominky_reminder.id
           AND run.state = 'running'
           AND run.any_time
    )
"""

#: Whether a letter on paper is still to be made of a reminder: nobody is disturbed by that. Its
#: e-mail waits.
LETTER_TO_MAKE = """
    NOT EXISTS (SELECT FROM upominky_delivery WHERE reminder_id = upominky_reminder.id)
    AND EXISTS (
        SELECT FROM upominky_level level WHERE level.id = upominky_reminder.level_id
           AND level.send_letter
    )
"""

#: When the message was handed over that, counted from the newest, fills the limit: as soon as it
#: does not count any more, another one may go.
LAST_OF_LIMIT = """
    SELECT handed_at
      FROM upominky_delivery
     WHERE company_id = %(company)s
       AND handed_at > %(since)s
       AND handed_at < %(until)s
     ORDER BY handed_at DESC
    OFFSET %(others)s
     LIMIT 1
"""

#: How many messages of a company were handed over, and no more than the limit.
HANDED_OVER = """
    SELECT COUNT(*)
      FROM (
            SELECT
              FROM upominky_delivery
             WHERE company_id = %(company)s
               AND handed_at > %(since)s
               AND handed_at < %(until)s
             LIMIT %(most)s
           ) AS handed
"""

#: On which days of a company so many messages were handed over that others had to wait.
DAYS_HANDED_OVER = """
    SELECT (handed_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day
      FROM upominky_delivery
     WHERE company_id = %(company)s
       AND handed_at >= %(since)s
     GROUP BY 1
    HAVING COUNT(*) >= %(most)s
"""

#: Has one worker of a company count at a time; on a connection of its own, so that what it counts
#: is read after it has its turn.
TAKE_TURN = "SELECT pg_advisory_lock(hashtext('upominky_hourly_limit'), %(company)s)"
GIVE_TURN = "SELECT pg_advisory_unlock(hashtext('upominky_hourly_limit'), %(company)s)"
