import hashlib
import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.final_notice import (
    LEAST_DAYS,
    Debt,
    Lack,
    Party,
    accounts_lacking,
    is_too_short,
)
from ...core.lifecycle import Reminder
from ..base.said import lines, say
from ..letters.letter import Batch
from ..letters.plain import bare

#: What a letter says otherwise each day, whoever approved it.
DAILY = frozenset({"days_overdue"})
#: States of which one goes out, by whatever way, only as it was approved.
STILL_TO_GO = frozenset({Reminder.ISSUED, Reminder.FAILED})


class UpominkyReminder(models.Model):
    """A final notice: complete before it is approved, and sent as it was approved (rule 40)."""

    _inherit = "upominky.reminder"

    final_gaps = fields.Html(
        string="Missing in the Final Notice", compute="_compute_final_gaps", sanitize=False
    )

    @api.depends("state", "is_final", "line_ids.amount_due", "partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_final_gaps(self):
        for reminder in self:
            gaps = reminder._gaps() if reminder.is_final and reminder.is_unsent else ()
            reminder.final_gaps = gaps and as_list(gaps)

    # ---------------------------------------------------------------- complete

    def _gaps(self):
        """Return what is missing in a final notice, each with the record where it is entered.

        :rtype: list[tuple[base.said.Said, odoo.models.BaseModel]]
        """
        self.ensure_one()
        # sudo: what the notice names is in it, whoever sends.
        me = self.sudo()
        found = [
            *me._gaps_of_party(me.company_id.partner_id),
            *me._gaps_of_party(me.partner_id),
            *me._gaps_of_debts(),
            *me._gaps_of_accounts(),
        ]
        days = me.level_id.deadline_days
        if is_too_short(days):
            level = me.level_id.name
            short = say(self.env, "final_no_deadline", level=level, days=days, least=LEAST_DAYS)
            found.append((short, me.level_id))
        return found

    def _gaps_of_party(self, partner):
        country = partner.country_id
        party = Party(
            number=partner.company_registry or partner.vat or "",
            street=partner.street or "",
            city=partner.city or "",
            zip=partner.zip or "",
            country=country.name or "",
            is_private=not partner.is_company and partner != self.company_id.partner_id,
            has_zip=country.zip_required if country else True,
        )
        name = partner.display_name
        return [(say(self.env, f"final_no_{lack}", name=name), partner) for lack in party.lacks()]

    def _gaps_of_debts(self):
        found = []
        for line in self._open_lines():
            reference, number = line._payment_reference(), line._number()
            debt = Debt(number, bool(line.due_date), reference.symbol or reference.message)
            name = number or line.move_id.display_name
            found += [
                (say(self.env, f"final_no_{lack}", name=name), line.move_id)
                for lack in debt.lacks()
            ]
        return found

    def _gaps_of_accounts(self):
        blocks = [block for block in self._currency_blocks() if block["total"] > 0]
        pairs = [(block["currency"].name, block["bank"].acc_number or "") for block in blocks]
        claim = self._letter().claim
        pairs += [(p.currency, p.account) for p in (claim.payments if claim else ())]
        company = self.company_id
        return [
            (
                say(self.env, f"final_no_{Lack.ACCOUNT}", currency=currency, name=company.name),
                company.partner_id,
            )
            for currency in accounts_lacking(pairs)
        ]

    def _refuse_gaps(self):
        """Refuse a final notice that is not complete.

        :raises UserError: with a sentence about each thing that is missing
        """
        if gaps := self._gaps():
            named = [
                say(self.env, "of_reminder", reminder=self.name, problem=words) for words, _ in gaps
            ]
            raise UserError(lines(self.env, *named))

    # ---------------------------------------------------------------- approved

    # EXTENDS 'upominky.reminder'
    def _check_may_approve(self):
        result = super()._check_may_approve()
        final = self.filtered("is_final")
        final._refuse_issuer()
        final._refuse_later_level()
        for reminder in final:
            reminder._refuse_gaps()
        return result

    def _refuse_later_level(self):
        """Refuse final notices where a later reminder asks for the same already.

        It was announced by none of them, and would ask after what followed it.

        :raises UserError: naming both
        """
        later = self._later_texts() if self else {}
        for reminder in self:
            if why := reminder._later_text(later):
                raise UserError(say(self.env, "of_reminder", reminder=reminder.name, problem=why))

    def _later_text(self, later):
        """Return which later reminder asks for the same, None if none does or it is out already.

        :param dict later: of :meth:`_later_texts`
        """
        return None if self._is_frozen() else later.get(self.id)

    # EXTENDS 'upominky.reminder'
    def _approve(self):
        """Approve; what a final notice says is noted, so that nothing else goes out.

        The books may have changed since it was read: one that says something else by now was read
        by nobody, and waits on.
        """
        final = self.filtered("is_final")
        final._refuse_issuer()
        final._refuse_state({Reminder.TO_APPROVE})
        # One whose interest was not known said nothing yet: it is read once it is.
        read = {r.id: None if r.claim_error else r._books_said() for r in final}
        result = super()._approve()
        issued = final.filtered(lambda r: r.state == Reminder.ISSUED)
        issued._refuse_later_level()
        for reminder in issued:
            reminder._refuse_gaps()
            reminder._approve_as_read(read[reminder.id])
        return result

    def _approve_as_read(self, read):
        """Note what a final notice says, if it says what was read; else it goes back.

        What it is made of is compared: between the two nothing else can have changed, as both are
        of one snapshot, and to write all of it takes its time.

        :param read: of :meth:`_books_said`, before it was read again; None if it had none
        """
        if read == self._books_said():
            self.write({"approved_word": self._final_word(), "error": False})
        else:
            self._back_to_approval(say(self.env, "final_read_again"))

    def _approved(self):
        """Return those that may go out as they are: final notices that are as they were approved.

        Others, and those that are not complete any more, or whose claim a later reminder asks for
        by now, go back to whoever approves. What a contact has already stays what it is.
        """
        unfit = self.browse()
        final = self.filtered(lambda r: r.is_final and r.state == Reminder.ISSUED)
        later = final._later_texts() if final else {}
        for reminder in final:
            if why := (reminder._later_text(later) or reminder._unfit()):
                reminder._back_to_approval(why)
                unfit |= reminder
        return self - unfit

    def _unfit(self):
        """Return why a final notice does not go out as it is, None if it may or is out.

        One that came back or was refused is not out: it goes out another way, if it may.
        """
        if self.state not in STILL_TO_GO or self._is_frozen():
            return None
        return self._why_unapproved()

    def _why_unapproved(self):
        """Return why a final notice does not go out before it is approved, None if it may."""
        if gaps := self._gaps():
            return lines(self.env, *(words for words, _there in gaps))
        if not self.approved_word:
            return say(self.env, "final_unapproved")
        if self.approved_word != self._final_word():
            return say(self.env, "final_changed")
        return None

    def _back_to_approval(self, why):
        values = {"approved_date": False, "approved_word": False, "error": why, "deadline": False}
        self._set_state("to_approve", next_try=False, send_run_id=False, **values)
        self._message_log(body=why)

    def _final_word(self):
        """Return a word for what a final notice says: the same word, the same notice.

        The day that stands on it, the days since the due date and the day to pay by are those of
        the sending. It is read in each language that somebody gets it in.
        """
        self.ensure_one()
        pinned = self._pinned()
        said = [self._books_said()]
        said += [self._said_in(lang, pinned) for lang in self._languages_sent()]
        return word_of(said)

    def _pinned(self):
        """Return a batch whose day to pay by, which is another one each day, is always the same."""
        pinned = Batch()
        pinned["day_to_pay", self.id] = self.issue_date
        return pinned

    def _languages_sent(self):
        """Return the languages that somebody gets it in, that of its letter included."""
        langs = {self.lang, *(recipient.lang or self.lang for recipient in self._recipients())}
        return sorted({self.with_context(upominky_lang=lang)._language() or "" for lang in langs})

    def _said_in(self, lang, pinned):
        """Return what is written in one language: subject, text, plain text, parties.

        :param Batch pinned: of :meth:`_pinned`
        """
        me = self.with_context(upominky_lang=lang, upominky_batch=pinned)
        daily = ["invoice_table", "deadline_text"]
        me.invalidate_recordset(daily)
        subject, body = me._render()[me.id]
        text = bare(body, me._letter_table())
        me.invalidate_recordset(daily)
        mine = me._in_its_language()
        # sudo: what the level says is sent, whoever approves.
        plain = mine.level_id.sudo().text_template
        return [lang, subject, text, plain, mine.creditor_text, mine.debtor_text]

    def _books_said(self):
        """Return what it says but for its words: to whom, and what it asks for.

        Whatever is read again before it is approved is in it.
        """
        mine = self.with_context(upominky_lang=False, upominky_batch=self._pinned())
        mine = mine._in_its_language()
        said = [mine.lang, mine._paper_address(), mine.email_to]
        said += [mine.creditor_text, mine.debtor_text]
        return [*said, *mine._blocks_said(), *mine._said_beside()]

    def _said_beside(self):
        """Return what goes with what it says: time to pay, codes, files, who sends and gets it."""
        # sudo: what the level and its template say is sent, whoever approves.
        level, template = self.level_id.sudo(), self._extras_template().sudo()
        rows, owed = self.interest_ids, self._open_lines()
        return [
            # Days and amounts of interest grow by themselves; of what it is asked they do not.
            sorted({(row.line_id.id, str(row.base), str(row.percent)) for row in rows}),
            sorted((line.id, str(line.flat_cost)) for line in owed),
            level.deadline_days,
            level.payment_code,
            level.attach_invoices,
            sorted((file.id, file.checksum or "") for file in template.attachment_ids),
            sorted(template.report_template_ids.ids),
            self._sender()[1],
            self._copies(),
            self.other_recipients or [],
            sorted((self.recipient_langs or {}).items()),
        ]

    def _blocks_said(self):
        """Return what its blocks say, but for what changes by itself from day to day."""
        letter = self._letter()
        payments = letter.claim.payments if letter.claim else ()
        said = [
            [block.currency, block.account, str(block.total)]
            + [[v for k, v in row.values.items() if k not in DAILY] for row in block.rows]
            + [[deduction.name, str(deduction.amount)] for deduction in block.deductions]
            for block in letter.blocks
        ]
        # Their amounts grow with the days; costs are told apart in what is said beside it.
        return said + [[p.currency, p.account, p.symbol, p.message] for p in payments]


def word_of(said):
    """Return a word for values: the same word, the same values.

    :return: SHA-256 of them, in hexadecimal
    """
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def as_list(gaps):
    """Return what is missing as a list in HTML, each with a link to where it is entered."""
    item = Markup('<li>%s <a href="/odoo/%s/%s">%s</a></li>')
    rows = [item % (words, there._name, there.id, there.display_name) for words, there in gaps]
    return Markup('<ul class="mb-0">%s</ul>') % Markup().join(rows)
