"""Odoo's own models that the add-on extends lie here; its own concepts have a room each.

A room imports those named before it; see `docs/architecture.md`.
"""

from . import base
from . import rules
from . import books
from . import reminders
from . import jobs
from . import letters
from . import delivery
from . import cases
from . import account_move
from . import account_move_common
from . import account_move_contact
from . import account_move_holds
from . import account_move_limitation
from . import account_move_line
from . import account_move_entries
from . import account_move_files
from . import account_move_history
from . import account_move_interest
from . import account_move_grouping
from . import ir_attachment
from . import ir_attachment_sent
from . import ir_attachment_message
from . import ir_mail_server
from . import ir_module_module
from . import mail_message
from . import mail_template
from . import mail_template_extras
from . import mail_template_forms
from . import mail_template_size
from . import mail_template_companies
from . import mail_tracking_value
from . import res_company
from . import res_company_interest
from . import res_company_attachments
from . import res_company_letter
from . import res_company_todos
from . import res_config_settings
from . import res_partner
from . import res_partner_bank
from . import res_partner_holds
from . import res_partner_kind
from . import resource_calendar
from . import overview
from . import billing
from . import statements
from . import ir_ui_menu
