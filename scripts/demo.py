"""The demo's inbox, its story told by Odoo, and the web client. Called by scripts/demo."""

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from demo_inbox import inbox, reserved_port

WEB_PORT = 8069
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WEB_START_SECONDS = 120
STORY_SECONDS = 600
STORY = b"import demo_story; demo_story.tell(env)\n"
START = b"import demo_start; demo_start.tell(env)\n"
SAID_WHY = 3  # how the story ends after a sentence of its own
LOCK = (7,)  # scripts/demo's: the database stays taken as long as any of our processes lives
LOGINS = (
    ("admin / admin", "English, everything"),
    ("ucetni / ucetni", "Czech, accountant who manages the reminders"),
    ("referent / referent", "Czech, clerk who reads, issues and approves them"),
)


def die(sentence):
    print(f"ERROR: {sentence}", file=sys.stderr)
    raise SystemExit(1)


def odoo(options, log, *arguments):
    """Return the command line of an Odoo on the demo's database."""
    common = ("-d", options.database, f"--logfile={log}")
    return [sys.executable, "-m", "odoo", *arguments, *common]


def fresh_folder(options):
    """Return the folder of messages, emptied: those of an earlier run would be counted."""
    folder = options.folder / "mail" / options.database
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def tell_story(options, folder, smtp_port, web_port):
    """Run the simulated days in a process of their own, for their clock is not ours."""
    log = options.logs / f"demo-story-{options.database}.log"
    log.write_text("")
    told = {
        "smtp_port": smtp_port,
        "web_port": web_port,
        "folder": str(folder),
        "log": str(log),
    }
    command = odoo(options, log, "shell", "--no-http", "--max-cron-threads=0")
    environment = {**os.environ, "UPOMINKY_STORY": json.dumps(told)}
    try:
        result = subprocess.run(
            command,
            input=START if options.fresh else STORY,
            env=environment,
            check=False,
            timeout=STORY_SECONDS,
            pass_fds=LOCK,
        )
    except subprocess.TimeoutExpired:
        die(f"The simulated days did not end in {STORY_SECONDS} s. Log: {log}")
    if result.returncode == SAID_WHY:
        raise SystemExit(1)
    if result.returncode:
        die(f"The simulated days ended with code {result.returncode}. Log: {log}")


@contextlib.contextmanager
def web_client(options, port):
    """Run Odoo's web client with its scheduled jobs; end it as Ctrl-C would."""
    log = options.logs / f"demo-web-{options.database}.log"
    arguments = ("--http-interface=127.0.0.1", f"--http-port={port}", "--no-database-list")
    command = odoo(options, log, *arguments, "--max-cron-threads=2", "--workers=0")
    command.append(f"--db-filter=^{options.database}$")
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            pass_fds=LOCK,
        )
    try:
        wait_for_web(process, port, log)
        yield process, log
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_web(process, port, log):
    end = time.monotonic() + WEB_START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            die(f"Starting the web client failed: it ended with code {process.poll()}. Log: {log}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=60).close()
            return
        except OSError:  # nobody listens yet
            pass
        time.sleep(0.3)
    die(f"Starting the web client failed: no answer in {WEB_START_SECONDS} s. Log: {log}")


def announce(url, options, smtp_port):
    print(f"\nWeb client   {url}")
    for login, who in LOGINS:
        print(f"  {login:<20} {who}")
    if options.fresh:
        print(f"Mail server  host 127.0.0.1, port {smtp_port}: Odoo does not know it yet")
        print("Begin with Invoicing / Payment Reminders / First Steps, as admin.")
    print("Both jobs go on, and new messages arrive in the folder, until Ctrl-C.", flush=True)


def run_web(options, port, smtp_port):
    url = f"http://127.0.0.1:{port}/odoo"
    note = options.folder / f"{options.database}.url"
    with web_client(options, port) as (process, log):
        note.write_text(f"{url} (process {process.pid})")
        try:
            announce(url, options, smtp_port)
            code = process.wait()
            die(f"The web client ended by itself with code {code}. Log: {log}")
        except KeyboardInterrupt:
            print("\nThe web client and the inbox end.", flush=True)
        finally:
            note.unlink(missing_ok=True)


def listen_to_signals():
    """End tidily, also when started in the background, where a shell has SIGINT ignored."""

    def interrupt(_signal, _frame):
        raise KeyboardInterrupt

    for number in SIGNALS:
        # nohup has SIGHUP ignored: so be it.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)


def parse():
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--logs", type=Path, required=True)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    return parser.parse_args()


def main(options):
    folder = fresh_folder(options)
    with inbox(folder) as smtp_port, reserved_port(options.logs, WEB_PORT) as web_port:
        tell_story(options, folder, smtp_port, web_port)
        if not options.once:
            run_web(options, web_port, smtp_port)


if __name__ == "__main__":
    listen_to_signals()
    try:
        main(parse())
    except KeyboardInterrupt:
        print("\nThe demo was stopped.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        die(f"The demo could not go on: {error}")
