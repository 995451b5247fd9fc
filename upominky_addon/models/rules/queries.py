"""The query of what the list of rules tells."""

#: How many customers each rule covers that is first to be asked for any: ``places`` of rules in
#: their order, by what they list. It says of customers what ``_effective`` does: the rule that
#: lists the customer, else the first that lists a tag of it, else the one for all.
COVERED = """
    SELECT COALESCE(listed.place, tagged.place, %(general)s) AS place, COUNT(*)
      FROM res_partner partner
 LEFT JOIN unnest(%(partners)s::int[], %(partner_places)s::int[]) AS listed (id, place)
        ON listed.id = partner.id
 LEFT JOIN (
            SELECT relation.partner_id, MIN(tag.place) AS place
              FROM res_partner_res_partner_category_rel relation
              JOIN unnest(%(tags)s::int[], %(tag_places)s::int[]) AS tag (id, place)
                ON tag.id = relation.category_id
             GROUP BY relation.partner_id
           ) tagged ON tagged.partner_id = partner.id
     WHERE partner.active
       AND (partner.company_id IS NULL OR partner.company_id = ANY(%(companies)s))
       AND (
            listed.id IS NOT NULL
            OR partner.parent_id IS NULL
               AND (tagged.partner_id IS NOT NULL OR partner.customer_rank > 0)
           )
     GROUP BY 1
"""
