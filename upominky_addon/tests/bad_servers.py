"""An SMTP server on a bare socket that misbehaves as it is told, and keeps what it accepted."""

import email
import email.policy
import socket
import struct
import threading
import time
from contextlib import contextmanager, suppress
from unittest.mock import patch

from odoo.addons.base.models import ir_mail_server

#: What a server may do instead of answering: close the connection, or reset it.
DROP, RESET = object(), object()
#: At the final dot: keep the message as accepted, and close before saying so.
ACCEPT_AND_DROP = object()
#: After 354: read this much of the message, then close.
DROP_IN_BODY = object()

USUAL = {"CONNECT": "220 bad.example ESMTP", "DATA": "354 Go on", "QUIT": "221 Bye"}


class BadServer:
    """Answers each command as usual, or as ``answers`` say.

    :param dict answers: by command (or CONNECT, DOT): what it says or does; a list is used up one
        by one, and the usual is said after it (None: the usual); a function is given the line
    :param extensions: what is offered after EHLO
    :param float delay: seconds before each answer
    :param int most: messages after which a connection is closed
    """

    def __init__(self, answers=None, extensions=("8BITMIME", "SMTPUTF8"), delay=0, most=None):
        self.answers = {key: self._as_list(value) for key, value in (answers or {}).items()}
        self.extensions, self.delay, self.most = extensions, delay, most
        self.accepted, self.commands, self.connections = [], [], 0
        self.sources = []  # of the accepted messages, byte by byte
        self.hung = threading.Event()  # set when a client waits for an answer
        self.tls = None
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @staticmethod
    def _as_list(value):
        return list(value) if isinstance(value, list) else value

    @property
    def recipients(self):
        """Return the addresses of all that was accepted, in their order."""
        return [address for address, _message in self.accepted]

    @property
    def messages(self):
        return [message for _address, message in self.accepted]

    def close(self):
        self.socket.close()

    def _accept(self):
        while True:
            try:
                client, _address = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with suppress(OSError, ConnectionError):
            _Conversation(self, client).run()
        with suppress(OSError):
            client.close()

    def answer(self, command, line=""):
        """Return what to say or do about a command."""
        self.commands.append(command)
        found = self.answers.get(command)
        if isinstance(found, list):
            found = found.pop(0) if found else None
        if callable(found):
            found = found(line)
        return USUAL.get(command, "250 OK") if found is None else found


class _Conversation:
    """One connection of a client."""

    def __init__(self, server, client):
        self.server, self.client = server, client
        self.file = client.makefile("rb")
        self.to, self.count = None, 0

    def run(self):
        if not self.say(self.server.answer("CONNECT")):
            return
        while line := self.file.readline():
            command = line.split(None, 1)[0].decode("latin-1").upper() if line.strip() else ""
            if not self.react(command, line.decode("utf-8", "replace").strip()):
                return

    def react(self, command, line):
        """Answer one command, and say whether the conversation goes on."""
        server = self.server
        if command == "EHLO" and "EHLO" not in server.answers:
            lines = ["bad.example", *server.extensions]
            server.commands.append(command)
            said = [f"250{'-' if n < len(lines) - 1 else ' '}{x}" for n, x in enumerate(lines)]
            return self.say("\r\n".join(said))
        answer = server.answer(command, line)
        if command == "RCPT":
            self.to = line.partition("<")[2].partition(">")[0]
        if command == "DATA" and answer is DROP_IN_BODY:
            return self.say("354 Go on") and bool(self.file.read(200)) and self.say(RESET)
        if command == "STARTTLS" and server.tls:
            return self.say("220 Go on") and self.secure()
        if not self.say(answer):
            return False
        if command == "DATA" and str(answer).startswith("354"):
            return self.take()
        return command != "QUIT"

    def secure(self):
        """Go on in TLS; a client that does not trust the server leaves."""
        self.client = self.server.tls.wrap_socket(self.client, server_side=True)
        self.file = self.client.makefile("rb")
        return True

    def take(self):
        """Read a message up to the final dot, and keep it if it is accepted."""
        lines = []
        while (line := self.file.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not line:
            return False
        answer = self.server.answer("DOT", self.to)
        if answer is ACCEPT_AND_DROP or str(answer).startswith("2"):
            self.server.sources.append(b"".join(lines))
            message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            self.server.accepted.append((self.to, message))
        self.count += 1
        return self.say(answer) and (not self.server.most or self.count < self.server.most)

    def say(self, answer):
        """Send an answer, and say whether the conversation goes on."""
        if answer in (DROP, ACCEPT_AND_DROP):
            self.client.shutdown(socket.SHUT_RDWR)
            return False
        if answer is RESET:
            linger = struct.pack("ii", 1, 0)
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.client.close()
            return False
        if self.server.delay:
            self.server.hung.set()
            time.sleep(self.server.delay)  # freezegun leaves it alone
        data = answer if isinstance(answer, bytes) else answer.encode() + b"\r\n"
        self.client.sendall(data)
        return True


@contextmanager
def bad_server(env, answers=None, timeout=5, **options):
    """Run a server, make it Odoo's only one, and let Odoo talk to it.

    :param float timeout: how long Odoo waits for an answer, in seconds
    """
    server = BadServer(answers, **options)
    servers = env["ir.mail_server"].sudo()
    servers.search([]).active = False
    server.record = servers.create(
        {
            "name": "bad",
            "smtp_host": "127.0.0.1",
            "smtp_port": server.port,
            "smtp_encryption": "none",
        }
    )
    talks = classmethod(lambda cls: False)
    try:
        with (
            patch.object(ir_mail_server.IrMail_Server, "_disable_send", talks),
            patch.object(ir_mail_server, "SMTP_TIMEOUT", timeout),
        ):
            yield server
    finally:
        server.close()
