"""Whether the demo's claims hold by their bytes: letters, files of invoices, the lawyer's zip."""

import csv
import io
import zipfile
from collections import Counter
from hashlib import sha256

from demo_books import CAN_PRINT_INVOICES
from pypdf import PdfReader

from odoo.tools import format_amount

#: States in which a letter on paper is shown.
ON_PAPER = {"to_print": "to print", "printed": "printed", "sent": "posted", "bounced": "came back"}
#: The lists of a zip, which name all that is beside them.
LISTS = {"index.csv", "index.html"}


def problems(env, sent, messages):
    """Yield a sentence for each thing that is not as it must be.

    :param sent: deliveries of e-mails
    :param messages: what arrived, by Message-ID
    """
    mailed = [(delivery, messages.get(delivery.message_id)) for delivery in sent]
    arrived = [(delivery, message) for delivery, message in mailed if message]
    yield from _claims(arrived)
    yield from _invoices(arrived)
    yield from _final_notices(env)
    yield from _by_post(env)
    yield from _bills(env)
    yield from _case(env)


def squeezed(text):
    """Return a text without blanks: in a PDF they stand where its program likes."""
    return "".join(text.replace("\ufeff", "").split())


def pdf_text(data):
    return squeezed(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages))


# ------------------------------------------------------------------- messages


def _claims(arrived):
    """Look for interest and costs in messages and letters, also of what was paid in part."""
    after_part = costs = 0
    for delivery, message in arrived:
        reminder = delivery.reminder_id
        text = squeezed(message.get_body(("plain",)).get_content())
        letter = pdf_text(reminder.letter_id.raw) if reminder.letter_id else text
        for amount in _claimed(reminder):
            if squeezed(amount) not in text or squeezed(amount) not in letter:
                yield f"{reminder.name}: the message or its letter does not say {amount}."
        bases = {(row.line_id, row.base) for row in reminder.interest_ids}
        after_part += len(bases) > len(reminder.interest_ids.line_id)
        costs += bool(reminder.costs_text)
    if not after_part:
        yield "No message with interest after a payment in part arrived."
    if not costs:
        yield "No message with costs arrived."


def _claimed(reminder):
    """Yield what a reminder claims, as its letter writes it."""
    rows = reminder.interest_ids
    amounts = [(row.currency_id, row.amount) for row in rows]
    for code, parts in (reminder.claim_totals or {}).items():
        currency = reminder.env.ref(f"base.{code}")
        amounts += [(currency, amount) for amount in parts.values() if amount]
    for currency, amount in amounts:
        yield format_amount(reminder.env, amount, currency, reminder.lang)


def _invoices(arrived):
    """Look for invoices that arrived as they are kept."""
    files = 0
    for delivery, message in arrived:
        parts = {sha256(part.get_content()).hexdigest() for part in message.iter_attachments()}
        for file in delivery.reminder_id.file_ids:
            if file.sha256 not in parts:
                yield f"{delivery.reminder_id.name}: {file.name} is kept, and did not arrive."
            if not PdfReader(io.BytesIO(file.attachment_id.raw)).pages:
                yield f"{file.name} has no page."
            files += 1
    if not CAN_PRINT_INVOICES:
        print("Without wkhtmltopdf no invoice goes with a message.")
    elif not files:
        yield "No invoice arrived beside a message."


# ---------------------------------------------------------------- on the screens


def _final_notices(env):
    """Look for final notices: one sent, one complete, one of which something is missing."""
    final = env["upominky.reminder"].search([("level_id.is_final", "=", True)])
    waiting = final.filtered(lambda reminder: reminder.state == "to_approve")
    complete = waiting.filtered(lambda reminder: not reminder.final_gaps)
    if not complete:
        yield "No final notice waits for approval with all that it must say."
    if not waiting - complete:
        yield "No final notice waits for approval that misses something."
    if not final.filtered(lambda reminder: reminder.state == "sent" and reminder.letter_id):
        yield "No final notice was sent."


def _by_post(env):
    """Look for letters on paper in each state; what was printed is addressed to its customer."""
    letters = env["upominky.delivery"].search([("channel", "=", "letter")])
    found = Counter(letters.mapped("state"))
    print("By post: " + ", ".join(f"{found[state]} {words}" for state, words in ON_PAPER.items()))
    for state, words in ON_PAPER.items():
        if not found[state]:
            yield f"No letter by post is there: {words}."
    for letter in letters.filtered("printed_at"):
        addressee = letter.postal_partner_id
        text = pdf_text(letter.reminder_id.letter_id.raw or b"")
        if not all(squeezed(word) in text for word in (addressee.name, addressee.street)):
            yield f"{letter.reminder_id.name}: the letter does not say whom it is for."


def _bills(env):
    """Look for an invoice of interest in draft, and for more that were paid late."""
    bills = env["account.move"].search([("upominky_is_interest", "=", True)])
    if not bills.filtered(lambda bill: bill.state == "draft" and bill.amount_total > 0):
        yield "No invoice of interest was drafted."
    if not env["account.move"].search_count([("upominky_paid_late", "=", True)]):
        yield "No invoice was paid late."


# ---------------------------------------------------------------- for the lawyer


def _case(env):
    """Look for the file of a lawyer, and compare it with its own list of contents."""
    case = env["upominky.case"].search([("state", "=", "done")], limit=1)
    if not case:
        yield "No file for a lawyer was made."
        return
    with zipfile.ZipFile(io.BytesIO(case.attachment_id.raw)) as file:
        broken = file.testzip()
        contents = {name: file.read(name) for name in file.namelist()}
    print(f"File for a lawyer: {len(contents)} files about {case.partner_id.name}")
    if broken or not contents.keys() >= LISTS:
        yield f"The file for a lawyer is broken, or has no list: {broken}."
        return
    yield from _listed(contents)


def _listed(contents):
    page = contents["index.html"].decode()
    rows = list(csv.reader(io.StringIO(contents["index.csv"].decode("utf-8-sig")), delimiter=";"))
    listed = {path: (int(size), digest) for path, _title, size, digest, _note in rows[1:] if digest}
    if odd := contents.keys() ^ (listed.keys() | LISTS):
        yield f"The file for a lawyer and its list differ by {', '.join(odd)}."
    for path, (size, digest) in listed.items():
        data = contents.get(path, b"")
        if (len(data), sha256(data).hexdigest()) != (size, digest) or digest not in page:
            yield f"{path} in the file for a lawyer is not what its list says."
