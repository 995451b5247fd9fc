"""Both jobs against the oracle: random worlds of real documents, compared after each step.

Some of them are lived through once more, with levels that ask for interest and costs and have codes
and letters (``charged_game``): they come to the same reminders, lines and totals of principal.

scripts/test -k test_oracle              a handful of worlds
scripts/test --long -k test_oracle       300 worlds
UPOMINKY_SEED=17 scripts/test -k test_oracle     one world again, with its story
"""

import os
import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal

from freezegun import freeze_time

from odoo import Command
from odoo.tools import mute_logger

from ..charged_game import Charging
from ..common import UpominkyCommon, smtp_inbox
from ..figures import tell_figures
from ..oracle import Oracle, in_mode
from ..oracle_facts import read_facts
from ..worlds import EVENTS, Plain, World

SHORT, LONG = 5, 300
#: Worlds that are lived through again: some in which messages go out, with codes and letters.
CHARGED, MANY_CHARGED = (0, 4), 30


def chosen_seeds(short, long):
    """Return the seeds of the worlds: as many as are asked for, or the one that is."""
    if one := os.environ.get("UPOMINKY_SEED"):
        return [int(seed) for seed in one.split(",")]
    return range(long) if os.environ.get("UPOMINKY_LONG") else short


class WorldCase(UpominkyCommon):
    """What all worlds share: a company, its branch, a foreign company, payment terms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id, "email": "branch@dopravce.example"}
        )
        cls.env["account.chart.template"].try_loading("cz", cls.branch, install_demo=False)
        cls.branch.partner_id.write({"country_id": cls.env.ref("base.cz").id, "tz": False})
        cls.other = cls._create_company(
            name="Overseas",
            currency_id=cls.env.ref("base.USD").id,
            email="overseas@dopravce.example",
        )
        cls.other.partner_id.tz = "Pacific/Auckland"
        companies = cls.company + cls.branch + cls.other
        companies.upominky_mode = "off"
        cls.env.user.company_ids += companies
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=companies.ids))
        cls.template = cls.env.ref("upominky_addon.mail_template_level_1")
        cls.instalments = cls.env["account.payment.term"].create(
            {
                "name": "40 % at once, the rest in two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part, "nb_days": days})
                    for part, days in ((40, 0), (35, 20), (25, 45))
                ],
            }
        )
        cls.hundred = cls.env["account.payment.term"].create(
            {
                "name": "A hundred parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 1, "nb_days": part})
                    for part in range(100)
                ],
            }
        )
        cls.set_up_journals(companies)
        cls.set_up_accounts(companies)

    @classmethod
    def set_up_accounts(cls, companies):
        """Give the companies accounts to be paid to, the branch none, and a deposit account."""
        bank = cls.env["res.partner.bank"]
        companies.partner_id.bank_ids.unlink()
        for number, company, currency, trusted in (
            ("DE33 1002 0500 0001 1947 00", cls.company, False, False),
            ("CZ55 0800 0000 0012 3456 7899", cls.company, False, True),
            ("SK96 1100 0000 0029 1859 9669", cls.company, cls.eur, True),
            ("CZ65 0800 0000 1920 0014 5399", cls.other, False, True),
        ):
            bank.create(
                {
                    "acc_number": number,
                    "partner_id": company.partner_id.id,
                    "company_id": company.id,
                    "currency_id": currency and currency.id,
                    "allow_out_payment": trusted,
                }
            )
        cls.deposits = {}
        for company in companies:
            receivable = cls.customer.with_company(company).property_account_receivable_id
            cls.deposits[company.id] = receivable.copy({"name": "Deposits", "non_trade": True})

    @classmethod
    def set_up_journals(cls, companies):
        """Find what credits are booked with; a branch uses what its parent has."""
        cls.banks, cls.general = {}, {}
        for company in companies:
            for journals, kind in ((cls.banks, "bank"), (cls.general, "general")):
                journals[company.id] = cls.env["account.journal"].search(
                    [("company_id", "parent_of", company.id), ("type", "=", kind)], limit=1
                )
            outstanding = cls.env["account.payment"].with_company(company)
            account = outstanding._get_outstanding_account("inbound")
            cls.banks[company.id].inbound_payment_method_line_ids.payment_account_id = account
            cls.banks[company.id].outbound_payment_method_line_ids.payment_account_id = account
        cls.expense = cls.company_data["default_account_expense"]

    def live(self, seed, game=None):
        """Play one world, and roll it back.

        :param game: how, nothing for the plain one, whose book is kept
        :return: what differs, told with the story of the world, and the game
        """
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            with freeze_time("2026-03-02 08:00:00") as clock, smtp_inbox(self.env) as inbox:
                game = (game or Game)(self, seed, inbox, clock)
                told = game.play()
                game.keep_book()
                if told:
                    told = [f"UPOMINKY_SEED={seed} scripts/test -k test_oracle", *game.world.story,
                            "----- differences", *told]  # fmt: skip
                return told, game
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all(flush=False)
            self.env.registry.clear_all_caches()


class Game:
    """One world, lived through by both the product and the oracle."""

    oracle = Oracle

    def __init__(self, case, seed, inbox, clock):
        self.case, self.inbox, self.clock = case, inbox, clock
        self.world = World(case, seed, inbox.answers, self.extras(seed))
        self.random = random.Random(seed + 1_000_000)  # the world's own dice stay as they are
        self.differences = []
        self.env = case.env

    def extras(self, _seed):
        """Return what else is set in the world."""
        return Plain()

    def play(self):
        """Return the differences, at the first step that has any."""
        clock = self.clock
        clock.move_to(self.world.now)
        self.world.build()
        self.oracles = {company.id: self.oracle() for company in self.world.companies}
        for moment in self.world.days():
            for step, minutes in self.steps():
                self.world.now = moment + timedelta(minutes=minutes)
                clock.move_to(self.world.now)
                step()
                if self.differences:
                    return self.differences
        return []

    def steps(self):
        """Return what happens in a day, and how many minutes after its start."""
        yield self.morning, 0
        yield self.afternoon, 50
        yield self.evening, 100
        if self.chance(15):  # the mail server has a bad night, or is asked often
            for minutes in (110, 145, 280, 660):
                yield self.job_2, minutes

    def morning(self):
        self.world.happen(EVENTS, 5)
        for _run in range(2 if self.chance(20) else 1):
            self.job_1()

    def afternoon(self):
        self.world.happen(EVENTS, 3)
        self.by_hand(1)
        if self.chance(80):
            self.job_2()
            self.compare_invoices()

    def evening(self):
        self.by_hand(2)
        if self.chance(25):
            self.world.happen(EVENTS, 1)
            self.job_2()
        self.compare_invoices()

    def chance(self, percent):
        return self.random.random() * 100 < percent

    # ------------------------------------------------------------------ jobs

    def each_company(self):
        self.env.invalidate_all()
        for company in self.world.companies:
            yield company, self.oracles[company.id], self.facts(company)

    def facts(self, company):
        return read_facts(self.env, company, self.world.now)

    def job_1(self):
        self.world.tell("job 1")
        self.world.counts["job_1 runs"] += 1
        for _company, oracle, facts in self.each_company():
            oracle.job_1(facts)
        self.case.run_job("cron_generate")
        self.compare()

    def job_2(self):
        self.world.tell("job 2")
        self.world.counts["job_2 runs"] += 1
        for _company, oracle, facts in self.each_company():
            oracle.job_2(facts, self.inbox.answers)
        self.case.run_job("cron_send")
        self.compare()

    def by_hand(self, most):
        """Let a person work with some reminders, as both know them."""
        for _number in range(self.random.randint(0, most)):
            company = self.random.choice(list(self.world.companies))
            oracle = self.oracles[company.id]
            self.env.invalidate_all()
            facts = self.facts(company)
            able = [one for one in oracle.book if in_mode(facts, one["customer"])]
            if self.differences or not able:
                return
            expected = self.random.choice(able)
            names = BUTTONS.get((expected["state"], expected["to_send"]), [None])
            button = self.random.choice(names)
            if button:
                self.press(button, oracle, facts, expected)
                self.compare()

    def press(self, button, oracle, facts, expected):
        record = self.env["upominky.reminder"].browse(expected["record"])
        self.world.tell(f"by hand: {button} {record.name}")
        self.world.counts[button] += 1
        if button == "approve":
            oracle.approve(facts, expected)
            record.action_approve()
        elif button == "send":
            oracle.send_now(facts, expected, self.inbox.answers)
            record.action_send_now()
        elif button == "retry":
            oracle.send_now(facts, expected, self.inbox.answers)
            record.action_retry()
        elif button == "mark":
            day = facts["today"] - timedelta(days=self.random.randint(0, 2))
            day = max(day, record.issue_date)
            oracle.mark_sent(facts, expected, day)
            record.action_mark_sent(day)
        else:
            oracle.cancel(expected)
            record.action_cancel("A reason")

    # --------------------------------------------------------------- comparing

    def compare(self):
        self.env.invalidate_all()
        for company in self.world.companies:
            oracle = self.oracles[company.id]
            found = self.env["upominky.reminder"].sudo().search([("company_id", "=", company.id)])
            self.match(oracle, found)
            known = []
            for expected in oracle.book:
                if expected.get("record"):
                    known.append(expected["record"])
                    self.compare_reminder(expected, found.browse(expected["record"]))
                else:
                    self.differ(f"missing reminder: {told(expected)}")
            for record in found:
                if record.id not in known:
                    self.differ(f"unexpected reminder {record.name}: {seen(record)}")
        self.compare_messages()

    def match(self, oracle, found):
        """Find the product's record of each reminder that the oracle has just issued."""
        taken = {expected.get("record") for expected in oracle.book}
        free = {identity(seen(record)): record.id for record in found if record.id not in taken}
        for expected in oracle.book:
            if not expected.get("record"):
                expected["record"] = free.pop(identity(told(expected)), None)

    def compare_reminder(self, expected, record):
        should, is_so = told(expected), seen(record)
        for key, value in should.items():
            if value != is_so[key]:
                self.differ(
                    f"{record.name} {key}: should be {value}, is {is_so[key]} (reason "
                    f"{record.cancel_reason or record.error!r})"
                )

    def compare_messages(self):
        should = sorted(address for oracle in self.oracles.values() for address in oracle.messages)
        if should != self.inbox.recipients:
            more, less = Counter(self.inbox.recipients), Counter(should)
            self.differ(f"messages: missing {less - more}, unexpected {more - less}")

    def compare_invoices(self):
        expected = {}
        for company, oracle, facts in self.each_company():
            documents = self.world.invoices + self.world.entries
            for move in documents.sudo().filtered(lambda m, c=company: m.company_id == c):
                items = move.line_ids.filtered(
                    lambda line: line.account_id.account_type == "asset_receivable"
                )
                should = expected[move] = oracle.summary(facts, items.ids)
                is_so = (
                    move.upominky_level,
                    move.upominky_count,
                    move.upominky_next_date or None,
                )
                if should != is_so:
                    self.differ(f"{move.name} (level, count, next): should be {should}, is {is_so}")
        self.compare_searches(expected)

    def compare_searches(self, expected):
        """Rule 26: level, number and next date can be searched."""
        today = self.world.today
        for term, wanted in (
            (("upominky_level", ">=", 2), lambda level, count, day: level >= 2),
            (("upominky_count", "=", 0), lambda level, count, day: count == 0),
            (("upominky_next_date", "<=", today), lambda level, count, day: day and day <= today),
            (("upominky_next_date", "=", False), lambda level, count, day: not day),
        ):
            documents = (self.world.invoices + self.world.entries).sudo()
            found = documents.search([("id", "in", documents.ids), term])
            ids = {move.id for move, values in expected.items() if wanted(*values)}
            if ids != set(found.ids):
                names = found.browse(ids).mapped("name")
                self.differ(f"search {term}: should be {names}, is {found.mapped('name')}")

    def differ(self, text):
        self.differences.append(text)

    def keep_book(self):
        """Keep what the world came to, named so that it can be compared with another one's."""
        companies = self.world.companies.ids
        found = self.env["upominky.reminder"].sudo().search([("company_id", "in", companies)])
        self.book = sorted(map(named, found), key=str), self.inbox.recipients

    def figures(self):
        """Return how much of everything there was."""
        book = [one for oracle in self.oracles.values() for one in oracle.book]
        return self.world.counts + Counter(
            worlds=1,
            reminders=len(book),
            credits_used=sum(bool(one["credits"]) for one in book),
            letters_of_several_accounts=sum(several_accounts(one) for one in book),
            letters_of_50_lines_and_more=sum(len(one["lines"]) >= 50 for one in book),
            messages=len(self.inbox.messages),
            refused_mails=sum(oracle.refusals for oracle in self.oracles.values()),
            **Counter(f"reminders_{one['state']}" for one in book),
        )


class ChargedGame(Charging, Game):
    """A world whose reminders ask for interest and costs, and carry codes and letters."""


# What a person may do with a reminder, by its state and whether it is to be sent.
BUTTONS = {
    ("to_approve", True): ["approve"] * 5 + ["mark", "cancel"],
    ("to_approve", False): ["approve", "approve", "cancel"],
    ("issued", True): ["mark", "cancel", "send", None, None, None],
    ("issued", False): ["send", "mark", "cancel", None, None],
    ("failed", True): ["retry"] * 4 + ["mark", "cancel"],
    ("sent", True): ["cancel", None, None, None, None, None],
}


def several_accounts(expected):
    """Tell whether a letter has blocks of one currency for more than one account."""
    currencies = [block[0] for block in expected["blocks"]]
    return len(set(currencies)) < len(currencies)


def told(expected):
    """Return what is compared, as the oracle knows it."""
    return {
        "customer": expected["customer"],
        "rule": expected["rule"],
        "order": expected["order"],
        "issue_date": expected["issue_date"],
        "state": expected["state"],
        "sent_date": expected["sent_date"],
        "deadline": expected["state"] == "sent" and expected["deadline"],
        "to_send": expected["to_send"],
        "addresses": ", ".join(expected["addresses"]),
        "lang": expected["lang"],
        "totals": expected["totals"],
        "credits": expected["credits"],
        "blocks": expected["blocks"] if has_open_lines(expected) else [],
        "lines": sorted(
            (
                line["id"], line["order"], line["days"], str(line["due"]), line["overdue"],
                line["issued"], line["amount"], line["credited"], line["state"], line["counted"],
            )
            for line in expected["lines"]
        ),
    }  # fmt: skip


def seen(record):
    """Return what is compared, as the product has it."""
    credits = {}
    for credit in record.credit_ids:
        name = credit.currency_id.name
        credits[name] = credits.get(name, Decimal(0)) + Decimal(str(credit.amount))
    return {
        "customer": record.partner_id.id,
        "rule": record.rule_id.id,
        "order": record.level_order,
        "issue_date": record.issue_date,
        "state": record.state,
        "sent_date": record.sent_date or None,
        "deadline": record.state == "sent" and (record.deadline or None),
        "to_send": record.to_send,
        "addresses": ", ".join(sorted((record.email_to or "").split(", "))),
        "lang": record.lang,
        "totals": {
            name: Decimal(str(amount)) for name, amount in (record.currency_totals or {}).items()
        },
        "credits": credits,
        "blocks": sorted(map(seen_block, record._currency_blocks()), key=str),
        "lines": sorted(
            (
                line.move_line_id.id, line.level_order, line.level_days, str(line.due_date),
                line.days_overdue, Decimal(str(line.amount_issued)), Decimal(str(line.amount_due)),
                Decimal(str(line.amount_credited)), line.state, line.counted,
            )
            for line in record.line_ids
        ),
    }  # fmt: skip


def has_open_lines(expected):
    return any(line["state"] == "open" for line in expected["lines"])


def seen_block(block):
    used = sum((Decimal(str(credit.amount)) for credit in block["credits"]), Decimal(0))
    return block["currency"].name, block["bank"].acc_number, Decimal(str(block["total"])), used


def named(record):
    """Return a reminder as it stands in the book, by names: ids differ from world to world."""
    customer, rule = record.partner_id.name, record.rule_id.name
    lines = [
        (line.move_id.name, str(line.due_date), line.level_order, line.level_days,
         line.days_overdue, line.amount_issued, line.amount_due, line.amount_credited, line.state,
         line.counted)
        for line in record.line_ids
    ]  # fmt: skip
    found = seen(record) | {
        "lines": sorted(lines),
        "totals": sorted((record.currency_totals or {}).items()),
    }
    return {**found, "customer": customer, "rule": rule, "company": record.company_id.name}


def identity(facts):
    """Return what tells a reminder from others issued the same day."""
    lines = tuple((line[0], line[1]) for line in facts["lines"])
    return facts["customer"], facts["rule"], facts["order"], facts["issue_date"], lines


class TestOracle(WorldCase):
    """Any difference is shown with the seed and the story of its world."""

    plain = {}  # what plain worlds came to, by seed

    @mute_logger("odoo.addons.upominky_addon")
    def test_rule_01_to_17_and_26_as_the_oracle_says(self):
        seeds = chosen_seeds(range(SHORT), LONG)
        counts, wrong = Counter(), []
        for seed in seeds:
            told, game = self.live(seed)
            counts.update(game.figures())
            self.plain[seed] = game.book
            wrong += told
        self.check("worlds", counts, wrong)
        self.assertGreater(counts["reminders"], len(seeds), counts)

    @mute_logger("odoo.addons.upominky_addon")
    def test_rules_36_to_38_charged_worlds_owe_the_same_and_the_oracles_interest(self):
        counts, wrong = Counter(), []
        for seed in chosen_seeds(CHARGED, MANY_CHARGED):
            told, game = self.live(seed, ChargedGame)
            counts.update(game.figures())
            wrong += told
            if not told:
                self.assertEqual(game.book, self.plain_book(seed), f"UPOMINKY_SEED={seed}")
        self.check("charged worlds", counts, wrong)
        for name in ("days of interest", "costs", "codes", "letters in PDF"):
            self.assertGreater(counts[name], 0, counts)

    def plain_book(self, seed):
        """Return what the same world came to without."""
        if seed not in self.plain:
            told, game = self.live(seed)
            self.assertFalse(told, "\n" + "\n".join(told))
            self.plain[seed] = game.book
        return self.plain[seed]

    def check(self, name, counts, wrong):
        tell_figures(f"{name}: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
        self.assertFalse(wrong, "\n" + "\n".join(wrong))
