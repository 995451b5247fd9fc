"""Shared by the tests: a Czech company, customers, invoices, and a real SMTP inbox."""

import email
import email.policy
import logging
import socket
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from unittest.mock import patch

from aiosmtpd.controller import Controller
from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..models.base import transactions
from ..models.jobs import generate

TODAY = date(2026, 5, 29)

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells of every command


class Inbox:
    """An SMTP server on the loopback that keeps what it accepts."""

    def __init__(self, answers=None):
        self.messages = []
        self.envelopes = []
        self.answers = dict(answers or {})

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        refusal = self.answers.get(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(message)
        self.envelopes.append((envelope.mail_from, tuple(envelope.rcpt_tos)))
        return "250 Accepted"

    def text(self, index=-1):
        """Return the plain part of a message."""
        return self.messages[index].get_body(("plain",)).get_content()

    def html(self, index=-1):
        """Return the HTML part of a message."""
        return self.messages[index].get_body(("html",)).get_content()

    @property
    def recipients(self):
        """Return the addresses of all messages, sorted."""
        return sorted(address for _sender, to in self.envelopes for address in to)


def free_port():
    """Return a port of the loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def smtp_inbox(env, answers=None, controller_class=Controller, **options):
    """Run an SMTP server, make it Odoo's only one, and let Odoo talk to it.

    :param dict answers: what the server says to an address instead of accepting it
    :param controller_class: another kind of server
    :param options: more for the server, as authentication
    """
    inbox = Inbox(answers)
    port = free_port()
    controller = controller_class(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    servers = env["ir.mail_server"].sudo()
    servers.search([]).active = False
    inbox.server = servers.create(
        {"name": "inbox", "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_encryption": "none"}
    )
    try:
        with patch.object(IrMail_Server, "_disable_send", classmethod(lambda cls: False)):
            yield inbox
    finally:
        controller.stop()


class OneTransaction(transactions.Transactions):
    """The jobs within the transaction of a test, which goes on after an error."""

    def is_kept(self, env):
        return "cron_id" not in env.context

    def around(self, env):
        return env.cr.savepoint(flush=False)


@tagged("post_install", "-at_install", "upominky_addon")
class UpominkyCommon(AccountTestInvoicingCommon):
    """A company in Prague that lives in live mode, with the default rule."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("cz")
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(transactions, "HOW", OneTransaction()))
        worker = type(cls.env["upominky.worker"])
        cls.startClassPatcher(patch.object(worker, "_lock_cursor", lambda this: None))
        cls.env.user.group_ids += cls.env.ref("upominky_addon.group_manager")
        cls.company = cls.company_data["company"]
        cls.company.partner_id.tz = "Europe/Prague"
        cls.company.write({"email": "ucetni@dopravce.example", "upominky_mode": "live"})
        cls.eur = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.04)])
        cls.czk = cls.company.currency_id
        cls.rule = cls.env["upominky.rule"].search(
            [("company_id", "=", cls.company.id), ("event", "=", "issue")]
        )
        # Others' invoices and companies of the database have no part in the tests.
        cls.env["res.company"].search([("id", "!=", cls.company.id)]).upominky_mode = "off"
        # Tests of deadlines set them; the others know none, as companies of the first version.
        cls.rule.level_ids.deadline_days = 0
        cls.customer = cls.new_customer("Odběratel s.r.o.", "fakturace@odberatel.example")

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Take the company that scripts/test prepared: to load a chart takes seconds each time."""
        prepared = cls.env["res.company"].search([("name", "=", "company_1_data")], limit=1)
        if not prepared:
            return super().setup_independent_company(**kwargs)
        cls.env.user.company_ids = [Command.link(prepared.id)]
        return prepared

    @classmethod
    def new_customer(cls, name, email_address=None, **values):
        return cls.env["res.partner"].create(
            {"name": name, "email": email_address, "is_company": True, **values}
        )

    @classmethod
    def invoice(cls, partner=None, amount=12100.0, due=None, currency=None, **values):
        """Post an invoice.

        :param due: a date, or days overdue as of TODAY
        """
        due = TODAY - timedelta(days=due) if isinstance(due, int) else due or TODAY
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": due - timedelta(days=14),
                "invoice_date_due": due,
                "currency_id": (currency or cls.czk).id,
                "company_id": cls.company.id,
                "invoice_line_ids": [
                    Command.create({"name": "Přeprava", "price_unit": amount, "tax_ids": False})
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def pay(cls, move, amount=None, day=TODAY):
        """Register a payment of an invoice, whole or in part."""
        values = {"payment_date": day, **({"amount": amount} if amount else {})}
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        return wizard.create(values)._create_payments()

    @classmethod
    def credit_note(cls, partner=None, amount=1000.0, day=TODAY, **values):
        """Post a credit note that is not matched with anything."""
        return cls.invoice(partner, amount, day, move_type="out_refund", **values)

    # ------------------------------------------------------------------ jobs

    @contextmanager
    def on(self, day, hour=8):
        """Freeze the clock at ``hour`` UTC of a day."""
        with freeze_time(datetime(day.year, day.month, day.day, hour)):
            yield

    def run_job(self, name):
        """Run a scheduled job as the scheduler does; an error of the job fails the test."""
        with self.enter_registry_test_mode():
            result = self.env.ref(f"upominky_addon.{name}").method_direct_trigger()
        self.env.invalidate_all()
        self.assertIs(result, True, result)

    def generate(self, day=TODAY):
        """Run job 1 on a day and return the reminders of this company that it issued."""
        before = self.reminders()
        with self.on(day):
            self.run_job("cron_generate")
        return self.reminders() - before

    @contextmanager
    def after_a_chunk(self, act, size=2):
        """Let somebody act once after job 1 has done its first chunk."""
        job = type(self.env["upominky.generate"])
        original, done = job._commit, []

        def commit(this, processed, remaining):
            goes_on = original(this, processed, remaining)
            if processed and not done:
                done.append(act())
                self.env.flush_all()
            return goes_on

        chunks = patch.object(generate, "CHUNK", size)
        with chunks, patch.object(job, "_commit", commit):
            yield

    def act_at(self, name, act, reminder=None):
        """Patch a step of job 2: before it first takes it with a reminder, somebody acts.

        :param reminder: with which one, None for the first
        """
        sender = type(self.env["upominky.send"])
        original, done = getattr(sender, name), []

        def step(send, delivery, *args, **kwargs):
            if not done and reminder in (None, delivery.reminder_id):
                done.append(act())
                self.env.flush_all()
            return original(send, delivery, *args, **kwargs)

        return patch.object(sender, name, step)

    def send(self, day=TODAY, hour=9):
        with self.on(day, hour):
            self.run_job("cron_send")

    def resent(self, records):
        """Issue lists of unpaid invoices by hand, without sending them, and return them."""
        with self.enter_registry_test_mode():
            action = records.action_upominky_resend()
            return self.env["upominky.resend"].browse(action["res_id"]).sudo()._issue()

    def reminders(self):
        return self.env["upominky.reminder"].search(
            [("company_id", "=", self.company.id)], order="id"
        )

    @staticmethod
    def now():
        return fields.Datetime.now()
