// Raising a matter: the phone's position, and the map when it is wanted. Without script the place is written in words.
// On the desk: the filter is folded away on small screens.

for (const fold of document.querySelectorAll("details[data-fold-small]")) {
  if (window.matchMedia("(max-width: 48rem)").matches) fold.open = false;
}

const form = document.querySelector("form[data-raise]");
if (form) begin(form);

function begin(raise) {
  const parts = {
    here: raise.querySelector("[data-here]"),
    opener: raise.querySelector("[data-show-map]"),
    box: raise.querySelector("#where-map"),
    said: raise.querySelector("[data-said]"),
    point: raise.elements.point,
  };
  followMap(parts);
  followPosition(parts);
  const more = raise.querySelector("[data-more-kinds]");
  if (more?.querySelector(":checked")) more.open = true;
}

/** The map is folded away until it is wanted, or a point is known already. */
function followMap({ box, opener, said, point, here }) {
  const show = (wanted) => {
    if (wanted && !box.querySelector("lagesbild-map")) box.append(box.querySelector("template").content.cloneNode(true));
    box.hidden = !wanted;
    opener.setAttribute("aria-expanded", String(wanted));
  };
  opener.hidden = false;
  show(Boolean(point.value));
  opener.addEventListener("click", () => show(box.hidden));
  box.addEventListener("lagesbild:draw", (event) => {
    here.setAttribute("aria-pressed", "false");
    said.textContent = event.detail.feature ? said.dataset.set : "";
  });
}

/** Only when asked: the browser asks for consent, and nothing is sent before the matter is. */
function followPosition({ here, said, point, box }) {
  if (!navigator.geolocation || !window.isSecureContext) return;
  here.hidden = false;
  here.setAttribute("aria-pressed", "false");
  const found = async ({ coords }) => {
    const geometry = { type: "Point", coordinates: [Number(coords.longitude.toFixed(6)), Number(coords.latitude.toFixed(6))] };
    point.value = JSON.stringify({ type: "Feature", properties: {}, geometry });
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
