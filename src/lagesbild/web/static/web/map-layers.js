// How each kind of layer is painted: from our layer description to the map library's style layers. Pure but for tokens.

import { spread } from "./map-classes.js";
import { palette, token } from "./tokens.js";

export const STATUSES = ["new", "persistent", "fading"];

/** Style layers of the base map, lowest first. */
export function baseLayers(source) {
  const of = (kind) => ["==", ["get", "kind"], kind];
  return [
    { id: "base-land", type: "fill", source, filter: of("land"), paint: { "fill-color": token("--map-land"), "fill-antialias": true } },
    { id: "base-water", type: "fill", source, filter: ["all", of("water"), ["==", ["geometry-type"], "Polygon"]], paint: { "fill-color": token("--map-water") } },
    { id: "base-stream", type: "line", source, filter: ["all", of("water"), ["==", ["geometry-type"], "LineString"]], paint: { "line-color": token("--map-water"), "line-width": 2 } },
    { id: "base-line", type: "line", source, filter: of("line"), layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": token("--map-line"), "line-width": ["interpolate", ["linear"], ["zoom"], 9, 0.6, 14, 1.4, 17, 3] } },
    { id: "base-area", type: "line", source, filter: of("area"), paint: { "line-color": token("--map-area"), "line-width": 0.8, "line-opacity": 0.7 } },
    { id: "base-point", type: "circle", source, filter: of("point"), minzoom: 11, paint: { "circle-radius": 3, "circle-color": token("--map-label"), "circle-stroke-color": token("--map-halo"), "circle-stroke-width": 1.5 } },
  ];
}

/** Colours and breaks of a layer, one colour per class. */
export function classesOf(layer) {
  const breaks = layer.breaks ?? [];
  return { breaks, colours: layer.colours ?? spread(palette(layer.palette), breaks.length + 1) };
}

function byClass(layer) {
  if (!layer.property) return token(layer.colour ?? "--accent");
  const { breaks, colours } = classesOf(layer);
  const value = ["to-number", ["get", layer.property]];
  const step = breaks.length ? ["step", value, colours[0], ...breaks.flatMap((at, i) => [at, colours[i + 1]])] : colours[0];
  return ["case", ["==", ["typeof", ["get", layer.property]], "number"], step, token("--same")];
}

const byStatus = () => ["match", ["get", "status"], ...STATUSES.flatMap((name) => [name, token(`--${name}`)]), token("--accent")];

const PAINTERS = {
  fill: (layer) => [
    { type: "fill", paint: { "fill-color": byClass(layer), "fill-opacity": layer.opacity ?? (layer.property ? 0.8 : 0.15) } },
    { type: "line", paint: { "line-color": layer.property ? token("--map-area") : token(layer.colour ?? "--accent"), "line-width": layer.property ? 0.6 : 1.6 } },
  ],
  grid: (layer) => [{ type: "fill", paint: { "fill-color": byClass(layer), "fill-opacity": layer.opacity ?? 0.78, "fill-antialias": false } }],
  line: (layer) => [{ type: "line", layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": byClass(layer), "line-width": layer.width ?? 1.5, "line-opacity": layer.opacity ?? 1, ...(layer.dash ? { "line-dasharray": layer.dash } : {}) } }],
  circle: (layer) => [{ type: "circle", paint: { "circle-color": byClass(layer), "circle-opacity": layer.opacity ?? 0.8, "circle-radius": layer.radius ?? ["interpolate", ["linear"], ["zoom"], 10, 2.5, 16, 6], "circle-stroke-color": token("--map-halo"), "circle-stroke-width": 1 } }],
  heat: (layer) => [{ type: "heatmap", paint: { "heatmap-weight": layer.property ? ["to-number", ["get", layer.property], 1] : 1, "heatmap-radius": layer.radius ?? ["interpolate", ["linear"], ["zoom"], 10, 8, 16, 40], "heatmap-opacity": layer.opacity ?? 0.8, "heatmap-color": heatColours() } }],
  hotspots: () => [
    { type: "fill", paint: { "fill-color": byStatus(), "fill-opacity": 0.12 } },
    { type: "line", part: "halo", layout: { "line-join": "round" }, paint: { "line-color": token("--map-halo"), "line-width": 6, "line-opacity": 0.85 } },
    { type: "line", part: "firm", only: ["!=", ["get", "status"], "fading"], layout: { "line-join": "round" }, paint: { "line-color": byStatus(), "line-width": ["match", ["get", "status"], "new", 3.5, 2.5] } },
    { type: "line", part: "dashed", only: ["==", ["get", "status"], "fading"], paint: { "line-color": byStatus(), "line-width": 2.5, "line-dasharray": [2, 1.5] } },
  ],
  symbol: () => [],
};

function heatColours() {
  const colours = palette("ramp");
  return ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(0,0,0,0)", ...colours.flatMap((colour, i) => [(i + 1) / colours.length, colour])];
}

/** Style layers of one of our layers, lowest first; their ids begin with the layer's. */
export function styleLayers(layer, source) {
  const painter = PAINTERS[layer.kind ?? "fill"];
  if (!painter) throw new TypeError(`A layer is one of ${Object.keys(PAINTERS).join(", ")}. Got "${layer.kind}".`);
  return painter(layer).map(({ part, only, ...style }) => ({
    ...style,
    id: `${layer.id}:${part ?? style.type}`,
    source,
    ...(only ? { filter: only } : {}),
    ...(layer.minzoom === undefined ? {} : { minzoom: layer.minzoom }),
    ...(layer.maxzoom === undefined ? {} : { maxzoom: layer.maxzoom }),
    layout: { ...style.layout, visibility: layer.visible === false ? "none" : "visible" },
  }));
}

/** The style layer that rings the chosen feature of a layer. */
export function selectionLayers(layer, source, id) {
  const filter = ["==", ["to-string", ["coalesce", ["get", "id"], ["id"], ""]], String(id)];
  const ring = layer.kind === "circle"
    ? { type: "circle", paint: { "circle-radius": 10, "circle-opacity": 0, "circle-stroke-width": 3, "circle-stroke-color": token("--focus") } }
    : { type: "line", paint: { "line-color": token("--focus"), "line-width": 4 } };
  const edge = ring.type === "line" ? [{ type: "line", id: "selected:edge", source, filter, paint: { "line-color": token("--focus-edge"), "line-width": 7 } }] : [];
  return [...edge, { ...ring, id: "selected:ring", source, filter }];
}

