"""Kinds of SMTP servers to test mail accounts against."""

import datetime
import socket
import ssl
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = "right-password"
DSN_OPTIONS = ("ENVID", "RET", "NOTIFY", "ORCPT")


async def offer_dsn(server, session, envelope, hostname, responses):
    """Answer EHLO with one extension more."""
    session.host_name = hostname
    return [*responses[:-1], "250-DSN", responses[-1]]


class DsnServer(SMTP):
    """A server that offers DSN (RFC 3461), and keeps what it was asked for."""

    async def smtp_MAIL(self, arg):
        await super().smtp_MAIL(self._take_options(arg))

    async def smtp_RCPT(self, arg):
        await super().smtp_RCPT(self._take_options(arg))

    def _take_options(self, arg):
        """Keep the options of DSN, as sent, and leave the rest to the library."""
        words = arg.split(" ")
        taken = [word for word in words if word.split("=")[0].upper() in DSN_OPTIONS]
        self.event_handler.asked.update(word.split("=", 1) for word in taken)
        return " ".join(word for word in words if word not in taken)


class DsnController(Controller):
    def factory(self):
        self.handler.asked = {}
        self.handler.handle_EHLO = offer_dsn
        return DsnServer(self.handler, **self.SMTP_kwargs)


class ForgetfulController(DsnController):
    """A server that offers DSN in its first session alone, as two of them behind a balancer.

    The start of a controller tries a connection of its own.
    """

    sessions = 0

    def factory(self):
        self.sessions += 1
        server = super().factory()
        if self.sessions > 2:
            del self.handler.handle_EHLO
            server = DsnServer(self.handler, **self.SMTP_kwargs)
        return server


class TlsController(Controller):
    """A server that speaks TLS from the first byte on."""

    def _trigger_server(self):
        # The library would greet its own server with the server's context.
        client = ssl.create_default_context()
        client.check_hostname = False
        client.verify_mode = ssl.CERT_NONE
        with socket.create_connection((self.hostname, self.port), 5) as probe:
            client.wrap_socket(probe).close()


def self_signed(folder):
    """Return a server's context with a certificate that nobody vouches for.

    :param str folder: an empty folder for it
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime(2020, 1, 1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now.replace(year=2099))
        .sign(key, hashes.SHA256())
    )
    pem = Path(folder) / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def check_password(server, session, envelope, mechanism, data):
    """Let in whoever has the password."""
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)
