{
    "name": "Upomínky: letters by Snailmail",
    "summary": "Payment reminders on paper are printed and posted by Odoo's Snailmail",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Upomínky maintainers",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["upominky_addon", "snailmail"],
    "data": ["security/snailmail_rules.xml", "views/upominky_letters_views.xml"],
}
