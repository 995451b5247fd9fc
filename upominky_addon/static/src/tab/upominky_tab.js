import {Component, useState, useSubEnv, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {View} from "@web/views/view";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

// What a form shows of reminders in a tab of its own, by another view of the same record. A tab
// that nobody opens is not rendered, so that its many queries are asked for who looks alone.
class UpominkyTab extends Component {
    static template = xml`
        <View t-if="props.record.resId" t-key="key" t-props="viewProps"/>
    `;
    static components = {View};
    static props = {...standardWidgetProps, view: String};

    setup() {
        this.state = useState({saved: 0});
        // The title and the address of the page are the form's around this one.
        useSubEnv({config: {...this.env.config, setDisplayName: () => undefined}});
        let wasDirty = false;
        useRecordObserver((record) => {
            if (wasDirty && !record.dirty) {
                this.state.saved += 1;
            }
            wasDirty = record.dirty;
        });
    }

    get key() {
        return `${this.props.record.resId}/${this.state.saved}`;
    }

    get viewProps() {
        const {record, view} = this.props;
        return {
            type: "form",
            resModel: record.resModel,
            resId: record.resId,
            context: {...record.context, form_view_ref: view},
            display: {controlPanel: false},
            readonly: true,
            preventCreate: true,
            preventEdit: true,
        };
    }
}

registry.category("view_widgets").add("upominky_tab", {
    component: UpominkyTab,
    extractProps: ({attrs}) => ({view: attrs.view}),
});
