// Saves a form marked data-autosave while it is being written. The form works without this file.
//
// One request at a time. A request that was not answered is repeated unchanged, with the same key, before
// anything newer is sent: the server then gives the same answer and nothing is written twice.
// Unsaved text lives on the page and in the tab's sessionStorage until the server has acknowledged it.

const QUIET = 1500;
const LONGEST_PAUSE = 30000;
const BETWEEN_WORDS = 5000;
const SHOWN_BY_SERVER = new Set([200, 409, 422, 423]);

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function csrfToken() {
  // Read at each request: signing in again in another tab changes it.
  const match = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/);
  return match ? decodeURIComponent(match[1]) : "";
}

// Says aloud what the line shows. At once when it turns for better or worse, else with pauses:
// a word after every save would drown the writer's own.
class Voice {
  constructor(form, tone) {
    this.tone = tone;
    this.spoke = 0;
    [this.calm, this.urgent] = ["status", "alert"].map((role) => {
      const place = document.createElement("p");
      place.className = "sr";
      place.setAttribute("role", role);
      form.append(place);
      return place;
    });
  }

  tell(line) {
    const { tone } = line.dataset;
    if (tone === "working" || (tone === "bad" && tone === this.tone)) return;
    clearTimeout(this.timer);
    const pause = tone === this.tone ? this.spoke + BETWEEN_WORDS - Date.now() : 0;
    this.timer = setTimeout(() => this.speak(tone, line.textContent.trim()), Math.max(pause, 0));
  }

  speak(tone, words) {
    this.tone = tone;
    this.spoke = Date.now();
    (tone === "bad" ? this.urgent : this.calm).textContent = words;
  }
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.store = `unsaved:${form.getAttribute("action") || location.pathname}`;
    this.inFlight = null;
    this.dirty = false;
    this.stopped = false;
    this.leaving = false;
    this.timer = null;
    this.pause = 1000;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    window.addEventListener("focus", () => this.inFlight?.waiting && this.repeat());
    window.addEventListener("online", () => this.inFlight?.waiting && this.repeat());
    this.voice = new Voice(form, this.state.dataset.tone);
    this.offerUnsaved();
  }

  get state() {
    return document.getElementById("save-state");
  }

  body() {
    const data = new FormData(this.form);
    data.delete("csrfmiddlewaretoken");
    data.delete("done");
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return new URLSearchParams(data);
  }

  changed() {
    this.remember();
    if (this.stopped) return;
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), QUIET);
  }

  remember() {
    try {
      sessionStorage.setItem(this.store, this.body().toString());
    } catch {
      // A full or forbidden storage only means one safety net less.
    }
  }

  flush() {
    clearTimeout(this.timer);
    if (!this.dirty || this.inFlight || this.stopped) return;
    this.dirty = false;
    const body = this.body();
    body.set("request_key", randomKey());
    this.inFlight = { body, waiting: false };
    this.say("saving");
    this.send();
  }

  async send() {
    let response;
    try {
      response = await fetch(this.form.getAttribute("action") || location.pathname, {
        method: "POST",
        body: this.inFlight.body,
        credentials: "same-origin",
        headers: { "HX-Request": "true", "X-CSRFToken": csrfToken() },
      });
    } catch {
      return this.retryLater("failed");
    }
    if (response.status === 401 || response.status === 403) return this.retryLater("expired");
    if (!SHOWN_BY_SERVER.has(response.status)) return this.retryLater("failed");
    this.answered(response.status, await response.text());
  }

  retryLater(word) {
    this.inFlight.waiting = true;
    this.say(word);
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.repeat(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  repeat() {
    if (!this.inFlight?.waiting) return;
    clearTimeout(this.retry);
    this.inFlight.waiting = false;
    this.send();
  }

  answered(status, html) {
    const fragment = new DOMParser().parseFromString(html, "text/html").getElementById("save-state");
    if (fragment) {
      Object.assign(this.state.dataset, fragment.dataset);
      this.state.replaceChildren(...fragment.childNodes);
      this.voice.tell(this.state);
    }
    this.inFlight = null;
    this.pause = 1000;
    if (status === 200) {
      this.form.elements.revision.value = this.state.dataset.revision;
      if (!this.dirty) sessionStorage.removeItem(this.store);
    }
    this.stopped = status === 409 || status === 423;
    if (this.waitingSubmit) {
      const submitter = this.waitingSubmit;
      this.waitingSubmit = null;
      this.form.requestSubmit(submitter);
    } else if (this.dirty) {
      this.flush();
    }
  }

  submitted(event) {
    if (this.leaving) return event.preventDefault();
    this.flush();
    if (this.inFlight) {
      // What a button sends may get lost with its page: it goes once the server has the text.
      event.preventDefault();
      this.waitingSubmit = event.submitter;
      if (this.inFlight.waiting) this.repeat();
      return;
    }
    this.leave();
  }

  leave() {
    // A second click is the same request. Whoever stops the page from loading may try again.
    this.leaving = true;
    setTimeout(() => { this.leaving = false; }, 5000);
    sessionStorage.removeItem(this.store);
  }

  say(word) {
    const text = this.form.dataset[word];
    if (this.state && text) {
      this.state.textContent = text;
      this.state.dataset.tone = word === "saving" ? "working" : "bad";
      this.voice.tell(this.state);
    }
  }

  offerUnsaved() {
    const stored = sessionStorage.getItem(this.store);
    const offer = document.getElementById("unsaved-offer");
    if (!stored || !offer) return;
    const current = this.body();
    const unsaved = new URLSearchParams(stored);
    for (const name of ["revision", "request_key"]) [current, unsaved].forEach((data) => data.delete(name));
    if (current.toString() === unsaved.toString()) return sessionStorage.removeItem(this.store);
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", () => {
      this.fill(unsaved);
      offer.hidden = true;
      this.changed();
    });
  }

  addRows(values) {
    for (const button of this.form.querySelectorAll("button[data-add-row]")) {
      const name = `${button.dataset.addRow}-total`;
      const missing = Number(values.get(name)) - Number(this.form.elements[name].value);
      for (let count = 0; count < missing; count += 1) button.click();
    }
  }

  fill(values) {
    this.addRows(values);
    for (const control of this.form.elements) {
      if (!control.name || !values.has(control.name) || control.type === "hidden") continue;
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = values.getAll(control.name).includes(control.value);
      } else if (control.type !== "file") {
        control.value = values.get(control.name);
      }
    }
  }
}

document.querySelectorAll("form[data-autosave]").forEach((form) => new Autosave(form));
