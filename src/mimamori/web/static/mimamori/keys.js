// Single keys for people who work by keyboard, the count of chosen rows, and 離席. Pages work without this file.
(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const keysOn = () => localStorage.getItem("single-keys") !== "off";
  const inField = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;

  const rows = () => all("[data-row]");
  const current = () => document.activeElement.closest("[data-row]");
  const go = (step) => {
    const list = rows();
    const at = list.indexOf(current());
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + step, 0), list.length - 1)];
    next?.querySelector("a, button")?.focus();
  };
  const press = (name) => one(`[data-key="${name}"]`)?.click();
  const keys = {
    "/": () => one("#find")?.focus(),
    "j": () => (rows().length ? go(1) : press("j")),
    "k": () => (rows().length ? go(-1) : press("k")),
    "x": () => current()?.querySelector("input[type=checkbox]")?.click(),
    "a": () => one("[data-bulk] select")?.focus(),
    "?": () => one(".keys-list")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (inField(event.target) || one("dialog[open]")) return;
    const act = keys[event.key === "?" || event.key === "/" ? event.key : event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  });

  const turn = one("[data-keys-on]");
  if (turn) {
    turn.checked = keysOn();
    turn.addEventListener("change", () => localStorage.setItem("single-keys", turn.checked ? "on" : "off"));
  }

  // The bar for chosen rows: shown when something is chosen, with the number on its button.
  const bar = one("[data-bulk]");
  const count = () => {
    const boxes = all("[data-choose]");
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("[data-row]")?.classList.toggle("on", box.checked));
    bar.hidden = chosen.length === 0;
    all("[data-count]").forEach((place) => { place.textContent = chosen.length; });
  };
  if (bar) {
    document.addEventListener("change", (event) => { if (event.target.matches("[data-choose]")) count(); });
    one("[data-unchoose]")?.addEventListener("click", () => { all("[data-choose]").forEach((box) => { box.checked = false; }); count(); });
    count();
  }

  // 離席: the screen is hidden at once, before the server has answered.
  one("[data-away]")?.addEventListener("submit", () => document.documentElement.classList.add("away"));
  all("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  all("select[data-go]").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
})();
