"""A file for a lawyer about a hundred invoices: its time, and its memory in a new process."""

import io
import multiprocessing
import zipfile
from unittest.mock import patch

from odoo.tools import SQL

from . import job, post
from .long_letters import LETTERS
from .measure import forget_peak, measured, status
from .process import environment, freeze_today, start_odoo

#: What it is about: the invoices of so many reminders of about five, which went out with letters.
INVOICES, REMINDERS, LEAST, MOST = 100, 20, 5, 6


def set_up(database):
    """Send reminders of a hundred invoices with their letters, and store PDFs of the invoices."""
    job.job(database)
    with environment(database) as env:
        chosen = list(dict(env.execute_query(SQL(LETTERS, LEAST, MOST))))[:REMINDERS]
        _attach_letters(env, is_on=True)
        env["upominky.level"].search([]).mail_template_id.attachment_ids = False  # of other parts
        env.cr.commit()
    with post.smtp_server(database):
        post.send(database, len(chosen), chosen)
    with environment(database) as env:
        _attach_letters(env, is_on=False)
        _store_pdfs(env, _moves(env))
        _give_to_one(env, _moves(env))
        env.cr.commit()


def _give_to_one(env, moves):
    """Make them one customer's: a file is about one alone, and the books have few of each."""
    customer, reminders = moves[0].partner_id.id, moves.upominky_line_ids.reminder_id
    for name, ids in (
        ("account_move", moves.ids),
        ("account_move_line", moves.line_ids.ids),
        ("upominky_reminder", reminders.ids),
    ):
        table = SQL.identifier(name)
        env.cr.execute(
            SQL("UPDATE %s SET partner_id = %s WHERE id = ANY(%s)", table, customer, ids)
        )
    env.cr.execute(
        "UPDATE account_move SET commercial_partner_id = %s WHERE id = ANY(%s)",
        [customer, moves.ids],
    )
    env.invalidate_all()


def _attach_letters(env, *, is_on):
    env["upominky.level"].search([("rule_id.event", "=", "issue")]).attach_letter = is_on


def _moves(env):
    sent = env["upominky.reminder"].search([("state", "=", "sent"), ("letter_id", "!=", False)])
    moves = sent.line_ids.move_id[:INVOICES]
    if len(moves) < INVOICES:
        raise SystemExit(f"{len(moves)} invoices were sent, {INVOICES} are wanted")
    return moves


def _store_pdfs(env, moves):
    """Store a PDF of each invoice, as Odoo does when it sends one."""
    env["ir.attachment"].create(
        [
            {
                "name": f"{move.name}.pdf",
                "raw": post.PDF + str(move.id).encode(),
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
            for move in moves
        ]
    )


def make(database):
    """Measure a file from the moment that somebody asks for it: job 2 makes it, slice by slice."""
    with environment(database) as env:
        moves = _moves(env)
        Run = type(env["upominky.run"])
        with measured() as sample:
            with patch.object(Run, "_job_is_on", lambda run, name: True):
                case = env["upominky.case"]._open(env.company, moves[0].partner_id, moves)
            env.cr.commit()
            env["upominky.case"]._make_waiting(lambda: False)
            env.cr.commit()
        sample.notes = _check(case)
        case.attachment_id.unlink()
        case.unlink()
        env.cr.commit()
    return sample


def _check(case):
    """Return what is in a file.

    :raises SystemExit: if it is not all that it must be
    """
    archive = case.attachment_id.raw
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        names = [name.partition("/")[0] for name in file.namelist()]
    notes = {kind: names.count(kind) for kind in ("letters", "invoices", "messages")}
    if case.state != "done" or notes["invoices"] != INVOICES or not notes["letters"]:
        raise SystemExit(f"The file is {case.state}, it has {notes}: {case.error}")
    return {**notes, "kB": len(archive) // 1000}


def memory(database):
    """Return the memory above idle while a file is made, in MB, in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_memory, (database,))


def _memory(database):
    start_odoo(database)
    freeze_today(database)
    with environment(database) as env:
        _moves(env).mapped("name")  # what is loaded once is not a file's
    if not forget_peak():
        raise SystemExit("This kernel does not tell the peak of memory anew (proc(5))")
    idle = status("VmRSS")
    make(database)
    return status("VmHWM") - idle
