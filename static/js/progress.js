// While a job is at work its page asks how far it is; when it has ended the page is read anew.
const box = document.getElementById("progress");

async function ask() {
  const answer = await fetch(location.pathname, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.status === 204 || answer?.status === 401) return location.reload();
  if (answer?.ok) {
    // The region stays and its words change, so that they are read out.
    const told = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("progress");
    if (told && told.textContent !== box.textContent) box.replaceChildren(...told.childNodes);
  }
  setTimeout(ask, 2000);
}

if (box) setTimeout(ask, 2000);
