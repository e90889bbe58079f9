// Makes or uses a passkey, then sends the form it belongs to. ES2015; only on pages with such a form.
(() => {
  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // What parse…FromJSON and toJSON do, for browsers without them.
  const parsed = (options) => {
    const withBytes = (known) => known && known.map((one) => Object.assign(one, { id: toBytes(one.id) }));
    options.challenge = toBytes(options.challenge);
    if (options.user) options.user.id = toBytes(options.user.id);
    withBytes(options.excludeCredentials || options.allowCredentials);
    return options;
  };
  const plain = ({ id, rawId, type, response }) => {
    const answer = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
      if (response[name]) answer[name] = toText(response[name]);
    });
    return { id, rawId: toText(rawId), type, response: answer };
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const one = (selector) => form.querySelector(selector);
    const kind = form.dataset.passkey;
    if (!window.PublicKeyCredential) {
      one("[data-passkey-missing]").hidden = false;
      one("[type=submit]").hidden = true;
      return;
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const failed = one("[data-passkey-failed]");
      failed.hidden = true; // first, so that a second failure is announced too
      const parse = PublicKeyCredential[kind === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"];
      const options = JSON.parse(form.dataset.options);
      // In a promise, so that options the browser cannot read are a failure like the others.
      Promise.resolve()
        .then(() => navigator.credentials[kind]({ publicKey: parse ? parse.call(PublicKeyCredential, options) : parsed(options) }))
        .then((credential) => {
          form.elements.credential.value = JSON.stringify(credential.toJSON ? credential.toJSON() : plain(credential));
          form.submit();
        })
        .catch(() => { failed.hidden = false; });
    });
  });
})();
