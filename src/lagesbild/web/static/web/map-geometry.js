// Small geometry on longitude and latitude: bounds, middles, circles. Pure functions; good enough for a screen.

const METRES_PER_DEGREE = 111_320;

/** [west, south, east, north] of any GeoJSON, or null when it holds no position. */
export function boundsOf(data) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  visit(data, ([lon, lat]) => {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  });
  return box[0] <= box[2] ? box : null;
}

function visit(data, take) {
  if (!data) return;
  if (data.type === "FeatureCollection") data.features.forEach((feature) => visit(feature, take));
  else if (data.type === "Feature") visit(data.geometry, take);
  else if (data.type === "GeometryCollection") data.geometries.forEach((geometry) => visit(geometry, take));
  else positions(data.coordinates, take);
}

function positions(coordinates, take) {
  if (!coordinates) return;
  if (typeof coordinates[0] === "number") take(coordinates);
  else coordinates.forEach((each) => positions(each, take));
}

/** The middle of what a feature covers; the feature may name a better one in `label_lon` and `label_lat`. */
export function middleOf(feature) {
  const { label_lon: lon, label_lat: lat } = feature.properties ?? {};
  if (Number.isFinite(lon) && Number.isFinite(lat)) return [lon, lat];
  const box = boundsOf(feature);
  return box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

/** Metres between two positions. */
export function metresBetween([lon1, lat1], [lon2, lat2]) {
  const east = (lon2 - lon1) * Math.cos(((lat1 + lat2) / 2) * (Math.PI / 180));
  return Math.hypot(east, lat2 - lat1) * METRES_PER_DEGREE;
}

/** A closed ring of 64 corners around a position. */
export function circleRing([lon, lat], radiusM) {
  const stretch = Math.cos(lat * (Math.PI / 180));
  const degrees = radiusM / METRES_PER_DEGREE;
  return Array.from({ length: 65 }, (_, i) => {
    const angle = (i / 64) * 2 * Math.PI;
    return [lon + (degrees * Math.cos(angle)) / stretch, lat + degrees * Math.sin(angle)];
  });
}
