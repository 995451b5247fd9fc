import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const beside = ".o_upominky_beside";
const editor = '.o_field_widget[name="body_html"] .odoo-editor-editable';

function says(words) {
    return {
        content: `The letter beside it says “${words}”`,
        trigger: `${beside} iframe[srcdoc*="${words}"]`,
    };
}

// From a level to its text: what it says to a customer is seen while it is written.
registry.category("web_tour.tours").add("upominky_template", {
    steps: () => [
        {
            content: "Open the text",
            trigger: 'button[name="action_edit_template"]',
            run: "click",
        },
        says("12,100.00"),
        {
            content: "Its table is called by its name",
            trigger: `${editor} [t-out="object.invoice_table"]`,
            run() {
                const shown = getComputedStyle(this.anchor, "::before").content;
                if (shown !== '"Table of Invoices"') {
                    throw new Error(`The placeholder is shown as ${shown}`);
                }
            },
        },
        {
            content: "Write another text",
            trigger: editor,
            run: "editor Please pay",
        },
        {
            content: "Insert the table by its name",
            trigger: '.o_upominky_offered button[data-name="invoice_table"]',
            run: "click",
        },
        {content: "It is in the text", trigger: `${editor} [t-out="object.invoice_table"]`},
        {
            content: "Leave the text",
            trigger: '.o_field_widget[name="name"] :is(input, textarea)',
            run: "click",
        },
        says("Please pay"),
        ...stepUtils.saveForm(),
    ],
});
