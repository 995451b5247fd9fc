"""Decisions of the bridge, pure: they import the core of payment reminders and never Odoo."""
