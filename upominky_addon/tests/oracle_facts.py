"""What the oracle knows of a company, read from Odoo by simple means, as plain values."""

from datetime import UTC
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytz

from odoo.tools import email_normalize, email_split


def read_facts(env, company, now):
    """Return all that the rules ask about one company, as plain values.

    :param now: naive UTC, as Odoo's
    """
    env = env(su=True, context={"active_test": False, "lang": "en_US"})
    company = env["res.company"].browse(company.id)
    today = now.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone(company))).date()
    rules = env["upominky.rule"].search([("company_id", "=", company.id), ("event", "=", "issue")])
    debts, credits, offsets, settled = read_items(env, company)
    partners = env["res.partner"].with_company(company)
    # In one order, whatever the ids: the same world is the same book.
    partners = partners.browse(sorted({debt["customer"] for debt in debts.values()}))
    return {
        "company": company,
        "now": now,
        "today": today,
        "mode": company.upominky_mode,
        "pilot": company.upominky_pilot_partner_ids.ids,
        "start": company.upominky_start_date,
        "debts": debts,
        "settled": settled,
        "credits": credits,
        "offsets": offsets,
        "customers": {partner.id: read_customer(partner) for partner in partners},
        "rules": [read_rule(rule) for rule in rules],
        "convert": lambda amount, name: convert(company, today, amount, name),
    }


def read_items(env, company):
    """Return what customers owe, their credits, what uses those up, and what was paid.

    Rule 1: accounts that are not of trade are none of the reminders' business.
    """
    debts, credits, offsets, settled = {}, [], [], []
    for item in env["account.move.line"].search(
        [
            ("company_id", "=", company.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("account_id.non_trade", "=", False),
            ("parent_state", "=", "posted"),
        ]
    ):
        amount = Decimal(str(item.amount_residual_currency))
        move = item.move_id
        is_invoice = move.move_type in ("out_invoice", "out_receipt")
        if amount == 0:
            # What was credited in full drops out, but nobody has paid it.
            if move.payment_state != "reversed":
                settled.append(item.id)
        elif amount > 0 and item.date_maturity and (is_invoice or is_brought_over(item)):
            if move.payment_state != "in_payment":
                debts[item.id] = read_debt(item, amount)
        elif amount > 0:
            customer, currency = item.partner_id.commercial_partner_id, item.currency_id
            offsets.append({"customer": customer.id, "currency": currency.name, "amount": amount})
        is_paid_out = move.move_type == "out_refund" and move.payment_state == "in_payment"
        if amount < 0 and not item.reconciled and not is_paid_out:
            credits.append(read_credit(item, -amount))
    return debts, credits, offsets, settled


def read_credit(item, amount):
    move = item.move_id
    return {
        "id": item.id,
        "customer": item.partner_id.commercial_partner_id.id,
        "currency": item.currency_id.name,
        "amount": amount,
        "reverses": move.reversed_entry_id.id,
        "on": item.date,
        "is_note": move.move_type == "out_refund",
    }


def is_brought_over(item):
    """Rule 1: an entry that somebody wants followed up, and not the entry of a payment."""
    move = item.move_id
    if move.move_type != "entry" or item.no_followup or move.reversed_entry_id:
        return False
    if move.origin_payment_id or move.statement_line_id:
        return False
    return move.journal_id.type == "general"


def time_zone(company):
    """Rule 3: the partner's, else the sole one of its country, else UTC."""
    partner = company.partner_id
    if partner.tz:
        return partner.tz
    zones = pytz.country_timezones.get(partner.country_id.code or "", [])
    return zones[0] if len(zones) == 1 else "UTC"


def read_debt(item, amount):
    move = item.move_id
    return {
        "id": item.id,
        "move": move.id,
        "name": move.name,
        "customer": item.partner_id.commercial_partner_id.id,
        "currency": item.currency_id.name,
        "amount": amount,
        "due": item.date_maturity,
        "no_followup": item.no_followup,
        "blocked": move.payment_state == "blocked",
        "hold_until": move.upominky_hold_until,
        "hold_reason": move.upominky_hold_reason,
        "contacts": {kind: read_contacts(item, kind) for kind in ("invoice", "order", "both")},
        "account": read_account(item),
        "credited": read_credited(item),
    }


def read_account(item):
    """Rule 10: the invoice's own account, else the company's: right currency, then trusted."""
    move = item.move_id
    if move.move_type != "entry" and move.partner_bank_id:
        return move.partner_bank_id.acc_number
    best = None
    for bank in move.company_id.partner_id.bank_ids:
        if bank.company_id and bank.company_id != move.company_id:
            continue
        fits = not bank.currency_id or bank.currency_id == item.currency_id
        rank = (fits, bank.allow_out_payment)
        if best is None or rank > best[0]:
            best = (rank, bank.acc_number)
    return best[1] if best else False


def read_credited(item):
    """Rule 10: what credit notes took off."""
    found = Decimal(0)
    for match in item.matched_credit_ids:
        if match.credit_move_id.move_id.move_type == "out_refund":
            found += Decimal(str(match.debit_amount_currency))
    return found


def read_contacts(item, kind):
    """Rules 18 and 20: the addresses of the contacts, and their language."""
    move = item.move_id
    billed = item.partner_id if move.move_type == "entry" else move.partner_id
    customer = billed.commercial_partner_id
    invoice = billed.browse(billed.address_get(["invoice"])["invoice"])
    order = move.upominky_contact_id
    people = []
    if kind in ("invoice", "both") or not order.email:
        people.append(invoice if invoice.email else customer)
    if kind in ("order", "both") and order.email:
        people.append(order)
    langs = {}
    for person in people:
        for address in email_split(person.email or "") or ([person.email] if person.email else []):
            langs.setdefault(email_normalize(address) or address, person.lang)
    addresses = tuple(sorted(langs))
    lang = next((langs[address] for address in addresses if langs[address]), customer.lang)
    return {"addresses": addresses, "lang": lang or move.company_id.partner_id.lang}


def read_customer(partner):
    tags = set()
    above = partner.category_id
    while above:
        tags.update(above.ids)
        above = above.parent_id
    return {
        "id": partner.id,
        "name": partner.name,
        "excluded": partner.upominky_excluded,
        "hold_until": partner.upominky_hold_until,
        "hold_reason": partner.upominky_hold_reason,
        "tags": tags,
    }


def read_rule(rule):
    levels = [
        {
            "id": level.id,
            "order": level.order,
            "auto": level.auto_generate,
            "days": level.days_overdue,
            "send": level.send,
            "contact": level.contact,
            "copies": email_split(level.extra_email or ""),
            "approval": level.requires_approval,
            "deadline": level.deadline_days,
        }
        for level in rule.level_ids
    ]
    return {
        "id": rule.id,
        "name": rule.name,
        "active": rule.active,
        "sequence": rule.sequence,
        "partners": rule.partner_ids.ids,
        "tags": rule.category_ids.ids,
        "grouping": rule.grouping,
        "minimum": Decimal(str(rule.min_amount)),
        "policy": rule.credit_policy,
        "levels": sorted(levels, key=lambda level: level["order"]),
    }


def convert(company, today, amount, name):
    """Return an amount of the currency ``name`` in the company's, at today's rate (rule 11)."""
    currency = company.env["res.currency"].search([("name", "=", name)])
    converted = currency._convert(float(amount), company.currency_id, company, today)
    return Decimal(str(converted))
