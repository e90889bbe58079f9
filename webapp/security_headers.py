"""Headers that every answer carries."""

from webapp.htmx import wants_fragment

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
))
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
# A part of a page is never a document of its own: the strictest policy, in the fewest bytes.
FOR_PARTS = ALWAYS | {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
del FOR_PARTS["Permissions-Policy"]
TWO_YEARS = "max-age=63072000; includeSubDomains"


def init_app(app):
    """Add the headers; an answer that set its own caching keeps it."""
    production = app.config["PRODUCTION"]

    @app.after_request
    def add(response):
        headers = response.headers
        headers.extend([pair for pair in (FOR_PARTS if wants_fragment() else ALWAYS).items()
                        if pair[0] not in headers])
        if production:
            headers["Strict-Transport-Security"] = TWO_YEARS
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
            headers["Vary"] = ", ".join(filter(None, (headers.get("Vary"), "HX-Request, Cookie")))
        return response
