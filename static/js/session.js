// Tells five minutes ahead that the session ends, and lets one key make it longer. Takes the focus from nobody.
//
// The server alone knows the end: another tab may have moved it, or signed the person out. So it is asked
// before anything is said; asking makes nothing longer.

const AHEAD = 5 * 60 * 1000;
const MEANWHILE = 20 * 1000;
const notice = document.getElementById("session-end");
const words = notice.querySelector("p");
const [button, signIn] = [notice.querySelector("button"), notice.querySelector("a")];
// What is read aloud stands in places that are there before the words.
const [calm, urgent] = ["status", "alert"].map((role) => {
  const place = document.createElement("p");
  place.className = "session-heard";
  place.setAttribute("role", role);
  notice.before(place);
  return place;
});

let end = Date.now() + Number(notice.dataset.left) * 1000;
let shown = "";
let asked = false;
// Somebody came back while an answer was awaited, which may be older than what they did elsewhere.
let again = false;
// Moves with each extension: what was asked before or during one may answer with the old end.
let turn = 0;
let timer;
let before;

function csrfToken() {
  const match = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/);
  return match ? decodeURIComponent(match[1]) : "";
}

// Gives what the server knows, null where nobody is signed in, undefined where there is no answer.
async function ask(method) {
  try {
    const headers = { "HX-Request": "true" };
    if (method === "POST") headers["X-CSRFToken"] = csrfToken();
    const answer = await fetch(notice.dataset.address, { method, headers, credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401) return null;
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

function say(word, time = "") {
  const sentence = notice.dataset[word].replace("%(time)s", time);
  const same = shown === word && words.textContent === sentence;
  shown = word;
  words.textContent = sentence;
  button.hidden = word !== "soon" && word !== "failed";
  signIn.hidden = word !== "ended";
  notice.hidden = false;
  document.documentElement.style.setProperty("--session-end", `${notice.offsetHeight}px`);
  if (!same) (word === "soon" ? calm : urgent).textContent = sentence;
}

function silence() {
  const within = notice.contains(document.activeElement);
  notice.hidden = true;
  shown = "";
  urgent.textContent = "";
  if (within) (before?.isConnected ? before : document.getElementById("main"))?.focus();
}

function later() {
  clearTimeout(timer);
  const now = Date.now();
  if (now < end - AHEAD) timer = setTimeout(look, end - AHEAD - now);
  else if (shown !== "ended") timer = setTimeout(look, Math.min(MEANWHILE, Math.max(end - now, 0) + 500));
}

function told(answer) {
  if (answer) {
    end = Date.now() + answer.left * 1000;
    if (Date.now() < end - AHEAD) silence();
    else say(answer.may_be_longer ? "soon" : "last", answer.at);
  } else if (answer === null || Date.now() >= end) {
    say("ended");
  }
  later();
}

async function look() {
  if (asked) {
    again = true;
    return;
  }
  if (!shown && Date.now() < end - AHEAD) return later();
  asked = true;
  const mine = turn;
  const answer = await ask("GET");
  asked = false;
  if (mine === turn) told(answer);
  else later();
  if (!again) return;
  again = false;
  look();
}

async function extend() {
  turn += 1;
  const answer = await ask("POST");
  turn += 1;
  if (answer === undefined) return say("failed");
  told(answer);
  if (!shown) calm.textContent = notice.dataset.longer.replace("%(time)s", answer.at);
}

button.addEventListener("click", extend);
notice.addEventListener("focusin", ({ relatedTarget }) => {
  if (relatedTarget && !notice.contains(relatedTarget)) before = relatedTarget;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "F2" || notice.hidden || button.hidden) return;
  event.preventDefault();
  extend();
});
// A computer that slept, a tab that was away: the hour may have passed meanwhile.
document.addEventListener("visibilitychange", () => document.hidden || look());
for (const moment of ["focus", "pageshow", "online"]) window.addEventListener(moment, look);
later();
