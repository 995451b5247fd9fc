import {Component, xml} from "@odoo/owl";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

// A sentence or two in a list: three lines of it, the whole of it when the mouse rests.
class LinesField extends Component {
    static template = xml`<div class="o_upominky_lines" t-att-title="text" t-out="text"/>`;
    static props = {...standardFieldProps};

    get text() {
        return this.props.record.data[this.props.name] || "";
    }
}

// The number of a level; of what raises none, what it is: most rows would leave a column empty.
class LevelField extends Component {
    static template = xml`<div class="text-truncate" t-att-title="title" t-out="text"/>`;
    static props = {...standardFieldProps};

    get title() {
        return this.props.record.data.event_title || "";
    }

    get text() {
        return this.title || formatInteger(this.props.record.data[this.props.name]);
    }
}

const fields = registry.category("fields");
fields.add("upominky_lines", {component: LinesField, supportedTypes: ["char", "text"]});
fields.add("upominky_level", {
    component: LevelField,
    fieldDependencies: [{name: "event_title", type: "char"}],
    supportedTypes: ["integer"],
});
