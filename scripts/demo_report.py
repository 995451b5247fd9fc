"""What became of the demo's reminders: the table, and whether the mails really arrived."""

import email
import email.policy

import demo_events
import demo_proofs

from odoo.tools import format_amount

ACCEPTED = ("sent", "delivered", "read")
#: What went out by e-mail: of letters on paper nothing arrives in the inbox.
MAILED = [("state", "in", ACCEPTED), ("channel", "=", "email")]
HEAD = (
    "Issued",
    "Number",
    "Customer",
    "Order",
    "Invoices",
    "Sale order",
    "To pay",
    "State",
    "Sent",
)


# ------------------------------------------------------------------------ table


def print_table(story):
    """Print all reminders, the reasons of those that did not go out, and who has none."""
    reminders = story.env["upominky.reminder"].search([], order="issue_date, id")
    rows = [HEAD, *(_row(reminder) for reminder in reminders)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    print()
    for number, row in enumerate(rows):
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
        if not number:
            print("  ".join("-" * width for width in widths))
    _print_reasons(reminders)
    _print_others(story, reminders)


def _row(reminder):
    sale = {line.move_id.invoice_origin for line in reminder.line_ids}
    totals = (reminder.currency_totals or {}).items()
    return (
        str(reminder.issue_date),
        reminder.name,
        reminder.partner_id.name,
        f"{reminder.level_order}" if reminder.event == "issue" else reminder.event,
        _short(_numbers(reminder)),
        ", ".join(sorted(filter(None, sale))),
        " + ".join(f"{amount:,.2f} {code}" for code, amount in totals) or "-",
        reminder.state,
        str(reminder.sent_date or ""),
    )


def _numbers(reminder):
    """Return the numbers of the invoices; what was paid before sending is marked."""
    lines = reminder.line_ids.sorted(lambda line: line.move_id.name)
    is_kept = reminder.event != "issue" or reminder.state == "cancelled"
    gone = lines.filtered(lambda line: not line.counted and not is_kept)
    names = {line.move_id.name: " (paid)" if line in gone else "" for line in lines}
    return [name + mark for name, mark in names.items()]


def _short(names):
    """Return numbers of documents, the common year said once: FA 2026/0114, 0115."""
    said, shown = set(), []
    for name in names:
        year, _slash, number = name.rpartition("/")
        shown.append(number if year in said else name)
        said.add(year)
    return ", ".join(shown)


def _print_reasons(reminders):
    print()
    for reminder in reminders:
        reason = reminder.cancel_reason or reminder.error
        if reason:
            print(f"{reminder.name} {reminder.state}: {' '.join(reason.split())}")


def _print_others(story, reminders):
    """Print why the rest of what is overdue has never been reminded, as the preview says it."""
    preview = story.env["upominky.preview.line"].with_user(story.books.accountant)
    preview.with_context(lang="en_US").action_open()
    reasons = dict(preview.with_context(lang="en_US").fields_get(["reason"])["reason"]["selection"])
    mine = preview.search([("user_id", "=", story.books.accountant.id)])
    reminded = reminders.filtered(lambda reminder: reminder.event == "issue").partner_id
    for row in mine.filtered(lambda row: row.partner_id not in reminded):
        print(f"{row.move_id.name} {row.partner_id.name}: {reasons[row.reason]}")


# ------------------------------------------------------------------------ check


def problems(story, folder):
    """Yield a sentence for each thing that is not as it must be."""
    env = story.env
    sent = env["upominky.delivery"].search(MAILED)
    reminders = env["upominky.reminder"].search([])
    messages = _messages(folder)
    print(f"\n{len(reminders)} reminders, {len(sent)} messages sent, {len(messages)} arrived.")
    if not reminders:
        yield "No reminder was issued."
        return
    if not sent:
        yield "No message was sent."
        return
    files = len(list(folder.glob("*.eml")))
    if files != len(sent):
        yield f"{len(sent)} deliveries are sent, but {files} messages arrived in {folder}."
    lost = [delivery for delivery in sent if delivery.message_id not in messages]
    if lost:
        first = f"{lost[0].reminder_id.name} to {lost[0].email_to}"
        yield f"{len(lost)} messages were sent and did not arrive, one of them {first}."
    yield from _two_currencies(sent, messages)
    yield from _paid_between(story, _asking(sent, messages))
    yield from _letters(sent, messages)
    yield from demo_proofs.problems(env, sent, messages)
    yield from demo_events.problems(story, sent)


def _messages(folder):
    """Return what arrived, by Message-ID."""
    parsed = (
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(folder.glob("*.eml"))
    )
    return {str(message["Message-Id"]).strip(): message for message in parsed}


def _text(message):
    """Return the plain part with ordinary spaces."""
    part = message.get_body(("plain",))
    return " ".join(part.get_content().split()) if part else ""


def _two_currencies(sent, messages):
    """Look for a message that asks for two totals, those that the reminder has."""
    found = 0
    for delivery in sent:
        reminder, message = delivery.reminder_id, messages.get(delivery.message_id)
        if len(reminder.currency_totals or {}) < 2 or message is None:
            continue
        text = _text(message)
        for code, amount in reminder.currency_totals.items():
            if _amount(reminder, code, amount) not in text:
                yield f"{reminder.name}: the message does not say its total of {amount} {code}."
        found += 1
    if not found:
        yield "No message with two currencies arrived."


def _letters(sent, messages):
    """Look for letters that arrived as they are kept, and for codes to pay by."""
    letters = codes = 0
    for delivery in sent:
        reminder, message = delivery.reminder_id, messages.get(delivery.message_id)
        parts = list(message.walk()) if message else []
        codes += any(part.get_content_maintype() == "image" for part in parts)
        if not message or not reminder.letter_id:
            continue
        arrived = [p.get_content() for p in parts if p.get_content_type() == "application/pdf"]
        if reminder.letter_id.raw not in arrived:
            yield f"{reminder.name}: the letter that arrived is not the one that is kept."
        letters += 1
    if not letters:
        yield "No letter arrived."
    if not codes:
        yield "No code to pay by arrived."


def _amount(reminder, code, amount):
    currency = reminder.env.ref(f"base.{code}")
    shown = format_amount(reminder.env, amount, currency, reminder.lang)
    return " ".join(shown.replace("\ufeff", "").split())


def _asking(sent, messages):
    """Return the messages that ask for something overdue: neither notices nor thanks."""
    asking = sent.filtered(lambda delivery: delivery.reminder_id.event == "issue")
    return {key: messages[key] for key in asking.mapped("message_id") if key in messages}


def _paid_between(story, messages):
    """Yield what was paid between the jobs and is asked for all the same."""
    for name in story.paid_between:
        number = story.moves[name].name
        if any(number in _text(message) for message in messages.values()):
            yield f"{number} was paid between the jobs, but a message asks for it."
