/**
 * What a report can do beyond being read: another theme, a search, filters. One listener for each, however many
 * changes there are; what is searched is collected at the first search.
 */
export const script = `
(() => {
  const root = document.documentElement;
  const key = "cometform-theme";
  // A browser may forbid a page from a file to keep anything.
  const kept = (value) => {
    try {
      return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value);
    } catch { return null; }
  };
  const theme = kept();
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  addEventListener("DOMContentLoaded", () => {
    const one = (selector) => document.querySelector(selector);
    const all = (selector, from) => [...(from ?? document).querySelectorAll(selector)];
    for (const element of all("[data-live]")) element.hidden = false;
    const toggle = one("#theme");
    const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const nameTheme = () => { toggle.textContent = isDark() ? "Light" : "Dark"; };
    toggle.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      kept(root.dataset.theme);
      nameTheme();
    });
    nameTheme();
    const bar = one("#filters");
    if (bar === null) return;
    const input = one("#search");
    const status = one("#status");
    let index;
    const collect = () => all("section[data-changes]").map((section) => ({
      section,
      changes: all(".change", section).map((element) => ({
        element, found: element.dataset.action.split(" "), text: element.textContent.toLowerCase(),
      })),
    }));
    const filter = () => {
      index ??= collect();
      const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
      const actions = all('button[aria-pressed="true"]', bar).map((button) => button.dataset.action);
      let shown = 0;
      let total = 0;
      for (const { section, changes } of index) {
        let here = 0;
        for (const { element, found, text } of changes) {
          const fits = (actions.length === 0 || found.some((action) => actions.includes(action))) && words.every((word) => text.includes(word));
          if (element.hidden === fits) element.hidden = !fits;
          if (fits) here += 1;
        }
        section.hidden = here === 0;
        shown += here;
        total += changes.length;
      }
      const isWhole = words.length === 0 && actions.length === 0;
      status.textContent = isWhole ? "" : shown.toLocaleString("en") + " of " + total.toLocaleString("en") + " entries shown";
    };
    let timer;
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(filter, 120); });
    bar.addEventListener("click", ({ target }) => {
      const button = target.closest("button[data-action]");
      if (button === null) return;
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      filter();
    });
    addEventListener("keydown", (event) => {
      if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); input.focus(); }
      if (event.key === "Escape" && event.target === input) { input.value = ""; filter(); }
    });
    addEventListener("beforeprint", () => { for (const element of all("details")) element.open = true; });
  });
})();
`;
