"""Kills real Odoo processes in the middle of both jobs and checks what is left.

Some of them hang for a while instead, or lose the connection that keeps their lock. The parent
kills each worker with SIGKILL after a random time (``real_processes.py``).
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta

from freezegun import freeze_time
from real_processes import (
    CUSTOMERS,
    START,
    Recorder,
    company,
    environment,
    finish,
    fork_worker,
    parser,
    strike_hour,
    tell,
    wait,
)

import odoo


def kill_some(database, day, workers, longest, tally):
    """Start workers, and kill them after random times."""
    pids = [fork_worker(database, day, as_cron=n == 0) for n in range(workers)]
    for pid in pids:
        time.sleep(random.uniform(0, longest / workers))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        tally["killed" if wait(pid) == -signal.SIGKILL else "ended before"] += 1


def restart_under(database, day, folder, longest, tally):
    """Start a worker, and restart the database under it: in order, or as if its machine died."""
    pid = fork_worker(database, day)
    time.sleep(random.uniform(0, longest))
    mode = random.choice(("fast", "immediate"))
    subprocess.run([folder / "restart", mode], check=True)
    tally[f"restarts ({mode})"] += 1
    wait(pid)
    odoo.sql_db.close_all()


def hang_some(database, day, longest, tally):
    """Stop a worker for a while, as a machine that is busy does; another one works meanwhile."""
    pid = fork_worker(database, day, as_cron=False)
    time.sleep(random.uniform(0, longest))
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
    wait(fork_worker(database, day, as_cron=False))
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)
    wait(pid)
    tally["hung"] += 1


#: The connection by which a living worker keeps its run locked.
CUT = """
    SELECT pg_terminate_backend(pid)
      FROM pg_stat_activity
     WHERE datname = current_database()
       AND state = 'idle in transaction'
       AND (query LIKE 'SELECT state FROM upominky_run%' OR query = 'SELECT 1')
"""


def cut_lock(database, day, longest, tally):
    """Cut the connection that keeps a worker's lock, as a failover does; another one works on."""
    pid = fork_worker(database, day, as_cron=False)
    time.sleep(random.uniform(0, longest))
    with environment(database) as env:
        env.cr.execute(CUT)
        tally["locks cut" if env.cr.fetchall() else "no lock to cut"] += 1
    wait(fork_worker(database, day, as_cron=False))
    wait(pid)


# ------------------------------------------------------------------------- the checks


def read_inbox(path):
    return [json.loads(row) for row in path.read_text().splitlines()] if path.exists() else []


def check(database, day, path, tally):
    """Check what the day left; settle what is uncertain, so that the next day can go on."""
    faults = []
    accepted = Counter((row["reminder"], row["to"]) for row in read_inbox(path))
    faults += [f"twice: {key}" for key, count in accepted.items() if count > 1]
    with environment(database) as env, freeze_time(datetime(day.year, day.month, day.day, 5)):
        reminders = env["upominky.reminder"].search([("issue_date", "=", day)])
        if len(reminders) != CUSTOMERS:
            faults.append(f"{day}: {len(reminders)} reminders, not {CUSTOMERS}")
        for reminder in reminders:
            faults += check_reminder(reminder, accepted, tally)
        faults += check_database(env)
        uncertain = reminders.delivery_ids.filtered(lambda d: d.state == "uncertain")
        uncertain.action_mark_sent()
        env.cr.commit()
    return faults


def check_reminder(reminder, accepted, tally):
    """A message arrived if and only if it is shown as sent, or as uncertain."""
    address = reminder.partner_id.email
    arrived = accepted[reminder.id, address]
    states = set(reminder.delivery_ids.mapped("state"))
    shown = "sent" if reminder.state == "sent" else ("uncertain" if "uncertain" in states else "?")
    tally[f"{shown}, {'arrived' if arrived else 'not arrived'}"] += 1
    if shown == "?":
        yield f"{reminder.name}: {reminder.state} with {states}"
    if shown == "sent" and not arrived:
        yield f"{reminder.name}: shown as sent, did not arrive"


def check_database(env):
    """Nothing is left in the middle of anything."""
    for model, domain in (
        ("upominky.delivery", [("state", "in", ("queued", "sending"))]),
        ("upominky.reminder", [("send_run_id", "!=", False)]),
        ("upominky.run", [("state", "=", "running")]),
        ("upominky.reminder", [("line_ids", "=", False)]),
    ):
        if left := env[model].search_count(domain):
            yield f"{left} of {model} are left with {domain}"
    twice = env["upominky.reminder.line"]._read_group(
        [("counted", "=", True)], ["move_line_id", "level_order"], having=[("__count", ">", 1)]
    )
    for item, order in twice:
        yield f"{item} has level {order} twice"


# --------------------------------------------------------------------------- the run


def run(arguments, path):
    tally, faults = Counter(), []
    day = START
    strike_hour(arguments.database, "generate")
    longest = finish(arguments.database, day)
    faults += check(arguments.database, day, path, tally)
    while tally["killed"] < arguments.kills and not faults:
        day += timedelta(days=1)
        strike_hour(arguments.database, "generate", "send")
        for _n in range(random.randint(1, 5)):
            if arguments.restarts and random.random() < 0.5:
                restart_under(arguments.database, day, arguments.folder, longest, tally)
            elif random.random() < 0.3:
                random.choice((hang_some, cut_lock))(arguments.database, day, longest, tally)
            else:
                kill_some(arguments.database, day, random.choice((1, 1, 2)), longest, tally)
        finish(arguments.database, day)
        faults += check(arguments.database, day, path, tally)
    return tally, faults, (day - START).days


def main():
    reader = parser(__doc__)
    reader.add_argument("--kills", type=int, default=200)
    reader.add_argument("--restarts", action="store_true", help="restart the database as well")
    reader.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = reader.parse_args()
    random.seed(arguments.seed)
    with company(arguments, Recorder) as path:
        tally, faults, days = run(arguments, path)
    print(f"seed {arguments.seed}, {days} days: " + ", ".join(f"{n} {k}" for k, n in tally.items()))
    return tell(faults)


if __name__ == "__main__":
    sys.exit(main())
