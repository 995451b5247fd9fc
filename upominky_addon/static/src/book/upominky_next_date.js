import {Component, xml} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatDate, toLocaleDateString} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;

// The first day of a next reminder. One that has passed is no news: it may be issued at once.
class NextDateField extends Component {
    static template = xml`<span t-att-title="day" t-out="text"/>`;
    static props = {...standardFieldProps};

    get date() {
        return this.props.record.data[this.props.name];
    }

    get day() {
        return this.date ? formatDate(this.date) : "";
    }

    get text() {
        const isPast = this.date && this.date < DateTime.local().startOf("day");
        if (isPast) {
            return _t("At once");
        }
        return this.date ? toLocaleDateString(this.date) : "";
    }
}

registry.category("fields").add("upominky_next_date", {
    component: NextDateField,
    supportedTypes: ["date"],
});
