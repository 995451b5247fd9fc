"""Measures the add-on against the database's own speed and against its best-known peer."""

# `odoo` is a namespace package: its names are there once this is loaded, as `python -m odoo` does.
import odoo.init
