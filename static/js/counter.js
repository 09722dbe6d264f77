// Keeps the line under a text true while one writes: "123 of 500 words".
// The rule is that of portal/text.py: stretches between spaces that hold a letter or a digit.
(() => {
  const SPACE = /[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/u;
  const SIGN = /[\p{L}\p{N}]/u;
  const PAUSE = 5000;

  const count = (text) => text.split(SPACE).filter((stretch) => SIGN.test(stretch)).length;

  const sentence = (line, words) => {
    const limit = Number(line.dataset.limit);
    const pattern = words > limit ? line.dataset.over : line.dataset.within;
    return pattern.replace("%(words)s", words).replace("%(limit)s", limit).replace("%(over)s", words - limit);
  };

  const show = (line, control) => {
    const words = count(control.value);
    const [seen, heard] = line.children;
    seen.textContent = sentence(line, words);
    line.classList.toggle("over", words > Number(line.dataset.limit));
    // Read aloud after a pause only: a voice at every word would drown the writer's own.
    clearTimeout(line.waiting);
    line.waiting = setTimeout(() => { heard.textContent = seen.textContent; }, PAUSE);
  };

  for (const line of document.querySelectorAll("[data-count]")) {
    const control = document.getElementById(line.dataset.count);
    control?.addEventListener("input", () => show(line, control));
  }
  window.wordCount = count;
})();
