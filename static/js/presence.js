// Tells the server every 20 seconds that a section is open and whether it holds unsaved text, and shows who
// else is there. The form works without this file.

const EVERY = 20000;

function csrfToken() {
  const match = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/);
  return match ? decodeURIComponent(match[1]) : "";
}

function tell(form, words, keepalive = false) {
  return fetch(form.dataset.presence, {
    method: "POST",
    body: new URLSearchParams(words),
    credentials: "same-origin",
    keepalive,
    headers: { "HX-Request": "true", "X-CSRFToken": csrfToken() },
  });
}

async function here(form) {
  if (document.hidden) return;
  // What autosave.js keeps in the tab is what the server has not acknowledged yet.
  const unsaved = sessionStorage.getItem(`unsaved:${form.getAttribute("action")}`) !== null;
  try {
    const response = await tell(form, { unsaved: unsaved ? "1" : "0" });
    if (response.status !== 200) return;
    const html = new DOMParser().parseFromString(await response.text(), "text/html");
    const [line, place] = [html.getElementById("presence"), document.getElementById("presence")];
    // The line is read aloud when it changes, and not every 20 seconds.
    if (line && place && line.textContent.trim() !== place.textContent.trim()) {
      place.replaceChildren(...line.childNodes);
    }
  } catch {
    // The line of the autosave tells that the network is away.
  }
}

document.querySelectorAll("form[data-presence]").forEach((form) => {
  here(form);
  setInterval(() => here(form), EVERY);
  window.addEventListener("pagehide", () => { tell(form, { leaving: "1" }, true).catch(() => {}); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) here(form); });
});
