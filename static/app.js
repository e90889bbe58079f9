// What plain pages cannot do by themselves. Everything works without this file, so it only adds,
// and is written in ES2015 so that an old phone still gets the parts that need no htmx.
(() => {
  "use strict";
  const htmxUrl = document.currentScript.dataset.htmx;
  const banner = document.getElementById("line-lost");
  let lost = null; // the htmx request the banner speaks of

  const on = (name, handler) => document.addEventListener(name, handler);
  const find = (root, selector) => (root.matches(selector) ? root : root.querySelector(selector));
  const focus = (element) => element && element.focus();
  const setBusy = (button, busy) => {
    if (button && busy) button.setAttribute("aria-busy", "true");
    else if (button) button.removeAttribute("aria-busy");
  };

  // htmx 4 throws while swapping where :not() takes one compound only; such browsers keep plain pages.
  if (window.CSS && CSS.supports("selector(:not(a b))") && document.querySelector("[hx-get],[hx-post]")) {
    const script = document.createElement("script");
    script.src = htmxUrl;
    document.head.append(script);
  }

  // A lost line: say so once, keep what was typed, repeat on demand.
  const showBanner = (request) => {
    lost = request;
    banner.hidden = true; // so that a second failure is announced again
    setTimeout(() => { banner.hidden = !lost; });
  };
  const hideBanner = () => {
    lost = null;
    banner.hidden = true;
  };
  on("htmx:error", (event) => event.detail.ctx && showBanner(event.detail.ctx));
  on("htmx:after:request", (event) => {
    const request = event.detail.ctx;
    if (request.response.status >= 500) showBanner(request);
    else hideBanner();
  });
  on("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    if (!lost || !event.target.closest("[data-retry]")) return;
    const source = lost.sourceElement;
    const submitter = lost.request.submitter;
    const verb = lost.request.method.toLowerCase();
    const type = lost.sourceEvent.type;
    hideBanner();
    focus(submitter || find(source, "a,button,input:not([type=hidden]),select,textarea"));
    window.htmx.ajax(verb, source.getAttribute("hx-" + verb), { source, event: { type, submitter } });
  });

  // The button that sends says it is sending. Typing in a search box must not make its button flicker.
  const sender = (request) => {
    const type = (request.sourceEvent || {}).type;
    if (type !== "submit" && type !== "click") return null;
    return request.request.submitter || find(request.sourceElement, "button[type=submit]");
  };
  on("htmx:before:request", (event) => setBusy(sender(event.detail.ctx), true));
  on("htmx:finally:request", (event) => {
    // On HX-Redirect the page is about to go: stay busy until it has.
    if (!event.detail.ctx.keepIndicators) setBusy(sender(event.detail.ctx), false);
  });
  on("submit", (event) => {
    // A download leaves the page where it is, so nothing would ever end the waiting.
    if (event.defaultPrevented || event.target.matches("[data-download]")) return;
    setBusy(event.submitter || event.target.querySelector("button[type=submit]"), true);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("button[aria-busy]").forEach((button) => setBusy(button, false));
    hideBanner();
  });

  // Focus goes to what changed: the errors first, else what the fragment marks.
  const wanted = (root) => find(root, ".error-summary") || find(root, "[data-focus]");
  focus(document.querySelector(".error-summary"));
  on("htmx:after:settle", (event) => {
    const task = event.detail.task;
    const part = event.target;
    if (task.type !== "main" || /every/.test(task.sourceElement.getAttribute("hx-trigger"))) return;
    focus(wanted(part));
    if (part.animate && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
      part.animate({ opacity: [0.5, 1] }, 150);
    }
  });

  const openMenus = () => document.querySelectorAll("details.menu[open]");
  on("pointerdown", (event) => openMenus().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  }));
  on("keydown", (event) => event.key === "Escape" && openMenus().forEach((menu) => {
    if (menu.contains(document.activeElement)) focus(menu.querySelector("summary"));
    menu.open = false;
  }));
})();
