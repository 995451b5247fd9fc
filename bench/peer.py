"""The peer: OCA's account_credit_control 19.0 on the same books, by its users' own calls."""

from odoo import Command
from odoo.tools import SQL

from .books import DAY
from .measure import measured
from .process import environment

#: What is told of its letters: as Odoo ships, and without the pause that it makes for each.
LETTERS, WITHOUT_PAUSE = "the peer's", "the peer's, without Odoo's pause"

TOTALS = """
    SELECT currency.name, SUM(line.balance_due::numeric)::text
      FROM credit_control_line line
      JOIN res_currency currency ON currency.id = line.currency_id
     GROUP BY currency.name
"""


def set_up(database):
    """Give the peer one level of the same days, tolerance 0 and the channel e-mail."""
    with environment(database) as env:
        Policy = env["credit.control.policy"]
        if Policy.search([("name", "=", "Bench")]):
            return
        accounts = env["account.account"].search([("account_type", "=", "asset_receivable")])
        template = env["mail.template"].search(
            [("model", "=", "credit.control.communication")], limit=1
        )
        template.report_template_ids = False  # no PDF: it is measured apart
        level = {
            "name": "First",
            "level": 1,
            "computation_mode": "net_days",
            "delay_days": 7,
            "email_template_id": template.id,
            "channel": "email",
            "custom_text": "Please pay.",
            "custom_mail_text": "<p>Please pay.</p>",
            "mail_show_invoice_detail": True,
        }
        policy = Policy.create(
            {
                "name": "Bench",
                "company_id": env.company.id,
                "account_ids": [Command.set(accounts.ids)],
                "level_ids": [Command.create(level)],
            }
        )
        env.company.write({"credit_policy_id": policy.id, "credit_control_tolerance": 0})
        env.cr.commit()


def generate(database):
    """Measure what the peer does to have letters: its lines, then a communication for each."""
    with environment(database) as env:
        tables = ("credit_control_line", "credit_control_communication", "credit_control_run")
        names = SQL(", ").join(map(SQL.identifier, tables))
        env.cr.execute(SQL("TRUNCATE %s CASCADE", names))
        env.cr.commit()
        policy = env["credit.control.policy"].search([("name", "=", "Bench")])
        with measured() as sample:
            run = env["credit.control.run"].create(
                {"date": DAY, "policy_ids": [Command.set(policy.ids)]}
            )
            run.generate_credit_lines()
            run.set_to_ready_lines()
            communications = _communications(env)._generate_comm_from_credit_lines(run.line_ids)
            env.cr.commit()
        env.cr.execute(TOTALS)
        sample.notes = {
            "letters": len(communications),
            "totals": dict(sorted(env.cr.fetchall())),
        }
    return sample


def prepare(database, count):
    """Measure the preparing of e-mails, without sending and without PDF."""
    with environment(database) as env:
        waiting = _communications(env).search(
            [("credit_control_line_ids.state", "=", "to_be_sent")], limit=count
        )
        with measured() as sample:
            waiting._generate_emails()
            env.cr.commit()
        mails = env["mail.mail"].search([], limit=count, order="id desc")
        sample.notes = {"mails": len(waiting), "created": len(mails)}
    return sample


def letters(database, count, delay):
    """Measure the peer's letters in PDF, by its own report, one after the other.

    Several at once it cannot: the program that Debian has refuses. Styles are not fetched, as no
    server runs, which makes them faster than they are.

    :param int delay: milliseconds that Odoo has the program wait for scripts; it ships with 1000
    """
    with environment(database) as env:
        env["ir.config_parameter"].set_param("report.print_delay", str(delay))
        domain = [("model", "=", "credit.control.communication"), ("report_type", "=", "qweb-pdf")]
        report = env["ir.actions.report"].search(domain, limit=1)
        found = _communications(env).search([], limit=count)
        if len(found) < count or not report:
            raise SystemExit("The peer had not enough letters to print")
        with measured() as sample:
            for one in found:
                data, _kind = report._render_qweb_pdf(report.report_name, one.ids)
                if not data.startswith(b"%PDF"):
                    raise SystemExit("The peer printed no PDF")
        sample.notes = {"letters": count}
    return sample


def _communications(env):
    return env["credit.control.communication"].with_context(mail_notify_force_send=False)
