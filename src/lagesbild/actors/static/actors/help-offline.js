// The page without signal: asks the copy on the device and says how old it is.

import { whoCanHelp } from "./help-rules.js";

const SOON_OLD_S = 86_400;
const OUT_S = 13 * 86_400; // the copy looks two weeks ahead
const form = document.querySelector("[data-ask]");
const box = document.getElementById("answer");
const asked = { situation: "", place: null, lon: NaN, lat: NaN, age: null };
let data = null;

async function begin() {
  const answer = await fetch(form.dataset.source).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  data = await answer.json();
  fill(form.place, data.texts.choose_place, data.places.map(({ id, name }) => [id, name]));
  fill(form.situation, data.texts.choose_situation, data.situations.map(({ code, name }) => [code, name]));
  const query = new URLSearchParams(location.search);
  form.place.value = query.get("place") ?? "";
  form.situation.value = query.get("situation") ?? "";
  form.age.value = query.get("age") ?? "";
  if (query.get("lat") && query.get("lon")) Object.assign(asked, { lat: Number(query.get("lat")), lon: Number(query.get("lon")) });
  form.hidden = false;
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  offerPosition();
  show();
  setInterval(show, 60_000);
}

function fill(select, first, options) {
  select.replaceChildren(new Option(first, ""), ...options.map(([value, name]) => new Option(name, value)));
}

function show(event) {
  if (event?.target?.name === "place") Object.assign(asked, { lat: NaN, lon: NaN });
  asked.place = form.place.value ? Number(form.place.value) : null;
  asked.situation = form.situation.value;
  asked.age = form.age.value === "" ? null : Number(form.age.value);
  const now = Date.now() / 1000;
  const isOut = tellAge(now);
  if (isOut) return box.replaceChildren();
  const answer = whoCanHelp(data, asked, now);
  const parts = ["on_duty", "off_duty", "unknown", "not_here"].filter((name) => name === "on_duty" || answer[name].length);
  box.replaceChildren(...parts.map((name) => section(name, answer[name])));
}

function tellAge(now) {
  const age = now - data.made_at;
  const words = age < 3600 ? say("minutes", { n: Math.floor(age / 60) }) : age < 48 * 3600 ? say("hours", { n: Math.floor(age / 3600) }) : say("days", { n: Math.floor(age / 86_400) });
  const old = age > OUT_S ? ` ${say("out")}` : age > SOON_OLD_S ? ` ${say("old")}` : "";
  document.querySelector("[data-copy-age]").textContent = say("copy", { age: words, at: moment(data.made_at) }) + old;
  return age > OUT_S;
}

function section(name, helpers) {
  const part = make("section");
  part.append(make("h2", "", say(name)));
  if (!helpers.length) part.append(make("p", "", say("none")));
  const list = make("ol", "helpers");
  list.append(...helpers.map((helper) => item(helper, name === "on_duty")));
  if (helpers.length) part.append(list);
  return part;
}

function item(helper, big) {
  const { candidate } = helper;
  const line = make("li", big ? "helper helper--now" : "helper");
  const head = make("h3", "", `${candidate.name} `);
  head.append(make("span", "helper__of", candidate.organisation));
  line.append(head, make("p", "helper__why", reasons(helper).join(" · ")), make("p", "helper__when", when(helper)));
  if (candidate.limits) line.append(make("p", "small", candidate.limits));
  const reach = make("p", "helper__reach");
  reach.append(...candidate.contacts.map((contact) => way(contact, candidate, big)));
  line.append(reach);
  return line;
}

function reasons({ candidate, level, zone, isPostedHere, whyNot, isExercise }) {
  const { min_age: low, max_age: high, home_municipality: municipality } = candidate;
  const ages = low !== null && high !== null ? say("ages", { low, high }) : high !== null ? say("ages_to", { high }) : low !== null ? say("ages_from", { low }) : "";
  return [
    whyNot && say(`why_${whyNot}`),
    say(level === 1 ? "own" : "may"),
    isPostedHere && say("posted"),
    zone && say("zone", { zone: zone.name }),
    ages,
    municipality && say("residents", { municipality }),
    isExercise && say("exercise"),
  ].filter(Boolean);
}

function when({ onDuty, until, nextFrom, knowsHours, takesOver }) {
  if (onDuty && until === null) return say("always");
  if (onDuty) {
    const then = takesOver ? ` · ${say(takesOver.afterGap ? "gap" : "then", { who: takesOver.candidate.name, at: moment(takesOver.at) })}` : "";
    return say("until", { at: moment(until) }) + then;
  }
  if (nextFrom !== null) return say("from", { at: moment(nextFrom) });
  return knowsHours ? say("no_next") : "";
}

function way(contact, candidate, big) {
  if (!contact.address) {
    const text = make("span", "helper__channel");
    text.append(make("span", "small quiet", `${contact.label} `), make("strong", "", contact.value));
    return text;
  }
  const link = make("a", big ? "button button--primary" : "button", contact.value);
  link.href = contact.address;
  link.append(make("span", "visually-hidden", ` ${contact.label}, ${candidate.name}`));
  return link;
}

function offerPosition() {
  const button = document.querySelector("[data-position]");
  if (!navigator.geolocation || !button) return;
  button.hidden = false;
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
    form.place.value = "";
    Object.assign(asked, { lat: coords.latitude, lon: coords.longitude });
    show();
  }));
}

function say(name, values = {}) {
  return data.texts[name].replace(/\{(\w+)\}/g, (_whole, key) => values[key]);
}

function moment(seconds) {
  const shape = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: data.time_zone };
  return new Intl.DateTimeFormat(data.language, shape).format(new Date(seconds * 1000));
}

function make(name, className = "", text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

begin();
