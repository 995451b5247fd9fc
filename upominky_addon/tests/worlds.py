"""Random worlds: companies, rules and real documents, and what happens to them day by day.

Every event goes through Odoo's own API, as a person or another module would do it. A world is
fully told by its seed; ``story`` says in words what happened in it.
"""

import random
from collections import Counter
from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

FIRST_DAY = date(2026, 3, 2)
SPAN = 80  # days
TEMPORARY = "451 Try again later"
PERMANENT = "550 No such user"


class Plain:
    """What else is set in a world: nothing, its reminders ask for debts alone."""

    def of_company(self, _company):
        return {}

    def of_customer(self):
        return {}

    def of_level(self):
        return {}

    def of_invoice(self):
        return {}


class World:
    """One random world.

    :param case: a test case with the companies, currencies and payment terms (``WorldCase``)
    :param extras: what else is set in it, by dice of its own
    """

    def __init__(self, case, seed, answers, extras=None):
        self.seed = seed
        self.extras = extras or Plain()
        self.random = random.Random(seed)
        self.env = case.env(context=dict(case.env.context, tracking_disable=True))
        self.case = case
        self.answers = answers  # what the mail server says, by address
        self.story = []
        self.counts = Counter()
        self.now = datetime(2026, 3, 2, 8)
        self.invoices = self.env["account.move"]
        self.entries = self.env["account.move"]  # balances brought over, and the like
        self.companies = self.env["res.company"]
        self.customers = self.env["res.partner"]

    def tell(self, text):
        self.story.append(f"{self.now:%m-%d %H:%M}  {text}")

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def pick(self, choices):
        return self.random.choice(list(choices))

    @property
    def today(self):
        return self.now.date()

    # ------------------------------------------------------------- the start

    def build(self):
        self.companies = self.case.company.with_env(self.env)
        if self.chance(30):
            self.companies += self.case.branch
        if self.chance(20):
            self.companies += self.case.other
        self.make_rates()
        self.tags = self.make_tags()
        for number in range(self.random.randint(2, 4)):
            self.make_customer(number)
        for company in self.companies:
            self.set_up(company)
        for _number in range(self.random.randint(3, 6)):
            self.new_invoice()
        for _number in range(self.random.randint(0, 3)):
            self.change_server()

    def days(self):
        """Return the days on which the jobs run, with their hours (UTC)."""
        count = self.random.randint(6, 10)
        for offset in sorted(self.random.sample(range(SPAN), count)):
            hour = self.random.choice([22, 23]) if self.chance(20) else self.random.randint(7, 16)
            yield datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(
                days=offset, hours=hour, minutes=5
            )

    def make_rates(self):
        for _number in range(2):
            day = FIRST_DAY + timedelta(days=self.random.randint(1, SPAN))
            rate = self.random.choice([0.037, 0.04, 0.0415])
            self.env["res.currency.rate"].search(
                [("name", "=", day), ("currency_id", "=", self.case.eur.id)]
            ).unlink()
            self.env["res.currency.rate"].create(
                {
                    "name": day,
                    "currency_id": self.case.eur.id,
                    "rate": rate,
                    "company_id": self.case.company.id,
                }
            )

    def make_tags(self):
        tags = self.env["res.partner.category"]
        group = tags.create({"name": "Group"})
        sub_group = tags.create({"name": "Sub-group", "parent_id": group.id})
        return group + sub_group + tags.create({"name": "Other group"})

    def make_customer(self, number):
        name = f"c{number}"
        customer = self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": False if self.chance(10) else self.pick_email(name),
                "lang": self.pick(["en_US", "cs_CZ"]),
                "category_id": [Command.set(self.some(self.tags, 40).ids)],
                **self.extras.of_customer(),
            }
        )
        for kind, percent in (("invoice", 35), ("contact", 40), ("other", 20)):
            if self.chance(percent):
                self.env["res.partner"].create(
                    {
                        "name": f"{name} {kind}",
                        "parent_id": customer.id,
                        "type": kind,
                        "email": False if self.chance(15) else f"{kind}@{name}.example",
                        "lang": self.pick(["en_US", "cs_CZ", customer.lang]),
                    }
                )
        self.customers += customer
        self.tell(f"customer {name} <{customer.email}> {customer.lang}, tags "
                  f"{customer.category_id.mapped('name')}, contacts "
                  f"{[(c.type, c.email, c.lang) for c in customer.child_ids]}")  # fmt: skip

    def pick_email(self, name):
        return self.random.choice(
            [f"{name}@{name}.example"] * 6
            + [f"{name}@{name}.example, second@{name}.example", f"not an address of {name}"]
        )

    def some(self, records, percent):
        return records.filtered(lambda _record: self.chance(percent))

    def set_up(self, company):
        mode = "pilot" if self.chance(10) else "live"
        company.write(
            {
                "upominky_mode": mode,
                "upominky_pilot_partner_ids": [Command.set(self.customers[:1].ids)],
                "upominky_start_date": FIRST_DAY - timedelta(days=30) if self.chance(15) else False,
                **self.extras.of_company(company),
            }
        )
        self.env["upominky.rule"].search([("company_id", "=", company.id)]).active = False
        self.tell(f"company {company.name}: {mode}, start {company.upominky_start_date}")
        if self.chance(90):
            self.new_rule(company)
        for _number in range(self.random.choice([0, 1, 1, 2])):
            self.new_rule(company, narrow=True)

    def new_rule(self, company, narrow=False):
        covers = {}
        if narrow and self.chance(50):
            covers = {"partner_ids": [Command.set(self.pick(self.customers).ids)]}
        elif narrow:
            covers = {"category_ids": [Command.set(self.pick(self.tags).ids)]}
        rule = self.env["upominky.rule"].create(
            {
                "name": f"rule {len(self.story)}",
                "company_id": company.id,
                "sequence": self.random.randint(1, 3),
                "grouping": self.pick(["per_level", "highest_level"]),
                "min_amount": self.random.choice([0, 0, 0, 800, 3000]),
                "credit_policy": self.random.choice(["deduct"] * 4 + ["hold", "ignore"]),
                "level_ids": [Command.clear()]
                + [Command.create(values) for values in self.new_levels()],
                **covers,
            }
        )
        self.tell_rule(rule)

    def tell_rule(self, rule):
        self.tell(
            f"{rule.name} (id {rule.id}, {rule.company_id.name}, sequence {rule.sequence}): "
            f"covers {rule.partner_ids.mapped('name')} "
            f"{rule.category_ids.mapped('name')}, {rule.grouping}, minimum {rule.min_amount}, "
            f"credits: {rule.credit_policy}"
        )
        for level in rule.level_ids.sorted("order"):
            self.tell(
                f"    level {level.order}: {level.days_overdue} days, contact {level.contact}"
                + ("" if level.auto_generate else ", by hand")
                + ("" if level.send else ", not sent")
                + (", approval" if level.requires_approval else "")
                + (f", {level.deadline_days} days to pay" if level.deadline_days else "")
                + (f", copy {level.extra_email}" if level.extra_email else "")
            )

    def new_levels(self):
        orders = self.random.choice([[1, 2, 3], [1, 2, 3], [1, 3, 4], [2, 5, 6, 9], [1], [3, 4]])
        days = self.random.randint(1, 10)
        for order in orders:
            yield {
                "order": order,
                "name": f"level {order}",
                "days_overdue": max(1, days),
                "auto_generate": not self.chance(7),
                "send": not self.chance(12),
                "requires_approval": self.chance(15),
                "deadline_days": self.random.choice([0, 0, 0, 7, 12]),
                "contact": self.random.choice(["invoice"] * 4 + ["order", "both"]),
                "extra_email": "copy@firm.example" if self.chance(10) else False,
                "mail_template_id": self.case.template.id,
                **self.extras.of_level(),
            }
            days += self.random.choice([-3, 2, 7, 10, 14])

    # --------------------------------------------------------------- documents

    def new_move(self, move_type, company, partner, amount, day, **values):
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "invoice_date": day,
                    "invoice_line_ids": [
                        Command.create({"name": "Work", "price_unit": amount, "tax_ids": False})
                    ],
                    **values,
                }
            )
        )
        move.action_post()
        return move

    def pick_partner(self, customer):
        """Return the customer, or one of its contacts."""
        return self.random.choice([customer, customer, *customer.child_ids])

    def pick_currency(self, company):
        return self.case.eur if self.chance(30) else company.currency_id

    def pick_amount(self, currency):
        amount = self.random.choice([100, 250.5, 999.99, 1000, 1200, 2500, 5000, 12100])
        return amount / 25 if currency == self.case.eur else amount

    def new_invoice(self):
        company = self.pick(self.companies)
        customer = self.pick(self.customers)
        currency = self.pick_currency(company)
        partner = self.pick_partner(customer)
        values = {"currency_id": currency.id, **self.extras.of_invoice()}
        day = self.today - timedelta(days=self.random.randint(0, 40))
        if self.chance(6):  # all of its parts are due: Odoo makes one of those of the same day
            values["invoice_payment_term_id"] = self.case.hundred.id
            day = self.today - timedelta(days=130)
        elif self.chance(30):
            values["invoice_payment_term_id"] = self.case.instalments.id
        else:
            values["invoice_payment_term_id"] = False
            values["invoice_date_due"] = day + timedelta(days=self.random.choice([0, 14, 30]))
        if customer.child_ids and self.chance(30):
            values["upominky_contact_id"] = self.pick(customer.child_ids).id
        accounts = [*company.partner_id.bank_ids, self.env["res.partner.bank"]]
        if self.chance(50):
            values["partner_bank_id"] = self.pick(accounts).id
        kind = "out_receipt" if self.chance(10) else "out_invoice"
        amount = self.pick_amount(currency)
        move = self.new_move(kind, company, partner, amount, day, **values)
        self.invoices += move
        self.counts["invoices"] += 1
        due = sorted(
            line.date_maturity.isoformat()
            for line in move.line_ids
            if line.account_id.account_type == "asset_receivable"
        )
        contact = move.upominky_contact_id
        self.tell(f"{move.name} ({company.name}) to {partner.display_name}: {amount} "
                  f"{currency.name}, due {', '.join(due[:4])} ({len(due)}), contact "
                  f"{contact.email}, to {move.partner_bank_id.acc_number}")  # fmt: skip

    # -------------------------------------------------------------- what happens

    def happen(self, events, most):
        """Let some of the events happen; one that Odoo refuses did not happen."""
        names, weights = list(events), list(events.values())
        for _number in range(self.random.randint(0, most)):
            name = self.random.choices(names, weights)[0]
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    getattr(self, name)()
            except UserError as error:
                self.tell(f"refused {name}: {error}")
            self.env.invalidate_all()

    def open_invoices(self):
        return self.invoices.filtered(lambda m: m.state == "posted" and m.amount_residual > 0)

    def pay(self):
        moves = self.open_invoices().filtered(lambda move: move.payment_state != "blocked")
        if not moves:
            return
        move = self.pick(moves)
        values = {"payment_date": self.today}
        if self.chance(50):
            values["amount"] = round(move.amount_residual * self.random.choice([0.3, 0.5, 0.9]), 2)
        wizard = self.env["account.payment.register"].with_company(move.company_id)
        wizard = wizard.with_context(active_model="account.move", active_ids=move.ids)
        wizard.create(values)._create_payments()
        self.counts["payments"] += 1
        self.counts["partial payments"] += "amount" in values
        self.tell(f"paid {values.get('amount', 'all')} of {move.name}; "
                  f"left {move.amount_residual} {move.currency_id.name}")  # fmt: skip

    def pay_on_account(self):
        company, customer = self.pick(self.companies), self.pick(self.customers)
        partner, currency = self.pick_partner(customer), self.pick_currency(company)
        amount = self.pick_amount(currency) / self.random.choice([1, 2, 10])
        payment = self.env["account.payment"].with_company(company)
        payment = payment.create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "currency_id": currency.id,
                "date": self.today,
                "journal_id": self.case.banks[company.id].id,
            }
        )
        payment.action_post()
        self.counts["payments on account"] += 1
        self.tell(f"payment on account {payment.name} of {partner.display_name} ({company.name}): "
                  f"{payment.amount} {currency.name}")  # fmt: skip

    def book_credit_by_hand(self):
        company, customer = self.pick(self.companies), self.pick(self.customers)
        partner, amount = self.pick_partner(customer), self.random.choice([50, 700])
        receivable = partner.with_company(company).property_account_receivable_id
        entry = self.env["account.move"].with_company(company)
        entry = entry.create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": self.case.general[company.id].id,
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {"account_id": receivable.id, "partner_id": partner.id, "credit": amount}
                    ),
                    Command.create({"account_id": self.case.expense.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
        self.counts["credits by hand"] += 1
        self.tell(f"entry {entry.name} ({company.name}): {amount} to {partner.display_name}")

    def book_entry(self, company, partner, currency, amount, account=None, **item):
        """Post an entry: a positive amount is owed by the customer."""
        receivable = partner.with_company(company).property_account_receivable_id
        balance = currency._convert(amount, company.currency_id, company, self.today)
        sides = ((account or receivable, 1, item), (self.case.expense, -1, {}))
        entry = self.env["account.move"].with_company(company)
        entry = entry.create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": self.case.general[company.id].id,
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": side.id,
                            "partner_id": partner.id,
                            "currency_id": currency.id,
                            "amount_currency": sign * amount,
                            "balance": sign * balance,
                            **values,
                        }
                    )
                    for side, sign, values in sides
                ],
            }
        )
        entry.action_post()
        return entry

    def brought_over(self):
        """Book what a customer owes by an entry: followed up or not, with a due date or none."""
        company, customer = self.pick(self.companies), self.pick(self.customers)
        partner, currency = self.pick_partner(customer), self.pick_currency(company)
        item = {"no_followup": self.chance(50)}
        if self.chance(80):
            item["date_maturity"] = self.today - timedelta(days=self.random.randint(-5, 40))
        amount = self.pick_amount(currency) / self.random.choice([1, 2])
        entry = self.book_entry(company, partner, currency, amount, **item)
        self.entries += entry
        self.counts["entries that are owed"] += 1
        self.tell(f"entry {entry.name} ({company.name}): {partner.display_name} owes {amount} "
                  f"{currency.name}, {item}")  # fmt: skip

    def change_entry(self):
        """Have an entry followed up, or not; give it a due date, or take it away."""
        if self.entries:
            entry = self.pick(self.entries)
            item = entry.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            if self.chance(50):
                item.no_followup = not item.no_followup
            else:
                day = self.today - timedelta(days=self.random.randint(0, 30))
                item.date_maturity = day if not item.date_maturity else False
            self.tell(f"{entry.name}: no_followup {item.no_followup}, due {item.date_maturity}")

    def deposit(self):
        company, customer = self.pick(self.companies), self.pick(self.customers)
        amount = self.random.choice([-1000, -300, 500])
        account = self.case.deposits[company.id]
        item = {"no_followup": False, "date_maturity": self.today - timedelta(days=20)}
        entry = self.book_entry(company, customer, company.currency_id, amount, account, **item)
        self.counts["deposits"] += 1
        self.tell(f"deposit {entry.name} ({company.name}) of {customer.name}: {amount}")

    def pay_out(self):
        """Pay a customer: a refund, or a payment that is returned."""
        company, customer = self.pick(self.companies), self.pick(self.customers)
        partner, currency = self.pick_partner(customer), self.pick_currency(company)
        amount = self.pick_amount(currency) / self.random.choice([1, 2, 10])
        payment = self.env["account.payment"].with_company(company)
        payment = payment.create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "currency_id": currency.id,
                "date": self.today,
                "journal_id": self.case.banks[company.id].id,
            }
        )
        payment.action_post()
        self.counts["refunds paid out"] += 1
        self.tell(f"paid out {payment.name} to {partner.display_name} ({company.name}): "
                  f"{payment.amount} {currency.name}")  # fmt: skip

    def return_payment(self):
        """Undo a payment by an entry, or by a line of the bank statement; match neither."""
        payments = self.env["account.payment"].search(
            [
                ("partner_id", "child_of", self.customers.ids),
                ("company_id", "in", self.companies.ids),
                ("payment_type", "=", "inbound"),
                ("move_id", "!=", False),
            ]
        )
        if not payments:
            return
        payment = self.pick(payments)
        bank = self.case.banks[payment.company_id.id]
        if self.chance(50) and bank.company_id == payment.company_id:
            self.bank_line(bank, payment.partner_id, -payment.amount)
        else:
            undone = payment.move_id._reverse_moves([{"date": self.today}])
            undone.action_post()
        self.counts["returned payments"] += 1
        self.tell(f"{payment.name} returned: {payment.amount} {payment.currency_id.name}")

    def bank_line(self, bank, partner, amount):
        line = self.env["account.bank.statement.line"].with_company(bank.company_id)
        line = line.create(
            {
                "journal_id": bank.id,
                "date": self.today,
                "payment_ref": "returned",
                "partner_id": partner.id,
                "amount": amount,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        receivable = partner.with_company(bank.company_id).property_account_receivable_id
        suspense.account_id = receivable

    def credit_note(self):
        company, customer = self.pick(self.companies), self.pick(self.customers)
        partner, currency = self.pick_partner(customer), self.pick_currency(company)
        amount = self.pick_amount(currency) / self.random.choice([1, 4])
        note = self.new_move(
            "out_refund", company, partner, amount, self.today, currency_id=currency.id
        )
        self.counts["credit notes"] += 1
        self.tell(f"credit note {note.name} ({company.name}) to {partner.display_name}: "
                  f"{note.amount_total} {currency.name}")  # fmt: skip

    def reverse(self):
        """Reverse an invoice: matched with it at once, or left open beside it."""
        moves = self.open_invoices().filtered(lambda move: move.move_type == "out_invoice")
        if not moves:
            return
        move = self.pick(moves)
        values = {"date": self.today, "invoice_date": self.today}
        note = move.with_company(move.company_id)._reverse_moves([values], cancel=True)
        matched = self.chance(50)
        if not matched:
            lines = note.line_ids.filtered(lambda line: line.account_id.reconcile)
            lines.remove_move_reconcile()
        self.counts["reversals"] += 1
        self.tell(f"{move.name} reversed by {note.name}" + ("" if matched else ", left open"))

    def unmatch(self):
        """Take a payment or credit note off its invoice again."""
        moves = self.invoices.filtered(lambda move: move.state == "posted")
        moves = moves.filtered(lambda move: move.amount_residual < move.amount_total)
        if moves:
            move = self.pick(moves)
            move.line_ids.remove_move_reconcile()
            self.counts["unmatched"] += 1
            self.tell(f"{move.name} unmatched, left {move.amount_residual}")

    def cancel_invoice(self):
        moves = self.invoices.filtered(lambda move: move.state == "posted")
        if moves:
            move = self.pick(moves)
            move.button_draft()
            if self.chance(70):
                move.button_cancel()
            self.counts["cancelled invoices"] += 1
            self.tell(f"{move.name} is now {move.state}")

    def post_again(self):
        moves = self.invoices.filtered(lambda move: move.state != "posted")
        if moves:
            move = self.pick(moves)
            if move.state == "cancel":
                move.button_draft()
            move.action_post()
            self.tell(f"{move.name} posted again")

    # ------------------------------------------------------- holds and switches

    def hold(self):
        held = self.pick([*self.invoices, *self.customers])
        held = held.with_company(self.pick(self.companies))
        until = self.today + timedelta(days=self.random.randint(-3, 15))
        held.write(
            self.random.choice(
                [
                    {"upominky_hold_until": until, "upominky_hold_reason": "promise"},
                    {"upominky_hold_until": until, "upominky_hold_reason": False},
                    {"upominky_hold_until": False, "upominky_hold_reason": "dispute"},
                ]
            )
        )
        self.counts["holds"] += 1
        self.tell(f"{held.display_name} held until {held.upominky_hold_until}, "
                  f"reason {held.upominky_hold_reason} ({held.env.company.name})")  # fmt: skip

    def lift(self):
        held = [
            there
            for one in [*self.invoices, *self.customers]
            for company in self.companies
            if (there := one.with_company(company)).upominky_hold_reason
        ]
        if held:
            one = self.pick(held)
            one.write({"upominky_hold_until": False, "upominky_hold_reason": False})
            self.tell(f"hold of {one.display_name} lifted ({one.env.company.name})")

    def exclude(self):
        customer = self.pick(self.customers).with_company(self.pick(self.companies))
        customer.upominky_excluded = not customer.upominky_excluded
        self.tell(f"{customer.name} excluded: {customer.upominky_excluded} "
                  f"({customer.env.company.name})")  # fmt: skip

    def no_followup(self):
        moves = self.open_invoices()
        if moves:
            move = self.pick(moves)
            lines = move.line_ids.filtered(lambda line: line.date_maturity)
            line = self.pick(lines)
            line.no_followup = not line.no_followup
            self.tell(f"no_followup of {move.name}, due {line.date_maturity}: {line.no_followup}")

    def block(self):
        moves = self.open_invoices()
        if moves:
            move = self.pick(moves)
            move.action_toggle_block_payment()
            self.tell(f"{move.name} is {move.payment_state}")

    def change_tags(self):
        customer, tag = self.pick(self.customers), self.pick(self.tags)
        if tag in customer.category_id:
            customer.category_id -= tag
        else:
            customer.category_id += tag
        self.tell(f"tags of {customer.name}: {customer.category_id.mapped('name')}")

    def archive_tag(self):
        tag = self.pick(self.tags)
        tag.active = not tag.active
        self.tell(f"tag {tag.name} active: {tag.active}")

    def change_rule(self):
        rules = self.env["upominky.rule"].with_context(active_test=False)
        rules = rules.search([("company_id", "in", self.companies.ids), ("event", "=", "issue")])
        rule = self.pick(rules.filtered(lambda rule: rule.name.startswith("rule ")) or rules)
        level = self.pick(rule.level_ids)
        change = self.random.choice(
            [
                {"active": not rule.active},
                {"sequence": self.random.randint(1, 3)},
                {"grouping": self.pick(["per_level", "highest_level"])},
                {"credit_policy": self.pick(["deduct", "hold", "ignore"])},
                {"min_amount": self.pick([0, 1500])},
                {"level_ids": [Command.update(level.id, {"days_overdue": 4})]},
                {"level_ids": [Command.update(level.id, {"send": not level.send})]},
                {"level_ids": [Command.create({**next(self.new_levels()), "order": 7})]},
                {"partner_ids": [Command.link(self.pick(self.customers).id)]},
            ]
        )
        rule.write(change)
        self.tell(f"changed: {change}, active {rule.active}")
        self.tell_rule(rule)

    def new_narrow_rule(self):
        self.new_rule(self.pick(self.companies), narrow=True)

    def change_mode(self):
        company = self.pick(self.companies)
        company.upominky_mode = self.random.choice(["live", "live", "pilot", "off"])
        self.tell(f"{company.name} is {company.upominky_mode}")

    def change_email(self):
        person = self.pick([*self.customers, *self.customers.child_ids])
        person.email = self.random.choice(
            [False, "not an address", f"new{len(self.story)}@new.example"]
        )
        self.tell(f"e-mail of {person.display_name}: {person.email}")

    def change_server(self):
        """Let the mail server refuse an address, or accept it again."""
        people = self.customers + self.customers.child_ids
        emails = [email for person in people if person.email for email in person.email.split(",")]
        addresses = [email.strip() for email in emails if "@" in email]
        if not addresses:
            return
        address = self.pick(addresses)
        answer = self.random.choice([TEMPORARY, PERMANENT, None])
        self.answers.pop(address, None)
        if answer:
            self.answers[address] = answer
            self.counts["refusals set"] += 1
        self.tell(f"the mail server says to {address}: {answer or 'accepted'}")


# How often each happens, against the others.
DOCUMENTS = {
    "new_invoice": 10, "pay": 12, "pay_on_account": 5, "credit_note": 4, "book_credit_by_hand": 2,
    "reverse": 3, "unmatch": 2, "cancel_invoice": 2, "post_again": 2, "brought_over": 4,
    "change_entry": 2, "deposit": 1, "pay_out": 3, "return_payment": 3,
}  # fmt: skip
SETTINGS = {
    "hold": 5, "lift": 4, "exclude": 2, "no_followup": 2, "block": 2, "change_tags": 3,
    "archive_tag": 1, "change_rule": 4, "new_narrow_rule": 1, "change_mode": 1, "change_email": 4,
    "change_server": 6,
}  # fmt: skip
EVENTS = DOCUMENTS | SETTINGS
