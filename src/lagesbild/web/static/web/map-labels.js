// Names on the map: those that would cover another are left out, the first in order wins. Pure but for measuring.

const MIN_ZOOM = 12;
const GAP_PX = 3;

/** Show the names that have room, at this zoom. Nothing is written over the `marks`. */
export function placeLabels(labels, zoom, marks = []) {
  for (const { element } of labels) element.hidden = zoom < MIN_ZOOM;
  if (zoom < MIN_ZOOM) return;
  const boxes = [...marks, ...labels.map(({ element }) => element)].map((element) => element.getBoundingClientRect());
  const kept = withoutOverlap(boxes, marks.length);
  labels.forEach(({ element }, i) => {
    element.hidden = !kept.has(i + marks.length);
  });
}

/** The numbers of the boxes that can stand without touching an earlier one; the first `always` stand anyway. */
export function withoutOverlap(boxes, always = 0) {
  const kept = new Set();
  boxes.forEach((box, i) => {
    if (i < always || [...kept].every((k) => apart(box, boxes[k]))) kept.add(i);
  });
  return kept;
}

function apart(a, b) {
  return a.right + GAP_PX < b.left || b.right + GAP_PX < a.left || a.bottom < b.top || b.bottom < a.top;
}
