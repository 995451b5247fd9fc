import {registry} from "@web/core/registry";
import {field} from "@upominky_addon/../tests/tours/upominky_steps";

const subject = ".o_upominky_unsent .o_upominky_subject";
const letter = ".o_upominky_unsent iframe";

// Reminders that wait for approval: read one, change what it says, approve it, read the next.
registry.category("web_tour.tours").add("upominky_read_and_approve", {
    steps: () => [
        {
            content: "Open one of those to approve",
            trigger: '.o_list_view .o_data_row td[name="partner_id"]:contains("Odběratel")',
            run: "click",
        },
        {
            content: "It says that it was not sent yet",
            trigger: '.o_upominky_not_sent:contains("not sent yet")',
        },
        {
            content: "The letter is there to be read",
            trigger: letter,
            run() {
                const page = document.querySelector(letter).srcdoc;
                if (!page.includes("12,100.00") || !page.includes("slipped your attention")) {
                    throw new Error("The letter is not shown");
                }
            },
        },
        {content: "Change it", trigger: ".o_upominky_change", run: "click"},
        {
            content: "Another subject",
            trigger: `.modal .o_field_widget[name="subject"] input`,
            run: "edit Jen pro Vás",
        },
        {
            content: "Another introduction",
            trigger: `.modal .o_field_widget[name="introduction"] .odoo-editor-editable`,
            run: "editor Zavoláme v pátek",
        },
        {
            content: "Save it",
            trigger: '.modal button[name="action_confirm"]',
            run: "click",
        },
        {content: "It is seen at once", trigger: `${subject}:contains("Jen pro Vás")`},
        {
            content: "Approve it, and on to the next",
            trigger: 'button[name="action_approve_next"]',
            run: "click",
        },
        {
            content: "The next one is there",
            trigger: `${field("partner_id")}:contains("Druhý")`,
        },
        {
            content: "With its letter",
            trigger: `${subject}:not(:contains("Jen pro Vás"))`,
        },
        {
            content: "Approve it too",
            trigger: 'button[name="action_approve_next"]',
            run: "click",
        },
        {
            content: "None is left",
            trigger: '.o_notification:contains("None is left to approve")',
        },
        {
            content: "One step back to the list",
            trigger: '.o_breadcrumb a:contains("Reminder Book")',
        },
    ],
});

// A page that was reloaded, or opened by a link that somebody sent, has no list behind it yet.
registry.category("web_tour.tours").add("upominky_approve_by_address", {
    steps: () => [
        {
            content: "Approve it, and on to the next",
            trigger: 'button[name="action_approve_next"]',
            run: "click",
        },
        {
            content: "The next one is there",
            trigger: `${field("partner_id")}:contains("Druhý")`,
        },
        {
            content: "With the list one step behind it",
            trigger: '.o_breadcrumb a:contains("Reminder Book")',
        },
    ],
});
