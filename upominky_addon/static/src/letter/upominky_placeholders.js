import {htmlMailField, HtmlMailField} from "@mail/views/web/fields/html_mail_field/html_mail_field";
import {onMounted, onWillStart, onWillUnmount} from "@odoo/owl";
import {Plugin} from "@html_editor/plugin";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {withSequence} from "@html_editor/utils/resource";

// What a letter is written with, in the order in which it is offered; its names are those of the
// fields of a reminder.
const OFFERED = [
    "invoice_table",
    "invoice_numbers",
    "totals_text",
    "name",
    "issue_date_text",
    "deadline_text",
    "customer_name",
    "debtor_text",
    "company_name",
    "creditor_text",
    "company_email",
    "company_phone",
    "level_order",
];
// Other ways to write the same, as the default texts do.
const ALSO = {"company_id.name": "company_name", "partner_id.name": "customer_name"};

// Inserts placeholders by name: from the menu that "/" opens, and from the buttons over the text.
class PlaceholderPlugin extends Plugin {
    static id = "upominkyPlaceholder";
    static dependencies = ["dom", "history", "selection"];
    static shared = ["insertPlaceholder"];
    resources = {
        user_commands: this.config.upominkyPlaceholders.map(({name, label}) => ({
            id: `upominky_${name}`,
            title: label,
            description: _t("What the letter says in its place"),
            icon: "fa-tag",
            run: () => this.insertPlaceholder(name),
        })),
        powerbox_categories: withSequence(5, {id: "upominky", name: _t("Placeholders")}),
        powerbox_items: this.config.upominkyPlaceholders.map(({name}) => ({
            categoryId: "upominky",
            commandId: `upominky_${name}`,
        })),
    };

    insertPlaceholder(name) {
        const placeholder = this.document.createElement("t");
        placeholder.setAttribute("t-out", `object.${name}`);
        this.dependencies.selection.focusEditable();
        this.dependencies.dom.insert(placeholder);
        this.dependencies.history.addStep();
    }
}

// The text of a message, in which placeholders are shown and inserted by name. What is kept stays
// `<t t-out="object.invoice_table"/>`, as Odoo writes it.
class UpominkyTextField extends HtmlMailField {
    static template = "upominky_addon.TextField";

    setup() {
        super.setup();
        this.fields = useService("field");
        this.offered = [];
        this.style = document.createElement("style");
        onWillStart(() => this.loadNames());
        onMounted(() => document.head.append(this.style));
        onWillUnmount(() => this.style.remove());
    }

    async loadNames() {
        const found = await this.fields.loadFields("upominky.reminder", {
            fieldNames: OFFERED,
            attributes: ["string"],
        });
        const labels = Object.fromEntries(OFFERED.map((name) => [name, found[name].string]));
        // Among others, a number alone would be anybody's.
        labels.name = String(_t("Number of the Reminder"));
        this.offered = OFFERED.map((name) => ({name, label: labels[name]}));
        const paths = [...OFFERED.map((name) => [name, name]), ...Object.entries(ALSO)];
        this.style.textContent = paths
            .map(
                ([path, name]) =>
                    `.o_upominky_text .odoo-editor-editable [t-out="object.${path}"]:empty::before,
                     .o_upominky_text .o_readonly [t-out="object.${path}"]:empty::before
                     {content: ${JSON.stringify(labels[name])} !important;}`
            )
            .join("\n");
    }

    getConfig() {
        const config = super.getConfig();
        config.upominkyPlaceholders = this.offered;
        config.Plugins = [...config.Plugins, PlaceholderPlugin];
        return config;
    }

    insert(name) {
        this.editor.shared.upominkyPlaceholder.insertPlaceholder(name);
    }
}

registry.category("fields").add("upominky_text", {...htmlMailField, component: UpominkyTextField});
