// When a passkey does not answer, the page says so instead of the console.
document.addEventListener("allauth.error", (event) => {
  const sentence = document.querySelector("[data-passkey-error]");
  if (!sentence) return;
  event.preventDefault();
  sentence.hidden = false;
});
