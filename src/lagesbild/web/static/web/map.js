// The map. The only file that knows MapLibre (the global `maplibregl`); everything else speaks layers and GeoJSON (WGS 84).
//
//   <lagesbild-map id="m" class="map--tall" data-base="…/base-map" data-config="map-config"></lagesbild-map>
//   {{ config|json_script:"map-config" }}          and {% include "web/_map_scripts.html" %} in the block scripts
//
// config: {label, bounds?: [west, south, east, north], layers: [layer, …], fit?: "layer id"}
// layer:  {id, src | data, part?, kind, title?, property?, breaks?, palette?: "ramp" | "change", unit?, lowest?, colour?: token name,
//          visible?, legend?, opacity?, minzoom?, maxzoom?, selectable?}
//   kind  fill · grid (cells) · line · circle · heat · hotspots (status new/persistent/fading, rank, name) · symbol (name as text)
//   src   address of GeoJSON, or of a LagesbildGrid (map-grid.js), or of {part: GeoJSON, …}: layers with one address share one request
//   features may carry id (choosing), title and text (shown when clicked), label_lon/label_lat (where the mark stands)
// base:   FeatureCollection; properties kind land/water/line/area/point, name; `sources`: [text, …] become the attribution
//
// The page, without script of its own:
//   <div data-map-for="m" data-map-sources='{"cells": "address", …}' hidden></div>   in a fragment: new data for these layers
//   <button data-map-for="m" data-map-layer="hotspots" data-map-feature="3">         chooses on the map; its row gets .selected
//   <input type="checkbox" data-map-for="m" data-map-toggle="cells">                 shows and hides
//   data-draw-target="id_geometry" data-draw-shape="polygon|circle|point" (or data-draw-shape-from="shape", a field's name)
//                                                                                    draws into a form field, see map-draw.js
// Script: (await element.ready) has setData, setVisible, select, fit, enableDrawing. Events on the element:
//   lagesbild:ready, lagesbild:select {layer, id, properties}, lagesbild:draw {feature}

import { Answers, described, EMPTY, keyOf, pick } from "./map-data.js";
import { Drawing } from "./map-draw.js";
import { boundsOf, middleOf } from "./map-geometry.js";
import { placeLabels } from "./map-labels.js";
import { baseLayers, selectionLayers, styleLayers } from "./map-layers.js";
import { legend } from "./map-legend.js";
import { onColoursChange, text, token } from "./tokens.js";

const MOST_ZOOM_LOST = 0.3;
const SELECTION = ["selected:edge", "selected:ring"];
const SWEDEN = [10.5, 55.2, 24.2, 69.1];

/** A map in `element`. Throws if the browser cannot draw it. */
export function createMap(element, config = {}) {
  return new LagesbildMap(element, config);
}

class LagesbildMap {
  constructor(element, { label, bounds, layers = [], base = null, fit = null }) {
    this.element = element;
    this.layers = new Map();
    this.base = EMPTY;
    this.selected = null;
    this.marks = [];
    this.pins = [];
    this.answers = new Answers();
    this.fitTo = bounds ? null : fit ?? layers[0]?.id ?? "base";
    this.gl = drawnMap(element, { label, bounds });
    this.ready = new Promise((resolve) => this.gl.on("load", resolve)).then(() => this.begin(base, layers));
  }

  async begin(base, layers) {
    this.gl.getCanvas().setAttribute("aria-label", `${this.element.getAttribute("aria-label") ?? text("map")}. ${text("mapHelp")}`);
    this.gl.on("click", (event) => this.clicked(event));
    this.gl.on("moveend", () => this.labels?.());
    onColoursChange(() => this.redraw());
    for (const layer of layers) this.layers.set(layer.id, { kind: "fill", ...layer, data: EMPTY });
    if (base) await this.setBase(base).catch(() => {});
    await Promise.all(layers.map((layer) => this.setData(layer.id, layer.data ?? layer.src)));
    this.fitFirst();
    this.element.dispatchEvent(new CustomEvent("lagesbild:ready", { bubbles: true }));
    return this;
  }

  async setBase(source) {
    this.base = await this.answers.load(source);
    if (this.fitTo === "base") this.fit(boundsOf(this.base), { still: true });
    this.tellSources();
    this.redraw();
  }

  /** Add a layer, or put another in its place. */
  addGeoJson(id, source, description = {}) {
    this.layers.set(id, { kind: "fill", ...description, id, data: EMPTY });
    return this.setData(id, source);
  }

  /** New data for a layer: an address or GeoJSON. A later call wins over an earlier one still on its way. */
  async setData(id, source) {
    const layer = this.layers.get(id);
    if (!layer) throw new RangeError(`The map has no layer "${id}".`);
    const turn = (layer.turn = (layer.turn ?? 0) + 1);
    try {
      const data = pick(await this.answers.load(source ?? EMPTY), layer.part ?? id);
      if (turn !== layer.turn) return;
      Object.assign(layer, described(layer, data));
      this.say("");
    } catch (error) {
      if (turn === layer.turn) this.say(text("mapFailed"));
      console.warn(error);
    }
    this.redraw();
    if (this.fitTo === id && layer.data.features.length) this.fit(id, { still: true });
  }

  setVisible(id, visible) {
    this.layers.get(id).visible = visible;
    this.redraw();
  }

  /** Ring a feature and bring it into view; `null` lets go. */
  select(layerId, id, { move = true } = {}) {
    const layer = this.layers.get(layerId);
    const feature = layer?.data.features.find((each) => keyOf(each) === String(id));
    this.selected = feature ? { layer: layerId, id: String(id) } : null;
    this.redrawSelection();
    if (feature && move) this.fit(boundsOf(feature), { padding: 90, maxZoom: 15.5 });
    const detail = feature ? { layer: layerId, id: String(id), properties: feature.properties } : { layer: layerId, id: null };
    this.element.dispatchEvent(new CustomEvent("lagesbild:select", { bubbles: true, detail }));
  }

  /** Show a layer, or [west, south, east, north]. */
  fit(target, { padding = 36, maxZoom = 16, still = false } = {}) {
    const box = typeof target === "string" ? boundsOf(this.layers.get(target)?.data ?? this.base) : target;
    if (box) this.gl.fitBounds(box, { padding: this.room(box, padding), maxZoom, animate: !still });
  }

  /** Room on each side; on the legend's side for the legend too, unless that would make everything much smaller. */
  room(box, padding) {
    const beside = this.legend?.open ? this.legend.offsetWidth : 0;
    const room = { top: padding, right: padding, bottom: padding, left: padding + beside };
    const zoom = (sides) => this.gl.cameraForBounds(box, { padding: sides })?.zoom ?? -Infinity;
    return zoom(padding) - zoom(room) < MOST_ZOOM_LOST ? room : padding;
  }

  /** Once everything has come: the layer asked for, or the first that shows anything, or the base map. */
  fitFirst() {
    if (!this.fitTo) return;
    const full = (layer) => layer?.data.features.length;
    const layer = [this.layers.get(this.fitTo), ...this.layers.values()].find(full);
    this.fit(boundsOf(layer?.data ?? this.base), { still: true });
    this.fitTo = null;
  }

  /** Let the reader draw. See map-draw.js. */
  enableDrawing(options) {
    this.drawing?.stop();
    this.drawing = new Drawing(new DrawingSurface(this), options);
    return this.drawing;
  }

  // ---- inside

  /** All layers again in their order; the data itself is handed over only when it is new. */
  redraw() {
    this.paint([]);
    this.gl.setPaintProperty("ground", "background-color", token("--map-ground"));
    const all = [...this.layers.values()];
    this.source("base", this.base);
    all.forEach((layer) => this.source(layer.id, layer.data));
    this.paint([...baseLayers("base"), ...all.flatMap((layer) => styleLayers(layer, layer.id))]);
    this.redrawSelection();
    this.showDrawn(this.drawn);
    this.redrawMarks();
    this.redrawLegend();
  }

  source(id, data) {
    this.known ??= new Map();
    if (this.known.get(id) === data) return;
    const source = this.gl.getSource(id);
    if (source) source.setData(data);
    else this.gl.addSource(id, { type: "geojson", data });
    this.known.set(id, data);
  }

  paint(styles) {
    (this.painted ?? []).forEach((id) => this.gl.removeLayer(id));
    this.painted = styles.map(({ id }) => id);
    styles.forEach((style) => this.gl.addLayer(style));
  }

  redrawSelection() {
    for (const id of SELECTION) if (this.gl.getLayer(id)) this.gl.removeLayer(id);
    const layer = this.layers.get(this.selected?.layer);
    if (layer) selectionLayers(layer, layer.id, this.selected.id).forEach((style) => this.gl.addLayer(style));
    for (const { button, layer: own, key } of this.pins) button.setAttribute("aria-pressed", String(this.selected?.layer === own && this.selected.id === key));
  }

  showDrawn(data) {
    this.drawn = data;
    if (data === undefined) return;
    this.source("drawn", data ?? EMPTY);
    const styles = styleLayers({ id: "drawn", kind: "fill", opacity: 0.2 }, "drawn");
    styles.forEach((style) => (this.gl.getLayer(style.id) ? this.gl.moveLayer(style.id) : this.gl.addLayer(style)));
  }

  redrawMarks() {
    this.marks.forEach((mark) => mark.remove());
    this.marks = [];
    this.pins = [];
    for (const layer of this.layers.values()) {
      if (layer.visible !== false && layer.kind === "hotspots") this.marks.push(...layer.data.features.map((feature) => this.pin(layer, feature)).filter(Boolean));
    }
    const named = [...this.layers.values()].filter((layer) => layer.kind === "symbol" && layer.visible !== false).flatMap((layer) => layer.data.features);
    const labels = [...named, ...this.base.features.filter((feature) => feature.properties?.kind === "point" && feature.properties.name)]
      .map((feature) => this.label(feature)).filter(Boolean);
    this.marks.push(...labels.map(({ mark }) => mark));
    this.labels = () => placeLabels(labels, this.gl.getZoom(), this.pins.map(({ button }) => button));
    this.labels();
  }

  pin(layer, feature) {
    const at = middleOf(feature);
    const { rank = "", name = "", status = "persistent" } = feature.properties ?? {};
    if (!at) return null;
    const button = document.createElement("button");
    button.type = "button";
    button.className = `map__pin map__pin--${status}`;
    button.textContent = rank;
    button.setAttribute("aria-pressed", String(this.selected?.layer === layer.id && this.selected.id === keyOf(feature)));
    this.pins.push({ button, layer: layer.id, key: keyOf(feature) });
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.select(layer.id, keyOf(feature), { move: false });
      this.tell(at, feature);
    });
    const mark = new maplibregl.Marker({ element: button }).setLngLat(at).addTo(this.gl);
    button.setAttribute("aria-label", `${rank}. ${name}, ${text(status)}`); // the library has put its own there
    return mark;
  }

  label(feature) {
    const at = middleOf(feature);
    if (!at) return null;
    const element = document.createElement("span");
    element.className = `map__label map__label--${feature.properties.kind ?? "name"}`;
    element.textContent = feature.properties.name;
    const mark = new maplibregl.Marker({ element, anchor: "left", offset: [6, 0] }).setLngLat(at).addTo(this.gl);
    element.setAttribute("aria-hidden", "true");
    element.removeAttribute("tabindex");
    return { element, mark };
  }

  clicked(event) {
    if (this.drawing?.active) return;
    const ids = [...this.layers.values()].filter((layer) => layer.selectable !== false).flatMap((layer) => styleLayers(layer, layer.id).map(({ id }) => id));
    const found = this.gl.queryRenderedFeatures(event.point, { layers: ids.filter((id) => this.gl.getLayer(id)) })[0];
    if (!found) return;
    this.select(found.source, keyOf(found), { move: false });
    this.tell(event.lngLat, found);
  }

  /** A small window with what the feature says of itself, as plain text. */
  tell(at, { properties = {} }) {
    this.popup?.remove();
    const lines = [properties.title ?? properties.name, ...String(properties.text ?? "").split("\n")].filter(Boolean);
    if (!lines.length) return;
    const box = document.createElement("div");
    lines.forEach((line, i) => {
      const paragraph = document.createElement("p");
      paragraph.append(i === 0 ? Object.assign(document.createElement("strong"), { textContent: line }) : line);
      box.append(paragraph);
    });
    this.popup = new maplibregl.Popup({ maxWidth: "18rem", focusAfterOpen: false, offset: 14 }).setLngLat(at).setDOMContent(box).addTo(this.gl);
  }

  redrawLegend() {
    const open = this.legend?.open ?? this.element.clientWidth > 560;
    this.legend?.remove();
    this.legend = legend([...this.layers.values()], { open });
    if (this.legend) this.element.append(this.legend);
  }

  tellSources() {
    const sources = this.base.sources ?? [];
    if (!sources.length) return;
    const box = document.createElement("details");
    box.className = "map__sources";
    const list = document.createElement("ul");
    list.append(...sources.map((each) => Object.assign(document.createElement("li"), { textContent: each })));
    box.append(Object.assign(document.createElement("summary"), { textContent: text("sources") }), list);
    this.sources?.remove();
    this.sources = box;
    this.element.append(box);
  }

  say(words) {
    this.notice ??= Object.assign(document.createElement("p"), { className: "map__notice" });
    this.notice.setAttribute("role", "status");
    this.notice.textContent = words;
    this.notice.hidden = !words;
    if (!this.notice.isConnected) this.element.append(this.notice);
  }
}

/** What drawing may do with the map, in words without the map library. */
class DrawingSurface {
  constructor(map) {
    this.map = map;
    this.element = map.element;
  }

  show(data) {
    this.map.showDrawn(data && { type: "FeatureCollection", features: [data] });
  }

  onClick(handler) {
    const listener = (event) => handler(event.lngLat.toArray());
    this.map.gl.on("click", listener);
    return () => this.map.gl.off("click", listener);
  }

  onMove(handler) {
    const listener = (event) => handler(event.lngLat.toArray());
    this.map.gl.on("mousemove", listener);
    return () => this.map.gl.off("mousemove", listener);
  }

  /** A handle to drag, or to move with the arrow keys. */
  handle(at, element, onDrag) {
    const name = element.getAttribute("aria-label");
    const marker = new maplibregl.Marker({ element, draggable: true }).setLngLat(at).addTo(this.map.gl);
    element.setAttribute("aria-label", name);
    marker.on("drag", () => onDrag(marker.getLngLat().toArray(), false));
    marker.on("dragend", () => onDrag(marker.getLngLat().toArray(), true));
    const steps = { ArrowUp: [0, -4], ArrowDown: [0, 4], ArrowLeft: [-4, 0], ArrowRight: [4, 0] };
    element.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const point = this.map.gl.project(marker.getLngLat());
      marker.setLngLat(this.map.gl.unproject([point.x + step[0], point.y + step[1]]));
      onDrag(marker.getLngLat().toArray(), true);
    });
    return { move: (to) => marker.setLngLat(to), remove: () => marker.remove() };
  }

  fit(box) {
    this.map.fit(box, { still: true });
  }

  set doubleClickZooms(wanted) {
    this.map.gl.doubleClickZoom[wanted ? "enable" : "disable"]();
  }
}

function drawnMap(element, { label, bounds }) {
  const gl = new maplibregl.Map({
    container: element.querySelector(".map__canvas"),
    style: { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": token("--map-ground") } }] },
    bounds: bounds ?? SWEDEN,
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    cooperativeGestures: window.matchMedia("(pointer: coarse)").matches,
    canvasContextAttributes: { preserveDrawingBuffer: true }, // so that it prints
    locale: {
      "Map.Title": label ?? text("map"), "NavigationControl.ZoomIn": text("zoomIn"), "NavigationControl.ZoomOut": text("zoomOut"),
      "Popup.Close": text("close"),
      "CooperativeGesturesHandler.MobileHelpText": text("twoFingers"), "CooperativeGesturesHandler.WindowsHelpText": "", "CooperativeGesturesHandler.MacHelpText": "",
    },
  });
  gl.touchZoomRotate.disableRotation();
  gl.keyboard.disableRotation();
  gl.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  gl.addControl(new maplibregl.ScaleControl({ maxWidth: 110 }), "bottom-left");
  return gl;
}

class LagesbildMapElement extends HTMLElement {
  constructor() {
    super();
    this.ready = new Promise((resolve) => {
      this.begun = resolve;
    });
  }

  connectedCallback() {
    // htmx puts a fresh element in the page for a moment before it puts the kept one (hx-preserve) in its place
    queueMicrotask(() => this.isConnected && !this.map && !this.failed && this.begin());
  }

  begin() {
    const config = JSON.parse(document.getElementById(this.dataset.config)?.textContent ?? "{}");
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", config.label ?? text("map"));
    this.replaceChildren(Object.assign(document.createElement("div"), { className: "map__canvas" }));
    try {
      this.map = createMap(this, { ...config, base: this.dataset.base ?? config.base });
      this.map.ready.then(() => this.begun(this.beginDrawing()));
    } catch (error) {
      console.warn(error);
      this.failed = true;
      this.replaceChildren(Object.assign(document.createElement("p"), { className: "map__missing", textContent: text("mapMissing") }));
    }
  }

  disconnectedCallback() {
    // htmx may move the element within the page; only a map that stays away is taken down
    setTimeout(() => {
      if (this.isConnected || !this.map) return;
      this.map.gl.remove();
      this.map = null;
    });
  }

  beginDrawing() {
    const target = document.getElementById(this.dataset.drawTarget ?? "");
    if (target) this.map.enableDrawing({ target, shape: this.dataset.drawShape, shapeFrom: this.dataset.drawShapeFrom });
    return this.map;
  }
}

customElements.define("lagesbild-map", LagesbildMapElement);
