// After a page or a fragment with something to hear (mistakes, a message), the focus goes there.
(() => {
  const go = (root) => {
    const place = root.querySelector("[data-focus]");
    if (place) place.focus();
  };
  go(document);
  document.addEventListener("htmx:afterSettle", (event) => go(event.detail.elt));
})();
