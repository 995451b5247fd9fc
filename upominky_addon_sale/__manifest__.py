{
    "name": "Upomínky: orders",
    "summary": "Reminders find the contact person of the order; new orders of debtors warn or stop",
    "version": "19.0.1.1.0",
    "category": "Accounting/Accounting",
    "author": "Upomínky maintainers",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["upominky_addon", "sale"],
    "data": [
        "security/ir.model.access.csv",
        "security/order_rules.xml",
        "data/order_actions.xml",
        "views/sale_order_views.xml",
        "views/upominky_settings_views.xml",
    ],
    "auto_install": True,
}
