// With signal: keep a copy for when there is none, and let the phone say where it is. The page works without this.

const note = document.querySelector("[data-copy]");
const form = document.getElementById("ask");

async function keepCopy() {
  if (!note || !("serviceWorker" in navigator)) return;
  const registered = await navigator.serviceWorker.register(note.dataset.worker, { scope: note.dataset.scope });
  await navigator.serviceWorker.ready;
  registered.active.postMessage("renew");
}

function tell(text) {
  note.hidden = false;
  note.querySelector("[data-copy-says]").textContent = text;
}

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data?.kept) tell(note.dataset.kept);
  if (data?.removed) {
    tell(note.dataset.gone);
    note.querySelector("[data-copy-remove]").hidden = true;
  }
});

note?.querySelector("[data-copy-remove]").addEventListener("click", async () => {
  const registered = await navigator.serviceWorker.ready;
  registered.active.postMessage("remove");
});

function offerPosition() {
  const button = document.querySelector("[data-position]");
  if (!navigator.geolocation || !button || !form) return;
  const says = document.querySelector("[data-position-says]");
  button.hidden = false;
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      form.elements.place.value = "";
      form.elements.lat.value = coords.latitude.toFixed(5);
      form.elements.lon.value = coords.longitude.toFixed(5);
      says.textContent = `± ${Math.round(coords.accuracy)} m`;
      form.requestSubmit();
    },
    () => { says.textContent = "–"; },
  ));
  form.elements.place.addEventListener("change", () => {
    form.elements.lat.value = form.elements.lon.value = "";
    says.textContent = "";
  });
}

document.addEventListener("lagesbild:draw", () => form?.requestSubmit());
offerPosition();
keepCopy().catch(() => {});
