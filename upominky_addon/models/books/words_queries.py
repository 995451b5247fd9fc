"""The queries by which :mod:`words` tells whether what a decision rests on was written since."""

from .receivables import LEFT_OUT, OPEN_ITEM, RECEIVABLE

#: What customers have open, as a table that :data:`SIGNS` go through: each row of the database
#: carries the number of the transaction that wrote it last (`xmin`), and the place where it lies
#: since (`ctid`): an update makes both anew.
OPEN = f"""
    SELECT item.id,
           item.move_id,
           contact.commercial_partner_id AS customer_id,
           move.partner_id,
           move.upominky_contact_id AS person_id,
           CONCAT_WS(' ', item.xmin, item.ctid, move.xmin, move.ctid) AS sign,
           COALESCE(item.date_maturity < %(today)s, TRUE)
               AND (({RECEIVABLE}) OR ({LEFT_OUT})) AS is_shown
      FROM account_move_line item
      JOIN account_move move ON move.id = item.move_id
      JOIN res_partner contact ON contact.id = item.partner_id
     WHERE item.company_id = %(company)s
       AND {OPEN_ITEM}
       AND item.amount_residual_currency != 0
"""

#: What decisions about customers rest on, with when it was written last: a customer and a text.
#: Odoo looks for the invoice address among the contacts of whoever was billed; one that another
#: company keeps for itself gives way to a near one, which may be a company of its own (`below`,
#: `beside`). Where somebody was billed who has become another customer's (`billed`), all of those
#: are the other's: these few customers have no word that lasts.
SIGNS = {
    "item": "SELECT customer_id, sign FROM open",
    "contact": "SELECT commercial_partner_id, CONCAT_WS(' ', xmin, ctid) FROM res_partner",
    "tag": "SELECT partner_id, category_id::text FROM res_partner_res_partner_category_rel",
    "billed": """
        SELECT open.customer_id, random()::text
          FROM open
          JOIN res_partner billed ON billed.id = open.partner_id
         WHERE billed.commercial_partner_id != open.customer_id
    """,
    "below": """
        SELECT contact.commercial_partner_id, CONCAT_WS(' ', near.xmin, near.ctid)
          FROM res_partner near
          JOIN res_partner contact ON contact.id = near.parent_id
         WHERE near.type = 'invoice'
           AND near.commercial_partner_id != contact.commercial_partner_id
    """,
    "beside": """
        SELECT customer.id, CONCAT_WS(' ', near.xmin, near.ctid)
          FROM res_partner near
          JOIN res_partner customer ON customer.parent_id = near.parent_id
         WHERE near.type = 'invoice'
           AND customer.id != near.id
           AND customer.id = customer.commercial_partner_id
    """,
    "person": """
        SELECT open.customer_id, CONCAT_WS(' ', open.id, person.xmin, person.ctid)
          FROM open
          JOIN res_partner person ON person.id = open.person_id
    """,
    "reminder": """
        SELECT open.customer_id, CONCAT_WS(' ', line.xmin, line.ctid, reminder.xmin, reminder.ctid)
          FROM open
          JOIN upominky_reminder_line line ON line.move_line_id = open.id
          JOIN upominky_reminder reminder ON reminder.id = line.reminder_id
         WHERE line.counted
    """,
}

#: What add-ons stop, of the reader's hook: an item and a text.
STOPS = """
    SELECT open.customer_id, CONCAT_WS(' ', open.id, stop.said)
      FROM open
      JOIN unnest(%(items)s::int[], %(said)s::text[]) AS stop (item_id, said)
        ON stop.item_id = open.id
"""

#: One word for each customer with something for the preview: the same word, the same decisions.
WORDS = f"""
      WITH open AS MATERIALIZED ({OPEN}),
           sign AS (%(signs)s)
    SELECT customer_id, md5(CONCAT_WS(' ', %(terms)s, SUM(number), COUNT(*))) AS word
      FROM sign
     WHERE customer_id IN (SELECT customer_id FROM open WHERE is_shown)
     GROUP BY customer_id
"""
