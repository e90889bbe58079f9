// Adds what plain pages cannot do. ES2015, for old phones.
(() => {
  const htmxUrl = document.currentScript.dataset.htmx;
  const banner = document.getElementById("line-lost");
  let lost = null; // a request

  const on = (name, handler) => document.addEventListener(name, handler);
  const one = (selector, root = document) => root.querySelector(selector);
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const inside = (root, selector) => (root.matches(selector) ? root : one(selector, root));
  const focus = (element) => element && element.focus();
  const busy = (button, yes) => button && (yes ? button.setAttribute("aria-busy", yes) : button.removeAttribute("aria-busy"));

  // htmx 4 fails where :not() is simple; such browsers keep plain pages.
  if (window.CSS && CSS.supports("selector(:not(a b))") && one("[hx-get],[hx-post]")) {
    document.head.append(Object.assign(document.createElement("script"), { src: htmxUrl }));
  }

  const isPress = ({ sourceEvent: { type } }) => /submit|click/.test(type);
  const refreshes = ({ sourceElement: source }) => /every/.test(source.getAttribute("hx-trigger"));
  // What goes by itself, while typing or after a time, has no say about a press that was lost.
  const lose = (request, of = request) => {
    if (lost && of && isPress(lost) && !isPress(of)) return;
    lost = request;
    banner.hidden = true; // first, so that a second failure is announced too
    setTimeout(() => { banner.hidden = !lost; });
  };
  on("htmx:error", (event) => event.detail.ctx && lose(event.detail.ctx));
  on("htmx:after:request", ({ detail: { ctx } }) => lose(ctx.response.status < 500 ? null : ctx, ctx));
  on("click", ({ target }) => {
    if (target.closest("[data-print]")) print();
    if (!lost || !target.closest("[data-retry]")) return;
    const { sourceElement: source, sourceEvent: { type }, request: { method, submitter } } = lost;
    focus(submitter || inside(source, "a,button,input:not([type=hidden])"));
    lose(null);
    htmx.ajax(method, source.getAttribute("hx-" + method.toLowerCase()), { source, event: { type, submitter } });
  });

  // What only some forms need comes when somebody begins with one.
  const fetchScript = ({ target: { form } }) => {
    if (!form || !form.dataset.script) return;
    document.head.append(Object.assign(document.createElement("script"), { src: form.dataset.script }));
    delete form.dataset.script;
  };
  ["focusin", "change"].forEach((name) => on(name, fetchScript));

  // A form without its file is sent as a plain one: lighter.
  on("htmx:config:request", ({ detail: { ctx: { request } } }) => {
    const files = [...request.body].filter(([, value]) => value instanceof File);
    if (!files.length || files.some(([, file]) => file.name)) return;
    files.forEach(([name]) => request.body.delete(name));
    request.body = new URLSearchParams(request.body);
  });

  // Only a press makes its button busy, not a search while typing.
  const pressed = ({ sourceElement, sourceEvent, request }) =>
    isPress({ sourceEvent }) && (request.submitter || inside(sourceElement, "[type=submit]"));
  on("htmx:before:request", ({ detail: { ctx } }) => busy(pressed(ctx), true));
  // keepIndicators: the browser goes to another page; until it is there the press must not come again.
  on("htmx:finally:request", ({ detail: { ctx } }) => setTimeout(busy, ctx.keepIndicators ? 2e4 : 0, pressed(ctx)));
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[hx-post]") || !event.submitter || !event.submitter.matches("[aria-busy]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true); // before htmx
  on("submit", (event) => {
    // After a download nothing would end the waiting.
    if (event.defaultPrevented || event.target.matches("[data-download]")) return;
    busy(event.submitter || one("[type=submit]", event.target), true);
  });
  // Back may show a page as it was left.
  window.addEventListener("pageshow", () => each("[type=submit]", (button) => busy(button)));

  // Two minutes before an unused session ends, say so.
  const ending = document.getElementById("session-ending");
  let warning, end, armed;
  const arm = (seconds) => {
    [warning, end].forEach(clearTimeout);
    armed = Date.now();
    ending.hidden = true;
    warning = setTimeout(() => { ending.hidden = false; }, (seconds - 120) * 1e3);
    end = setTimeout(stay, seconds * 1e3 + 5e3); // is over, unless another tab was in use
  };
  const stay = () => fetch("/sesi", { redirect: "manual" }).then((answer) => {
    if (answer.ok) answer.text().then(arm);
    if (!answer.status) ending.textContent = ending.dataset.over; // sent to Masuk
  }, () => {});
  if (ending) {
    arm(ending.dataset.seconds);
    on("htmx:after:request", ({ detail: { ctx } }) => Date.now() - armed > 6e4 && !refreshes(ctx) && stay());
    one("button", ending).onclick = stay;
  }

  const countDown = (root) => root.querySelectorAll("[data-countdown]").forEach((span) => {
    const timer = setInterval(() => {
      if (--span.textContent > 0) return;
      span.parentNode.hidden = true;
      clearInterval(timer);
    }, 1e3);
  });
  countDown(document);

  focus(one(".error-summary"));
  on("htmx:after:settle", ({ target, detail: { task } }) => {
    countDown(target);
    if (task.type !== "main" || refreshes(task)) return;
    focus(inside(target, ".error-summary") || inside(target, "[data-focus]"));
    if (target.matches("main")) scrollTo(0, 0); // a new page begins at its top
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) target.animate({ opacity: [0.5, 1] }, 150);
  });

  const menus = (act) => each("details.menu[open]", act);
  on("pointerdown", ({ target }) => menus((menu) => { menu.open = menu.contains(target); }));
  on("keydown", ({ key }) => key === "Escape" && menus((menu) => {
    if (menu.contains(document.activeElement)) focus(one("summary", menu));
    menu.open = false;
  }));
})();
