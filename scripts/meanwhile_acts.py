"""What people and books do in meanwhile.py: each act takes an environment and its case."""

from datetime import timedelta

import real_processes as real

from odoo import Command
from odoo.exceptions import UserError

AMOUNT, PART = 1000, 400


def act_cancel(env, case):
    case.reminder(env).action_cancel(reason="A mistake")


def act_mark_sent(env, case):
    case.reminder(env).action_mark_sent(way="post")


def act_hold_invoice(env, case):
    case.move(env).upominky_hold_until = real.START + timedelta(days=30)


def act_hold_customer(env, case):
    case.customer(env).upominky_hold_reason = "dispute"


def act_exclude(env, case):
    case.customer(env).upominky_excluded = True


def act_mode_off(env, case):
    env.company.upominky_mode = "off"


def act_pilot_only(env, case):
    env.company.write({"upominky_mode": "pilot", "upominky_pilot_partner_ids": [Command.clear()]})


def act_pay(env, case):
    real_pay(env, case.move(env), AMOUNT)


def act_pay_part(env, case):
    real_pay(env, case.move(env), PART)


def act_draft(env, case):
    case.move(env).button_draft()


def act_cancel_invoice(env, case):
    case.move(env).button_draft()
    case.move(env).button_cancel()


def act_block(env, case):
    case.move(env).action_toggle_block_payment()


def act_send_now(env, case):
    case.reminder(env).action_send_now()


def act_second_worker(env, case):
    env["upominky.send"]._bury_dead()
    env["upominky.send"]._send(env.company, only=[case.reminder_id])


def act_address(env, case):
    case.contact(env).email = case.moved


def act_parent(env, case):
    group = env["res.partner"].create({"name": "Group", "is_company": True})
    case.customer(env).write({"is_company": False, "parent_id": group.id})


def act_archive_template(env, case):
    case.reminder(env).level_id.mail_template_id.active = False


def act_archive_customer(env, case):
    case.customer(env).active = False


def act_merge(env, case):
    """Merge the customer into another one, as Odoo's wizard does."""
    target = env["res.partner"].create({"name": "Kept", "is_company": True})
    wizard = env["base.partner.merge.automatic.wizard"]
    wizard._merge([case.customer_id, target.id], target)


def act_delete_contact(env, case):
    case.contact(env).unlink()


def act_bank_account(env, case):
    bank = env["res.partner.bank"].search([("partner_id", "=", env.company.partner_id.id)])
    bank.acc_number = case.moved


def act_archive_rule(env, case):
    case.reminder(env).rule_id.active = False


def act_street(env, case):
    case.contact(env).street = "Moved"


def act_asked_cancel(env, case):
    """Another person asked to cancel many: job 2 takes the step."""
    run = env["upominky.run"].with_user(env.ref("base.user_admin")).sudo()
    how = {"reason": "A mistake", "afterwards": "again", "until": False}
    run = run._ask_step(case.reminder(env), "cancel", how)
    env.cr.commit()  # as a request does; the job takes the step in a transaction of its own
    run._go_on_with_step()
    if run.error:
        raise UserError(run.error)


def real_pay(env, move, amount):
    context = {"active_model": "account.move", "active_ids": move.ids}
    wizard = env["account.payment.register"].with_context(**context).create({"amount": amount})
    wizard.payment_difference_handling = "open"
    wizard._create_payments()


#: How a fault begins that is none while nothing may go out.
WAITING = ("still waits", "left in hand", "issued with")
#: After these a person was told that nothing goes out: nothing is handed over any more.
BY_PEOPLE = ("cancel", "mark_sent", "hold_invoice", "hold_customer", "exclude", "asked_cancel")
#: After these nothing more is handed over but what is on its way.
STOPPING = ("mode_off", "pilot_only", "pay", "draft", "cancel_invoice", "block", "parent")
ACTS = {name.removeprefix("act_"): call for name, call in globals().items() if "act_" in name[:4]}
