"""Two months of the demo's company, told on simulated days. Runs in `odoo shell`, see demo.py."""

import json
import logging
import os
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import demo_claims
import demo_events
import demo_post
import demo_report
from demo_books import Books
from demo_hours import BETWEEN, JOB_1, JOB_2, JOB_2_AGAIN, LATER, OFFICE
from freezegun import freeze_time
from werkzeug.serving import make_server

from odoo.http import root
from odoo.sql_db import BaseCursor

_logger = logging.getLogger("demo")

PRAGUE = ZoneInfo("Europe/Prague")
#: Days before today on which the jobs run: once a week, for the demo's sake.
JOB_DAYS = range(-56, 1, 7)
SAID_WHY = 3  # as in demo.py
TRANSPORT = ("Přeprava palet Praha – Brno, tam a zpět", "Doprava sypkých hmot", "Rozvoz zboží")


class Story:
    """Things that happen on days before today, in the order of their dates."""

    def __init__(self, env, told):
        self.env = env
        self.log = told["log"]
        self.now = datetime.now(UTC).astimezone(PRAGUE)
        self.today = self.now.date()
        self.moves = {}
        self.paid_between = []
        self.events = []
        self._connect(told)

    def _connect(self, told):
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": "Demo inbox",
                "smtp_host": "127.0.0.1",
                "smtp_port": told["smtp_port"],
                "smtp_encryption": "none",
                # Else Odoo writes notifications@ into From.
                "from_filter": self.env.company.alias_domain_id.name,
            }
        )
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("web.base.url", f"http://127.0.0.1:{told['web_port']}")

    # -------------------------------------------------------------- timeline

    def day(self, offset):
        return self.today + timedelta(days=offset)

    def moment(self, offset, hour):
        """Return an hour of a day as UTC; today's hours are pressed into what is over of today."""
        start = datetime.combine(self.day(offset), time(), PRAGUE).astimezone(UTC)
        span = timedelta(hours=12)
        if offset == 0:
            span = min(span, self.now - start)
        return (start + span * hour / 12).replace(tzinfo=None)

    def on(self, offset, hour, action):
        self.events.append((offset, hour, len(self.events), action))

    def invoice(self, name, key, due, *prices, days=14, order=False, **values):
        """Plan an invoice or an order: ``due`` counts from today, ``prices`` are without tax."""
        lines = list(zip(TRANSPORT, prices, strict=False))
        if "invoice_payment_term_id" not in values:
            values["invoice_date_due"] = self.day(due)

        def issue():
            make = self.books.order if order else self.books.invoice
            self.moves[name] = make(self.day(due - days), key, lines, **values)

        self.on(due - days, OFFICE, issue)

    def pay(self, offset, name, amount=None, hour=OFFICE):
        def pay():
            self.books.pay(self.day(offset), self.moves[name], amount)

        self.on(offset, hour, pay)
        if hour == BETWEEN:
            self.paid_between.append(name)

    def play(self):
        """Let everything happen, each at its time."""
        with freeze_time(self.moment(-120, 0)) as clock, patch.object(BaseCursor, "now", _now):
            for offset, hour, _order, action in sorted(self.events, key=lambda e: e[:3]):
                clock.move_to(self.moment(offset, hour))
                with self.step(f"{self.day(offset)}: {action.__name__}"):
                    action()
                    self.env.cr.commit()

    @contextmanager
    def step(self, what):
        """Say which step failed, and where to read why."""
        try:
            yield
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("%s failed", what)
            fail(f"{what} failed: {error}. Log: {self.log}")

    # ------------------------------------------------------------------ jobs

    def job(self, name):
        """Run a scheduled job as the scheduler does, in a transaction of its own."""
        self.env.cr.commit()
        result = self.env.ref(f"upominky_addon.{name}").method_direct_trigger()
        self.env.cr.commit()
        self.env.invalidate_all()
        if result is not True:
            fail(f"The job {name} failed: {result['params']['data']['debug']}\nLog: {self.log}")

    def job_1(self):
        before = self.env["upominky.reminder"].search_count([])
        self.job("cron_generate")
        self.issued = self.env["upominky.reminder"].search_count([]) - before

    def job_2(self):
        sent = self._send()
        day = self._date()
        print(f"{day}  job 1 issued {self.issued:2d} reminders, job 2 sent {sent:2d} messages")

    def _date(self):
        return datetime.now(UTC).astimezone(PRAGUE).date()

    def _send(self):
        domain = demo_report.MAILED
        before = self.env["upominky.delivery"].search_count(domain)
        self.job("cron_send")
        return self.env["upominky.delivery"].search_count(domain) - before

    def job_2_again(self):
        sent = self._send()
        if sent:
            print(f"{self._date()}  job 2 sent {sent:2d} more: approved, or tried again")

    def plan_jobs(self):
        for offset in JOB_DAYS:
            self.on(offset, JOB_1, self.job_1)
            self.on(offset, JOB_2, self.job_2)
            self.on(offset, JOB_2_AGAIN, self.job_2_again)

    # -------------------------------------------------------------- chapters

    def plan_invoices(self):
        """Plan what simply stays unpaid, and what no reminder may touch."""
        self.invoice("bakery 1", "bakery", -36, 6200, 3800)
        self.invoice("bakery 2", "bakery", -37, 7000)
        self.invoice("bakery 3", "bakery", -36, 400, currency="EUR")
        self.invoice("bakery 4", "bakery", -38, 260, currency="EUR")
        self.invoice("builder 1", "builder", -44, 42000, order=True)
        self.invoice("builder 2", "builder", -20, 12000, 6500, order=True)
        self.invoice("grocer 1", "grocer", -31, 31000, order=True)
        self.invoice("grocer 2", "grocer", -33, 8400, order=True)
        self.invoice("grocer 3", "grocer", -29, 740, currency="EUR")
        self.invoice("metal", "metal", -66, 96000)
        self.invoice("timber", "timber", -59, 54000)
        self.invoice("brewery", "brewery", -35, 1850, currency="EUR")
        self.invoice("paper", "paper", -23, 920, currency="EUR")
        self.invoice("slovak", "slovak", -10, 1340, currency="EUR")
        self.invoice("publisher", "publisher", 12, 9900)
        self.invoice("stationer", "stationer", -30, 40)
        self.invoice("village", "village", -45, 11000)
        self.invoice("garden", "garden", -12, 4300)
        self.invoice("electric", "electric", -25, 8700)
        self.invoice("optician", "optician", -32, 5600)
        self.invoice("printer", "printer", -18, 16000)

    def plan_payments(self):
        """Plan who pays: in part, late, and between the two jobs of a day."""
        self.invoice("garage", "garage", -24, 20000)
        self.pay(-9, "garage", 10000)
        self.invoice("florist", "florist", -40, 6000)
        self.pay(-25, "florist")
        self.invoice("chemist 1", "chemist", -30, 5000)
        self.invoice("chemist 2", "chemist", -30, 7000)
        self.pay(-21, "chemist 1", hour=BETWEEN)
        self.invoice("joiner", "joiner", -16, 13500)
        self.pay(-7, "joiner", hour=BETWEEN)
        self.invoice("hotel", "hotel", -17, 15000)
        self.on(-12, OFFICE, self.credit)
        term = self.books.instalments()
        self.invoice("sawmill", "sawmill", -39, 30000, invoice_payment_term_id=term.id)

    def plan_people(self):
        """Plan what people decide: blocked, held, approved, corrected and sent again."""
        self.invoice("contractor", "contractor", -30, 73000)
        self.invoice("dairy", "dairy", -27, 22000)
        self.invoice("glass", "glass", -33, 17500)
        self.on(-25, OFFICE, self.block)
        self.on(-10, OFFICE, self.promise)
        self.on(-18, OFFICE, self.dispute)
        self.on(-7, LATER, self.approve)
        self.on(-4, OFFICE, self.correct_address)

    def mine(self, name):
        return self.moves[name].with_user(self.books.accountant)

    def credit(self):
        self.books.credit_note(self.day(-12), "hotel", [("Sleva za pozdní dodání", 2500)])

    def block(self):
        self.mine("contractor").action_toggle_block_payment()

    def promise(self):
        customer = self.books.customers["dairy"].with_user(self.books.accountant)
        values = {"upominky_hold_until": self.day(9), "upominky_hold_reason": "promise"}
        customer.write(values)

    def dispute(self):
        self.mine("glass").upominky_hold_reason = "dispute"

    def approve(self):
        waiting = self.env["upominky.reminder"].search([("state", "=", "to_approve")])
        waiting.with_user(self.books.accountant).action_approve()

    def correct_address(self):
        """Enter the address that works, and press Retry."""
        customer = self.books.customers["printer"].with_user(self.books.clerk)
        customer.email = "ucetni@tiskarna-rychly.example"
        failed = self.env["upominky.reminder"].search(
            [("partner_id", "=", customer.id), ("state", "=", "failed")]
        )
        failed.with_user(self.books.clerk).action_retry()

    def prepare(self):
        with self.step("Making users, customers and rules"):
            self.books = Books(self.env)
            self.books.make_rules()
            self.books.customers["village"].upominky_excluded = True
            self.env.company.upominky_mode = "live"
            self.plan_invoices()
            self.plan_payments()
            self.plan_people()
            demo_claims.plan(self)
            demo_post.plan(self)
            demo_events.plan(self)
            self.plan_jobs()
            self.env.cr.commit()


def _now(_cursor):
    """Let the dates of records follow the simulated clock."""
    return datetime.now()


@contextmanager
def served(port):
    """Answer on the port of the web client to come: Odoo's reports fetch style sheets there."""
    server = make_server("127.0.0.1", port, root, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def fail(sentence):
    print(f"ERROR: {sentence}", file=sys.stderr)
    raise SystemExit(SAID_WHY)


def tell(env):
    told = json.loads(os.environ["UPOMINKY_STORY"])
    sys.stdout.reconfigure(line_buffering=True)
    story = Story(env(context={**env.context, "lang": "en_US"}), told)
    story.prepare()
    with served(told["web_port"]):
        story.play()
    # From now on in real time: job 2 at once and every hour, job 1 in the coming night.
    env.ref("upominky_addon.cron_send").nextcall = datetime.now()
    env.cr.commit()
    with story.step("Printing the table"):
        demo_report.print_table(story)
    problems = list(demo_report.problems(story, Path(told["folder"])))
    print(f"\nMessages     {told['folder']}")
    if problems:
        fail("\n       ".join(problems))
