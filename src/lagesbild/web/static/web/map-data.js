// What layers are made of: answers fetched once for all layers that share an address, and the features in them.

import { quantileBreaks } from "./map-classes.js";
import { expandGrid, isGrid } from "./map-grid.js";

export const EMPTY = { type: "FeatureCollection", features: [] };
const SHARED_MS = 2000; // for so long an answer serves other layers with the same address

export class Answers {
  constructor() {
    this.requests = new Map();
  }

  /** GeoJSON as it is, or from an address. */
  load(source) {
    if (typeof source !== "string") return Promise.resolve(source);
    if (!this.requests.has(source)) {
      const request = fetched(source);
      this.requests.set(source, request);
      const forget = () => setTimeout(() => this.requests.delete(source), SHARED_MS);
      request.then(forget, forget);
    }
    return this.requests.get(source);
  }
}

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

/** What a feature is called in the page: its property `id`, or its own. */
export function keyOf(feature) {
  return String(feature.properties?.id ?? feature.id ?? "");
}

/** One part of an answer as a FeatureCollection; an answer that is GeoJSON itself has no parts. */
export function pick(answer, part) {
  const data = answer.type ? answer : answer[part] ?? EMPTY;
  if (isGrid(data)) return expandGrid(data);
  if (data.type === "FeatureCollection") return data;
  return { type: "FeatureCollection", features: [data.type === "Feature" ? data : { type: "Feature", properties: {}, geometry: data }] };
}

/** What a layer gets with new data: breaks, if it is coloured by a value and neither data nor description has them. */
export function described(layer, data) {
  if (!layer.property) return { data };
  const values = data.features.map((feature) => feature.properties[layer.property]);
  const known = values.filter((value) => typeof value === "number");
  const ownBreaks = layer.ownBreaks ?? layer.breaks ?? null;
  return { data, ownBreaks, breaks: data.breaks ?? ownBreaks ?? quantileBreaks(known), hasMissing: known.length < values.length };
}
