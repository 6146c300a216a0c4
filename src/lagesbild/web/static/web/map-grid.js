// A grid sent as cell numbers and values instead of a polygon for each cell: a tenth of the bytes. Pure functions.
//
// {type: "LagesbildGrid", columns, rows, corners: [sw, se, ne, nw] as [lon, lat], cells: [row * columns + column, …],
//  values: […], properties?: {name: […], …}}. Row 0 is the southernmost. Between the corners positions are interpolated;
// over 30 km that is within a few metres of the true projection.

export function isGrid(data) {
  return data?.type === "LagesbildGrid";
}

/** A FeatureCollection with one square per cell; the value is in the property `value`, the cell's number in `id`. */
export function expandGrid(grid) {
  const names = Object.keys(grid.properties ?? {});
  const features = grid.cells.map((cell, i) => {
    const column = cell % grid.columns;
    const row = Math.floor(cell / grid.columns);
    const ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]].map(([dx, dy]) => cornerAt(grid, column + dx, row + dy));
    const properties = { id: cell, value: grid.values[i] };
    for (const name of names) properties[name] = grid.properties[name][i];
    return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
  });
  return { type: "FeatureCollection", features };
}

function cornerAt({ corners: [sw, se, ne, nw], columns, rows }, column, row) {
  const u = column / columns;
  const v = row / rows;
  return [0, 1].map((i) => (1 - v) * ((1 - u) * sw[i] + u * se[i]) + v * ((1 - u) * nw[i] + u * ne[i]));
}
