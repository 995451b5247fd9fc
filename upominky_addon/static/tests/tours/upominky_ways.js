import {registry} from "@web/core/registry";
import {field} from "@upominky_addon/../tests/tours/upominky_steps";

// In the morning a mail has failed: why, mend the address, send again.
registry.category("web_tour.tours").add("upominky_mend_and_retry", {
    steps: () => [
        {
            content: "One failed",
            trigger: '.o_upominky_overview button[data-figure="failed"]:contains("1")',
            run: "click",
        },
        {
            // The overview lists it as well: a click there would be lost on the way.
            content: "The list of the figure",
            trigger: '.o_breadcrumb:contains("Sending failed")',
        },
        {
            content: "Open it",
            trigger: '.o_list_view .o_data_row td[name="partner_id"]:contains("Odběratel")',
            run: "click",
        },
        {
            content: "It says why, in the server's words",
            trigger: '.o_form_view .alert-danger:contains("no such mailbox")',
        },
        {
            content: "Open the customer",
            trigger: `${field("partner_id")} a.o_form_uri`,
            run: "click",
        },
        {
            content: "Correct the address",
            trigger: `${field("email")} input`,
            run: "edit right@odberatel.example",
        },
        {content: "Save", trigger: ".o_form_button_save", run: "click"},
        {
            content: "Back to the reminder",
            trigger: ".breadcrumb a:contains(UP/)",
            run: "click",
        },
        {
            content: "Send it again",
            trigger: '.o_form_view button[name="action_retry"]',
            run: "click",
        },
        {
            content: "It is sent",
            trigger: '.o_statusbar_status .o_arrow_button_current:contains("Sent")',
        },
        {
            content: "To the new address",
            trigger: `${field("email_to")}:contains("right@odberatel.example")`,
        },
    ],
});

const openTab = {
    content: "Open the tab of reminders",
    trigger: '.o_notebook a[name="upominky"]',
    run: "click",
};
const reason = `${field("upominky_hold_reason")} input`;
const save = {content: "Save", trigger: ".o_form_button_save", run: "click"};

// The customer disputes an invoice: hold it.
registry.category("web_tour.tours").add("upominky_hold", {
    steps: () => [
        openTab,
        {content: "Why", trigger: reason, run: "click"},
        {
            content: "A dispute",
            trigger: '.o_select_menu_item:contains("Dispute")',
            run: "click",
        },
        save,
        {
            content: "It explains that nothing is issued",
            trigger: `${field("upominky_explanation")}:contains("On hold")`,
        },
    ],
});

// It is settled: the invoice is reminded again.
registry.category("web_tour.tours").add("upominky_resume", {
    steps: () => [
        openTab,
        {
            content: "No reason any more",
            trigger: reason,
            async run({clear}) {
                await clear();
                this.anchor.dispatchEvent(new FocusEvent("blur"));
            },
        },
        save,
        {
            content: "It tells what comes next",
            trigger: `${field("upominky_next_date")}:not(:empty)`,
        },
    ],
});

// A customer asks what is open: send the list of unpaid invoices.
registry.category("web_tour.tours").add("upominky_resend", {
    steps: () => [
        {
            content: "Open the actions of the reminder",
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: "Send the list",
            trigger: '.o-dropdown-item:contains("Send List of Unpaid Invoices")',
            run: "click",
        },
        {
            content: "The window shows to whom it goes",
            trigger: '.modal .o_field_widget[name="email_to"]:contains("@")',
        },
        {
            content: "Send it",
            trigger: '.modal footer button[name="action_send"]',
            run: "click",
        },
        {
            content: "It is sent",
            trigger: '.o_notification:contains("Sent: 1")',
        },
        {
            content: "The window is closed",
            trigger: "body:not(:has(.modal))",
        },
    ],
});

// What tonight's run would do, and why not the rest.
// What opens few rows at once needs no click to be read; a row opens its invoice.
registry.category("web_tour.tours").add("upominky_preview", {
    steps: () => [
        {
            content: "What will be issued",
            trigger: '.o_group_header:contains("Will be issued"):contains("(1)")',
        },
        {
            content: "The invoice",
            trigger: '.o_data_row:contains("Odběratel s.r.o."):contains("12,100.00")',
        },
        {
            content: "What will not, and why",
            trigger: '.o_group_header:contains("On hold"):contains("(1)")',
        },
        {
            content: "Open that invoice",
            trigger: '.o_data_row:contains("3,500.00") td[name="partner_id"]',
            run: "click",
        },
        {
            content: "It is the one",
            trigger: '.o_form_view .o_field_widget[name="partner_id"]',
        },
    ],
});

// On a phone rows are cards, so that nothing of them is cut.
const onPhone = (name, text, opened) =>
    registry.category("web_tour.tours").add(name, {
        steps: () => [
            {
                content: "It is drawn as cards",
                trigger: `.o_kanban_record:not(.o_kanban_ghost):contains("Odběratel"):contains("${text}")`,
                async run({click}) {
                    if (document.documentElement.scrollWidth > window.innerWidth) {
                        throw new Error("The page is wider than the phone.");
                    }
                    await click();
                },
            },
            {
                content: "A card opens what it is about",
                trigger: opened,
            },
        ],
    });
onPhone("upominky_phone_preview", "12,100.00", '.o_form_view .o_field_widget[name="partner_id"]');
onPhone("upominky_phone_overdue", "12,100.00", '.o_form_view .o_field_widget[name="partner_id"]');
onPhone("upominky_phone_debtors", "12,100.00", '.o_kanban_record:contains("days overdue")');
onPhone("upominky_phone_delivery", "Sent", '.o_form_view .o_field_widget[name="message_id"]');

registry.category("web_tour.tours").add("upominky_phone_groups", {
    steps: () => [
        {
            content: "A card in each group, one group below the other, as wide as the page",
            trigger: ".o_kanban_group:nth-child(2) .o_kanban_record:visible",
            run: () => {
                const [first, second] = [...document.querySelectorAll(".o_kanban_group")].map(
                    (group) => group.getBoundingClientRect()
                );
                if (second.top < first.bottom || second.left !== first.left) {
                    throw new Error("The second group stands beside the first.");
                }
                const last = [...document.querySelectorAll(".o_kanban_record")].at(-1);
                last.scrollIntoView();
                if (last.getBoundingClientRect().bottom > window.innerHeight + 1) {
                    throw new Error("The last card cannot be reached.");
                }
            },
        },
    ],
});
