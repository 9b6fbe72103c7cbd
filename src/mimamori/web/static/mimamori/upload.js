// Handing files in: what was chosen, what is too large, and how far the browser has sent. The form works without this.
(() => {
  "use strict";
  const size = (bytes) => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);
  const begin = () => {
    const form = document.querySelector("form[data-upload]");
    if (!form) return;
    const part = (name) => form.querySelector(`[data-${name}]`);
    const field = form.querySelector("input[type=file]");
    const button = form.querySelector("button");
    const progress = part("progress");
    const say = (words) => { part("wrong").textContent = words; part("wrong").hidden = words === ""; };
    const fault = (files) => {
      if (files.length > Number(form.dataset.mostFiles)) return form.dataset.tooMany;
      const bytes = files.reduce((sum, file) => sum + file.size, 0);
      return bytes > Number(form.dataset.mostBytes) ? form.dataset.tooLarge : "";
    };
    field.addEventListener("change", () => {
      const files = [...field.files];
      part("chosen").replaceChildren(...files.map((file) => {
        const row = document.createElement("li");
        row.textContent = `${file.name} (${size(file.size)})`;
        return row;
      }));
      part("chosen").hidden = files.length === 0;
      say(fault(files));
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const wrong = fault([...field.files]);
      if (wrong) { say(wrong); return; }
      say("");
      const leaving = (leave) => leave.preventDefault();
      const request = new XMLHttpRequest();
      const ended = () => { window.removeEventListener("beforeunload", leaving); };
      const lost = () => { ended(); button.disabled = false; progress.hidden = true; say(form.dataset.lost); };
      request.upload.addEventListener("progress", (sent) => {
        const share = sent.lengthComputable ? Math.floor((100 * sent.loaded) / sent.total) : 0;
        progress.querySelector("progress").value = share;
        part("told").textContent = share < 100 ? `${form.dataset.sending} ${share}%` : form.dataset.checking;
      });
      request.addEventListener("error", lost);
      request.addEventListener("load", () => {
        ended();
        if (request.status < 300) { window.location.assign(request.responseURL); return; }
        const page = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
        if (!page) { lost(); return; }
        document.querySelector("main").replaceWith(page);
        begin();
      });
      window.addEventListener("beforeunload", leaving);
      button.disabled = true;
      progress.hidden = false;
      request.open("POST", form.getAttribute("action") || window.location.href);
      request.send(new FormData(form));
    });
  };
  begin();
})();
