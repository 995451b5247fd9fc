"""The statements that keep a preview: who was decided on, and the rows of it."""

from .decision import CHUNK

#: Whose rows the statements below are about.
MINE = "{0}.user_id = %(user)s AND {0}.company_id = %(company)s"

#: Keeps those whose word is the same, and marks the others to be decided on anew; returns all whose
#: rows are to go. Nothing is known yet of a table that was just filled: no join, whose size the
#: planner would have to guess.
COMPARE = f"""
      WITH word AS MATERIALIZED (%(words)s),
           gone AS (
            DELETE FROM upominky_preview_customer kept
             WHERE {MINE.format("kept")}
               AND kept.customer NOT IN (SELECT customer_id FROM word)
         RETURNING kept.customer
           ),
           changed AS (
            INSERT INTO upominky_preview_customer AS kept
                   (user_id, company_id, customer, word, is_decided, row_count, create_date)
            SELECT %(user)s, %(company)s, customer_id, word, FALSE, 0, now() AT TIME ZONE 'UTC'
              FROM word
                ON CONFLICT (user_id, company_id, customer) DO UPDATE
               SET word = EXCLUDED.word, is_decided = FALSE, row_count = 0
             WHERE kept.word != EXCLUDED.word
         RETURNING kept.customer
           )
    SELECT customer FROM gone
     UNION ALL
    SELECT customer FROM changed
"""
DROP_ROWS = f"""
    DELETE FROM upominky_preview_line line
     WHERE {MINE.format("line")}
       AND line.partner_id = ANY(%(customers)s)
"""

#: Whether each row that was written is still there: old ones are cleaned up, some at a time.
IS_WHOLE = f"""
    SELECT (SELECT COALESCE(SUM(row_count), 0) FROM upominky_preview_customer kept
             WHERE {MINE.format("kept")})
         = (SELECT COUNT(*) FROM upominky_preview_line line WHERE {MINE.format("line")})
"""
FORGET = (
    f"DELETE FROM upominky_preview_customer kept WHERE {MINE.format('kept')}",
    f"DELETE FROM upominky_preview_line line WHERE {MINE.format('line')}",
)

#: Takes some who are to be decided on.
TAKE = f"""
    UPDATE upominky_preview_customer kept
       SET is_decided = TRUE
     WHERE kept.id IN (
            SELECT kept.id
              FROM upominky_preview_customer kept
             WHERE {MINE.format("kept")}
               AND NOT kept.is_decided
             ORDER BY kept.customer
             LIMIT {CHUNK}
           )
 RETURNING kept.customer
"""
COUNT_ROWS = f"""
    UPDATE upominky_preview_customer kept
       SET row_count = written.count
      FROM unnest(%(customers)s::int[], %(counts)s::int[]) AS written (customer, count)
     WHERE {MINE.format("kept")}
       AND kept.customer = written.customer
"""
