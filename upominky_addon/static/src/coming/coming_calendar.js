import {CalendarController} from "@web/views/calendar/calendar_controller";
import {CalendarModel} from "@web/views/calendar/calendar_model";
import {calendarView} from "@web/views/calendar/calendar_view";
import {registry} from "@web/core/registry";
import {serializeDate} from "@web/core/l10n/dates";

// What comes is decided when it is looked at, for the days that are shown.
class ComingModel extends CalendarModel {
    setup(...args) {
        super.setup(...args);
        this.data.notes = [];
    }

    async fetchRecords(data) {
        const {start, end} = data.range;
        const days = [serializeDate(start), serializeDate(end)];
        data.notes = await this.orm.call(this.resModel, "read_days", days);
        return super.fetchRecords(data);
    }
}

// A row of the calendar is no page of its own: it opens the invoices that it is about.
class ComingController extends CalendarController {
    static template = "upominky_addon.ComingCalendar";

    get notes() {
        return this.model.data.notes || [];
    }

    async editRecord(record) {
        const action = await this.orm.call(this.model.resModel, "action_open_items", [
            [record.id],
        ]);
        return this.action.doAction(action);
    }
}

registry.category("views").add("upominky_coming_calendar", {
    ...calendarView,
    Controller: ComingController,
    Model: ComingModel,
});
