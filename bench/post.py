"""Preparing and sending of e-mails, against Odoo's own queue and a bare loop."""

import multiprocessing
import random
import signal
import smtplib
import socket
import time
from contextlib import contextmanager
from email.message import EmailMessage
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo import Command

from .measure import Clock, Sample, measured
from .process import environment

#: 50 kB that compress as little as a PDF does.
PDF = b"%PDF-1.7\n" + random.Random(50).randbytes(50_000)


class Sink:
    """Accepts every message and forgets it."""

    async def handle_DATA(self, server, session, envelope):
        return "250 Accepted"


def serve(port):
    """Run the server until this process is ended."""
    Controller(Sink(), hostname="127.0.0.1", port=port).start()
    signal.pause()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def smtp_server(database):
    """Run an SMTP server in a process of its own, as Odoo's only one; yields its port."""
    port = free_port()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(port,))
    server.start()
    try:
        _wait_for(port)
        with environment(database) as env:
            servers = env["ir.mail_server"]
            servers.search([]).active = False
            servers.create(
                {
                    "name": "bench",
                    "smtp_host": "127.0.0.1",
                    "smtp_port": port,
                    "smtp_encryption": "none",
                }
            )
            env.cr.commit()
        yield port
    finally:
        server.terminate()
        server.join()


def _wait_for(port):
    for _try in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The SMTP server does not start")


def send(database, count, ids=None):
    """Have job 2's own code prepare and send ``count`` reminders.

    :param list[int] ids: which, where it matters
    :return: samples of preparing (recheck, render, create) and of sending (all the rest)
    """
    with environment(database) as env:
        issued = [("state", "=", "issued")]
        ids = ids or env["upominky.reminder"].search(issued, limit=count).ids
        if len(ids) < count:
            raise SystemExit("There are not enough reminders to send")
        Send = type(env["upominky.send"])
        clock = Clock(Send._prepare)
        with patch.object(Send, "_prepare", clock), measured() as whole:
            sender = env["upominky.send"]._in(env.company)
            sender._send(env.company, only=ids)
        env.cr.commit()
        sent = env["upominky.reminder"].search_count([("id", "in", ids), ("state", "=", "sent")])
        if sent != count:
            raise SystemExit(f"{sent} of {count} reminders were sent")
    notes = {"mails": count, "slices": clock.calls}
    preparing = Sample(clock.seconds, clock.queries, whole.peak_mb, notes)
    rest = whole.seconds - clock.seconds, whole.queries - clock.queries
    return preparing, Sample(*rest, whole.peak_mb, {"mails": count})


def attach_pdf(database):
    """Attach a PDF to the template of every level, which all messages have from now on."""
    with environment(database) as env:
        for template in env["upominky.level"].search([]).mail_template_id:
            values = {"name": "terms.pdf", "raw": PDF, "mimetype": "application/pdf"}
            template.attachment_ids = env["ir.attachment"].create(values)
        env.cr.commit()


def messages(database, count):
    """Return what was sent last, to be sent again in other ways."""
    with environment(database) as env:
        found = env["mail.message"].search(
            [("model", "=", "upominky.reminder"), ("message_type", "=", "email_outgoing")],
            limit=count,
            order="id desc",
        )
        names = ["subject", "body", "email_from", "outgoing_email_to", "res_id", "attachment_ids"]
        return found.read(names)


def _fill_queue(env, mails):
    """Put the same messages into Odoo's queue as Odoo itself does, and return them.

    Each is addressed to a partner, with the notification that its chatter shows the outcome by.
    """
    reminders = env["upominky.reminder"].browse(mail["res_id"] for mail in mails)
    partners = [reminder.partner_id.id for reminder in reminders]
    queue = env["mail.mail"].create(
        [
            {
                "subject": mail["subject"],
                "body_html": mail["body"],
                "email_from": mail["email_from"],
                "recipient_ids": [Command.set([partner])],
                "model": "upominky.reminder",
                "res_id": mail["res_id"],
                "attachment_ids": [Command.set(mail["attachment_ids"])],
                "is_notification": True,
            }
            for mail, partner in zip(mails, partners, strict=True)
        ]
    )
    env["mail.notification"].create(
        [
            {
                "mail_message_id": mail.mail_message_id.id,
                "mail_mail_id": mail.id,
                "res_partner_id": partner,
                "notification_type": "email",
                "notification_status": "ready",
            }
            for mail, partner in zip(queue, partners, strict=True)
        ]
    )
    env.cr.commit()
    return queue


def odoo_queue(database, mails):
    """Measure sending of the same messages through Odoo's own queue."""
    with environment(database) as env:
        queue = _fill_queue(env, mails)
        with measured() as sample:
            queue.process_email_queue(queue.ids, batch_size=len(mails))
        env.cr.commit()
        left = queue.exists().filtered(lambda mail: mail.state != "sent")
        if left:
            raise SystemExit(f"Odoo's queue left {len(left)} mails: {left[0].failure_reason}")
    sample.notes = {"mails": len(mails)}
    return sample


def bare_loop(database, mails, port):
    """Build the MIME message, send it with smtplib and commit twice, for each of the messages."""
    with environment(database) as env:
        env.cr.execute("CREATE TABLE IF NOT EXISTS bench_mark (id int PRIMARY KEY, state text)")
        env.cr.execute("TRUNCATE bench_mark")
        env.cr.execute("INSERT INTO bench_mark SELECT generate_series(1, %s)", [len(mails)])
        env.cr.commit()
        with measured() as sample, smtplib.SMTP("127.0.0.1", port) as session:
            for n, mail in enumerate(mails, 1):
                for state in ("sending", "sent"):
                    if state == "sent":
                        session.send_message(_mime(mail))
                    env.cr.execute("UPDATE bench_mark SET state = %s WHERE id = %s", [state, n])
                    env.cr.commit()
    sample.notes = {"mails": len(mails)}
    return sample


def _mime(mail):
    message = EmailMessage()
    message["Subject"] = mail["subject"]
    message["From"] = mail["email_from"]
    message["To"] = mail["outgoing_email_to"]
    message.set_content(mail["subject"])
    message.add_alternative(str(mail["body"]), subtype="html")
    if mail["attachment_ids"]:
        message.add_attachment(PDF, "application", "pdf", filename="terms.pdf")
    return message
