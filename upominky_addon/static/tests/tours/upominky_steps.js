import {stepUtils} from "@web_tour/tour_utils";

// The selector of a field in a form.
export const field = (name) => `.o_form_view .o_field_widget[name="${name}"]`;

// From Odoo's first page into the menu of reminders.
export function openReminders() {
    return [
        stepUtils.showAppsMenuItem(),
        {
            content: "Open invoicing",
            trigger: '.o_app[data-menu-xmlid="account.menu_finance"]',
            run: "click",
        },
        {
            content: "Open the menu of reminders",
            trigger: 'button[data-menu-xmlid="upominky_addon.menu_upominky"]',
            run: "click",
        },
    ];
}
