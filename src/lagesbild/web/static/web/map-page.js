// Ties maps to the rest of the page through data- attributes (listed in map.js): new data, chosen rows, shown layers.

function mapFor(element) {
  return document.getElementById(element.dataset.mapFor) ?? document.querySelector("lagesbild-map");
}

/** Give each map the data that the page now names, where that has changed. */
function updateSources(root) {
  for (const element of root.querySelectorAll("[data-map-sources]")) {
    const target = mapFor(element);
    target?.ready?.then((map) => {
      for (const [layer, address] of Object.entries(JSON.parse(element.dataset.mapSources))) map.setData(layer, address);
    });
  }
}

function choosers(mapElement) {
  return [...document.querySelectorAll("[data-map-feature]")].filter((element) => mapFor(element) === mapElement);
}

document.addEventListener("htmx:afterSettle", (event) => updateSources(event.detail.target?.parentElement ?? document));

document.addEventListener("click", (event) => {
  const chooser = event.target.closest("[data-map-feature]");
  if (!chooser) return;
  const { mapLayer, mapFeature } = chooser.dataset;
  const target = mapFor(chooser);
  target?.scrollIntoView({ block: "nearest" });
  target?.ready?.then((map) => map.select(mapLayer, mapFeature));
});

document.addEventListener("change", (event) => {
  const { mapToggle } = event.target.dataset ?? {};
  if (mapToggle) mapFor(event.target)?.ready?.then((map) => map.setVisible(mapToggle, event.target.checked));
});

document.addEventListener("lagesbild:select", (event) => {
  const { layer, id } = event.detail;
  for (const chooser of choosers(event.target)) {
    const chosen = chooser.dataset.mapLayer === layer && chooser.dataset.mapFeature === id;
    if (chooser.matches("button")) chooser.setAttribute("aria-pressed", String(chosen));
    const row = chooser.closest("tr, li");
    row?.classList.toggle("selected", chosen);
    if (chosen) row?.scrollIntoView({ block: "nearest" });
  }
});
