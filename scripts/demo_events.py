"""The demo's notices and thanks, filters, levels of before, statements, orders of debtors."""

import base64

from demo_hours import OFFICE

from odoo import Command

#: Jobs run once a week here, so a notice comes a week ahead.
NOTICE_DAYS = -7
#: What the weaver owed when the company came from another system: number, due date, amount.
OPENING = (("2026017", -104, 12_400), ("2026023", -90, 7_900))
#: A first reminder of both, written by the other system.
PAST_LEVEL = -75
OPENED, BROUGHT_OVER = -64, -62


def plan(story):
    """Plan what is told before the due date and after it, and what was brought along."""
    around = Around(story)
    around.switch_on()
    around.find_by_filter()
    term = around.leave_out()
    story.invoice("publisher, debit", "publisher", -20, 5400, invoice_payment_term_id=term.id)
    story.on(OPENED, OFFICE, around.open_books)
    story.on(BROUGHT_OVER, OFFICE, around.bring_over)
    story.on(-3, OFFICE, around.make_statements)
    story.on(-2, OFFICE, around.stop_orders)


class Around:
    """What the accountant sets up and does."""

    def __init__(self, story):
        self.story = story
        self.books = story.books
        self.env = story.env

    def _mine(self, model):
        return self.env[model].with_user(self.books.accountant).with_context(lang="cs_CZ")

    def _rules(self, event):
        rules = self._mine("upominky.rule").with_context(active_test=False)
        return rules.search([("company_id", "=", self.env.company.id), ("event", "=", event)])

    def switch_on(self):
        """Take the rules of notices and thanks out of the archive; notices need an address."""
        notices = self._rules("notice")
        (notices + self._rules("thanks")).active = True
        notices.partner_domain = "[('email', '!=', False)]"
        notices.level_ids.days_overdue = NOTICE_DAYS

    def find_by_filter(self):
        """Have a rule of its own find the customers abroad."""
        self.books.rule(
            ("Customers abroad", "Zákazníci v zahraničí"),
            {1: 7, 2: 21},
            partner_domain="[('country_id.code', '!=', 'CZ')]",
        )

    def leave_out(self):
        """Remind nobody of what is collected from the customer's account; return those terms."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Inkasem do 14 dnů",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 14})
                ],
            }
        )
        general = self.books.general.with_user(self.books.accountant)
        general.exclude_domain = f"[('invoice_payment_term_id', '=', {term.id})]"
        return term

    def open_books(self):
        """Post the opening entry of the weaver, an item for each invoice, and follow them up."""
        weaver, company = self.books.customers["weaver"], self.env.company
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )
        total = sum(amount for _number, _due, amount in OPENING)
        items = [
            {
                "name": number,
                "debit": amount,
                "date_maturity": self.story.day(due),
                "account_id": weaver.property_account_receivable_id.id,
                "partner_id": weaver.id,
            }
            for number, due, amount in OPENING
        ]
        against = {"name": "Počáteční stav", "credit": total, "account_id": self._balance().id}
        entry = self._mine("account.move").create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": self.story.day(OPENED),
                "line_ids": [Command.create(item) for item in (*items, against)],
            }
        )
        entry.action_post()
        entry.line_ids.filtered("date_maturity").no_followup = False
        self.story.moves["weaver"] = entry

    def _balance(self):
        return self.env["account.account"].search([("account_type", "=", "equity")], limit=1)

    def bring_over(self):
        """Bring the first reminders over that the other system wrote."""
        day = self.story.day(PAST_LEVEL)
        rows = ["číslo;pořadí;den", *(f"{number};1;{day}" for number, _due, _amount in OPENING)]
        settings = self._mine("upominky.settings").browse(
            self._mine("upominky.settings").action_open()["res_id"]
        )
        dialog = self._mine("upominky.past.import").browse(settings.action_past_levels()["res_id"])
        content = base64.b64encode("\r\n".join(rows).encode())
        dialog.write({"file": content, "file_name": "upominky z Pohody.csv"})
        dialog.action_check()
        dialog.action_import()

    def make_statements(self):
        """Make a statement of who owes in two currencies, and have a balance confirmed."""
        for kind, key in (("statement", "grocer"), ("confirmation", "metal")):
            customer = self.books.customers[key]
            values = {"kind": kind, "partner_ids": [Command.set(customer.ids)]}
            self._mine("upominky.statement").create(values).action_confirm()

    def stop_orders(self):
        """Ask before orders of those who owe; one more quotation waits."""
        if self.books.has_bridge:
            self.env.company.write({"upominky_stop": "warn", "upominky_stop_level": 1})
            self.books.quotation("builder", [("Přeprava palet Praha – Brno", 9800)])


# ------------------------------------------------------------------------ check


def problems(story, sent):
    """Yield a sentence for each thing that is not as it must be.

    :param sent: deliveries of e-mails that were handed over
    """
    env = story.env
    for event in ("notice", "thanks"):
        if not sent.filtered(lambda delivery, event=event: delivery.reminder_id.event == event):
            yield f"No message of the event {event} was sent."
    yield from _levels_of_before(story)
    abroad = env["upominky.rule"].search([("partner_domain", "!=", False), ("event", "=", "issue")])
    if not env["upominky.reminder"].search_count([("rule_id", "in", abroad.ids)]):
        yield "The rule with a filter reminded nobody."
    made = env["upominky.case"].search([("kind", "!=", "lawyer")])
    if set(made.mapped("state")) != {"done"} or len(made) != 2:
        yield f"Statements of account are {made.mapped('state')}, not two that are done."


def _levels_of_before(story):
    """Look for the levels of the other system, and for what goes on from them."""
    entry = story.moves["weaver"]
    history = story.env["upominky.reminder.line"].search([("move_id", "=", entry.id)])
    levels = history.filtered(lambda line: line.reminder_id.state != "cancelled")
    first = levels.filtered(lambda line: line.level_order == 1)
    if len(first) != len(OPENING):
        yield f"{len(first)} first reminders of the opening entry, not {len(OPENING)}."
    if not levels.filtered(lambda line: line.level_order == 2):
        yield "The opening entry was not reminded any further."
