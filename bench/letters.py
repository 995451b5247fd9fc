"""Letters in PDF and codes to pay by: the time of one, the memory of many, the peer's beside."""

import multiprocessing
import time
from datetime import timedelta
from decimal import Decimal
from itertools import cycle, islice

from odoo.tools import SQL

from .long_letters import LETTERS
from .measure import Sample, forget_peak, measured, status
from .process import DAY, environment, freeze_today, start_odoo

#: Invoices of a letter, and of the letters that are taken for such.
LINES, LEAST, MOST = 5, 4, 6
#: Letters after which memory is looked at, and those in a turn.
FEW, MANY, IN_A_TURN = 100, 1000, 40
#: Payments that codes are made for.
PAYMENTS = 200
ACCOUNT = ("CZ6508000000192000145399", "Bench s.r.o.")


def letters(database, count=IN_A_TURN):
    """Measure letters of about five invoices, from the reminder to the PDF, one after the other."""
    with environment(database) as env:
        found = dict(env.execute_query(SQL(LETTERS, LEAST, MOST)))
        if not found:
            raise SystemExit(f"No letter of {LINES} invoices waits")
        chosen = list(islice(cycle(found), count))
        _write(env, chosen[0])  # what is loaded once is not a letter's
        started = time.process_time()
        with measured() as sample:
            for id in chosen:
                _write(env, id)
        of_processor = (time.process_time() - started) / count
    lines = sum(found[id] for id in chosen) / count
    sample.notes = {
        "letters": count,
        "lines each": f"{lines:.1f}",
        "ms": round(of_processor * 1000),
    }
    return sample


def _write(env, id):
    """Make one letter, in a transaction of its own as job 2 does."""
    reminder = env["upominky.reminder"].browse(id)
    data = reminder._letter_pdf(reminder._letter_page(DAY))
    if not data.startswith(b"%PDF"):
        raise SystemExit(f"Reminder {id} has no letter")
    env.cr.commit()


def memory(database):
    """Return the memory above idle after few letters and after many, in MB, in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_memory, (database,))


def _memory(database):
    start_odoo(database)
    freeze_today(database)
    letters(database, 1)
    if not forget_peak():
        raise SystemExit("This kernel does not tell the peak of memory anew (proc(5))")
    idle = status("VmRSS")
    letters(database, FEW)
    few = status("VmHWM") - idle
    letters(database, MANY - FEW)
    return few, status("VmHWM") - idle


def payment_codes(anew=True):
    """Measure codes with their pictures, of payments that are all different.

    :param bool anew: whether no picture is there from before
    """
    # The add-ons can be imported only once Odoo knows where they lie.
    from odoo.addons.upominky_addon.core.payment_codes import Account, Payment, codes
    from odoo.addons.upominky_addon.models.letters.code_picture import picture

    if anew:
        picture.cache_clear()
    account = Account(*ACCOUNT, name="CZ65 0800 0000 1920 0014 5399")
    started = time.process_time()
    with measured() as sample:
        for number in range(PAYMENTS):
            payment = Payment(
                f"FA/2026/{number:05}", Decimal(100 + number), f"2026{number:06}", due=_due(number)
            )
            for code in codes(account, "CZK", [payment], payment.amount, "UPO/2026/1"):
                picture(code.payload)
    each = (time.process_time() - started) / PAYMENTS
    sample.notes = {"codes": PAYMENTS, "ms": f"{each * 1000:.2f}"}
    return sample


def _due(number):
    return DAY + timedelta(days=number % 30)


def milliseconds(sample: Sample):
    """Return the processor's time for each, in milliseconds."""
    return float(sample.notes["ms"])
