import {Component, onWillDestroy, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const PAUSE = 2000;

// Reads the record of a form again and again, as long as it says that it is worked on.
class UpominkyRefresh extends Component {
    static template = xml`<span/>`;
    static props = {...standardWidgetProps};

    setup() {
        this.timer = setInterval(() => this.refresh(), PAUSE);
        onWillDestroy(() => clearInterval(this.timer));
    }

    async refresh() {
        const {record} = this.props;
        if (this.isReading || document.hidden || !record.data.is_working) {
            return;
        }
        this.isReading = true;
        try {
            await record.load();
        } catch (error) {
            clearInterval(this.timer); // one message is enough; a reload of the page goes on
            throw error;
        } finally {
            this.isReading = false;
        }
    }
}

registry.category("view_widgets").add("upominky_refresh", {component: UpominkyRefresh});
