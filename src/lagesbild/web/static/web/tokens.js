// The stylesheet's tokens and the page's texts, for what is drawn by script.

let texts = null;

/** The text the page handed over under this name, already in the reader's language. */
export function text(name) {
  texts ??= JSON.parse(document.getElementById("script-texts")?.textContent ?? "{}");
  return texts[name] ?? name;
}

/** The value of a token such as "--accent" in the colours now in use. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The five-step ramp for amounts, or the scale around zero for change. */
export function palette(name) {
  const steps = name === "change"
    ? ["--less-2", "--less-1", "--same", "--more-1", "--more-2"]
    : ["--ramp-1", "--ramp-2", "--ramp-3", "--ramp-4", "--ramp-5"];
  return steps.map(token);
}

/** Call `redraw` when the device changes between light and dark. */
export function onColoursChange(redraw) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

/** A number as people write it in the page's language. */
export function number(value, digits = 1) {
  return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits }).format(value);
}
