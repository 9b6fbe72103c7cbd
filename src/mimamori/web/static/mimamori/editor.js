// A slider beside each number field of the editor: whichever is moved, the other follows. Without this file the number
// fields work alone.
(() => {
  "use strict";
  const form = document.querySelector("#editor");
  if (!form) return;
  const fields = form.querySelectorAll("[data-slid]");
  const follow = (field) => {
    const slide = document.getElementById(field.dataset.slid);
    slide.hidden = false;
    slide.addEventListener("input", () => { field.value = slide.value; });
    field.addEventListener("input", () => { slide.value = field.value === "" ? slide.dataset.rests : field.value; });
  };
  fields.forEach(follow);
  // Points count for nothing where a condition must be looked at.
  const show = (select) => { document.getElementById(select.dataset.place).hidden = select.value === "must"; };
  form.querySelectorAll("select[data-place]").forEach((select) => {
    show(select);
    select.addEventListener("change", () => show(select));
  });
})();
