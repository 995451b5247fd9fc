"""Worlds whose reminders ask for interest and costs, with codes and letters, against the oracle.

What they ask for beside debts is worked out a second time, day by day, and their codes are read as
a bank's app reads them.
"""

import hashlib
from collections import Counter
from decimal import Decimal
from importlib.util import find_spec

from .code_readers import read_code, read_picture
from .oracle_charges import ChargingOracle, codes_of, read_charge_facts
from .worlds_charges import Charged


class Charging:
    """What makes a game one whose levels ask for more than the debts."""

    oracle = ChargingOracle

    def extras(self, seed):
        return Charged(self.case, seed)

    def facts(self, company):
        return super().facts(company) | read_charge_facts(self.env, company)

    def morning(self):
        extras = self.world.extras
        if extras.random.random() < 0.3:
            extras.change_level(self.world.companies)
        return super().morning()

    # --------------------------------------------------------------- comparing

    def compare_reminder(self, expected, record):
        result = super().compare_reminder(expected, record)
        should, is_so = expected["claim"], seen_claim(record)
        if should != is_so or record.claim_error:
            self.differ(
                f"{record.name} claim: should be {should}, is {is_so}, {record.claim_error}"
            )
        return result

    def compare_messages(self):
        """See what the messages that came since carry."""
        super().compare_messages()
        new = self.inbox.messages[self.world.counts["messages read"] :]
        if self.differences or not new:
            return
        facts = {company.id: self.facts(company) for company in self.world.companies}
        for message in new:
            self.world.counts["messages read"] += 1
            self.compare_message(message, facts)

    def compare_message(self, message, facts):
        deliveries = self.env["upominky.delivery"].sudo()
        record = deliveries.search([("message_id", "=", message["Message-ID"])]).reminder_id
        oracle, facts = self.oracles[record.company_id.id], facts[record.company_id.id]
        (expected,) = [one for one in oracle.book if one.get("record") == record.id]
        level = facts["charges"][expected["level"]["id"]]
        if find_spec("zxingcpp"):
            self.compare_codes(message, codes_of(facts, expected, record.name), level, record)
        letters = [
            hashlib.sha256(part.get_content()).hexdigest()
            for part in message.iter_attachments()
            if part.get_content_type() == "application/pdf"
        ]
        self.world.counts["letters in PDF"] += len(letters)
        if letters != ([record.letter_sha256] if record.letter_sha256 else []):
            self.differ(f"{record.name} letters: {letters}, kept is {record.letter_sha256}")

    def compare_codes(self, message, wanted, level, record):
        pictures = [
            part.get_content()
            for part in message.walk()
            if part.get_content_type() == "image/png" and part["Content-ID"]
        ]
        is_so = sorted((read_code(read_picture(data)) for data in pictures), key=str)
        should = sorted(map(as_written, wanted), key=str) if level["code"] else []
        self.world.counts["codes"] += len(is_so)
        if should != is_so:
            self.differ(f"{record.name} codes: should be {should}, are {is_so}")

    def figures(self):
        claims = [one["claim"] for oracle in self.oracles.values() for one in oracle.book]
        return super().figures() + Counter(
            {
                "days of interest": sum(sum(claim["days"].values()) for claim in claims),
                "costs": sum(len(claim["costs"]) for claim in claims),
            }
        )


def as_written(code):
    """Return a code with what its standard leaves out of it."""
    return {**code, "day": None if code["iban"].startswith("DE") else code["day"]}


def seen_claim(record):
    """Return what a reminder asks beside its debts, as the product has it."""
    interest, days, costs = Counter(), Counter(), {}
    for row in record.interest_ids:
        interest[row.line_id.move_line_id.id] += Decimal(str(row.amount))
        days[row.line_id.move_line_id.id] += row.days
    for line in record.line_ids.filtered("flat_cost"):
        costs[line.move_line_id.id] = Decimal(str(line.flat_cost))
    totals = {
        name: [Decimal(str(sums[part])) for part in ("principal", "interest", "costs")]
        for name, sums in (record.claim_totals or {}).items()
    }
    return {"interest": dict(+interest), "days": dict(+days), "costs": costs, "totals": totals}
