// The legend: what colours, dashes and marks mean, in words.

import { classNames } from "./map-classes.js";
import { classesOf, STATUSES } from "./map-layers.js";
import { number, text, token } from "./tokens.js";

const SVG = "http://www.w3.org/2000/svg";

/** A `details` element for the layers that have something to say, or null. */
export function legend(layers, { open }) {
  const parts = layers.filter((layer) => layer.legend !== false && layer.visible !== false && layer.data?.features.length).flatMap(entries);
  if (!parts.length) return null;
  const box = document.createElement("details");
  box.className = "map__legend";
  box.open = open;
  const summary = document.createElement("summary");
  summary.textContent = text("legend");
  box.append(summary, ...parts);
  return box;
}

function entries(layer) {
  const items = itemsOf(layer);
  if (!items.length) return [];
  const list = document.createElement("ul");
  for (const { name, shape } of items) {
    const item = document.createElement("li");
    item.append(swatch(shape), document.createTextNode(name));
    list.append(item);
  }
  if (!layer.title || !layer.property) return [list];
  const title = document.createElement("div");
  title.textContent = layer.unit ? `${layer.title}, ${layer.unit}` : layer.title;
  return [title, list];
}

function itemsOf(layer) {
  if (layer.kind === "hotspots") return statusItems(layer);
  if (layer.property && layer.kind !== "heat") return classItems(layer);
  if (!layer.title) return [];
  const colour = token(layer.kind === "heat" ? "--ramp-4" : layer.colour ?? "--accent");
  return [{ name: layer.title, shape: { kind: layer.kind === "line" ? "line" : layer.kind === "circle" ? "dot" : "box", colour, dash: layer.dash } }];
}

function statusItems(layer) {
  const present = new Set((layer.data?.features ?? []).map((feature) => feature.properties?.status));
  return STATUSES.filter((name) => present.has(name)).map((name) => ({
    name: text(name),
    shape: { kind: "line", colour: token(`--${name}`), dash: name === "fading" ? [2, 1.5] : null, width: name === "new" ? 4 : 3 },
  }));
}

function classItems(layer) {
  const { breaks, colours } = classesOf(layer);
  const names = layer.classNames ?? classNames(breaks, { format: (value) => number(value, 2), orMore: text("orMore"), lowest: layer.lowest ?? null });
  const items = names.map((name, i) => ({ name, shape: { kind: "box", colour: colours[i] } }));
  if (layer.hasMissing) items.push({ name: text("noData"), shape: { kind: "box", colour: token("--same") } });
  return items;
}

function swatch({ kind, colour, dash = null, width = 3 }) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 22 14");
  picture.setAttribute("aria-hidden", "true");
  const mark = document.createElementNS(SVG, { box: "rect", line: "line", dot: "circle" }[kind]);
  const attributes = {
    box: { x: 0.5, y: 0.5, width: 21, height: 13, fill: colour, stroke: token("--edge"), "stroke-width": 0.75 },
    line: { x1: 0, y1: 7, x2: 22, y2: 7, stroke: colour, "stroke-width": width, ...(dash ? { "stroke-dasharray": "5 3" } : {}) },
    dot: { cx: 11, cy: 7, r: 5, fill: colour },
  }[kind];
  for (const [name, value] of Object.entries(attributes)) mark.setAttribute(name, value);
  picture.append(mark);
  return picture;
}
