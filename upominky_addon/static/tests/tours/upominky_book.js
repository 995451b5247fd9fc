import {registry} from "@web/core/registry";
import {openReminders} from "@upominky_addon/../tests/tours/upominky_steps";

// The way of an accountant in the morning: the book, a reminder, its rule, and an invoice's tab.
registry.category("web_tour.tours").add("upominky_book", {
    url: "/odoo",
    steps: () => [
        ...openReminders(),
        {
            content: "Open the book",
            trigger: '[data-menu-xmlid="upominky_addon.menu_upominky_reminder"]',
            run: "click",
        },
        {
            content: "Open the reminder",
            trigger: '.o_data_row td[name="partner_id"]:contains("Odběratel s.r.o.")',
            run: "click",
        },
        {
            content: "The form shows the total, and the state",
            trigger: '.o_form_view .oe_title:contains("12,100.00")',
        },
        {
            content: "Look at the deliveries",
            trigger: '.o_notebook a[name="deliveries"]',
            run: "click",
        },
        {
            content: "Back to the book",
            trigger: '.breadcrumb a:contains("Reminder Book")',
            run: "click",
        },
        {
            content: "One click to the rules",
            trigger: 'button[name="action_open_upominky_rules"]',
            run: "click",
        },
        {
            content: "Open the rule for all",
            trigger: '.o_data_row td[name="name"]:contains("All customers")',
            run: "click",
        },
        {
            content: "It has four levels",
            trigger: '.o_field_widget[name="level_ids"] .o_data_row:nth-child(4)',
        },
    ],
});

registry.category("web_tour.tours").add("upominky_invoice", {
    steps: () => [
        {
            content: "Open the tab of reminders",
            trigger: '.o_notebook a[name="upominky"]',
            run: "click",
        },
        {
            content: "The history shows the reminder",
            trigger: '.o_field_widget[name="upominky_line_ids"] .o_data_row:contains("UP/")',
        },
        {
            content: "Open it from there",
            trigger: '.o_data_row button[name="action_open_reminder"]',
            run: "click",
        },
        {
            content: "The reminder is open",
            trigger: '.o_form_view .o_statusbar_status button:contains("Issued")',
        },
    ],
});
