"""The default final notice says that interest arises from the unpaid price, not from each amount.

Among its invoices there may be some that bill interest, on which there is none, and that no goods
were supplied for. What companies send stays as it is: their copies, and whatever a level uses. New
companies begin with the default.
"""

from psycopg2.extras import Json

#: What the text of the first version said, and what it says instead, by language. Where a person
#: changed one of these sentences, all of them stay.
WORDS = {
    "en": (
        (
            " with the goods or services billed by {the invoice",
            " with goods or services. What is owed for them was billed by {the invoice",
        ),
        (
            "accrues on {the amount|each amount} from the day",
            "accrues on the unpaid price from the day",
        ),
    ),
    "cs": (
        (
            "zboží nebo služby {vyúčtované níže uvedenou fakturou.",
            "zboží nebo služby. Co za ně dlužník dluží, bylo {vyúčtováno níže uvedenou fakturou.",
        ),
        (
            "|vyúčtované níže uvedenými fakturami.",
            "|vyúčtováno níže uvedenými fakturami.",
        ),
        (
            "{Z dlužné částky|Z každé dlužné částky} vzniká",
            "Z neuhrazené ceny vzniká",
        ),
    ),
    "sk": (
        (
            "tovar alebo služby {vyúčtované",
            "tovar alebo služby. Čo za ne dlžník dlhuje, bolo {vyúčtované",
        ),
        (
            "{Z dlžnej sumy|Z každej dlžnej sumy} vzniká",
            "Z neuhradenej ceny vzniká",
        ),
    ),
    "de": (
        (
            "die Waren geliefert oder die Leistungen erbracht",
            "Waren geliefert oder Leistungen erbracht",
        ),
        (
            "erbracht, die mit {",
            "erbracht. Dafür schuldet dieser die Beträge, die mit {",
        ),
        (
            "{Auf den Betrag|Auf jeden Betrag} fallen",
            "Auf den unbezahlten Preis fallen",
        ),
    ),
    "pl": (
        (
            "towary lub wykonał usługi, za które {wystawiono",
            "towary lub wykonał usługi. Na to, co jest za nie należne, {wystawiono",
        ),
        (
            "{Od kwoty|Od każdej kwoty} naliczane",
            "Od niezapłaconej ceny naliczane",
        ),
    ),
}
#: The add-on's own final notice, unless a level sends it.
DEFAULT = """
    SELECT template.id, template.body_html
      FROM mail_template template
      JOIN ir_model_data name ON name.model = 'mail.template' AND name.res_id = template.id
     WHERE name.module = 'upominky_addon'
       AND name.name = 'mail_template_level_4'
       AND NOT EXISTS (SELECT FROM upominky_level WHERE mail_template_id = template.id)
"""


def migrate(cr, version):
    """Change these sentences in each language; what somebody else wrote there stays."""
    cr.execute(DEFAULT)
    for id, bodies in cr.fetchall():
        mended = bodies and {lang: _mended(lang, body) for lang, body in bodies.items()}
        if mended != bodies:
            cr.execute("UPDATE mail_template SET body_html = %s WHERE id = %s", [Json(mended), id])


def _mended(lang, body):
    words = WORDS.get(lang[:2], ())
    if not body or not all(before in body for before, _after in words):
        return body
    for before, after in words:
        body = body.replace(before, after)
    return body
