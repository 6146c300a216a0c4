// Names on the map: those that would cover another are left out, the first in order wins. Pure but for measuring.

const MIN_ZOOM = 10.5;
const GAP_PX = 3;

/** Show the names that have room, at this zoom. */
export function placeLabels(labels, zoom) {
  for (const { element } of labels) element.hidden = zoom < MIN_ZOOM;
  if (zoom < MIN_ZOOM) return;
  const boxes = labels.map(({ element }) => element.getBoundingClientRect());
  const kept = withoutOverlap(boxes);
  labels.forEach(({ element }, i) => {
    element.hidden = !kept.has(i);
  });
}

/** The numbers of the boxes that can stand without touching an earlier one. */
export function withoutOverlap(boxes) {
  const kept = new Set();
  boxes.forEach((box, i) => {
    const free = [...kept].every((k) => apart(box, boxes[k]));
    if (free) kept.add(i);
  });
  return kept;
}

function apart(a, b) {
  return a.right + GAP_PX < b.left || b.right + GAP_PX < a.left || a.bottom < b.top || b.bottom < a.top;
}
