// What every page does beyond plain HTML: menus that close, messages when a fragment fails, focus on what is wrong.
// Nothing here is needed to use a page.

const texts = JSON.parse(document.getElementById("script-texts")?.textContent ?? "{}");

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-drop][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function say(text) {
  const box = document.getElementById("messages");
  if (!box) return;
  const notice = document.createElement("div");
  notice.className = "notice notice--error";
  notice.setAttribute("role", "alert");
  const line = document.createElement("p");
  line.textContent = text;
  notice.append(line);
  box.replaceChildren(notice);
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-drop]")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-drop][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

document.addEventListener("htmx:responseError", (event) => {
  const signedOut = event.detail.xhr.status === 401;
  say(signedOut ? texts.signedOut : texts.failed);
});
document.addEventListener("htmx:sendError", () => say(texts.failed));
document.addEventListener("htmx:timeout", () => say(texts.failed));

// A sign-in page in the middle of a page is of no use: go there instead.
document.addEventListener("htmx:beforeSwap", (event) => {
  const address = event.detail.xhr.responseURL;
  if (address && new URL(address).pathname.startsWith("/accounts/login")) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});

document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));
document.addEventListener("htmx:afterSwap", (event) => event.detail.target?.querySelector(".error-summary")?.focus());

// A form or control with data-autosubmit sends itself when changed; without script its button is there.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && !form.hasAttribute("hx-get")) form.requestSubmit();
});
for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens-dialog]");
  if (opener) document.getElementById(opener.dataset.opensDialog)?.showModal();
  if (event.target.closest("[data-prints]")) window.print();
});
