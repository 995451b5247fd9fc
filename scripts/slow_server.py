"""Job 2 hangs in a conversation with a slow mail server: job 1 and people work on meanwhile.

Real processes, as in ``crash.py``: a lock that job 2 held while it waits would stop the others,
who wait for a lock half a second at most.
"""

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from datetime import datetime

import real_processes as real
from crash import check
from freezegun import freeze_time

PATIENCE = "500ms"


class Slow(real.Recorder):
    """Takes its time with each answer, as long as there is a file that says so."""

    async def wait(self, step):
        brake = self.path.with_name("seconds")
        if brake.exists():
            self.path.with_name("hanging").write_text(step)
            await asyncio.sleep(float(brake.read_text()))

    async def handle_MAIL(self, server, session, envelope, address, options):
        await self.wait("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self.wait("RCPT")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await self.wait("DATA")
        return await super().handle_DATA(server, session, envelope)


def work_on(database):
    """Issue reminders of new invoices, and pay the one whose reminder is being sent.

    :return: the seconds of job 1, the reminders issued and wanted, what is left of the payment
    """
    day = real.START
    with (
        real.environment(database) as env,
        freeze_time(datetime(day.year, day.month, day.day, 3), ignore=["_pytest"]),
    ):
        env.cr.execute("SET lock_timeout = %s", [PATIENCE])
        sending = env["upominky.delivery"].search([("state", "=", "sending")])
        old = sending.reminder_id.line_ids.move_id
        new = env["account.move"].create([real.invoice(env, n) for n in range(100, 120)])
        new.action_post()
        env.cr.commit()
        real.strike_hour(database, "generate")
        started = time.clock_gettime(time.CLOCK_MONOTONIC)
        real.run_cron(env, "generate")
        env.cr.commit()
        seconds = time.clock_gettime(time.CLOCK_MONOTONIC) - started
        issued = env["upominky.reminder.line"].search_count([("move_id", "in", new.ids)])
        pay(env, old)
        env.cr.commit()
        env.cr.execute("RESET lock_timeout")
        return seconds, issued, len(new), old.amount_residual


def pay(env, move):
    context = {"active_model": "account.move", "active_ids": move.ids}
    env["account.payment.register"].with_context(**context).create({})._create_payments()


def wait_for(path, seconds=60):
    end = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > end:
            raise SystemExit("Job 2 did not come to the mail server.")
        time.sleep(0.05)


def run(database, folder, seconds):
    path, tally = folder / "accepted.jsonl", Counter()
    (folder / "seconds").write_text(str(seconds))
    real.strike_hour(database, "generate", "send")
    worker = real.fork_worker(database, real.START)
    wait_for(folder / "hanging")
    took, issued, wanted, left = work_on(database)
    hung = os.waitpid(worker, os.WNOHANG) == (0, 0)
    os.kill(worker, signal.SIGKILL)
    real.wait(worker)
    (folder / "seconds").unlink()
    real.finish(database, real.START)
    found = check(database, real.START, path, tally)
    faults = [fault for fault in found if "reminders, not" not in fault]  # there are more here
    if not hung:
        faults.append("job 2 was through before job 1 began: nothing was tried")
    if issued != wanted or left:
        faults.append(f"{issued} of {wanted} reminders issued, {left} left to pay")
    counts = ", ".join(f"{count} {what}" for what, count in tally.items())
    print(f"{issued} issued in {took:.1f} s while each answer takes {seconds:g} s; {counts}")
    return faults


def main():
    reader = real.parser(__doc__)
    reader.add_argument("--seconds", type=float, default=5)
    arguments = reader.parse_args()
    with real.company(arguments, Slow):
        faults = run(arguments.database, arguments.folder, arguments.seconds)
    return real.tell(faults)


if __name__ == "__main__":
    sys.exit(main())
