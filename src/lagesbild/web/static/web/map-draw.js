// Drawing a polygon, a point with a radius, or a point alone. Knows the map only through a surface: show, onClick, onMove, handle, fit.
//
// Options: {shape: "polygon" | "circle" | "point", onChange(feature | null), value?: feature,
//           target?: a form field that holds the feature as JSON, shapeFrom?: name of the field that chooses the shape}
// A circle is a Point feature with the property radius_m; a point moves to where one clicks next. Typed coordinates are the way without a pointer.

import { boundsOf, circleRing, metresBetween } from "./map-geometry.js";
import { text } from "./tokens.js";

export class Drawing {
  constructor(surface, { shape = "polygon", onChange = () => {}, value = null, target = null, shapeFrom = null }) {
    this.surface = surface;
    this.target = target;
    this.onChange = onChange;
    this.shape = shape;
    this.history = [];
    this.handles = [];
    this.active = true;
    this.reset();
    this.off = [surface.onClick((at) => this.clicked(at)), surface.onMove((at) => this.moved(at)), this.listenKeys()];
    surface.doubleClickZooms = false;
    if (shapeFrom) this.followField(shapeFrom);
    this.buildTools();
    this.set(value ?? read(target));
  }

  /** Put a feature on the map to be changed. */
  set(feature) {
    const geometry = feature?.geometry ?? feature;
    this.reset();
    if (geometry?.type === "Point") {
      if (this.shape !== "point") this.shape = "circle";
      this.points = [geometry.coordinates];
      this.radiusM = feature.properties?.radius_m ?? 50;
      this.closed = true;
    } else if (geometry?.type === "Polygon") {
      this.shape = "polygon";
      this.points = geometry.coordinates[0].slice(0, -1);
      this.closed = true;
    }
    this.redraw();
    if (this.closed) this.surface.fit(boundsOf(this.picture()));
  }

  setShape(shape) {
    if (shape !== "polygon" && shape !== "circle") return;
    if (shape === this.shape) return;
    this.shape = shape;
    this.clear();
  }

  clear() {
    this.remember();
    this.reset();
    this.changed();
  }

  undo() {
    const before = this.history.pop();
    if (!before) return;
    Object.assign(this, before);
    this.changed();
  }

  finish() {
    if (this.shape !== "polygon" || this.points.length < 3 || this.closed) return;
    this.remember();
    this.closed = true;
    this.changed();
  }

  stop() {
    this.active = false;
    this.off.forEach((off) => off());
    this.handles.forEach((handle) => handle.remove());
    this.tools.remove();
    this.surface.doubleClickZooms = true;
    this.surface.show(null);
  }

  /** The drawn feature, or null while it is not whole. */
  feature() {
    if (!this.closed) return null;
    if (this.shape === "point") return { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: this.points[0].map(round) } };
    if (this.shape === "circle") {
      return { type: "Feature", properties: { radius_m: Math.round(this.radiusM) }, geometry: { type: "Point", coordinates: this.points[0].map(round) } };
    }
    const ring = [...this.points, this.points[0]].map((point) => point.map(round));
    return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
  }

  // ---- inside

  reset() {
    this.points = [];
    this.radiusM = 0;
    this.closed = false;
  }

  remember() {
    this.history.push({ points: this.points.map((point) => [...point]), radiusM: this.radiusM, closed: this.closed, shape: this.shape });
  }

  clicked(at) {
    if (this.closed && this.shape !== "point") return;
    this.remember();
    if (this.shape === "point") {
      this.points = [at];
      this.closed = true;
    } else if (this.shape === "circle" && this.points.length === 1) {
      this.radiusM = Math.max(metresBetween(this.points[0], at), 1);
      this.closed = true;
    } else {
      this.points.push(at);
    }
    this.changed();
  }

  moved(at) {
    if (this.closed || this.shape !== "circle" || this.points.length !== 1) return;
    this.radiusM = metresBetween(this.points[0], at);
    this.surface.show(this.picture());
  }

  changed() {
    this.redraw();
    const feature = this.feature();
    if (this.target) {
      this.target.value = feature ? JSON.stringify(feature) : "";
      this.target.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.onChange(feature);
    this.surface.element.dispatchEvent(new CustomEvent("lagesbild:draw", { bubbles: true, detail: { feature } }));
  }

  redraw() {
    this.surface.show(this.picture());
    this.handles.forEach((handle) => handle.remove());
    this.handles = this.shape === "polygon" ? this.polygonHandles() : this.circleHandles();
    this.updateTools();
  }

  picture() {
    const [first] = this.points;
    if (!first) return null;
    let geometry = { type: "LineString", coordinates: this.points };
    if (this.shape === "point") geometry = { type: "Point", coordinates: first };
    else if (this.shape === "circle") geometry = { type: "Polygon", coordinates: [circleRing(first, this.radiusM)] };
    else if (this.points.length > 2) geometry = { type: "Polygon", coordinates: [[...this.points, first]] };
    return { type: "Feature", properties: {}, geometry };
  }

  polygonHandles() {
    const corners = this.points.map((point, i) => this.handle(point, "map__handle", (at, done) => this.dragged(i, at, done), () => i === 0 && this.finish()));
    if (!this.closed) return corners;
    const middles = this.points.map((point, i) => {
      const next = this.points[(i + 1) % this.points.length];
      const at = [(point[0] + next[0]) / 2, (point[1] + next[1]) / 2];
      return this.handle(at, "map__handle map__handle--mid", (to, done) => done && this.insert(i + 1, to));
    });
    return [...corners, ...middles];
  }

  circleHandles() {
    if (!this.points.length) return [];
    const centre = this.handle(this.points[0], "map__handle", (at, done) => this.dragged(0, at, done));
    if (!this.closed || this.shape === "point") return [centre];
    const edge = circleRing(this.points[0], this.radiusM)[0];
    return [centre, this.handle(edge, "map__handle map__handle--mid", (at, done) => this.resized(at, done))];
  }

  handle(at, className, onDrag, onClick = null) {
    const element = Object.assign(document.createElement("button"), { type: "button", className });
    element.setAttribute("aria-label", text("drawHandle"));
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      onClick?.();
    });
    return this.surface.handle(at, element, onDrag);
  }

  dragged(i, at, done) {
    if (done) this.remember();
    this.points[i] = at;
    if (done) this.changed();
    else this.surface.show(this.picture());
  }

  insert(i, at) {
    this.remember();
    this.points.splice(i, 0, at);
    this.changed();
  }

  resized(at, done) {
    if (done) this.remember();
    this.radiusM = Math.max(metresBetween(this.points[0], at), 1);
    if (done) this.changed();
    else this.surface.show(this.picture());
  }

  listenKeys() {
    const listener = (event) => {
      const act = { Enter: () => this.finish(), Backspace: () => this.undo(), Escape: () => this.clear() }[event.key];
      if (!act || event.target.closest(".map__tools")) return;
      event.preventDefault();
      act();
    };
    this.surface.element.addEventListener("keydown", listener);
    return () => this.surface.element.removeEventListener("keydown", listener);
  }

  followField(name) {
    const fields = [...document.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const chosen = () => fields.find((field) => field.type !== "radio" || field.checked)?.value;
    this.shape = chosen() === "circle" ? "circle" : "polygon";
    const listener = () => this.setShape(chosen());
    fields.forEach((field) => field.addEventListener("change", listener));
    this.off.push(() => fields.forEach((field) => field.removeEventListener("change", listener)));
  }

  buildTools() {
    this.tools = Object.assign(document.createElement("div"), { className: "map__tools" });
    this.help = document.createElement("p");
    this.help.setAttribute("role", "status");
    this.buttons = Object.fromEntries([["drawFinish", "finish"], ["drawUndo", "undo"], ["drawClear", "clear"]].map(([name, act]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--small", textContent: text(name) });
      button.addEventListener("click", () => this[act]());
      return [act, button];
    }));
    this.tools.append(this.help, ...Object.values(this.buttons));
    this.surface.element.append(this.tools);
  }

  updateTools() {
    const begin = () => (this.shape === "point" ? text("drawPoint") : text(this.shape === "circle" ? "drawCircle" : "drawPolygon"));
    this.help.textContent = this.closed && this.shape !== "point" ? text("drawAdjust") : begin();
    this.buttons.finish.hidden = this.closed || this.shape !== "polygon" || this.points.length < 3;
    this.buttons.undo.hidden = !this.history.length;
    this.buttons.clear.hidden = !this.points.length;
  }
}

function round(degrees) {
  return Number(degrees.toFixed(6));
}

function read(target) {
  try {
    return JSON.parse(target?.value || "null");
  } catch {
    return null;
  }
}
