// Who can help, from the copy on the device. The same rules as help_now.py; pure, so that both can be held together.

const OWN_DAYS = 13; // duty that goes on longer than this is told as round the clock
const DAY = 86_400;

/** Whether a GeoJSON polygon or several hold the point; the edge counts as chance has it. */
export function holds(shape, lon, lat) {
  const polygons = shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates];
  return polygons.some(([outer, ...holes]) => inRing(outer, lon, lat) && !holes.some((hole) => inRing(hole, lon, lat)));
}

function inRing(ring, x, y) {
  let inside = false;
  for (let here = 0, before = ring.length - 1; here < ring.length; before = here++) {
    const [xi, yi] = ring[here];
    const [xj, yj] = ring[before];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** asked: {situation, place, lon, lat, age}; at: seconds. → {on_duty, off_duty, unknown, not_here} */
export function whoCanHelp(data, asked, at) {
  const point = pointOf(data, asked);
  const concerned = data.candidates.filter((each) => (asked.situation ? asked.situation in each.levels : true));
  const helpers = concerned.map((each) => helperOf(data, asked, point, each, at)).sort(byOrder);
  const fitting = helpers.filter((each) => !each.whyNot);
  const off = fitting.filter((each) => each.knowsHours && !each.onDuty);
  return {
    on_duty: fitting.filter((each) => each.onDuty).map((each) => ({ ...each, takesOver: successor(each, fitting) })),
    off_duty: off.sort((one, other) => (one.nextFrom ?? Infinity) - (other.nextFrom ?? Infinity) || byOrder(one, other)),
    unknown: fitting.filter((each) => !each.knowsHours),
    not_here: helpers.filter((each) => each.whyNot),
  };
}

function pointOf(data, { place, lon, lat }) {
  if (Number.isFinite(lon) && Number.isFinite(lat)) return [lon, lat];
  const named = data.places.find((each) => each.id === place);
  return named ? [named.lon, named.lat] : null;
}

function helperOf(data, asked, point, candidate, at) {
  const zone = point && data.zones.find((each) => candidate.zones.includes(each.id) && holds(each.shape, ...point));
  const posts = candidate.duties.filter((duty) => duty.place !== null);
  const here = posts.filter((duty) => isPostHere(data, asked, point, duty));
  const duties = [...here, ...candidate.duties.filter((duty) => duty.place === null)];
  const stretches = joined(duties.flatMap((duty) => duty.stretches));
  const now = stretches.find(([start, end]) => start <= at && at < end);
  const endless = Boolean(now) && now[1] - at > OWN_DAYS * DAY;
  return {
    candidate,
    level: asked.situation ? candidate.levels[asked.situation] : Math.min(...Object.values(candidate.levels)),
    zone,
    isPostedHere: here.length > 0 && point !== null,
    stretches,
    onDuty: Boolean(now),
    until: now && !endless ? now[1] : null,
    nextFrom: stretches.find(([start]) => start > at)?.[0] ?? null,
    knowsHours: candidate.duties.length > 0,
    isExercise: candidate.is_exercise || duties.some((duty) => duty.is_exercise),
    whyNot: whyNot(data, asked, point, candidate, zone, posts.length > 0 && duties.length === 0),
  };
}

function isPostHere(data, asked, point, duty) {
  if (!point || duty.place === asked.place) return true;
  const post = data.places.find((each) => each.id === duty.place);
  return Boolean(post) && holds(post.shape, ...point);
}

function joined(stretches) {
  const made = [];
  for (const [start, end] of stretches.toSorted((one, other) => one[0] - other[0] || one[1] - other[1])) {
    const last = made.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else made.push([start, end]);
  }
  return made;
}

function whyNot(data, asked, point, candidate, zone, postedElsewhere) {
  const situation = data.situations.find((each) => each.code === asked.situation);
  const youngest = asked.age ?? situation?.min_age ?? 0;
  const oldest = asked.age ?? situation?.max_age ?? 200;
  if ((candidate.min_age ?? 0) > oldest || (candidate.max_age ?? 200) < youngest) return "age";
  if (candidate.needs_zone && point && !zone) return "zone";
  return postedElsewhere ? "elsewhere" : "";
}

function byOrder(one, other) {
  const text = (helper) => [helper.candidate.organisation, helper.candidate.name];
  return (
    one.level - other.level ||
    Number(!one.isPostedHere) - Number(!other.isPostedHere) ||
    Number(!one.zone) - Number(!other.zone) ||
    compare(text(one), text(other))
  );
}

function compare(one, other) {
  for (const [number, text] of one.entries()) {
    if (text !== other[number]) return text < other[number] ? -1 : 1;
  }
  return 0;
}

function successor(helper, fitting) {
  if (helper.until === null) return null;
  const there = fitting.find((each) => each.stretches.some(([start, end]) => start <= helper.until && helper.until < end));
  if (there) return { candidate: there.candidate, at: helper.until, afterGap: false };
  const coming = fitting
    .map((each) => ({ each, at: each.stretches.find(([start]) => start > helper.until)?.[0] }))
    .filter(({ at }) => at !== undefined)
    .sort((one, other) => one.at - other.at || byOrder(one.each, other.each));
  return coming.length ? { candidate: coming[0].each.candidate, at: coming[0].at, afterGap: true } : null;
}
