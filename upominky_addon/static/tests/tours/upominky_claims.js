import {registry} from "@web/core/registry";
import {field, openReminders} from "@upominky_addon/../tests/tours/upominky_steps";
import {stepUtils} from "@web_tour/tour_utils";

const selectAll = {
    content: "Select all",
    trigger: ".o_list_view thead .o_list_record_selector input",
    run: "click",
};

function openMenu(xmlid) {
    return {
        content: "Open it in the menu of reminders",
        trigger: `[data-menu-xmlid="upominky_addon.${xmlid}"]`,
        run: "click",
    };
}

function chooseAction(name) {
    return [
        {
            content: "Open the actions",
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            content: `Choose ${name}`,
            trigger: `.o-dropdown-item:contains("${name}")`,
            run: "click",
        },
    ];
}

// Who paid late, and what he owes for it.
registry.category("web_tour.tours").add("upominky_bill_interest", {
    steps: () => [
        ...openReminders(),
        openMenu("menu_upominky_paid_late"),
        {
            content: "One paid late",
            trigger: '.o_list_view .o_data_row:contains("12,100.00")',
        },
        selectAll,
        ...chooseAction("Bill Interest"),
        {
            content: "The draft opens; its line says of what, and for which days",
            trigger: `${field("invoice_line_ids")}:contains("days: 7")`,
        },
        {
            content: "Nothing was posted",
            trigger: '.o_statusbar_status .o_arrow_button_current:contains("Draft")',
        },
    ],
});

// Two customers go to court: a file for the lawyer about each.
registry.category("web_tour.tours").add("upominky_case_files", {
    steps: () => [
        {
            content: "Two reminders were sent",
            trigger: '.o_list_view .o_data_row:nth-child(2) .badge:contains("Sent")',
        },
        selectAll,
        ...chooseAction("File for a Lawyer"),
        {content: "Their files are listed", trigger: '.o_breadcrumb:contains("Files for Lawyers")'},
        {
            content: "Both are done",
            trigger: '.o_list_view .o_data_row:nth-child(2) .badge:contains("Done")',
        },
        {
            content: "The first too, ready to be downloaded",
            trigger:
                '.o_list_view .o_data_row:nth-child(1):contains("Done") button[name="action_download"]',
        },
    ],
});

const text = '.modal .o_field_widget[name="body_text"]';

// A level asks interest: the message is read with it before anybody gets it.
registry.category("web_tour.tours").add("upominky_charge_interest", {
    steps: () => [
        {
            content: "Open the kinds of interest",
            trigger: `${field("interest")} input`,
            run: "click",
        },
        {
            content: "At an agreed rate",
            trigger: '.o_select_menu_item:contains("As Agreed")',
            run: "click",
        },
        {
            content: "The rate",
            trigger: `${field("interest_percent")} input`,
            run: "edit 12",
        },
        {
            content: "And a flat cost",
            trigger: `${field("flat_cost")} input`,
            run: "edit 1200",
        },
        {
            content: "Read the message",
            trigger: 'button[name="action_preview"]',
            run: "click",
        },
        {
            content: "As plain text",
            trigger: '.modal a[name="plain_text"]',
            run: "click",
        },
        {
            content: "It asks for interest and costs",
            trigger: `${text}:contains("Whole claim in CZK"):contains("1,200.00")`,
        },
        {
            content: "Close",
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "It is kept",
            trigger: `body:not(:has(.modal)) ${field("interest")}`,
        },
    ],
});

const gaps = '.alert-warning .o_field_widget[name="final_gaps"]';

// The last call before a suit: what is missing, entering it, approving what goes out.
registry.category("web_tour.tours").add("upominky_final_notice", {
    steps: () => [
        {
            content: "It says what is missing",
            trigger: `${gaps} li:contains("number in the company register")`,
        },
        {
            content: "Approve it all the same",
            trigger: 'button[name="action_approve"]',
            run: "click",
        },
        {
            content: "That is refused, with the reason",
            trigger: '.modal .modal-body:contains("number in the company register")',
        },
        {content: "Close", trigger: ".modal footer button.btn-primary", run: "click"},
        {
            content: "Follow the link, in this tab: a tour sees no other",
            trigger: `body:not(:has(.modal)) ${gaps} a:contains("Odběratel")`,
            run() {
                this.anchor.removeAttribute("target");
                this.anchor.click();
            },
        },
        {
            content: "Enter the number of the company",
            trigger: `${field("company_registry")} input`,
            run: "edit 25596641",
        },
        ...stepUtils.saveForm(),
        {
            content: "Back to the reminder",
            trigger: `${field("company_registry")}`,
            run: () => window.history.back(),
        },
        {
            content: "Nothing is missing, and its letter is there to be read",
            trigger: `.o_form_view:not(:has(.o_field_widget[name="final_gaps"])) .o_upominky_unsent iframe`,
        },
        {content: "Approve it", trigger: 'button[name="action_approve"]', run: "click"},
        {
            content: "It may go out",
            trigger: '.o_statusbar_status .o_arrow_button_current:contains("Issued")',
        },
    ],
});
