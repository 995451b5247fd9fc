"""Which rule covers a customer, for queries: what :meth:`upominky.rule._effective` says of one."""

from odoo.tools import SQL

#: The place of the rule that covers a customer, of :func:`joined_with_rules`; NULL for none.
PLACE = "COALESCE(listed.place, tagged.place, %(found_place)s, %(general)s::int)"

# ---------------------------------------------------------------- filters

#: Nothing, but an error if one of the filters asks for what the database does not have.
ARE_FINE = "SELECT id FROM (%s) AS found (id) LIMIT 0"
#: Whom a filter finds, with the place of its rule.
_FOUND_BY = "SELECT found.id, %(place)s::int AS place FROM (%(found)s) AS found (id)"
#: Which filter finds customers first, by its place.
FOUND = """
    SELECT id, MIN(place) FROM (%(filters)s) AS found WHERE id = ANY(%(ids)s) GROUP BY id
"""
#: The same of all customers, as a join.
_WITH_FOUND = """
 LEFT JOIN (
            SELECT id, MIN(place) AS place FROM (%(filters)s) AS filtered GROUP BY id
           ) AS found ON found.id = %(customer)s
"""
#: Invoices that a rule leaves out.
LEAVE_OUT = "SELECT %(rule)s::int AS rule_id, found.id AS move_id FROM (%(found)s) AS found (id)"
LEFT_OUT = """
    SELECT rule_id, move_id FROM (%(rules)s) AS left_out WHERE move_id = ANY(%(moves)s)
"""
#: Takes down whom the filter of a rule finds, where that is not what was taken down before.
REMEMBER = """
    INSERT INTO upominky_rule_found AS kept (rule_id, customer_ids, last_id)
    SELECT %(rule)s,
           to_jsonb(ARRAY(
            SELECT customer.id
              FROM (%(found)s) AS found (id)
              JOIN res_partner customer ON customer.id = found.id
             WHERE customer.commercial_partner_id = customer.id
             ORDER BY customer.id
           )),
           (SELECT MAX(id) FROM res_partner)
        ON CONFLICT (rule_id) DO UPDATE
       SET customer_ids = EXCLUDED.customer_ids,
           last_id = EXCLUDED.last_id
     WHERE kept.customer_ids IS DISTINCT FROM EXCLUDED.customer_ids
        OR kept.last_id IS DISTINCT FROM EXCLUDED.last_id
"""
#: Whom the filter of a rule may find that cannot be evaluated: those it found last, and whoever
#: came since.
REMEMBERED = """
    SELECT customer.id::int
      FROM upominky_rule_found AS kept
CROSS JOIN LATERAL jsonb_array_elements_text(kept.customer_ids) AS customer (id)
     WHERE kept.rule_id = %(rule)s
     UNION ALL
    SELECT id
      FROM res_partner
     WHERE id > COALESCE(
            (SELECT last_id FROM upominky_rule_found WHERE rule_id = %(rule)s), 0
           )
"""


def found_by(filters):
    """Return a table of whom filters find, ``id`` with the ``place`` of the rule.

    :param filters: pairs of a place and of the query of ids
    :rtype: SQL
    """
    return SQL(" UNION ALL ").join(
        SQL(_FOUND_BY, place=place, found=query) for place, query in filters
    )


def joined_with_rules(customer):
    """Return the joins that :data:`PLACE` needs.

    The rule that lists the customer comes first, then the first one that lists a tag of it, then
    the first whose filter finds it, then the one for all. Places, and what else they ask for, are
    those of :func:`places`.

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
 %(with_found)s
"""


def places(cover, customer="contact.commercial_partner_id"):
    """Return the rules of a cover in the order in which they are asked, and what queries ask for.

    :param Cover cover: of :meth:`upominky.rule._cover`, with records or with plain values for rules
    :param str customer: what :func:`joined_with_rules` was told
    :return: the rules by their places, and the values for :func:`joined_with_rules`
    :rtype: tuple[list, dict]
    """
    by_partner, by_tag, general = cover.by_partner, cover.by_tag, cover.general
    rules = sorted(set(cover.rules()), key=lambda rule: (rule.sequence, rule.id))
    place = {rule.id: number for number, rule in enumerate(rules)}
    partners, tags = sorted(by_partner), sorted(by_tag)  # in one order, whoever asks
    filters = [(place[rule.id], query) for rule, query in cover.filters]
    return rules, {
        **_joined_with_filters(filters, customer),
        "general": place[general.id] if general else None,
        "partners": partners,
        "partner_places": [place[by_partner[id].id] for id in partners],
        "tags": tags,
        "tag_places": [place[by_tag[id].id] for id in tags],
    }


def _joined_with_filters(filters, customer):
    """Return what :func:`joined_with_rules` asks for of filters: nothing where there are none."""
    if not filters:
        return {"with_found": SQL(""), "found_place": SQL("NULL::int")}
    column = SQL.identifier(*customer.split("."))
    with_found = SQL(_WITH_FOUND, filters=found_by(filters), customer=column)
    return {"with_found": with_found, "found_place": SQL("found.place")}


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

#: Customers that the filter of one of two rules finds, and that the other one finds or names as
#: well: by the place of the other rule, with whether each of the two lists them or a tag of theirs.
#: The place of the one that asks is 0.
FOUND_BY_BOTH = """
    WITH had AS MATERIALIZED (
        SELECT place, id, BOOL_OR(is_named) AS is_named
          FROM (
                SELECT place, id, TRUE AS is_named
                  FROM unnest(%(listed_places)s::int[], %(listed)s::int[]) AS listed (place, id)
                 UNION ALL
                SELECT tag.place, relation.partner_id, TRUE
                  FROM res_partner_res_partner_category_rel relation
                  JOIN unnest(%(tag_places)s::int[], %(tags)s::int[]) AS tag (place, id)
                    ON tag.id = relation.category_id
                 UNION ALL
                SELECT place, id, FALSE FROM (%(found)s) AS found
               ) AS customer
         GROUP BY place, id
    )
    SELECT theirs.place,
           mine.is_named,
           theirs.is_named,
           (array_agg(partner.id ORDER BY partner.complete_name, partner.id))[:%(shown)s],
           COUNT(*)
      FROM had AS mine
      JOIN had AS theirs ON theirs.id = mine.id AND theirs.place != 0
      JOIN res_partner partner ON partner.id = mine.id
     WHERE mine.place = 0
       AND NOT (mine.is_named AND theirs.is_named)
       AND partner.active
       AND partner.parent_id IS NULL
       AND partner.customer_rank > 0
       AND (partner.company_id IS NULL OR partner.company_id = ANY(%(companies)s))
     GROUP BY theirs.place, mine.is_named, theirs.is_named
     ORDER BY theirs.place, mine.is_named, theirs.is_named
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
