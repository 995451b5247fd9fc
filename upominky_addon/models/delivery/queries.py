"""The queries of job 2: what waits, who takes it up, and whether it may go out now."""

from ..books.queries import ITEMS

#: What a customer has open, in one word: the same word is the same books, so that whatever was
#: decided or written from them still holds. Takes what :data:`ITEMS` takes.
BOOKS = f"""
    SELECT item.customer_id, md5(string_agg(item::text, ' ' ORDER BY item.id)) AS word
      FROM ({ITEMS}) AS item
     GROUP BY item.customer_id
"""

#: Scope of :data:`ITEMS`: what the customers of reminders have open.
OF_DEBTORS = """
    item.partner_id = ANY(ARRAY(
        SELECT id
          FROM res_partner
         WHERE commercial_partner_id = ANY(ARRAY(
               SELECT partner_id FROM upominky_reminder WHERE id = ANY(%s)
         ))
    ))
"""

#: The contact persons chosen on the invoices of a reminder; they may be of another customer.
CHOSEN_PEOPLE = """
    SELECT move.upominky_contact_id
      FROM upominky_reminder_line line
      JOIN account_move move ON move.id = line.move_id
     WHERE line.reminder_id = reminder.id
"""

#: A person asked job 2 to cancel this reminder, or to mark it as sent, and it did not come to it
#: yet: it goes out no more.
WITHDRAWN = """
    EXISTS (
        SELECT
          FROM upominky_run_asked_rel asked
          JOIN upominky_run run ON run.id = asked.run_id
         WHERE asked.reminder_id = %s.id
           AND run.state = 'running'
           AND run.step IN ('cancel', 'mark_sent')
    )
"""

#: Takes reminders up for one worker; those that another worker has in hand are passed over. The
#: limit holds for a CTE that is made once: as a subselect PostgreSQL may make it again for each row
#: that it compares, and each time it finds others.
CLAIM = """
    WITH waiting AS MATERIALIZED (
        SELECT id
          FROM upominky_reminder
         WHERE company_id = %(company)s
           AND %(waits)s
         ORDER BY %(order)s
         LIMIT %(limit)s
           FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE upominky_reminder
       SET send_run_id = %(run)s, is_prepared = FALSE
      FROM waiting
     WHERE upominky_reminder.id = waiting.id
 RETURNING upominky_reminder.id
"""

#: How many reminders of a company wait to be taken up, and no more than are counted: it is asked
#: before and after each slice, so that to count all takes as long as the square of their number.
WAITING = """
    SELECT COUNT(*)
      FROM (
            SELECT
              FROM upominky_reminder
             WHERE company_id = %(company)s
               AND %(waits)s
             LIMIT %(most)s
           ) AS waiting
"""

#: What bears on whether reminders may go out now, in one snapshot: what
#: :class:`core.lifecycle.Situation` asks for, what their customers have open, and when what their
#: texts and addresses come from was last changed.
SITUATION = f"""
    SELECT reminder.id,
           reminder.state,
           CASE WHEN NOT {WITHDRAWN % "reminder"} THEN reminder.send_run_id END AS send_run_id,
           EXISTS (SELECT FROM upominky_run WHERE id = %(run)s AND state = 'running') AS alive,
           company.upominky_mode AS mode,
           EXISTS (
                SELECT
                  FROM upominky_pilot_partner_rel pilot
                  JOIN res_partner ON res_partner.id = pilot.res_partner_id
                 WHERE pilot.res_company_id = company.id
                   AND res_partner.commercial_partner_id = reminder.partner_id
           ) AS is_pilot,
           CONCAT_WS(
                ' ',
                books.word,
                company.write_date,
                rule.write_date,
                level.write_date,
                template.write_date,
                CASE WHEN level.interest = 'statutory' THEN (
                    SELECT CONCAT_WS(' ', COUNT(*), MAX(rate.write_date)) FROM upominky_rate rate
                ) END,
                (
                    SELECT MAX(account.write_date)
                      FROM account_account account
                     WHERE account.id = ANY(%(accounts)s)
                ),
                (
                    SELECT CONCAT_WS(' ', COUNT(*), MAX(contact.write_date))
                      FROM res_partner contact
                     WHERE contact.commercial_partner_id = reminder.partner_id
                ),
                CASE WHEN level.contact <> 'invoice' THEN (
                    SELECT string_agg(person::text, ' ' ORDER BY person.id)
                      FROM (
                            SELECT id, email, lang, active, write_date
                              FROM res_partner
                             WHERE id IN (%(people)s)
                           ) AS person
                ) END,
                (
                    SELECT CONCAT_WS(' ', COUNT(*), MAX(bank.write_date))
                      FROM res_partner_bank bank
                     WHERE bank.partner_id = company.partner_id
                )
           ) AS seen
      FROM upominky_reminder reminder
      JOIN res_company company ON company.id = reminder.company_id
 LEFT JOIN upominky_rule rule ON rule.id = reminder.rule_id
 LEFT JOIN upominky_level level ON level.id = reminder.level_id
 LEFT JOIN mail_template template ON template.id = level.mail_template_id
 LEFT JOIN ({BOOKS}) AS books ON books.customer_id = reminder.partner_id
     WHERE reminder.id = ANY(%(reminders)s)
"""

#: The same of one reminder, whose row is kept until what comes of it is written.
SITUATION_KEPT = f"{SITUATION} FOR NO KEY UPDATE OF reminder"

#: Which files went out with a message, each with a reminder that it went out with.
FILES_OUT = """
    SELECT file.id, sent.reminder_id
      FROM unnest(%(files)s::int[]) AS file (id)
CROSS JOIN LATERAL (
        SELECT delivery.reminder_id
          FROM message_attachment_rel rel
          JOIN upominky_delivery delivery ON delivery.mail_message_id = rel.message_id
         WHERE rel.attachment_id = file.id
           AND delivery.state = ANY(%(states)s)
         LIMIT 1
       ) AS sent
"""
