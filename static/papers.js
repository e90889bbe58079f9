// Sends papers one at a time, photographs made small first; what fails can be tried again. ES2015;
// only on pages with such a form, which works alone.
(() => {
  if (document.papers || !window.createImageBitmap) return; // it comes again with each box
  document.papers = true;
  const one = (selector, root = document) => root.querySelector(selector);
  const made = (tag, more, ...inside) => {
    const element = Object.assign(document.createElement(tag), more);
    element.append(...inside);
    return element;
  };
  const list = made("ul", { className: "rows" });

  // Whatever a browser cannot do with a photograph, it goes as it is.
  const most = 3e5; // bytes
  const small = (file) => (!/^image/.test(file.type) || (file.size <= most && /jpeg|png/.test(file.type))
    ? file : createImageBitmap(file, { imageOrientation: "from-image" }).then((picture) => {
      const canvas = made("canvas"), pen = canvas.getContext("2d"), { width, height } = picture;
      const drawn = (side, quality) => new Promise((done) => {
        const scale = Math.min(1, side / Math.max(width, height));
        canvas.width = width * scale;
        canvas.height = height * scale;
        pen.fillStyle = "#fff"; // paper is white
        pen.fillRect(0, 0, width, height);
        pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(done, "image/jpeg", quality);
      }).then((body) => (body.size <= most ? body : quality > 0.5 ? drawn(side, quality - 0.1) : drawn(side * 0.8, quality)));
      return drawn(1600, 0.8);
    }).catch(() => file));

  // What the server says is shown; what is chosen for the next file stays.
  const show = (page) => {
    const fresh = one("#papers-list", page), old = one("#papers-list");
    if (old.contains(document.activeElement)) one("#papers").focus();
    old.replaceWith(fresh);
    if (window.htmx) htmx.process(fresh);
    const needed = one("#checklist", page), was = one("#checklist");
    if (!needed || !was) return;
    was.replaceWith(needed); // it says what is missing now; what was said before is old
    document.querySelectorAll(".error-summary [href='#papers'],#papers-error").forEach((told) => {
      const all = told.closest(".error-summary");
      (!all ? told : one("li+li", all) ? told.parentNode : all).remove();
    });
  };

  let last = Promise.resolve();
  const take = (form, file) => {
    const fields = new FormData(form), token = form.elements.csrf_token;
    const state = made("output"), bar = made("progress", { title: file.name });
    const again = made("button", { type: "button", className: "button", textContent: "Coba lagi" });
    list.append(made("li", {}, made("div", {}, file.name, made("p", {}, state), bar), again));
    const says = (words, fails) => {
      state.textContent = words;
      again.hidden = !fails;
      bar.hidden = !/^Meng/.test(words);
    };
    const send = (body) => {
      if (body.size > form.dataset.most) return says("Terlalu besar");
      says("Mengirim");
      fields.set("csrf_token", token.value);
      fields.set("file", body, file.name);
      return new Promise((done) => {
        const call = new XMLHttpRequest();
        let late;
        const wait = () => {
          clearTimeout(late);
          late = setTimeout(() => call.abort(), 6e4);
        };
        call.open("POST", form.action);
        call.setRequestHeader("HX-Request", "true");
        call.upload.onprogress = ({ loaded, total }) => {
          wait();
          bar.value = loaded / total;
        };
        call.onloadend = () => done(call);
        wait();
        call.send(fields);
      }).then((call) => {
        const page = made("template", { innerHTML: call.response }).content;
        const fresh = one("[name=csrf_token]", page), to = call.getResponseHeader("HX-Redirect");
        if (fresh) token.value = fresh.value;
        if (to) location.href = to; // to sign in
        if (call.status === 200) {
          show(page);
          says("Selesai");
        } else says(one(".error-summary li,.page-head h1", page).textContent, call.status !== 422); // none: lost
      });
    };
    again.onclick = () => {
      says("Menunggu");
      last = last.then(() => {
        says("Mengecilkan");
        return small(file);
      }).then(send).catch(() => says("Gagal dikirim", true));
    };
    again.onclick();
  };

  document.addEventListener("click", ({ target }) => { if (target.id === "paper-file") target.multiple = true; });
  document.addEventListener("submit", (event) => {
    const form = event.target, { file, kind } = form.elements;
    if (!form.matches("[data-papers]") || !file.files.length || !kind.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    one("#papers").after(list);
    [...file.files].forEach((chosen) => take(form, chosen));
    file.value = "";
  }, true); // before htmx
})();
