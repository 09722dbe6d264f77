// Adds rows to a section without a round trip, and keeps lists of choice true to the titles just written.
// Without this file the server draws an empty row each time the section is saved.

function randomUid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function addRow(button) {
  const name = button.dataset.addRow;
  const list = document.getElementById(`wiersze-${name}`);
  const total = document.querySelector(`input[name="${name}-total"]`);
  const uid = randomUid();
  const html = document.getElementById(`wzor-${name}`).innerHTML
    .replaceAll("__index__", total.value)
    .replaceAll("__number__", String(Number(total.value) + 1));
  total.value = String(Number(total.value) + 1);
  list.insertAdjacentHTML("beforeend", html);
  const row = list.lastElementChild;
  row.querySelector('input[name$="-uid"]').value = uid;
  offerWritten(row);
  offerAbove();
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function offer(select, uid, title) {
  let option = Array.from(select.options).find((other) => other.value === uid);
  if (!option) {
    option = new Option("", uid);
    select.add(option);
  }
  option.text = title;
}

function uidOf(input) {
  return input.closest("[data-row]")?.querySelector('input[name$="-uid"]')?.value;
}

function retitle(input) {
  const row = input.closest("[data-row]");
  const uid = uidOf(input);
  if (!uid || !input.name.endsWith("-title")) return;
  row.querySelector("[data-row-title]")?.replaceChildren(input.value);
  document.querySelectorAll(`select[data-refers-to="${row.dataset.row}"]`)
    .forEach((select) => offer(select, uid, input.value));
}

// A row that is added later offers what was written on the page in the meantime.
function offerWritten(row) {
  row.querySelectorAll("select[data-refers-to]").forEach((select) => {
    document.querySelectorAll(`[data-row="${select.dataset.refersTo}"] input[name$="-title"]`).forEach((input) => {
      if (input.value) offer(select, uidOf(input), input.value);
    });
  });
}

// What a new row may take from the row above it: pairs of controls of which only the one above says something.
function pairsAbove(button) {
  const row = button.closest("[data-row]");
  const above = row.previousElementSibling?.matches("[data-row]") && row.previousElementSibling;
  if (!above) return [];
  const control = (card, name) => card.querySelector(`[name="${card.querySelector('input[name$="-uid"]').name.replace(/uid$/, name)}"]`);
  return button.dataset.asAbove.split(" ")
    .map((name) => [control(above, name), control(row, name)])
    .filter(([from, to]) => from?.value && to && !to.value);
}

function offerAbove() {
  document.querySelectorAll("button[data-as-above]").forEach((button) => {
    button.hidden = !pairsAbove(button).length;
  });
}

function takeFromAbove(button) {
  const row = button.closest("[data-row]");
  pairsAbove(button).forEach(([from, to]) => {
    to.value = from.value;
    to.dispatchEvent(new Event("input", { bubbles: true }));
  });
  Array.from(row.querySelectorAll("input:not([type=hidden]), select, textarea")).find((control) => !control.value)?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-as-above]");
  if (button) takeFromAbove(button);
});
document.querySelectorAll("button[data-add-row]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => addRow(button));
});
document.addEventListener("input", (event) => {
  retitle(event.target);
  offerAbove();
});
offerAbove();

// A link to one row or to a control in it, from a list of what is missing, opens the row.
function openTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const row = target?.closest?.("details.row-card");
  if (!row) return;
  row.open = true;
  (target.querySelector("input") ?? target).focus();
}
window.addEventListener("hashchange", openTarget);
openTarget();
