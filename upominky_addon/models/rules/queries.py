"""Which rule covers a customer, for queries: what :meth:`upominky.rule._effective` says of one."""

#: The place of the rule that covers a customer, of :func:`joined_with_rules`; NULL for none.
PLACE = "COALESCE(listed.place, tagged.place, %(general)s::int)"


def joined_with_rules(customer):
    """Return the joins that :data:`PLACE` needs.

    The rule that lists the customer comes first, then the first one that lists a tag of it, then
    the one for all. Places, and what else they ask for, are those of :func:`places`.

    :param str customer: the column of the customer's id
    """
    return f"""
 LEFT JOIN unnest(%(partners)s::int[], %(partner_places)s::int[]) AS listed (id, place)
        ON listed.id = {customer}
 LEFT JOIN (
            SELECT relation.partner_id, MIN(tag.place) AS place
              FROM res_partner_res_partner_category_rel relation
              JOIN unnest(%(tags)s::int[], %(tag_places)s::int[]) AS tag (id, place)
                ON tag.id = relation.category_id
             GROUP BY relation.partner_id
           ) tagged ON tagged.partner_id = {customer}
"""


def places(cover):
    """Return the rules of a cover in the order in which they are asked, and what queries ask for.

    :param cover: of :meth:`upominky.rule._cover`, with records or with plain values for rules
    :return: the rules by their places, and the values for :func:`joined_with_rules`
    :rtype: tuple[list, dict]
    """
    by_partner, by_tag, general = cover
    found = {*by_partner.values(), *by_tag.values(), *([general] if general else [])}
    rules = sorted(found, key=lambda rule: (rule.sequence, rule.id))
    place = {rule.id: number for number, rule in enumerate(rules)}
    partners, tags = sorted(by_partner), sorted(by_tag)  # in one order, whoever asks
    return rules, {
        "general": place[general.id] if general else None,
        "partners": partners,
        "partner_places": [place[by_partner[id].id] for id in partners],
        "tags": tags,
        "tag_places": [place[by_tag[id].id] for id in tags],
    }


#: How many customers each rule covers that is first to be asked for any.
COVERED = f"""
    SELECT {PLACE} AS place, COUNT(*)
      FROM res_partner partner
{joined_with_rules("partner.id")}
     WHERE partner.active
       AND (partner.company_id IS NULL OR partner.company_id = ANY(%(companies)s))
       AND (
            listed.id IS NOT NULL
            OR partner.parent_id IS NULL
               AND (tagged.partner_id IS NOT NULL OR partner.customer_rank > 0)
           )
     GROUP BY 1
"""

#: Customers, ``partners`` as ``mine`` says, whom other rules have by a tag as well, and do not
#: list: by the place of the rule the first few of them, and how many they are.
TAGGED_BY_BOTH = """
    SELECT theirs.place, (array_agg(res_partner.id ORDER BY %(order)s))[:%(shown)s], COUNT(*)
      FROM %(partners)s
      JOIN (
            SELECT DISTINCT tag.place, relation.partner_id
              FROM res_partner_res_partner_category_rel relation
              JOIN unnest(%(tag_places)s::int[], %(tags)s::int[]) AS tag (place, id)
                ON tag.id = relation.category_id
           ) AS theirs ON theirs.partner_id = res_partner.id
     WHERE %(mine)s
       AND (theirs.place, res_partner.id) NOT IN (
            SELECT place, id
              FROM unnest(%(listed_places)s::int[], %(listed)s::int[]) AS listed (place, id)
           )
     GROUP BY theirs.place
"""

#: Base rates of interest, as exact numbers.
BASE_RATES = """
    SELECT regime, date_from, percent::text FROM upominky_rate WHERE regime != 'sk_day'
"""
#: What is known of days; of one without an end only its own day is.
DAY_RATES = """
    SELECT date_from, COALESCE(date_to, date_from), percent::text
      FROM upominky_rate
     WHERE regime = 'sk_day'
     ORDER BY date_from
"""
