"""What must never happen while somebody uses the app, whatever they do."""

import re

GUARDS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# A refused form is answered with 422, a missing page with 404: the browser notes each as an error.
REFUSALS = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
LOST_LINE = re.compile(r"Failed to load resource: (net::ERR_|the server responded.* 502)"
                       "|htmx:error|Failed to fetch")
# What guides and the public key say of themselves.
FOR_EVERYBODY = "^public, max-age=(86400, stale|3600$)"
REPORT_VIOLATIONS = """
  document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Watch:
    """Notes what a browser context complains of, and every request and answer.

    :param url: where the app is served; anything else is foreign.
    """

    def __init__(self, context, url):
        self.url, self.complaints, self.requests, self.answers = url, [], [], []
        self.line_may_fail = False
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("dialog", self._asked)
        context.on("request", self._sent)
        context.on("response", self._answered)

    def sent(self, path_part):
        """The requests whose address contains something."""
        return [request for request in self.requests if path_part in request.url]

    def fragments(self):
        """How many requests htmx made."""
        return sum("hx-request" in request.headers for request in self.requests)

    def _heard(self, message):
        if message.type != "error" or REFUSALS.search(message.text):
            return
        if not (self.line_may_fail and LOST_LINE.search(message.text)):
            self.complaints.append(f"console: {message.text} at {message.page.url}")

    def _asked(self, dialog):
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _sent(self, request):
        self.requests.append(request)
        if not request.url.startswith((f"{self.url}/", "data:")):
            self.complaints.append(f"foreign request: {request.url}")

    def _answered(self, response):
        self.answers.append((response.status, response.url))
        if not response.url.startswith(f"{self.url}/"):
            return
        headers = response.headers
        wrong = [name for name, value in GUARDS.items() if headers.get(name) != value]
        if "default-src 'none'" not in headers.get("content-security-policy", ""):
            wrong.append("content-security-policy")
        keeps = "immutable" if "/static/" in response.url and response.ok else "no-store"
        if not re.search(f"{keeps}|{FOR_EVERYBODY}", headers.get("cache-control", "")):
            wrong.append("cache-control")
        if wrong:
            self.complaints.append(f"headers {wrong} of {response.status} {response.url}")
