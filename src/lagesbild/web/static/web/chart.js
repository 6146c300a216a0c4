// Charts: <figure class="chart" data-chart="ID" aria-label="…"> with {{ spec|json_script:"ID" }}, a Vega-Lite specification.
//
// Needs the global `vegaEmbed` (vendor/vega.js). Drawn as SVG with the interpreter, so no eval is wanted; colours and type come
// from the stylesheet's tokens, over which the specification's own `config` wins. Width follows the figure unless the
// specification has one. The figure is drawn again when a fragment with it has arrived, or the device turns light or dark.

import { onColoursChange, text, token } from "./tokens.js";

const drawn = new Map();

function theme() {
  const ink = token("--ink");
  const soft = token("--ink-soft");
  const font = getComputedStyle(document.body).fontFamily;
  return {
    background: "transparent",
    font,
    view: { stroke: null },
    axis: { labelColor: soft, titleColor: soft, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, gridColor: token("--chart-grid"), domainColor: token("--edge"), tickColor: token("--edge") },
    legend: { labelColor: ink, titleColor: soft, labelFontSize: 12, titleFontSize: 12, orient: "top", symbolStrokeWidth: 2 },
    header: { labelColor: ink, titleColor: soft, labelFontSize: 12 },
    title: { color: ink, fontSize: 14, fontWeight: 600, anchor: "start" },
    text: { color: ink },
    mark: { color: token("--chart-1") },
    rule: { color: token("--edge") },
    range: {
      category: ["--chart-1", "--chart-2", "--chart-3", "--chart-4"].map(token),
      ramp: ["--ramp-0", "--ramp-1", "--ramp-2", "--ramp-3", "--ramp-4", "--ramp-5"].map(token),
      heatmap: ["--ramp-0", "--ramp-1", "--ramp-2", "--ramp-3", "--ramp-4", "--ramp-5"].map(token),
      diverging: ["--less-2", "--less-1", "--same", "--more-1", "--more-2"].map(token),
    },
  };
}

/** Numbers and dates as in the page's language; the library only knows English by itself. */
function locale() {
  const language = document.documentElement.lang;
  const parts = new Intl.NumberFormat(language).formatToParts(-1234567.5);
  const part = (type, otherwise) => parts.find((each) => each.type === type)?.value ?? otherwise;
  const names = (options, count, day) => Array.from({ length: count }, (_, i) => new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(day(i)));
  const month = (i) => Date.UTC(2026, i, 15);
  const weekday = (i) => Date.UTC(2026, 1, 1 + i); // 1 February 2026 is a Sunday
  return {
    formatLocale: { decimal: part("decimal", "."), thousands: part("group", ","), grouping: [3], currency: ["", ""], minus: "−" },
    timeFormatLocale: {
      dateTime: "%Y-%m-%d %H:%M", date: "%Y-%m-%d", time: "%H:%M", periods: ["AM", "PM"],
      days: names({ weekday: "long" }, 7, weekday), shortDays: names({ weekday: "short" }, 7, weekday),
      months: names({ month: "long" }, 12, month), shortMonths: names({ month: "short" }, 12, month),
    },
  };
}

const isObject = (value) => value && typeof value === "object" && !Array.isArray(value);

/** `over` laid on `under`, object by object. */
export function layOver(under, over) {
  const result = { ...under };
  for (const [key, value] of Object.entries(over ?? {})) result[key] = isObject(value) && isObject(under[key]) ? layOver(under[key], value) : value;
  return result;
}

/** The specification as drawn on a page: as wide as its figure. A chart of several parts keeps its own widths. */
export function fitted(spec) {
  const composed = ["hconcat", "vconcat", "concat", "facet", "repeat"].some((key) => key in spec);
  return composed || "width" in spec ? spec : { ...spec, width: "container", autosize: { type: "fit-x", contains: "padding" } };
}

async function draw(figure) {
  const source = document.getElementById(figure.dataset.chart);
  if (!source) return;
  drawn.get(figure)?.finalize();
  const plot = plotOf(figure);
  const name = plot.getAttribute("aria-label");
  try {
    const spec = fitted(JSON.parse(source.textContent));
    const result = await window.vegaEmbed(plot, spec, {
      mode: "vega-lite", renderer: "svg", ast: true, actions: false, tooltip: tooltipFor(figure), defaultStyle: false,
      config: layOver(theme(), spec.config), ...locale(),
    });
    plot.setAttribute("role", "img"); // one picture with one name; the numbers stand in the table
    plot.setAttribute("aria-label", name);
    plot.querySelector("svg")?.setAttribute("aria-hidden", "true");
    drawn.set(figure, result);
  } catch (error) {
    console.warn(error);
    plot.textContent = text("chartFailed");
  }
}

function plotOf(figure) {
  const plot = figure.querySelector(".chart__plot") ?? Object.assign(document.createElement("div"), { className: "chart__plot" });
  if (!plot.isConnected) figure.prepend(plot);
  plot.setAttribute("aria-label", figure.getAttribute("aria-label") ?? plot.getAttribute("aria-label") ?? figure.querySelector("figcaption")?.textContent.trim() ?? "");
  figure.removeAttribute("aria-label");
  return plot;
}

/** Our own small window: the library's would want a style of its own. */
function tooltipFor(figure) {
  let box = figure.querySelector(".chart__tip");
  if (!box) figure.append((box = Object.assign(document.createElement("div"), { className: "chart__tip", hidden: true })));
  return (_handler, event, _item, value) => {
    box.hidden = value === null || value === undefined || value === "";
    if (box.hidden) return;
    const lines = isObject(value) ? Object.entries(value).map(([name, each]) => `${name}: ${each}`) : [String(value)];
    box.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
    const frame = figure.getBoundingClientRect();
    const left = Math.min(event.clientX - frame.left + 12, frame.width - box.offsetWidth - 4);
    box.style.left = `${Math.max(left, 0)}px`;
    box.style.top = `${event.clientY - frame.top + 14}px`;
  };
}

function drawAll(root = document) {
  for (const figure of drawn.keys()) {
    if (figure.isConnected) continue;
    drawn.get(figure).finalize();
    drawn.delete(figure);
  }
  root.querySelectorAll("[data-chart]").forEach(draw);
}

drawAll();
document.addEventListener("htmx:afterSettle", (event) => drawAll(event.detail.target?.parentElement ?? document));
onColoursChange(() => drawAll());
