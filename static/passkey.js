// Makes or uses a passkey, then sends the form it belongs to. ES2015; only on pages with such a form.
(() => {
  // What parse…FromJSON and toJSON do, for browsers without them.
  const swapped = (text, from, to) => text.replace(/\W|_/g, (sign) => to[from.indexOf(sign)]);
  const bytes = (text) => Uint8Array.from(atob(swapped(text, "-_", "+/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => swapped(btoa(String.fromCharCode(...new Uint8Array(buffer))), "+/=", ["-", "_", ""]);
  const read = (options) => {
    options.challenge = bytes(options.challenge);
    [].concat(options.user || [], options.excludeCredentials || options.allowCredentials)
      .forEach((one) => { one.id = bytes(one.id); });
    return options;
  };
  const written = ({ id, type, response }) => {
    const answer = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (response[name]) answer[name] = text(response[name]);
    });
    return { id, rawId: id, type, response: answer };
  };

  document.querySelectorAll("[data-passkey]").forEach((form) => {
    const one = (name) => form.querySelector(`[${name}]`);
    const { passkey, options } = form.dataset;
    const button = one("type=submit");
    const Passkey = window.PublicKeyCredential;
    one("data-passkey-missing").hidden = Passkey;
    button.hidden = !Passkey;
    if (!Passkey) return;
    const parse = passkey === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (button.getAttribute("aria-busy")) return; // the device asks already
      button.setAttribute("aria-busy", true);
      const failed = one("data-passkey-failed");
      failed.hidden = true; // first, so that a second failure is announced too
      // In a promise, so that options the browser cannot read fail like all else.
      Promise.resolve(JSON.parse(options))
        .then((json) => navigator.credentials[passkey]({ publicKey: Passkey[parse] ? Passkey[parse](json) : read(json) }))
        .then((made) => {
          form.elements.credential.value = JSON.stringify(made.toJSON ? made.toJSON() : written(made));
          form.submit();
        })
        .catch(() => {
          failed.hidden = false;
          button.removeAttribute("aria-busy");
        });
    });
  });
})();
