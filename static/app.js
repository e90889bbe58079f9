// Adds what plain pages cannot do. ES2015, for old phones.
(() => {
  const htmxUrl = document.currentScript.dataset.htmx;
  const banner = document.getElementById("line-lost");
  let lost = null; // the request the banner speaks of

  const on = (name, handler) => document.addEventListener(name, handler);
  const one = (selector, root = document) => root.querySelector(selector);
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const inside = (root, selector) => (root.matches(selector) ? root : one(selector, root));
  const focus = (element) => element && element.focus();
  const busy = (button, yes) => button && (yes ? button.setAttribute("aria-busy", yes) : button.removeAttribute("aria-busy"));

  // htmx 4 fails half-way where :not() is simple; such browsers keep plain pages.
  if (window.CSS && CSS.supports("selector(:not(a b))") && one("[hx-get],[hx-post]")) {
    document.head.append(Object.assign(document.createElement("script"), { src: htmxUrl }));
  }

  const lose = (request) => {
    lost = request;
    banner.hidden = true; // first, so that a second failure is announced too
    setTimeout(() => { banner.hidden = !lost; });
  };
  on("htmx:error", (event) => event.detail.ctx && lose(event.detail.ctx));
  on("htmx:after:request", ({ detail: { ctx } }) => lose(ctx.response.status < 500 ? null : ctx));
  on("click", ({ target }) => {
    if (target.closest("[data-print]")) print();
    if (!lost || !target.closest("[data-retry]")) return;
    const { sourceElement: source, sourceEvent: { type }, request: { method, submitter } } = lost;
    focus(submitter || inside(source, "a,button,input:not([type=hidden])"));
    lose(null);
    htmx.ajax(method, source.getAttribute("hx-" + method.toLowerCase()), { source, event: { type, submitter } });
  });

  // A form that could carry a file but does not is sent as a plain one: lighter on both ends.
  on("htmx:config:request", ({ detail: { ctx: { request } } }) => {
    const files = [...request.body].filter(([, value]) => value instanceof File);
    if (!files.length || files.some(([, file]) => file.size)) return;
    files.forEach(([name]) => request.body.delete(name));
    request.body = new URLSearchParams(request.body);
  });

  // Only a press makes its button busy; a search while typing must not make it flicker.
  const pressed = ({ sourceElement, sourceEvent, request }) =>
    /submit|click/.test(sourceEvent.type) && (request.submitter || inside(sourceElement, "[type=submit]"));
  on("htmx:before:request", ({ detail: { ctx } }) => busy(pressed(ctx), true));
  // keepIndicators: the page is being replaced, so stay busy until it is.
  on("htmx:finally:request", ({ detail: { ctx } }) => ctx.keepIndicators || busy(pressed(ctx)));
  on("submit", (event) => {
    // A download leaves the page standing: nothing would end the waiting.
    if (event.defaultPrevented || event.target.matches("[data-download]")) return;
    busy(event.submitter || one("[type=submit]", event.target), true);
  });
  // Back may show a page as it was left.
  window.addEventListener("pageshow", () => each("[type=submit]", (button) => busy(button)));

  // Two minutes before an unused session ends, say so; any answer to htmx used it.
  const ending = document.getElementById("session-ending");
  let warning;
  const used = () => {
    clearTimeout(warning);
    ending.hidden = true;
    warning = setTimeout(() => { ending.hidden = false; }, (ending.dataset.seconds - 120) * 1e3);
  };
  if (ending) {
    used();
    on("htmx:after:request", used);
    one("button", ending).onclick = () => fetch("/sesi").then(({ ok }) => ok && used(), () => {});
  }

  each("[data-countdown]", (span) => {
    const timer = setInterval(() => {
      if (--span.textContent > 0) return;
      span.parentNode.hidden = true;
      clearInterval(timer);
    }, 1e3);
  });

  focus(one(".error-summary"));
  on("htmx:after:settle", ({ target, detail: { task } }) => {
    if (task.type !== "main" || /every/.test(task.sourceElement.getAttribute("hx-trigger"))) return;
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
