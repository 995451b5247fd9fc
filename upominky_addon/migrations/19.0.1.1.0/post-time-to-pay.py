"""Default texts name no time to pay themselves any more: the level does, and each new one has one.
Nor do they ask to reply to an e-mail: the same text stands on paper.

What companies send stays as it is: their copies, and whatever a level uses. New companies begin
with the defaults.
"""

from psycopg2.extras import Json

#: What texts of the first version said, and what they say instead, in all languages.
WORDS = (
    ("Reply to this e-mail and we will sort it out.", "Let us know and we will sort it out."),
    ("from your books, reply to this e-mail.", "from your books, please let us know."),
    ("Odpovězte na tento e-mail a vyřešíme to.", "Dejte nám vědět a vyřešíme to."),
    (
        "liší od vaší evidence, odpovězte prosím na tento e-mail.",
        "liší od vaší evidence, dejte nám prosím vědět.",
    ),
    ("Odpovedzte na tento e-mail a vyriešime to.", "Dajte nám vedieť a vyriešime to."),
    (
        "líši od vašej evidencie, odpovedzte, prosím, na tento e-mail.",
        "líši od vašej evidencie, dajte nám, prosím, vedieť.",
    ),
    (
        "Antworten Sie auf diese E-Mail, und wir klären es.",
        "Geben Sie uns Bescheid, und wir klären es.",
    ),
    (
        "von Ihren Büchern ab, antworten Sie bitte auf diese E-Mail.",
        "von Ihren Büchern ab, geben Sie uns bitte Bescheid.",
    ),
    (
        "Prosimy odpowiedzieć na tę wiadomość, a wyjaśnimy sprawę.",
        "Prosimy dać nam znać, a wyjaśnimy sprawę.",
    ),
    (
        "od Państwa zapisów, prosimy odpowiedzieć na tę wiadomość.",
        "od Państwa zapisów, prosimy dać nam znać.",
    ),
    (" within seven days, or tell us", ", or tell us"),
    (" within seven days of this message.", " in full."),
    (" within 14 days of receiving this letter", ""),
    ("Reply to this letter within the same time if", "Reply to this letter if"),
    (
        "Third reminder: please pay within seven days, ",
        "Third reminder: {invoice|invoices} still unpaid, ",
    ),
    (" do 14 dnů od doručení této výzvy, a to", ", a to"),
    (" odpovězte na tuto výzvu ve stejné lhůtě.", " odpovězte na tuto výzvu."),
    ("} prosím do sedmi dnů, nebo", "} prosím, nebo"),
    (" prosím do sedmi dnů od této zprávy.", " prosím v plné výši."),
    (
        "Třetí upomínka: žádáme o úhradu do sedmi dnů",
        "Třetí upomínka: {faktura je stále neuhrazená|faktury jsou stále neuhrazené}",
    ),
    (" do 14 dní od doručenia tejto výzvy, a to", ", a to"),
    (" odpovedzte na túto výzvu v rovnakej lehote.", " odpovedzte na túto výzvu."),
    (", prosím, do siedmich dní alebo", ", prosím, alebo"),
    (", prosím, do siedmich dní od tejto správy.", ", prosím, v plnej výške."),
    (
        "Tretia upomienka: žiadame o úhradu do siedmich dní",
        "Tretia upomienka: {faktúra je stále neuhradená|faktúry sú stále neuhradené}",
    ),
    (" innerhalb von 14 Tagen nach Zugang dieses Schreibens zu zahlen", " zu zahlen"),
    ("Antworten Sie bitte innerhalb derselben Frist auf", "Antworten Sie bitte auf"),
    (" innerhalb von sieben Tagen oder teilen", " oder teilen"),
    (" innerhalb von sieben Tagen nach dieser Nachricht.", " in voller Höhe."),
    (
        "Mahnung: bitte zahlen Sie innerhalb von sieben Tagen",
        "Mahnung: {Rechnung|Rechnungen} weiterhin offen",
    ),
    (" w terminie 14 dni od doręczenia niniejszego pisma, z", ", z"),
    (
        " odpowiedzieć na niniejsze pismo w tym samym terminie.",
        " odpowiedzieć na niniejsze pismo.",
    ),
    ("Prosimy o zapłatę w ciągu siedmiu dni lub", "Prosimy o zapłatę lub"),
    ("Prosimy o zapłatę w ciągu siedmiu dni od tej wiadomości.", "Prosimy o zapłatę całości."),
    (
        "Ponowne wezwanie do zapłaty: prosimy o zapłatę w ciągu siedmiu dni",
        "Ponowne wezwanie do zapłaty: {faktura nadal niezapłacona|faktury nadal niezapłacone}",
    ),
)
#: The add-on's own templates that no level sends.
DEFAULTS = """
    SELECT template.id, template.subject, template.body_html
      FROM mail_template template
      JOIN ir_model_data name ON name.model = 'mail.template' AND name.res_id = template.id
     WHERE name.module = 'upominky_addon'
       AND NOT EXISTS (SELECT FROM upominky_level WHERE mail_template_id = template.id)
  ORDER BY template.id
"""


def migrate(cr, version):
    """Mend them in each language; what somebody else wrote there stays."""
    cr.execute(DEFAULTS)
    for id, *texts in cr.fetchall():
        mended = [_mended(text) for text in texts]
        if mended != texts:
            cr.execute(
                "UPDATE mail_template SET subject = %s, body_html = %s WHERE id = %s",
                [*(text and Json(text) for text in mended), id],
            )


def _mended(texts):
    """Return a text with our words replaced, by language as the column has it."""
    return texts and {lang: text and _replaced(text) for lang, text in texts.items()}


def _replaced(text):
    for before, after in WORDS:
        text = text.replace(before, after)
    return text
