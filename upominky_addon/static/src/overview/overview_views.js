import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {ListRenderer} from "@web/views/list/list_renderer";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {UpominkyOverview} from "@upominky_addon/overview/overview";

export class OverviewListRenderer extends ListRenderer {
    static template = "upominky_addon.OverviewListRenderer";
    static components = {...ListRenderer.components, UpominkyOverview};
}

export class OverviewKanbanRenderer extends KanbanRenderer {
    static template = "upominky_addon.OverviewKanbanRenderer";
    static components = {...KanbanRenderer.components, UpominkyOverview};
}

const views = registry.category("views");
views.add("upominky_overview_list", {...listView, Renderer: OverviewListRenderer});
views.add("upominky_overview_kanban", {...kanbanView, Renderer: OverviewKanbanRenderer});
