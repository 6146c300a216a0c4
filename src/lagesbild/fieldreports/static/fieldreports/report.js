// The page where a report is written: the phone's position, the map when it is wanted, and no report sent twice by
// mistake. Without script the place is written in words and everything else works as it is.

const small = window.matchMedia("(max-width: 48rem)");
for (const fold of document.querySelectorAll("details[data-fold-small]")) {
  if (small.matches) fold.open = false;
}

const form = document.querySelector("form[data-report]");
if (form) begin(form);

function begin(report) {
  const parts = {
    form: report,
    here: report.querySelector("[data-here]"),
    opener: report.querySelector("[data-show-map]"),
    box: report.querySelector("#where-map"),
    said: report.querySelector("[data-said]"),
    point: report.elements.point,
    accuracy: report.elements.accuracy_m,
  };
  followMap(parts);
  followPosition(parts);
  oneCategory(report);
  sendOnce(report);
}

/** The map is folded away until it is wanted: the button is quicker, and a map that is not seen need not be fetched. */
function followMap({ box, opener, said, point, accuracy, here }) {
  const show = (wanted) => {
    if (wanted && !box.querySelector("lagesbild-map")) box.append(box.querySelector("template").content.cloneNode(true));
    box.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
  };
  opener.hidden = false;
  show(Boolean(point.value));
  opener.addEventListener("click", () => show(box.hidden));
  box.addEventListener("lagesbild:draw", (event) => {
    accuracy.value = "";
    here.setAttribute("aria-pressed", "false");
    said.textContent = event.detail.feature ? said.dataset.set : "";
  });
}

/** Only when asked: the browser asks for consent, and nothing is sent before the report is. */
function followPosition({ here, said, point, accuracy, box }) {
  if (!navigator.geolocation || !window.isSecureContext) return;
  here.hidden = false;
  here.setAttribute("aria-pressed", "false");
  const found = async ({ coords }) => {
    const geometry = { type: "Point", coordinates: [Number(coords.longitude.toFixed(6)), Number(coords.latitude.toFixed(6))] };
    point.value = JSON.stringify({ type: "Feature", properties: {}, geometry });
    accuracy.value = Math.round(coords.accuracy);
    here.setAttribute("aria-pressed", "true");
    here.disabled = false;
    said.textContent = said.dataset.found.replace("{n}", Math.round(coords.accuracy));
    (await box.querySelector("lagesbild-map")?.ready)?.drawing?.set(JSON.parse(point.value));
  };
  const refused = () => {
    here.disabled = false;
    said.textContent = said.dataset.refused;
  };
  here.addEventListener("click", () => {
    here.disabled = true;
    said.textContent = said.dataset.asking;
    navigator.geolocation.getCurrentPosition(found, refused, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 });
  });
}

/** A button and the long list say one thing between them: the one used last. */
function oneCategory(report) {
  const list = report.elements.other_category;
  for (const button of report.querySelectorAll("[name=category]")) {
    button.addEventListener("change", () => {
      list.value = "";
    });
  }
  list.addEventListener("change", () => {
    if (list.value) report.querySelectorAll("[name=category]:checked").forEach((button) => (button.checked = false));
  });
}

/** One sending at a time. The key of the report stays: if the answer was lost on the way, sending again is the same. */
function sendOnce(report) {
  const button = report.querySelector("[type=submit]");
  report.addEventListener("submit", () => {
    setTimeout(() => (button.disabled = true));
  });
  window.addEventListener("pageshow", () => {
    button.disabled = false;
  });
}
