// Shows an attached file in the page, asked for only when its place is opened. Without this file, and where the
// browser has no viewer of PDF files, the place holds the link to a new tab.
document.addEventListener("toggle", ({ target }) => {
  const { shown, title } = target.dataset;
  if (!shown || !target.open || target.querySelector(shown)) return;
  if (shown === "iframe" && navigator.pdfViewerEnabled === false) return;
  const file = document.createElement(shown);
  file[shown === "img" ? "alt" : "title"] = title;
  file.src = target.querySelector("a").href;
  // The list of pages would take half of the place.
  if (shown === "iframe") file.src += "#navpanes=0";
  target.append(file);
}, true);
