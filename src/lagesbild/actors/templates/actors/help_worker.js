{% load static %}// Keeps a copy of "who can help now" for when there is no signal. Reaches only the addresses below the page itself.
const CACHE = "lagesbild-help-{{ collaboration.slug }}";
const PAGE = "{% url 'actors:help_now' collaboration.slug %}";
const OFFLINE = "{% url 'actors:help_offline' collaboration.slug %}";
const DATA = "{% url 'actors:help_data' collaboration.slug %}";
const KEPT = [OFFLINE, DATA, "{% static 'web/style.css' %}", "{% static 'web/icon.svg' %}", "{% static 'actors/actors.css' %}", "{% static 'actors/help-offline.js' %}", "{% static 'actors/help-rules.js' %}"];

// All or nothing: a sign-in page, or a refusal, means that this device shall have no copy any more.
async function renew() {
  const answers = await Promise.all(KEPT.map((address) => fetch(address, { cache: "no-store", credentials: "same-origin" })));
  if (answers.some((answer) => answer.redirected || answer.status === 403 || answer.status === 404)) {
    await caches.delete(CACHE);
    return false;
  }
  if (!answers.every((answer) => answer.ok)) return false;
  const cache = await caches.open(CACHE);
  await Promise.all(answers.map((answer, number) => cache.put(KEPT[number], answer)));
  return true;
}

async function kept(address) {
  return (await caches.open(CACHE)).match(address);
}

async function firstFromNetwork(request, instead) {
  try {
    const answer = await fetch(request);
    if (answer.type === "opaqueredirect") await caches.delete(CACHE); // to the sign-in page: the copy was another's
    return answer;
  } catch (error) {
    const copy = await kept(instead);
    if (copy) return copy;
    throw error;
  }
}

self.addEventListener("install", (event) => event.waitUntil(renew().catch(() => {}).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "renew") event.waitUntil(renew().catch(() => false).then((done) => event.source.postMessage({ kept: done })));
  if (event.data === "remove") event.waitUntil(caches.delete(CACHE).then(() => event.source.postMessage({ removed: true })));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && (address.pathname === PAGE || address.pathname === OFFLINE)) {
    event.respondWith(firstFromNetwork(request, OFFLINE));
  } else if (KEPT.includes(address.pathname)) {
    event.respondWith(firstFromNetwork(request, address.pathname));
  }
});
