// What is typed into a form with data-draft is kept on the server, by account and form. Without this file the form's own
// sending keeps it, also after the session has ended.
(() => {
  "use strict";
  const PAUSE = 1500; // ms without a key
  const AGAIN = 8000; // ms until the next try where the server did not answer
  const begin = (form) => {
    const place = form.querySelector("[data-kept]");
    let timer = 0, changed = false, leaving = false, under = null;
    const typed = () => {
      const data = new FormData(form);
      [...data.entries()].forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
      data.delete("csrfmiddlewaretoken");
      return new URLSearchParams(data);
    };
    const say = (words, wrong) => {
      if (!place) return;
      place.textContent = words;
      place.classList.toggle("err", wrong);
    };
    const keep = async (last) => {
      clearTimeout(timer);
      if (!changed || leaving) return;
      changed = false;
      under?.abort();
      under = new AbortController();
      const signal = under.signal;
      try {
        const body = typed();
        const answer = await fetch(form.dataset.draft, {
          method: "POST", body, headers: { "X-Draft": "1" }, redirect: "manual", signal,
          keepalive: last === true && body.toString().length < 60000,
        });
        const what = answer.headers.get("X-Draft");
        if (!what) throw new TypeError("not kept");
        say(await answer.text(), what === "signed-out" || what === "refused");
      } catch (fault) {
        if (signal.aborted) return;
        changed = true;
        say(form.dataset.lost, true);
        timer = setTimeout(keep, AGAIN);
      }
    };
    const note = (event) => {
      if (event.target.type === "file") return;
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    };
    form.addEventListener("input", note);
    form.addEventListener("change", note);
    form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); under?.abort(); });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(true); });
    window.addEventListener("pagehide", () => keep(true));
    window.addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
    document.querySelector("[data-away]")?.addEventListener("submit", () => keep(true));
  };
  document.querySelectorAll("form[data-draft]").forEach(begin);
})();
