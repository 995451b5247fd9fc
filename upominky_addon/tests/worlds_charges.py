"""Random worlds in which reminders ask for interest and costs, and carry codes and letters."""

import random

from .oracle_charges import set_rates
from .worlds import Plain

LAWS = {"company": ["cz", "cz", "sk", "sk_fixed", "de", False], "abroad": ["sk", "de"]}


class Charged(Plain):
    """What is set beside what a plain world has; its own dice leave those of the world alone."""

    def __init__(self, case, seed):
        self.random = random.Random(seed + 2_000_000)
        self.case = case
        self.number = 0
        set_rates(case.env)

    def of_company(self, company):
        laws = LAWS["company" if company.country_id.code == "CZ" else "abroad"]
        return {
            "upominky_regime": self.random.choice(laws),
            "upominky_day_basis": self.random.choice(["actual", "365"]),
        }

    def of_customer(self):
        kinds = [False, False, "business", "consumer", "public"]
        return {"upominky_kind": self.random.choice(kinds)}

    def of_level(self):
        interest = self.random.choice(["none", "statutory", "statutory", "contractual"])
        percent = self.random.choice([12, 8.05, 0.125])
        return {
            "interest": interest,
            "interest_percent": percent if interest == "contractual" else 0,
            "flat_cost": self.random.choice([0, 0, 1200, 40.4]),
            "payment_code": self.random.random() < 0.7,
            "attach_letter": self.random.random() < 0.1,
        }

    def of_invoice(self):
        """Return how it is to be paid: mostly by a variable symbol, else as Odoo has it."""
        self.number += 1
        if self.random.random() < 0.2:
            return {}
        return {"payment_reference": f"{2026_0000 + self.number}"}

    def change_level(self, companies):
        """Have a level ask for something else."""
        levels = self.case.env["upominky.level"].sudo()
        # Notices and thanks can ask for nothing.
        asking = ("rule_id.event", "in", ("issue", "resend"))
        found = levels.search([("rule_id.company_id", "in", companies.ids), asking], order="id")
        if found:
            self.random.choice(found).write(self.of_level())
