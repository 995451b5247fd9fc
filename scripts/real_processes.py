"""Odoo in real processes for crash.py and slow_server.py: books, an inbox, and workers.

A process of Odoo loads the registry once and forks a worker for each try, as Odoo's own server
does. An SMTP server in a process of its own notes each message that it accepts before it says so.
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller
from demo_inbox import free_port
from freezegun import freeze_time

import odoo
from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry

START = date(2026, 3, 2)
CUSTOMERS = 24
LEVELS = 300
#: Fifths of a second for which a dead worker may keep its job.
LET_GO_TRIES = 150
#: The jobs begin at this hour of a day (UTC), and job 2 goes on for so many.
FIRST_HOUR, HOURS = 3, 10
ERRORS = Path(os.environ.get("UPOMINKY_CRASH_LOG", "/dev/null"))


# ------------------------------------------------------------------------ the inbox


class Recorder:
    """Accepts every message, slowly, and notes it on disk before it says so."""

    def __init__(self, path):
        self.path = path

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        row = {
            "reminder": int(message["X-Odoo-Objects"].rpartition("-")[2]),
            "to": envelope.rcpt_tos[0],
            "message_id": message["Message-ID"],
        }
        await asyncio.sleep(random.uniform(0, 0.004))
        with self.path.open("a") as file:
            file.write(json.dumps(row) + "\n")
            file.flush()
            os.fsync(file.fileno())
        await asyncio.sleep(random.uniform(0, 0.004))
        return "250 Accepted"


def serve(handler, port):
    """Run an inbox until this process is ended."""
    Controller(handler, hostname="127.0.0.1", port=port).start()
    signal.pause()


# ------------------------------------------------------------------------- the books


def set_up(database, port):
    """Make customers with an overdue invoice each, and a rule with a level for every day."""
    with environment(database) as env, freeze_time(START):
        company = env.company
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        company.write({"upominky_mode": "live", "email": "books@sender.example"})
        env["ir.mail_server"].create({"name": "inbox", "smtp_host": "127.0.0.1", "smtp_port": port})
        add_levels(env["upominky.rule"].search([("company_id", "=", company.id)])[0])
        invoices = env["account.move"].create([invoice(env, n) for n in range(CUSTOMERS)])
        invoices.action_post()
        env.cr.commit()


def add_levels(rule):
    template = rule.level_ids[0].mail_template_id
    rows = [
        {
            "order": n,
            "name": f"{n}",
            "days_overdue": n,
            "deadline_days": 0,
            "mail_template_id": template.id,
        }
        for n in range(1, LEVELS + 1)
    ]
    rule.level_ids = [Command.clear(), *(Command.create(row) for row in rows)]


def invoice(env, number):
    partner = env["res.partner"].create(
        {"name": f"Customer {number}", "email": f"c{number}@x.example", "is_company": True}
    )
    return {
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": START - timedelta(days=10),
        "invoice_date_due": START - timedelta(days=1),
        "invoice_line_ids": [
            Command.create({"name": "Transport", "price_unit": 100 + number, "tax_ids": False})
        ],
    }


@contextlib.contextmanager
def environment(database):
    """Open an environment on a cursor of its own; what is not committed is lost."""
    with Registry(database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


# ----------------------------------------------------------------------- the workers


def run_jobs(database, day, as_cron=True, hour=FIRST_HOUR):
    """Run both jobs once on a simulated day: as the scheduler does, or as other code may."""
    with freeze_time(datetime(day.year, day.month, day.day, hour), ignore=["_pytest"]):
        for name in ("generate", "send"):
            with environment(database) as env:
                if as_cron:
                    run_cron(env, name)
                else:  # the scheduler never runs a job twice at once, buttons and nodes do
                    getattr(env[f"upominky.{name}"], f"_cron_{name}")()
                env.cr.commit()


def run_cron(env, name):
    """Run a job if the scheduler would: its hour has come, or it was asked for."""
    cron = env.ref(f"upominky_addon.cron_{name}")
    if not is_ready(env, cron):
        return
    try:
        result = cron.method_direct_trigger()
    except TypeError:  # so Odoo reports that it left out a job whose process died three times
        result = True
    if result is not True:  # Odoo catches what a job raises and returns it
        data = result["params"]["error"]["data"]
        raise RuntimeError(f"{name}: {data['message']}\n{data['debug']}")


def is_ready(env, cron):
    return cron.nextcall <= env.cr.now() or env["ir.cron.trigger"].search_count(
        [("cron_id", "=", cron.id), ("call_at", "<=", env.cr.now())]
    )


def strike_hour(database, *names):
    """Let the hour of jobs come, as the scheduler counts: in real time.

    The database lets go of what a dead worker kept in its own time: until then the job is refused.
    """
    for left in reversed(range(LET_GO_TRIES)):
        try:
            with environment(database) as env:
                for name in names:
                    cron = env.ref(f"upominky_addon.cron_{name}")
                    cron.nextcall = env.cr.now().replace(microsecond=0)
                env.cr.commit()
            return
        except UserError:
            if not left:
                raise
            time.sleep(0.2)


def fork_worker(database, day, as_cron=True, hour=FIRST_HOUR):
    """Fork a worker that runs both jobs; return its process id."""
    odoo.sql_db.close_all()
    pid = os.fork()
    if pid == 0:
        status = 1
        sys.unraisablehook = lambda _problem: None  # cursors whose database is gone
        try:
            run_jobs(database, day, as_cron, hour)
            status = 0
        except Exception as error:
            with ERRORS.open("a") as file:
                print(f"{day} {error}", file=file)
        finally:
            os._exit(status)
    return pid


def wait(pid):
    """Return how a worker ended: 0, its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def finish(database, day):
    """Run the jobs without a kill until they are through, job 2 each hour; return the seconds.

    What a worker took up and made no progress with is tried a little later, in the next hour then.
    """
    started = time.monotonic()
    for hour in range(FIRST_HOUR, FIRST_HOUR + HOURS):
        strike_hour(database, "send")
        code = wait(fork_worker(database, day, hour=hour))
        is_through = code == 0 and not running(database)
        if is_through and not waiting(database):
            break
        time.sleep(0.2)  # the database lets go of a dead worker's lock in its own time
    if is_through:
        return time.monotonic() - started
    raise SystemExit(f"The jobs of {day} do not come to an end: exit code {code}")


def running(database):
    with environment(database) as env:
        return env["upominky.run"].search_count([("state", "=", "running")])


def waiting(database):
    with environment(database) as env:
        unsent = [("state", "=", "issued"), ("next_try", "!=", False)]
        return env["upominky.reminder"].search_count(unsent)


# ------------------------------------------------------------------------- starting


def parser(about):
    """Return a parser with what each harness is told: its database, and a folder of its own."""
    made = argparse.ArgumentParser(description=about)
    made.add_argument("--database", required=True)
    made.add_argument("--folder", required=True, type=Path)
    return made


@contextlib.contextmanager
def company(arguments, handler_class):
    """Run an inbox and fill the database with books; yield the file that lists what arrived."""
    path, port = arguments.folder / "accepted.jsonl", free_port()
    context = multiprocessing.get_context("spawn")
    inbox = context.Process(target=serve, args=(handler_class(path), port))
    inbox.start()
    try:
        odoo.tools.config.parse_config(
            ["-d", arguments.database, "--no-http", "--max-cron-threads=0", "--log-level=critical"],
            setup_logging=True,
        )
        set_up(arguments.database, port)
        yield path
    finally:
        inbox.terminate()


def tell(faults):
    """Print faults, and return the exit code."""
    for fault in faults:
        print(f"FAULT {fault}", file=sys.stderr)
    return 1 if faults else 0
