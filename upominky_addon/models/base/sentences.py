"""The sentences that are kept by their codes, one home for all of them.

A code stays what it is once released: rows have it. Its words may be bettered. Another add-on adds
its own: ``SENTENCES |= {...}``.
"""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: Codes with their sentences in English; values by name.
SENTENCES = {
    # ------------------------------------------------------------- runs of the jobs
    "issuing_broken_off": _lt(
        "Issuing was broken off: %(problem)s. It is tried again by the next run; if this comes "
        "back, show it to an administrator."
    ),
    "run_stopped": _lt(
        "The run was stopped before its end. Customers who had no turn: %(count)s. They have it in "
        "the next run; if this comes back, show it to an administrator."
    ),
    "sending_broken_off": _lt(
        "Sending was broken off: %(problem)s. What waits is tried again by the next run; if this "
        "comes back, show it to an administrator."
    ),
    "step_broken_off": _lt(
        "The step was broken off: %(problem)s. Nothing was changed on the reminders that were left:"
        " take it with them again; if this comes back, show it to an administrator."
    ),
    "step_stale": _lt(
        "%(step)s was not done with %(count)s of these reminders: the sending job did not come to "
        "them for 7 days. Nothing was changed on them; if it is still wanted, take the step again."
    ),
    "asker_gone": _lt(
        "%(step)s was not done with %(count)s of these reminders: who asked for it is no user any "
        "more. Nothing was changed on them; if it is still wanted, take the step again."
    ),
    "others_left": _lt("Left as they are for reasons like these: %(count)s more."),
    "asked_unsent": _lt(
        "%(count)s of these reminders were not sent within 7 days. Each of them shows what it waits"
        " for."
    ),
    "day_was_over": _lt("Stopped: the day was over. Choose what is left and issue it again."),
    "off_meanwhile": _lt(
        "Stopped: reminders of %(company)s were switched off. Once they are on again, choose what "
        "is left and issue it again."
    ),
    "of_customer": _lt("%(customer)s: %(problem)s"),
    "customer_failed": _lt(
        "%(customer)s: no reminder was issued, for an error that nobody expected (%(problem)s). The"
        " next run tries again; if this comes back, show it to an administrator."
    ),
    # ----------------------------------------------------------------- reminders
    "of_reminder": _lt("%(reminder)s: %(problem)s"),
    "both": _lt("%(first)s %(second)s"),
    "and_more": _lt("%(names)s and %(count)s more"),
    "state_refused": _lt("%(reminder)s is “%(state)s”."),
    "day_refused": _lt(
        "%(reminder)s was issued on %(issued)s: enter the day it was sent, from then until today."
    ),
    "reason_needed": _lt("%(reminder)s was mailed: give a reason to cancel it."),
    "hold_needs_day": _lt("Enter until when the invoices are on hold: today or later."),
    "cancelled_by": _lt("Cancelled by %(user)s."),
    "brought_over": _lt(
        "Another system sent it. %(user)s brought it over from the file “%(file)s”. What it asked "
        "for is not known: here is what was left to pay when it was brought over."
    ),
    "taken_back": _lt("It was brought over from another system, and taken back by %(user)s."),
    "before_taken_back": _lt(
        "The level before it was brought over from another system, and taken back by %(user)s."
    ),
    "sent_elsewhere": _lt(
        "%(reminder)s was sent by another system, so there is no message of it here. Issue the "
        "next level instead."
    ),
    "below_the_minimum": _lt("What is left to pay is below the minimum of the rule."),
    "all_paid": _lt("Everything was paid before it was sent."),
    "nothing_left": _lt("Nothing was left to remind before it was sent."),
    "dropped": _lt("%(reason)s: %(invoices)s."),
    "no_order_contact": _lt(
        "%(person)s, the contact person of the order, is archived or has no e-mail address."
    ),
    "invoice_address_instead": _lt(
        "No contact person of the order to write to for %(invoices)s: the invoice address is used."
    ),
    # ------------------------------------------------------------ interest and costs
    "no_interest_law": _lt(
        "Interest by law is asked, but it is not known by which: %(company)s is in none of the "
        "countries whose laws are known. Choose one in the settings, or have the level ask none, "
        "then retry."
    ),
    "no_interest_law_for": _lt(
        "The law (%(law)s) says nothing of interest that %(customer)s owes (%(kind)s). Correct the"
        " kind of customer, or have the level ask what was agreed on, or none, then retry."
    ),
    "no_base_rate": _lt(
        "There is no base rate for the half-year from %(day)s (%(whose)s), so interest cannot be "
        "worked out. Add it under Payment Reminders ▸ Rates of Interest, then retry."
    ),
    "no_day_rate": _lt(
        "The delay began on %(day)s, and the rate of that day is not known (%(whose)s), so interest"
        " cannot be worked out. Add it under Payment Reminders ▸ Rates of Interest, then retry."
    ),
    "claim_is_fixed": _lt(
        "%(reminder)s went out, or is done with: its interest and costs cannot be changed any more."
    ),
    # ------------------------------------------------------------------ delivery
    "bank_data_too_old": _lt(
        "The last bank data of %(company)s are of %(date)s, more than %(days)s days old: who has "
        "paid since is not known, and no reminder is e-mailed. Import the bank statement."
    ),
    "no_bank_data": _lt(
        "No bank statement of %(company)s is there, so nobody knows who has paid, and no reminder"
        " is e-mailed. Import the bank statement."
    ),
    "no_time_left": _lt(
        "%(reminder)s waits: there was no time for it, and the sending job is switched off."
    ),
    "too_many_without_job": _lt(
        "%(reminder)s was left out: the sending job is switched off, and without it at most "
        "%(number)s are done at once. Switch it on in the settings."
    ),
    "in_other_hands": _lt("%(reminder)s is being prepared or sent by somebody else now."),
    "job_goes_on": _lt("%(reminder)s waits: the sending job goes on with it now."),
    "of_address": _lt("%(address)s: %(error)s"),
    "of_copy": _lt("Copy to %(address)s: %(error)s"),
    "of_copy_named": _lt("Copy: %(error)s"),
    "of_repeat": _lt("Sending again to %(address)s: %(error)s"),
    "of_repeat_named": _lt("Sending again: %(error)s"),
    "waits_already": _lt("%(reminder)s waits to be sent to %(address)s already."),
    "repeated_meanwhile": _lt(
        "%(reminder)s was sent again by %(user)s after this window was opened. To send it once "
        "more, open the window anew."
    ),
    "sent_again": _lt("Sent again by %(user)s."),
    "no_address_in_template": _lt(
        "The template “%(template)s” gives “%(address)s” as its “%(field)s”, which is no e-mail "
        "address. Correct the template, then retry."
    ),
    "attachment_unreadable": _lt(
        "The attachment “%(file)s” of the template “%(template)s” cannot be read. Attach it anew,"
        " then retry."
    ),
    "invalid_address": _lt(
        "“%(address)s” is not an e-mail address. Correct it on the contact, then retry."
    ),
    "server_refused": _lt(
        "The mail server refused the message: %(words)s. Correct the cause, then retry."
    ),
    "line_lost": _lt(
        "The connection was lost after the message had been handed over (%(words)s): nobody knows"
        " whether the server accepted it. Send it again, or mark it as sent."
    ),
    "hand_over_broke": _lt(
        "The hand-over broke off (%(words)s): nobody knows whether the message went out. Send it"
        " again, or mark it as sent."
    ),
    "server_unreachable": _lt(
        "The outgoing mail server cannot be reached: %(words)s. It is tried again, at most "
        "%(attempts)s times; if this comes back, have the name, the port and the encryption of the "
        "server checked."
    ),
    "server_refused_now": _lt(
        "The mail server did not take the message now: %(words)s. It is tried again, at most "
        "%(attempts)s times."
    ),
    "not_made": _lt("The message could not be made: %(words)s. Correct its template, then retry."),
    "not_rendered_line": _lt(
        "The template “%(template)s” cannot be rendered, line %(line)s: %(error)s in %(part)s"
    ),
    "sender_gone": _lt(
        "The sender %(sender)s is archived or has no e-mail address, so the company's is used."
    ),
    "message_empty": _lt(
        "The template “%(template)s” says nothing. Write its text, then press “Retry”."
    ),
    "letter_is_out": _lt(
        "%(reminder)s was sent already, or is done with: its letter cannot be changed any more."
    ),
    "not_rendered": _lt("The template “%(template)s” cannot be rendered: %(error)s"),
    "no_sender": _lt(
        "There is no sender: enter an e-mail address of the company %(company)s, or choose a "
        "sender with an address on the level."
    ),
    "no_template": _lt(
        "The level “%(level)s” of the rule “%(rule)s” has no message template. Choose one, then "
        "retry."
    ),
    "template_archived": _lt(
        "The template “%(template)s” of the level “%(level)s” is archived. Restore it or choose "
        "another, then retry."
    ),
    "came_back_words": _lt("The message came back: %(words)s. Correct the address, then retry."),
    "came_back": _lt("The message came back. Correct the address, then retry."),
    "sender_refused": _lt(
        "The mail server refuses this sender, whatever the message: %(words)s. Correct the "
        "settings of the outgoing mail server. Nothing is lost: until then it is tried again "
        "every 15 minutes."
    ),
    "certificate": _lt("its certificate is not valid (%(words)s)"),
    "not_smtp": _lt("it does not speak SMTP (“%(words)s”)"),
    "plain_letters_only": _lt(
        "it takes plain letters before the @ only, as it does not offer SMTPUTF8"
    ),
    "stale": _lt("Nobody tried to send it for 7 days."),
    # ------------------------------------------------------------ sending hours
    "calendar_closed": _lt(
        "E-mails wait for the sending calendar “%(calendar)s”: they go on %(when)s."
    ),
    "hour_used_up": _lt(
        "%(limit)s messages went within the last hour, and no more may: the next go %(when)s."
    ),
    "never_open": _lt(
        "The sending calendar “%(calendar)s” of %(company)s is closed for more than a year, so "
        "nothing is e-mailed: enter working hours in it, or choose another one in the settings."
    ),
    "left_for_later": _lt("%(reminder)s is not sent yet. %(problem)s"),
    "being_sent": _lt("%(reminder)s is being sent right now: try again in a minute."),
    "all_have_it": _lt("%(reminder)s was sent to all its contacts already."),
    "fate_unknown": _lt(
        "Nobody knows whether %(reminder)s arrived. Look at its deliveries: send them again, or "
        "mark them as sent."
    ),
    "no_address": _lt(
        "%(customer)s has no e-mail address. Enter one on the invoice address or the customer, "
        "then retry."
    ),
    "reason_gone": _lt(
        "It dropped out for a reason of an add-on that is not installed any more: %(reason)s"
    ),
    "channel_gone": _lt(
        "The program that %(reminder)s was to be sent by is not installed any more. Retry to send "
        "it by the channels of its level, or by e-mail if it has none; or mark it as sent."
    ),
    "to_approve": _lt("%(reminder)s waits for approval: approve it first."),
    # ------------------------------------------------------------- final notices
    "final_no_number": _lt(
        "%(name)s has neither a number in the company register nor a tax number: enter one."
    ),
    "final_no_street": _lt("%(name)s has no street: enter its seat."),
    "final_no_city": _lt("%(name)s has no city: enter its seat."),
    "final_no_zip": _lt("%(name)s has no postal code: enter its seat."),
    "final_no_country": _lt("%(name)s has no country: enter its seat."),
    "final_no_ground": _lt("%(name)s has no number by which the claim is known: enter one."),
    "final_no_due_date": _lt("%(name)s has no due date: enter it."),
    "final_no_reference": _lt("%(name)s has no variable symbol or payment reference: enter one."),
    "final_no_account": _lt(
        "%(name)s has no bank account to pay to in %(currency)s: enter one, or choose it on the "
        "invoices."
    ),
    "final_no_deadline": _lt(
        "“%(level)s” gives %(days)s days to pay: a final notice gives at least %(least)s."
    ),
    "final_by_issuer": _lt(
        "%(reminder)s was issued by %(user)s, who may not approve it too: have somebody else read "
        "and approve it."
    ),
    "final_unapproved": _lt("This is a final notice, which nobody has approved yet: read it."),
    "final_changed": _lt(
        "What this final notice says has changed since it was approved: read it again, and approve "
        "it."
    ),
    "final_read_again": _lt(
        "What this final notice says has changed since it was read: read it again, and approve it."
    ),
    "final_retry": _lt("Choose Retry to have it approved again."),
    "final_by_writer": _lt(
        "%(reminder)s was rewritten by %(user)s, who may not approve it too: have somebody else "
        "read and approve it."
    ),
    "final_day_refused": _lt(
        "%(reminder)s was approved on %(approved)s: enter the day it was sent, from then until "
        "today."
    ),
    "final_print_again": _lt(
        "%(reminder)s asks to pay by %(deadline)s, less than %(least)s days after %(day)s: choose "
        "Not Printed, print it again with a later day, and post that one."
    ),
    "final_too_late": _lt(
        "The final notice %(reminder)s asks to pay by %(deadline)s, as it stands on what others "
        "have: sent on %(day)s it would leave less than %(least)s days, so it is not sent again. "
        "Write to this contact yourself, and give the time from then on."
    ),
    "final_posted_late": _lt(
        "%(reminder)s is a final notice that asks to pay by %(deadline)s: posted on %(day)s it "
        "leaves less than %(least)s days. Only who was told by e-mail before had the time."
    ),
    "final_first_approve": _lt(
        "%(reminder)s is a final notice that waits for approval: approve it first, then mark it as "
        "sent."
    ),
    "is_cancelled": _lt("%(reminder)s is cancelled."),
    "mode_off": _lt("Reminders of %(company)s are switched off."),
    "not_pilot": _lt("%(customer)s is not a pilot customer, and %(company)s is in pilot mode."),
    "not_sent": _lt("It was not sent."),
    "kills_workers": _lt(
        "The program was stopped %(times)s times while it prepared this message, so it is left "
        "out. Look for a text of unusual length on the customer or its invoices, then retry."
    ),
    "case_kills_workers": _lt(
        "The program was stopped %(times)s times while it put the next documents into this file, "
        "so it is not made. Look for documents of unusual size, then ask for it anew."
    ),
    "worker_died": _lt(
        "The program was stopped while the message was being sent: nobody knows whether the "
        "server accepted it. Send it again, or mark it as sent."
    ),
    "plain_text_line": _lt(
        "The plain text of “%(level)s” (%(language)s), line %(line)s: %(error)s"
    ),
    "plain_text": _lt("The plain text of “%(level)s” (%(language)s): %(error)s"),
    "text_syntax": _lt("it is not written correctly. %(what)s"),
    "text_unknown": _lt(
        "there is no variable “%(what)s” here. The variables are listed below the text."
    ),
    "text_refused": _lt(
        "“%(what)s” cannot be used in a reminder. Use the variables and filters listed below the "
        "text."
    ),
    "text_not_text": _lt(
        "this value cannot be used so. Lists are gone through with “for”, other values are "
        "written as they are."
    ),
    "text_no_date": _lt("the filter “date” is for dates only."),
    "text_no_currency": _lt(
        "the filter “money” needs the code of a currency of the reminder, as in “line.left | "
        "money(block.code)”; “%(what)s” is none."
    ),
    "text_too_deep": _lt("too many things lie in each other. Make it simpler."),
    "text_too_long": _lt("it makes a text or a number that is too long."),
    "text_too_many": _lt("it goes round too many times, so it was stopped."),
    "text_too_slow": _lt("it takes too long, so it was stopped."),
    "text_failed": _lt("it cannot be computed: %(what)s"),
    "letter_not_written": _lt(
        "The letter cannot be written: %(error)s. Have an administrator correct the template of the"
        " letter, then retry."
    ),
    "letter_not_made": _lt(
        "The letter cannot be made into a PDF: %(error)s. Have an administrator look into it, then "
        "retry."
    ),
    "letter_too_slow": _lt(
        "The letter is not there after %(seconds)s seconds, so it is given up. Look for texts of "
        "unusual length and for large pictures in its template, then retry."
    ),
    "no_renderer": _lt(
        "Letters in PDF need the Python library WeasyPrint, which cannot be used here: %(error)s. "
        "Have an administrator install it, then retry; or switch “Attach Letter” and “Send by "
        "Post” off on the level."
    ),
    "level_no_renderer": _lt(
        "“%(level)s” cannot have letters: the Python library WeasyPrint, which makes them, cannot "
        "be used here (%(error)s). Have an administrator install it, or switch “Attach Letter” and "
        "“Send by Post” off."
    ),
    "letter_damaged": _lt(
        "The file of the letter of %(reminder)s is not what was kept when it went out. Have an "
        "administrator restore it from a backup, then retry."
    ),
    # ------------------------------------------------------------- letters by post
    "no_postal_address": _lt(
        "%(customer)s has no postal address, so there is no letter: enter a street and a city on "
        "the invoice address or the customer, then retry."
    ),
    "on_paper": _lt(
        "The letter of %(reminder)s waits in To Print: print it and post it there, then mark it as "
        "posted."
    ),
    "letter_address_follows": _lt(
        "The address has changed: the letter will be printed with “%(address)s”."
    ),
    "address_changed": _lt(
        "The address has changed since it was printed, to “%(address)s”: choose Not Printed, then "
        "print it again."
    ),
    "address_on_envelope": _lt(
        "The address has changed since the letter was made, to “%(address)s”. The letter stays as "
        "it went out: write the new address on the envelope."
    ),
    "letter_is": _lt("The letter of %(reminder)s is “%(state)s”."),
    "printed_meanwhile": _lt(
        "The letter of %(reminder)s was printed by %(user)s meanwhile. So that it is not posted "
        "twice, it is not printed now. To have it once more, choose Print Again."
    ),
    "no_letter_waits": _lt("No letter of %(reminder)s waits to be printed any more."),
    "no_time_to_print": _lt("%(reminder)s was not printed yet: choose Print once more."),
    "do_not_post": _lt(
        "%(reminder)s was cancelled: do not post its letter, throw it away and choose Do Not Post."
    ),
    "not_to_post": _lt(
        "%(reminder)s has reached nobody yet, so its letter cannot be left out: cancel the reminder"
        " first, or choose Not Printed to have the letter wait again."
    ),
    "not_posted": _lt("Not posted: %(user)s."),
    "returned_day_refused": _lt(
        "The letter of %(reminder)s was posted on %(posted)s: enter the day it came back, from then"
        " until today."
    ),
    "posted_day_refused": _lt(
        "The letter of %(reminder)s was printed on %(printed)s: enter the day it was posted, from "
        "then until today."
    ),
    "printed_needs_reason": _lt(
        "The letter of %(reminder)s was printed on %(day)s by %(user)s and may be posted any "
        "moment: have it thrown away, and give a reason to cancel the reminder."
    ),
    "asks_what_is_paid": _lt("All that it asks for is paid by now."),
    "asks_for_nothing": _lt("Nothing of it may be reminded any more."),
    "asks_for_more": _lt("A part of what it asks for was paid or credited."),
    "later_asks": _lt("%(reminder)s, a later reminder, asks for it already."),
    "printed_asks_for_more": _lt(
        "A part was paid or credited since its letter was printed. Choose Not Printed in To Print, "
        "so that the letter is written anew, then send it."
    ),
    "letter_returned": _lt("The letter came back on %(day)s. Correct the address, then retry."),
    "letter_returned_words": _lt(
        "The letter came back on %(day)s: %(words)s. Correct the address, then retry."
    ),
    "no_letter": _lt("%(reminder)s asks for nothing any more, so there is no letter to print."),
    "message_too_large": _lt(
        "The files of this message come to more than %(most)s MB, which many mailboxes refuse. The "
        "largest: %(files)s. Take some out of the template, or make them smaller; a letter gets "
        "smaller with a smaller logo."
    ),
    "invoice_pdf_not_made": _lt(
        "The PDF of the invoice %(invoice)s cannot be made (%(error)s). Open the invoice and "
        "print it; once it prints, retry."
    ),
    "invoice_not_posted": _lt("it is not posted"),
    "invoice_pdf_empty": _lt("the program that makes it (wkhtmltopdf) gave an empty file"),
    "invoice_file_gone": _lt(
        "The PDF of the invoice %(invoice)s was deleted at this moment. Retry, and it is made anew."
    ),
    "invoice_file_unreadable": _lt(
        "The file “%(file)s” of the invoice %(invoice)s cannot be read. Have an administrator "
        "restore it from a backup, or reset the invoice to draft and post it again; then retry."
    ),
    "sent_file_damaged": _lt(
        "The file “%(file)s” is not what went out with %(reminder)s. Have an administrator restore "
        "it from a backup, then retry."
    ),
    "no_invoice_file": _lt("These are no invoices and have no file to attach: %(entries)s."),
    "invoice_file_changed": _lt(
        "Without the file of %(invoices)s: it was made anew since a message with it came back."
    ),
    "files_by_job": _lt(
        "%(reminder)s goes out in a moment: the sending job makes the PDFs of its invoices first."
    ),
    "files_without_job": _lt(
        "%(reminder)s waits for the PDFs of its invoices, which the sending job makes, and that is "
        "switched off. Switch it on in the settings."
    ),
    "attachments_too_large": _lt(
        "The attachments of the template “%(template)s” come to more than %(most)s MB, which many"
        " mailboxes refuse. Take some out, or make them smaller."
    ),
}

#: The codes of this program; of those of other add-ons the words are kept as well.
OURS = frozenset(SENTENCES)
