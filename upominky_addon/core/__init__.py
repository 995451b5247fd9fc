"""Decisions of the product, pure: standard library and dateutil, never odoo.

``schedule`` says when which level is due and why not, ``left_out`` what is owed and asked for
nowhere, ``money`` what is left to pay, ``plan`` who
gets which reminder of how much, ``resend`` the summary,
``recheck`` what is left of it before it is sent, ``payment_reference`` what a payment is to carry,
``number_forms`` the words for one invoice and for several, ``delivery`` what
may happen to a message. Dates and money come in as arguments.
"""
