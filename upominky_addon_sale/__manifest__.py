{
    "name": "Upomínky: contact person of the order",
    "summary": "Payment reminders find the contact person on the sale order behind the invoice",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Upomínky maintainers",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["upominky_addon", "sale"],
    "auto_install": True,
}
