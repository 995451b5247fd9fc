"""What people and books do between any two steps of job 2, on the real system.

A worker runs in a thread of its own, with its own connection, and stops at one step of its way;
then somebody acts in another connection; then it goes on. Every step with every act is a case of
its own: one customer with two contacts, one invoice, one reminder, and a real conversation with a
mail server. Half of the acts begin with a snapshot from before the worker took the reminder up.
"""

import asyncio
import logging
import random
import sys
import threading
from collections import Counter
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from unittest.mock import patch

import psycopg2
import real_processes as real
from aiosmtpd.controller import Controller
from freezegun import freeze_time
from meanwhile_acts import ACTS, AMOUNT, BY_PEOPLE, PART, STOPPING, WAITING

import odoo
from odoo.exceptions import UserError
from odoo.modules.registry import Registry

DAY = real.START
#: Seconds that an act may wait for the worker's lock before the worker goes on.
PATIENCE = 0.5


class Stop:
    """Stops the worker at one step, the first time that it comes there."""

    def __init__(self):
        self.step = None
        self.reached, self.go_on = threading.Event(), threading.Event()

    def set(self, step):
        self.step = step
        self.reached.clear()
        self.go_on.clear()

    def here(self, step):
        if step == self.step and not self.reached.is_set():
            self.reached.set()
            if not self.go_on.wait(60):
                raise TimeoutError(step)


STOP = Stop()


# ----------------------------------------------------------------------- the server


class Server:
    """Accepts everything, and stops where it is told to."""

    def __init__(self):
        self.accepted = []
        self.begun = 0  # messages, accepted or not

    async def stop(self, step):
        await asyncio.get_running_loop().run_in_executor(None, STOP.here, step)

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.begun += 1
        await self.stop("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self.stop("RCPT")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await self.stop("DATA")
        message = message_from_bytes(envelope.content, policy=policy.default)
        text = message.get_body(("plain",)).get_content()
        self.accepted.append((envelope.rcpt_tos[0], text))
        await self.stop("answer")
        return "250 Accepted"


#: Steps of the worker: the model and the method before which it stops.
METHODS = {
    "claim": ("upominky.send", "_claim"),
    "recheck": ("upominky.reminder", "_recheck"),
    "render": ("upominky.reminder", "_render"),
    "prepared": ("upominky.send", "_deliver"),
    "session": ("upominky.transport.email", "_connect"),
    "mark": ("upominky.send", "_mark_sending"),
    "record": ("upominky.send", "_record"),
    "settle": ("upominky.send", "_release"),
}
IN_CONVERSATION = ("MAIL", "RCPT", "DATA", "answer", "record")
STEPS = [*list(METHODS)[:6], "MAIL", "RCPT", "DATA", "answer", "record", "settle"]


@contextmanager
def stops(database):
    """Let the worker's methods stop before they begin."""
    registry = Registry(database)
    with ExitStack() as patches:
        for step, (model, name) in METHODS.items():
            owner = registry[model]
            original = getattr(owner, name)

            def stopping(self, *args, step=step, original=original, **kwargs):
                STOP.here(step)
                return original(self, *args, **kwargs)

            patches.enter_context(patch.object(owner, name, stopping))
        yield


# -------------------------------------------------------------------------- one case


class Case:
    """One customer with two contacts, whose reminder meets one act at one step."""

    def __init__(self, step, name, early, row):
        self.step, self.name, self.early = step, name, early
        self.customer_id, self.contact_id, self.move_id, self.reminder_id = row
        self.moved = f"moved{self.move_id}@x.example"
        self.addresses = ()
        self.error = None
        self.before = None

    def __str__(self):
        return f"{self.name} at {self.step}{' (snapshot from before)' if self.early else ''}"

    def customer(self, env):
        return env["res.partner"].browse(self.customer_id)

    def contact(self, env):
        return env["res.partner"].browse(self.contact_id)

    def move(self, env):
        return env["account.move"].browse(self.move_id)

    def reminder(self, env):
        return env["upominky.reminder"].browse(self.reminder_id)


def work(database, case, faults):
    """Run job 2 for the case's reminder, as its own thread."""
    try:
        with real.environment(database) as env:
            env["upominky.send"]._send(env.company, only=[case.reminder_id])
            env.cr.commit()
    except Exception as error:  # whatever it is: a worker never ends like this
        faults.append(f"{case}: the worker raised {error!r}")
    finally:
        STOP.reached.set()


def act(database, case, server, begun):
    """Let somebody act, as a request of Odoo does: what collides is tried again."""
    with real.environment(database) as env:
        if case.early:
            env.cr.execute("SELECT COUNT(*) FROM upominky_reminder")
        begun.set()
        if case.early and not STOP.reached.wait(60):
            raise TimeoutError(case)
        for _try in range(5):
            try:
                ACTS[case.name](env, case)
                env.cr.commit()
                break
            except psycopg2.errors.SerializationFailure:
                env.cr.rollback()
                env.invalidate_all(flush=False)
            except UserError as refusal:
                env.cr.rollback()
                case.error = str(refusal)
                break
        case.before = max(server.begun, marked(env, case))


def marked(env, case):
    """Return how many messages were let out by now, though the server may not know them yet.

    An act may wait for a lock while the worker goes on: what was marked before the act was done
    is on its way.
    """
    let_out = [("reminder_id", "=", case.reminder_id), ("state", "not in", ("queued", "cancelled"))]
    return env["upominky.delivery"].search_count(let_out)


def meet(database, case, server, faults):
    """Let the worker come to its step, somebody act there, and the worker go on."""
    STOP.set(case.step)
    begun = threading.Event()
    acting = threading.Thread(target=act, args=(database, case, server, begun))
    working = threading.Thread(target=work, args=(database, case, faults))
    if case.early:
        acting.start()
        begun.wait(60)
    working.start()
    if not STOP.reached.wait(60):
        faults.append(f"{case}: the worker never came there")
    if not case.early:
        acting.start()
    acting.join(PATIENCE)  # it may wait for a lock that the worker gives back when it goes on
    STOP.go_on.set()
    for thread in (working, acting):
        thread.join(60)
        if thread.is_alive():
            faults.append(f"{case}: somebody hangs")


# ------------------------------------------------------------------------ the checks


def check(env, case, server):
    """Yield what is wrong after a case, given all the time to come to its end."""
    reminder = case.reminder(env)
    accepted = [text for _to, text in server.accepted]
    twice = [to for to, count in Counter(to for to, _text in server.accepted).items() if count > 1]
    if twice:
        yield f"{twice} got it twice"
    after = server.begun - case.before
    done = case.error is None
    if done and case.name in BY_PEOPLE and after:
        yield f"told done, and {after} messages were begun afterwards"
    if done and case.name in BY_PEOPLE and case.step in IN_CONVERSATION[:4]:
        yield "told done while a message was being handed over"
    if done and case.name in STOPPING and after:
        yield f"{after} messages were begun after it"
    if done and case.name == "pay_part" and case.before == 0:
        due = f"{AMOUNT - PART}.00"
        if any(due not in text for text in accepted):
            yield "a message asks for what was paid"
    new = case.moved in [to for to, _text in server.accepted]
    if done and case.name == "address" and case.before == 0 and accepted and not new:
        yield "it went to the old address"
    old = set(case.addresses) & {to for to, _text in server.accepted}
    if done and case.name == "delete_contact" and case.before == 0 and old:
        yield f"it went to a contact that was deleted: {old}"
    yield from check_end(reminder)


def check_end(reminder):
    states = reminder.delivery_ids.mapped("state")
    if reminder.send_run_id or {"queued", "sending"} & set(states):
        yield f"left in hand: {reminder.send_run_id} {states}"
    if reminder.next_try:
        yield f"still waits: {reminder.state} {reminder.next_try}"
    if reminder.state == "issued" and "uncertain" not in states and reminder.delivery_ids:
        yield f"issued with {states}"
    unsaid = reminder.state == "cancelled" and not reminder.cancel_reason
    unsaid |= reminder.state == "failed" and not reminder.error
    if unsaid:
        yield f"{reminder.state} without a reason"
    if reminder.state == "sent" and not reminder.sent_way and not {"sent"} & set(states):
        yield f"sent with {states}"


# --------------------------------------------------------------------------- the run


def set_up(database, port, cases):
    """Make a customer, an invoice and a reminder for each case."""
    with real.environment(database) as env, freeze_time(DAY):
        company = env.company
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
        company.write({"upominky_mode": "live", "email": "books@sender.example"})
        env["res.partner.bank"].create({"partner_id": company.partner_id.id, "acc_number": "1"})
        env["ir.mail_server"].create({"name": "inbox", "smtp_host": "127.0.0.1", "smtp_port": port})
        moves = env["account.move"].create([invoice(env, n) for n in range(cases)])
        moves.action_post()
        env.cr.commit()
        env["upominky.generate"]._generate(company)
        env.cr.commit()
        reminders = moves.upominky_line_ids.reminder_id
        reminders.write({"next_try": False})
        env.cr.commit()
        return [
            (r.partner_id.id, r.partner_id.child_ids.id, r.line_ids.move_id.id, r.id)
            for r in reminders.sorted("id")
        ]


def invoice(env, number):
    values = real.invoice(env, number)
    values["invoice_date_due"] = DAY - timedelta(days=9)
    values["invoice_line_ids"][0][2]["price_unit"] = AMOUNT
    env["res.partner"].create(
        {
            "name": "Accounts",
            "type": "invoice",
            "parent_id": values["partner_id"],
            "email": f"a{number}@x.example, b{number}@x.example",
        }
    )
    return values


def try_case(database, case, server):
    """Play one case, bring the world to rest, and return what is wrong."""
    faults = []
    server.accepted.clear()
    server.begun = 0
    with real.environment(database) as env:
        case.addresses = case.reminder(env).email_to.split(", ")
        case.reminder(env).next_try = datetime(DAY.year, DAY.month, DAY.day, 8)
        env.cr.commit()
    meet(database, case, server, faults)
    if case.before is None:
        return [*faults, f"{case}: nobody acted"]
    STOP.set(None)
    with real.environment(database) as env:
        if case.name not in ("mode_off", "pilot_only"):
            for minutes in (2, 4, 60):
                with freeze_time(moment(minutes), ignore=["_pytest"]):
                    env["upominky.send"]._bury_dead()
                    env["upominky.send"]._send(env.company, only=[case.reminder_id])
                    env.cr.commit()
        found = check(env, case, server)
        if case.name in ("mode_off", "pilot_only"):
            found = (fault for fault in found if not fault.startswith(WAITING))
        faults += [f"{case}: {fault}" for fault in found]
        env.cr.rollback()
        env.company.upominky_mode = "live"
        case.reminder(env).level_id.mail_template_id.active = True
        case.reminder(env).rule_id.active = True
        case.reminder(env).next_try = False
        env.cr.commit()
    return faults


def moment(minutes=0):
    return datetime(DAY.year, DAY.month, DAY.day, 9) + timedelta(minutes=minutes)


def choose(arguments):
    """Return the cases to play: every step with every act, or some of them."""
    chosen = random.Random(arguments.seed)
    acts = arguments.acts.split(",") if arguments.acts else ACTS
    table = [(step, name) for step in STEPS for name in acts]
    first = chosen.randrange(arguments.every)
    wanted = table[first :: arguments.every]
    if arguments.only:
        wanted = [tuple(arguments.only.split(":"))]
    return [(step, name, chosen.random() < 0.5) for step, name in wanted]


def main():
    reader = real.parser(__doc__)
    reader.add_argument("--every", type=int, default=1, help="play one case of so many")
    reader.add_argument("--seed", type=int, default=random.randrange(10**6))
    reader.add_argument("--only", help="STEP:ACT")
    reader.add_argument("--acts", help="names of acts, with commas: these alone")
    arguments = reader.parse_args()
    odoo.tools.config.parse_config(
        ["-d", arguments.database, "--no-http", "--max-cron-threads=0", "--log-level=critical"],
        setup_logging=True,
    )
    for name in ("mail.log", "aiosmtpd"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    chosen = choose(arguments)
    server, port, faults = Server(), real.free_port(), []
    inbox = Controller(server, hostname="127.0.0.1", port=port)
    inbox.start()
    rows = set_up(arguments.database, port, len(chosen))
    refused = Counter()
    with stops(arguments.database), freeze_time(moment(), ignore=["_pytest"]):
        for (step, name, early), row in zip(chosen, rows, strict=True):
            case = Case(step, name, early, row)
            found = try_case(arguments.database, case, server)
            for fault in found:
                print(f"FAULT {fault}", file=sys.stderr, flush=True)
            faults += found
            refused[name] += case.error is not None
    inbox.stop()
    print("refused:", dict(+refused))
    steps, acts = len({c[0] for c in chosen}), len({c[1] for c in chosen})
    print(
        f"seed {arguments.seed}: {len(chosen)} cases of {steps} steps and {acts} acts, "
        f"{refused.total()} refused with a sentence, {len(faults)} faults"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
