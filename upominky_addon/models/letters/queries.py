"""The queries of letters: parts of invoices, and what copies of templates take over."""

from ..books.receivables import ACCOUNT_OF_CUSTOMERS, INVOICE

#: Which part of its invoice a receivable is, of invoices that are due in several parts: its place,
#: how many there are, and what all of them come to. Other receivables have no row.
PARTS = f"""
    SELECT id, place, parts, total
      FROM (
            SELECT item.id,
                   ROW_NUMBER() OVER (
                       PARTITION BY item.move_id ORDER BY item.date_maturity, item.id
                   ) AS place,
                   COUNT(*) OVER (PARTITION BY item.move_id) AS parts,
                   SUM(item.amount_currency) OVER (PARTITION BY item.move_id) AS total
              FROM account_move_line item
              JOIN account_move move ON move.id = item.move_id
              JOIN account_account account ON account.id = item.account_id
             WHERE item.move_id = ANY(%s)
               AND {INVOICE}
               AND {ACCOUNT_OF_CUSTOMERS}
               AND item.date_maturity IS NOT NULL
           ) part
     WHERE parts > 1
"""

#: What tells a text that nobody has changed: what is mailed, in the language that it comes in.
SOURCE_HASH = "md5(concat_ws(chr(30), subject->>'en_US', body_html->>'en_US'))"

#: Gives a copy the texts of its original in every language, and notes what they come from.
COPY_TEXTS = f"""
    UPDATE mail_template copy
       SET name = original.name,
           description = original.description,
           subject = original.subject,
           body_html = original.body_html,
           upominky_source_hash = original.source_hash
      FROM (
            SELECT *, COALESCE(upominky_source_hash, {SOURCE_HASH}) AS source_hash
              FROM mail_template
           ) original
     WHERE original.id = %(original)s AND copy.id = %(copy)s
"""

#: Notes that a copy says what it began with.
NOTE_SOURCE = f"UPDATE mail_template SET upominky_source_hash = {SOURCE_HASH} WHERE id = %s"

#: Gives copies the languages that their defaults have learnt since. A letter learns as a whole: one
#: whose text was changed learns nothing, and none learns half of a language that it has. A default
#: that was mended goes on teaching, for what is compared is what the copy began with; in languages
#: that the copy has it keeps its words. Labels, which are sent to nobody, come along.
COPY_LANGUAGES = f"""
    WITH untouched AS (
        SELECT id,
               upominky_default_id AS original_id,
               ARRAY(SELECT jsonb_object_keys(
                   COALESCE(subject, '{{}}') || COALESCE(body_html, '{{}}')
               )) AS known
          FROM mail_template
         WHERE upominky_default_id IS NOT NULL
           AND upominky_source_hash = {SOURCE_HASH}
    )
    UPDATE mail_template copy
       SET name = original.name || copy.name,
           description = COALESCE(original.description || copy.description, copy.description),
           subject = COALESCE(copy.subject || (original.subject - known), copy.subject),
           body_html = COALESCE(copy.body_html || (original.body_html - known), copy.body_html)
      FROM untouched
      JOIN mail_template original ON original.id = untouched.original_id
     WHERE copy.id = untouched.id
       AND (original.subject || original.body_html) - known != '{{}}'
 RETURNING copy.id
"""

#: What codes of receivables need: how many invoices, and items of opening entries, of each account
#: and currency have no variable symbol, and the most that is left of one. Takes the receivables as
#: a query. Instalments of an invoice are paid at once.
PAYMENTS = """
    SELECT bank_id,
           currency_id,
           COUNT(*) FILTER (WHERE NOT has_symbol AND NOT is_entry) AS invoices,
           COUNT(*) FILTER (WHERE NOT has_symbol AND is_entry) AS openings,
           MAX(owed)::text AS most
      FROM (
          SELECT move.partner_bank_id AS bank_id,
                 item.currency_id,
                 COALESCE(TRIM(move.payment_reference), '') ~ '^[0-9]{1,10}$'
                 OR move.move_type = 'entry'
                    AND COALESCE(TRIM(MIN(item.name)), '') ~ '^[0-9]{1,10}$' AS has_symbol,
                 move.move_type = 'entry' AS is_entry,
                 SUM(item.amount_residual_currency) AS owed
            FROM account_move_line item
            JOIN account_move move ON move.id = item.move_id
           WHERE item.id IN %s
        GROUP BY move.id, item.currency_id, CASE WHEN move.move_type = 'entry' THEN item.id END
           ) payment
  GROUP BY bank_id, currency_id
"""
