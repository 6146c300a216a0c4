// On a small screen the map comes first: the filters fold away until they are wanted.

const small = window.matchMedia("(max-width: 48rem)");
for (const fold of document.querySelectorAll("details[data-fold-small]")) {
  if (small.matches) fold.open = false;
}
