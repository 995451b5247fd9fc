import {_t} from "@web/core/l10n/translation";
import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {graphView} from "@web/views/graph/graph_view";
import {PivotRenderer} from "@web/views/pivot/pivot_renderer";
import {pivotView} from "@web/views/pivot/pivot_view";
import {registry} from "@web/core/registry";
import {toldEmpty} from "@upominky_addon/book/upominky_empty";

export class AnalysisPivotRenderer extends PivotRenderer {
    static template = "upominky_addon.AnalysisPivotRenderer";

    // A cell over several currencies has no sum: neither one of different money nor a converted one.
    getFormattedValue(cell) {
        if (cell.value !== false) {
            return super.getFormattedValue(cell);
        }
        const isMoney = this.model.metaData.measures[cell.measure].type === "monetary";
        const help = isMoney ? _t("Several currencies are not added up.") : _t("Not known yet.");
        return {value: "–", help};
    }
}

export class AnalysisGraphRenderer extends GraphRenderer {
    static template = "upominky_addon.AnalysisGraphRenderer";
}

const views = registry.category("views");
views.add("upominky_analysis_pivot", {
    ...pivotView,
    Controller: toldEmpty(pivotView.Controller),
    Renderer: AnalysisPivotRenderer,
});
views.add("upominky_analysis_graph", {
    ...graphView,
    Controller: toldEmpty(graphView.Controller),
    Renderer: AnalysisGraphRenderer,
});
