// What the browser can tell of the page it shows. Each function returns sentences; none means that all is well.
({
  // Habits of the house that axe does not know.
  frame() {
    const found = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    if (document.documentElement.lang !== "pl") found.push("the page is not marked as Polish");
    if (!document.title.trim()) found.push("the page has no title");
    if (all("h1").length !== 1) found.push(`${all("h1").length} headings of the first level`);
    let level = 1;
    for (const heading of all("h1, h2, h3, h4, h5, h6").filter((heading) => heading.checkVisibility())) {
      const own = Number(heading.tagName[1]);
      if (own > level + 1) found.push(`h${level} is followed by h${own}: ${heading.textContent.trim()}`);
      level = own;
    }
    const ids = all("[id]").map((element) => element.id);
    for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
      found.push(`the id ${id} stands twice`);
    }
    for (const table of all("main table")) {
      const words = table.textContent.trim().slice(0, 60);
      if (!table.caption) found.push(`a table without a caption: ${words}`);
      if (table.querySelector("th:not([scope])")) found.push(`a heading of a table without its scope: ${words}`);
    }
    for (const control of all("input:not([type=hidden]), select, textarea")) {
      const label = control.labels?.[0]?.textContent.trim();
      const said = control.getAttribute("aria-label");
      if (label && said && label !== said) found.push(`${control.name} shows “${label}”, is named “${said}”`);
      if (["email", "password", "tel"].includes(control.type) && !control.autocomplete) {
        found.push(`${control.name} does not say what a browser may fill in`);
      }
    }
    for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"]) {
      for (const element of all(`[${name}]`)) {
        for (const id of element.getAttribute(name).split(/\s+/).filter(Boolean)) {
          if (!document.getElementById(id)) found.push(`${name} names ${id}, which is nowhere`);
        }
      }
    }
    return found;
  },

  // What makes the page scroll sideways.
  sideways() {
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const scrolls = (element) =>
      element && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
    const guilty = [...document.querySelectorAll("body *")].filter((element) =>
      element.getBoundingClientRect().right > page.clientWidth + 1 && !scrolls(element.parentElement));
    const names = guilty.map(({ tagName, className, id }) => `${tagName.toLowerCase()}.${className}#${id}`);
    return [`at ${page.clientWidth} px the page is ${page.scrollWidth} px wide: ${names.slice(0, 4).join(", ")}`];
  },

  // The summary of mistakes leads to each control, and each control says what is wrong with it.
  summary() {
    const lines = [...document.querySelectorAll(".error-summary li")];
    if (!lines.length) return ["there is no summary of mistakes"];
    return lines.flatMap((line) => {
      const place = document.getElementById(line.querySelector("a")?.hash.slice(1));
      if (!place) return [`leads nowhere: ${line.textContent.trim()}`];
      if (!place.matches("input, select, textarea")) return [];
      // A group of options is told what is wrong as a whole.
      const group = place.matches("[type=radio], [type=checkbox]") && place.closest("fieldset");
      const ids = (group || place).getAttribute("aria-describedby") ?? "";
      if (!group && place.getAttribute("aria-invalid") !== "true") return [`not marked as wrong: ${place.name}`];
      const told = ids.split(" ").some((id) => document.getElementById(id)?.matches(".error"));
      return told ? [] : [`does not say what is wrong: ${place.name}`];
    });
  },

  // Whether what has the focus can be seen: a ring of its own, and nothing above it.
  focus() {
    const element = document.activeElement;
    const { tagName, name, id, innerText } = element;
    const called = `${tagName.toLowerCase()} ${name || id || (innerText ?? "").slice(0, 40)}`;
    if (element === document.body) return { called: "", found: [] };
    const found = [];
    const rung = element.matches("input[type=file]") || [element, element.closest("label")].some((one) =>
      one && getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) > 0);
    if (!rung) found.push(`no ring around ${called}`);
    const box = element.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) found.push(`nothing to see of ${called}`);
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    const points = [0.1, 0.5, 0.9].flatMap((x) => [0.15, 0.5, 0.85].map((y) =>
      document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y)));
    const own = (one) => one && (element.contains(one) || one.contains(element) || one.closest("label")?.control === element);
    if (!points.some(own)) found.push(`${called} is out of sight or covered`);
    return { called, found };
  },

  // Edges of controls against what lies behind them: three to one at least (1.4.11).
  edges() {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([red, green, blue]) => {
      const [r, g, b] = [red, green, blue].map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      const color = element ? rgba(getComputedStyle(element).backgroundColor) : [255, 255, 255, 255];
      return color[3] === 255 ? color : behind(element.parentElement);
    };
    const ratio = (one, other) => {
      const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    };
    return [...document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea, button, .button)")]
      .filter((control) => control.checkVisibility() && getComputedStyle(control).appearance === "none"
        || control.matches("textarea, .button"))
      .flatMap((control) => {
        const ground = behind(control.parentElement);
        const edge = ratio(rgba(getComputedStyle(control).borderTopColor), ground);
        const fill = ratio(behind(control), ground);
        const best = Math.max(edge, fill);
        return best >= 3 ? [] : [`${control.name || control.textContent.trim()}: edge of ${best.toFixed(2)} to one`];
      });
  },

  // Sets the text as wide as a reader may need it (1.4.12).
  spread() {
    for (const element of document.body.querySelectorAll("*")) {
      element.style.setProperty("line-height", "1.5", "important");
      element.style.setProperty("letter-spacing", "0.12em", "important");
      element.style.setProperty("word-spacing", "0.16em", "important");
      if (element.tagName === "P") element.style.setProperty("margin-bottom", "2em", "important");
    }
    return [];
  },

  // Text that its own box hides.
  clipped() {
    return [...document.querySelectorAll("main *, header *, footer *")]
      .filter((element) => !element.matches("input, select, textarea, option, svg *"))
      .filter((element) => element.checkVisibility() && element.textContent.trim())
      // What is kept for voices alone is hidden on purpose.
      .filter((element) => getComputedStyle(element).clipPath === "none" && !element.closest(".sr"))
      .filter((element) => ["hidden", "clip"].includes(getComputedStyle(element).overflowX)
        || ["hidden", "clip"].includes(getComputedStyle(element).overflowY))
      .filter(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
        scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1)
      .map((element) => `hides a part of its text: ${element.tagName} ${element.textContent.trim().slice(0, 60)}`);
  },
})
