// Classes for a coloured map: where the breaks lie and what the legend says of them. Pure functions.

/** Up to four breaks that part the values in classes of about equal size, rounded to two figures, without repeats. */
export function quantileBreaks(values, classes = 5) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  const breaks = [];
  if (!sorted.length) return breaks;
  for (let step = 1; step < classes; step += 1) {
    const at = roundTo(sorted[Math.floor((step * sorted.length) / classes)], 2);
    if (at > sorted[0] && at > (breaks.at(-1) ?? -Infinity)) breaks.push(at);
  }
  return breaks;
}

export function roundTo(value, figures) {
  return value === 0 ? 0 : Number(value.toPrecision(figures));
}

/** The class (0 …) of a value: a value exactly on a break belongs to the class above it. */
export function classOf(value, breaks) {
  let found = 0;
  while (found < breaks.length && value >= breaks[found]) found += 1;
  return found;
}

/** As many colours as there are classes, spread over the palette. */
export function spread(colours, count) {
  if (count <= 1) return [colours[Math.floor(colours.length / 2)]];
  return Array.from({ length: count }, (_, i) => colours[Math.round((i * (colours.length - 1)) / (count - 1))]);
}

/** What each class is called, lowest first: "–5", "5–10", "10 or more". */
export function classNames(breaks, { format, orMore, lowest = null }) {
  if (!breaks.length) return [lowest === null ? "" : `${format(lowest)} ${orMore}`];
  const names = [lowest === null ? `< ${format(breaks[0])}` : `${format(lowest)} – ${format(breaks[0])}`];
  for (let i = 1; i < breaks.length; i += 1) names.push(`${format(breaks[i - 1])} – ${format(breaks[i])}`);
  names.push(`${format(breaks.at(-1))} ${orMore}`);
  return names;
}
