import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {UpominkyListController, toldEmpty} from "@upominky_addon/book/upominky_empty";
import {UpominkyOverview} from "@upominky_addon/overview/overview";

export class OverviewListRenderer extends toldEmpty(ListRenderer) {
    static template = "upominky_addon.OverviewListRenderer";
    static components = {...super.components, UpominkyOverview};
}

export class OverviewKanbanRenderer extends toldEmpty(KanbanRenderer) {
    static template = "upominky_addon.OverviewKanbanRenderer";
    static components = {...super.components, UpominkyOverview};
}

const views = registry.category("views");
views.add("upominky_overview_list", {
    ...listView,
    Controller: UpominkyListController,
    Renderer: OverviewListRenderer,
});
views.add("upominky_overview_kanban", {...kanbanView, Renderer: OverviewKanbanRenderer});
