// On every page. Where there is something to hear first (mistakes, a message), the focus goes there.
// Whoever signs out leaves no unsaved text behind in the tab.
document.querySelector("[data-focus]")?.focus();
document.addEventListener("submit", (event) => {
  if (event.submitter?.matches("[data-sign-out]")) sessionStorage.clear();
  // Whoever has signed in anew, in another tab, has another token than this page was drawn with.
  const held = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/);
  const token = event.target.querySelector('[name="csrfmiddlewaretoken"]');
  if (held && token) token.value = decodeURIComponent(held[1]);
  // Else the browser hands on to the answer the place to which a link of the summary of mistakes led.
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
});
