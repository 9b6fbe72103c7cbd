// One key a decision on the page of a pair. The page works without this file; U takes a decision back.
(() => {
  "use strict";
  const one = (selector) => document.querySelector(selector);
  const keysOn = () => localStorage.getItem("single-keys") !== "off";
  const inField = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
  const same = { "1": "s", "2": "d", "arrowright": "j", "arrowleft": "k" };
  const known = new Set(["s", "d", "h", "u", "y", "j", "k", "r"]);
  const reason = one("[data-reason]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === reason) { reason.blur(); return; }
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (inField(event.target) || one("dialog[open]")) return;
    const arrow = event.key.startsWith("Arrow");
    if (arrow && event.target.closest("[role=group][tabindex]")) return; // there arrows move the table
    const pressed = event.key.toLowerCase();
    const key = same[pressed] ?? pressed;
    if (!known.has(key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key === "r") { reason?.focus(); return; }
    one(`[data-key="${key}"]`)?.click();
  }, true);

  // A key pressed twice sends the form once.
  let sent = false;
  one("form.decide")?.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
})();
