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
                   (user_id, company_id, customer, word, day, terms, is_decided, row_count,
                    create_date, write_date)
            SELECT %(user)s, %(company)s, customer_id, word, %(day)s, %(terms)s, FALSE, 0,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM word
                ON CONFLICT (user_id, company_id, customer) DO UPDATE
               SET word = EXCLUDED.word, day = EXCLUDED.day, terms = EXCLUDED.terms,
                   is_decided = FALSE, row_count = 0, write_date = EXCLUDED.write_date
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

#: Whether each row that was written is still there, and no other: old ones are cleaned up, some at
#: a time, and of customers who are gone nobody knows whose they were.
IS_WHOLE = f"""
    SELECT NOT EXISTS (
            SELECT
              FROM (
                    SELECT customer AS id, row_count AS count
                      FROM upominky_preview_customer kept
                     WHERE {MINE.format("kept")}
                   ) AS kept
         FULL JOIN (
                    SELECT COALESCE(partner_id, 0) AS id, COUNT(*) AS count
                      FROM upominky_preview_line line
                     WHERE {MINE.format("line")}
                     GROUP BY 1
                   ) AS line ON line.id = kept.id
             WHERE kept.count IS NULL
                OR COALESCE(line.count, 0) != kept.count
           )
"""

#: By what it was decided: the same for all customers since they were last looked through.
BASIS = f"""
    SELECT day, terms
      FROM upominky_preview_customer kept
     WHERE {MINE.format("kept")}
     LIMIT 1
"""
FORGET = (
    f"DELETE FROM upominky_preview_customer kept WHERE {MINE.format('kept')}",
    f"DELETE FROM upominky_preview_line line WHERE {MINE.format('line')}",
)
FORGET_OTHERS = (
    """
    DELETE FROM upominky_preview_customer kept
     WHERE kept.user_id = %(user)s AND kept.company_id != ALL(%(companies)s)
    """,
    """
    DELETE FROM upominky_preview_line line
     WHERE line.user_id = %(user)s AND line.company_id != ALL(%(companies)s)
    """,
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
