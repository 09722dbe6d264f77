// On every page. Where there is something to hear first (mistakes, a message), the focus goes there.
// Whoever signs out leaves no unsaved text behind in the tab.
document.querySelector("[data-focus]")?.focus();
document.addEventListener("submit", (event) => {
  if (event.submitter?.matches("[data-sign-out]")) sessionStorage.clear();
});
