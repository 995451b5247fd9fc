"""Runs the measurements and prints the ratios; called by scripts/bench."""

import argparse
import sys
from functools import partial
from pathlib import Path

from . import case_file, job, letters, long_letters, memory, peer, post, requests
from .document import write_document
from .measure import Sample, by_turns, median, paired_ratio
from .process import freeze_today, start_odoo
from .report import Report

N = 10_000
#: E-mails that the peer prepares in a turn, as many at once as its users' calls do.
PEER_MAILS = 100
#: Letters that the peer prints in a turn: each takes a second and more.
PEER_LETTERS = 10
#: What is measured of e-mails, in the order in which it is done in a turn.
KEYS = ("preparing e-mails", "sending", "bare loop", "Odoo's queue")
PDF = "sending with a PDF of 50 kB"


class Bench:
    """One run of the benchmark over the databases that scripts/bench made."""

    def __init__(self, databases, times):
        self.databases = databases
        self.times = times
        self.report = Report()

    def turns(self, cases, times=None):
        """Measure cases by turns, and note each of them in the report."""
        times = times or self.times
        samples = by_turns(cases, times)
        for name, found in samples.items():
            self.report.add(name, median(found), len(found))
        return samples

    # -------------------------------------------------------------- parts

    def job(self):
        """Job 1, the job with nothing due, and the preview, each against the floor."""
        main, (history, receivables) = self.databases["main"][0], self.databases["history"]
        job.check_same_rows(main)
        lines = job.make_history(history)
        cases = {
            "floor": partial(job.bare_floor, main),
            "job 1": partial(job.job, main),
            "job 1 with interest": partial(job.job_with_interest, main),
            "job 1 with 20 filters": partial(job.job_with_filters, main),
            "preview": partial(job.preview, main),
            f"job 1, nothing due, {lines} lines of history": partial(job.job_again, history),
        }
        floor, first, charged, filtered, preview, again = self.turns(cases).values()
        report = self.report
        report.at_most("job 1", paired_ratio(first, floor), 3, "× the floor")
        report.at_most("interest in job 1", paired_ratio(charged, first), 1.1, "× job 1 without")
        report.at_most("job 1 with 20 filters", paired_ratio(filtered, floor), 3, "× the floor")
        share = N / receivables
        ratio = paired_ratio(again, floor) * share
        report.at_most("job 1 again, nothing due", ratio, 0.5, "× the floor per 10,000")
        report.at_most("preview, first page", paired_ratio(preview, floor), 3, "× the floor")
        self._memory("memory of job 1", main)
        queries, commit = job.queries_per_chunk(main)
        report.at_most("queries of job 1", queries, 20, f"per chunk (+ {commit:.0f} to commit)")

    def _memory(self, name, database):
        """Job 1 in a process of its own, that did nothing before."""
        self.report.at_most(name, memory.above_idle(database), 100, "MB above idle")

    def larger(self, role, limit):
        """Job 1 on a larger data set: as fast for each receivable, in no more memory."""
        database, receivables = self.databases[role]
        large, small = f"job 1, {receivables:,} receivables", f"job 1 beside {receivables:,}"
        cases = {
            small: partial(job.job, self.databases["main"][0]),
            large: partial(job.job, database),
        }
        found = self.turns(cases)
        ratio = paired_ratio(found[large], found[small]) * N / receivables
        self.report.at_most(large, ratio, limit, "× the time for each of 10,000")
        self._memory(f"memory, {large}", database)

    def peer(self, times):
        """The peer's letters from the same books, by turns with ours."""
        database, main = self.databases["peer"][0], self.databases["main"][0]
        peer.set_up(database)
        theirs, ours = "peer: lines and letters", "job 1 beside the peer"
        cases = {theirs: partial(peer.generate, database), ours: partial(job.job, main)}
        found = self.turns(cases, times)
        ratio = paired_ratio(found[theirs], found[ours])
        self.report.at_least("job 1 against the peer", ratio, 40, "× faster")

    def post(self, mails):
        """E-mails: preparing, and sending over one SMTP server in three ways, by turns."""
        main = self.databases["main"][0]
        job.job(main)
        with post.smtp_server(main) as port:
            post.send(main, mails // 2)
            samples = self._three_ways(main, mails, port, self._prepare_peers)
            self._preparing(samples, mails)
            self._sending("sending", samples, 2)
            job.job(main)
            post.attach_pdf(main)
            # Nearly all of it is the library's work, which all three share.
            self._sending(PDF, self._three_ways(main, mails, port, name=PDF), 1.5)

    def _three_ways(self, database, mails, port, beside=None, name="sending"):
        """Prepare messages; send them, the same in a bare loop, and the same by Odoo's queue.

        :param beside: what else is measured in each turn, called with the samples
        """
        samples = {key: [] for key in KEYS}
        for _turn in range(self.times):
            ready, sent = post.send(database, mails)
            same = post.messages(database, mails)
            bare = post.bare_loop(database, same, port)
            taken = (ready, sent, bare, post.odoo_queue(database, same))
            for key, sample in zip(KEYS, taken, strict=True):
                samples[key].append(sample)
            if beside:
                beside(samples)
        for key, found in samples.items():
            shown = key if name == "sending" else f"{name}: {key}"
            self.report.add(shown, median(found), len(found))
        return samples

    def _prepare_peers(self, samples):
        """Have the peer prepare some as well, in the same turn."""
        if "peer" in self.databases:
            theirs = peer.prepare(self.databases["peer"][0], PEER_MAILS)
            samples.setdefault("peer: preparing e-mails", []).append(theirs)

    def _sending(self, name, samples, limit):
        """Compare sending with Odoo's queue, ``limit`` times as fast, and with the bare loop."""
        queue = paired_ratio(samples["Odoo's queue"], samples["sending"])
        loop = paired_ratio(samples["bare loop"], samples["sending"])
        self.report.at_least(name, queue, limit, "× as many mails a second as Odoo's queue")
        self.report.at_least(name, loop, 0.5, "of the bare loop's mails a second")

    def long_letters(self):
        """Letters of a hundred lines: per line as cheap as short ones, and no call without any."""
        database = self.databases["long"][0]
        long_letters.gather(database)
        with post.smtp_server(database):
            short, long = "a line of letters of 5", "a line of letters of 100"
            found = self.turns(
                {
                    short: partial(
                        long_letters.send, database, long_letters.SHORT, 4, long_letters.TOGETHER
                    ),
                    long: partial(long_letters.send, database, long_letters.LONG, 80, 120),
                }
            )
            ratio = paired_ratio(found[long], found[short])
            self.report.at_most("letters of 100 lines", ratio, 1.5, "× the time per line of 5")
            call = long_letters.a_call(database)
            self.report.add("a call of job 2, letters of 100 lines", call, 1)
            mails, lines = call.notes["mails"], 100
            wanted = median(found[long]).seconds * mails * lines / call.seconds
            self.report.at_least(
                "a call of job 2", wanted, 0.7, "of its time spent on what it sent"
            )

    def _preparing(self, samples, mails):
        ours = samples["preparing e-mails"]
        slices = median(ours).notes["slices"]
        queries = median(ours).queries / slices
        self.report.at_most(
            "preparing e-mails", queries, 50, f"queries per slice ({slices} of them)"
        )
        theirs = samples.get("peer: preparing e-mails")
        if theirs:
            if {sample.notes["mails"] for sample in theirs} != {PEER_MAILS}:
                raise SystemExit("The peer had not enough letters to prepare")
            ratio = paired_ratio(theirs, ours) * mails / PEER_MAILS
            self.report.at_least("preparing e-mails against the peer", ratio, 6, "× faster")

    def book(self):
        """Requests of the reminder book, when it is full."""
        database = self.databases["book"][0]
        reminders = requests.fill_book(database)
        cases = requests.book_cases(database)
        found = self.turns({f"book of {reminders:,}: {name}": case for name, case in cases.items()})
        for name, samples in found.items():
            limit = 1.2 if "group" in name else 0.3
            self.report.at_most(name, median(samples).seconds, limit, "s")

    def letters(self, count):
        """Letters in PDF and codes to pay by; the peer's letters by turns with ours.

        :param int count: letters of ours in a turn
        """
        main, report = self.databases["main"][0], self.report
        job.job(main)
        ours = f"letters of {letters.LINES} invoices"
        cases = {ours: partial(letters.letters, main, count), **self._peers_letters()}
        found = self.turns(cases)
        each = median(found[ours]).seconds / count
        report.at_most(ours, letters.milliseconds(median(found[ours])), 200, "ms of one core")
        for name in cases.keys() - {ours}:
            theirs = median(found[name])
            ratio = theirs.seconds / theirs.notes["letters"] / each
            least = 3 if name == peer.LETTERS else 0
            report.at_least(f"letters against {name}", ratio, least, "× as many a second")
        self._letters_memory(main)
        codes = {"codes": letters.payment_codes, "codes again": partial(letters.payment_codes, 0)}
        found = self.turns(codes)
        for name, limit in (("codes", 5), ("codes again", 1)):
            ms = letters.milliseconds(median(found[name]))
            report.at_most(f"payment {name}", ms, limit, "ms of one core")

    def case_file(self):
        """A file for a lawyer about a hundred invoices, made by job 2 as people ask for it."""
        main = self.databases["main"][0]
        case_file.set_up(main)
        name = f"file for a lawyer, {case_file.INVOICES} invoices"
        found = self.turns({name: partial(case_file.make, main)})
        self.report.at_most(name, median(found[name]).seconds, 5, "s")
        self.report.at_most(f"memory, {name}", case_file.memory(main), 100, "MB above idle")

    def _peers_letters(self):
        """Return the cases of the peer's letters: as Odoo ships, and without its pause."""
        if "peer" not in self.databases:
            return {}
        database = self.databases["peer"][0]
        peer.set_up(database)
        peer.generate(database)
        return {
            peer.LETTERS: partial(peer.letters, database, PEER_LETTERS, 1000),
            peer.WITHOUT_PAUSE: partial(peer.letters, database, PEER_LETTERS, 0),
        }

    def _letters_memory(self, database):
        few, many = letters.memory(database)
        name = f"memory, {letters.MANY:,} letters"
        self.report.at_most(name, many, 150, "MB above idle")
        self.report.at_most(f"{name} beside {letters.FEW}", many - few, 30, "MB more")

    def install(self, turns):
        """Installing beside a million journal items, measured by scripts/bench."""
        empty, full = ([Sample(seconds) for seconds in found] for found in zip(*turns, strict=True))
        for name, found in (("empty database", empty), ("1,000,000 journal items", full)):
            self.report.add(f"install, {name}", median(found), len(found))
        ratio = paired_ratio(full, empty)
        self.report.at_most("install beside 1,000,000 items", ratio, 3, "× into an empty")


def run(arguments):
    databases = dict(arguments.database)
    start_odoo(databases["main"][0])
    for database, _receivables in databases.values():
        freeze_today(database)
    bench = Bench(databases, arguments.times)
    if arguments.only_letters:
        bench.letters(arguments.letters)
        bench.case_file()
        return bench.report
    bench.job()
    if "peer" in databases:
        bench.peer(arguments.peer_times)
    bench.post(arguments.mails)
    bench.long_letters()
    if "large" in databases:
        bench.larger("large", 1.3)
    bench.book()
    bench.letters(arguments.letters)
    bench.case_file()
    if "million" in databases:
        bench.larger("million", 1.5)
    if arguments.install:
        bench.install(arguments.install)
    return bench.report


def role(text):
    """Read ``role=name:receivables``."""
    name, _equals, rest = text.partition("=")
    database, _colon, receivables = rest.partition(":")
    return name, (database, int(receivables))


def turn_of_install(text):
    """Read ``empty:full``, the seconds of one turn."""
    empty, full = map(float, text.split(":"))
    return empty, full


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", type=role, action="append", required=True)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--peer-times", type=int, default=5)
    parser.add_argument("--mails", type=int, default=200)
    parser.add_argument("--letters", type=int, default=letters.IN_A_TURN)
    parser.add_argument("--only-letters", action="store_true")
    parser.add_argument("--install", type=turn_of_install, action="append")
    parser.add_argument("--markdown", type=Path)
    arguments = parser.parse_args()
    report = run(arguments)
    print(report.table(), report.details(), sep="\n\n")
    if arguments.markdown:
        write_document(arguments.markdown, report)
    for line in report.short():
        print(f"Falls short: {' '.join(line.cells()[:3])}", file=sys.stderr)
    return 1 if report.short() else 0


if __name__ == "__main__":
    sys.exit(main())
