"""An SMTP server on the loopback that keeps every message as a file, and refuses a few."""

import asyncio
import contextlib
import email
import email.policy
import fcntl
import re
import socket
from itertools import count, repeat

from aiosmtpd.controller import Controller

#: A mailbox that is gone, and a server that asks strangers to come again.
GONE = "objednavky@tiskarna-rychly.example"
GREYLISTED = "uctarna@optika-jasno.example"


class Inbox:
    """Keeps messages as FOLDER/001 DAY ADDRESS.eml, after ``seconds`` of thought over each."""

    def __init__(self, folder, seconds=0):
        self.folder = folder
        self.seconds = seconds
        self.numbers = count(1)
        self.refusals = {
            GONE: repeat("550 5.1.1 No such mailbox here"),
            GREYLISTED: iter(["451 4.7.1 Greylisted, please try again later"]),
        }

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        refusal = next(self.refusals.get(address, iter(())), None)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        day = message["Date"].datetime.date().isoformat() if message["Date"] else "undated"
        to = re.sub(r"[^\w.@+-]", "_", ",".join(envelope.rcpt_tos))[:80]
        target = self.folder / f"{next(self.numbers):03d} {day} {to}.eml"
        partial = target.with_suffix(".partial")
        partial.write_bytes(envelope.content)
        partial.rename(target)
        await asyncio.sleep(self.seconds)
        return "250 Kept"


def free_port(port=0):
    """Return ``port`` of the loopback if nobody listens there, any free one for 0.

    :raises OSError: if somebody does
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return probe.getsockname()[1]


@contextlib.contextmanager
def reserved_port(folder, first, attempts=200):
    """Yield the lowest free port from ``first`` on, which no other process gets here meanwhile.

    Minutes may pass until this process listens on it, in which others look for a port as well.
    """
    with contextlib.ExitStack() as stack:
        for port in range(first, first + attempts):
            lock = stack.enter_context((folder / f"port-{port}.lock").open("w"))
            with contextlib.suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                free_port(port)
                break
        else:
            raise OSError(f"no free port from {first} to {first + attempts - 1}")
        yield port


@contextlib.contextmanager
def inbox(folder, seconds=0):
    """Run an inbox that fills ``folder``; yield its port."""
    port = free_port()
    controller = Controller(Inbox(folder, seconds), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
