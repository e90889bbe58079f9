"""What is measured on every page in every state, all of it in one look."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.album import DESK, PHONE
from tests.conftest import POSTGRESQL

# A page looks alike whatever database it came from: each of the two runs takes one of the looks.
WIDTH, SCHEME = (DESK, "light") if POSTGRESQL else (PHONE, "dark")
RULES = {"preload": False, "resultTypes": ["violations"], "runOnly": [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Links in a sentence are exempt (WCAG 2.5.8); links of their own line, menus and controls are not.
LAYOUT = """() => {
  document.querySelectorAll("details").forEach((menu) => { menu.open = true; });
  const shown = (element) => element.getClientRects().length && !element.closest(".skip");
  const name = (element) => `${element.tagName} ${(element.innerText || element.name).trim()}`;
  const touched = [...document.querySelectorAll(
    "button, summary, nav a, .bar a, .footer a, .back, .menu a, a.button, .actions a, .rows a," +
    " main p > a:only-child, .list tbody th a, .summary .change a, select, textarea," +
    " input:not([type=hidden])")]
    .filter(shown)
    .map((element) => element.matches(".option input") ? element.closest(".option") : element);
  const wide = [...document.querySelectorAll("body *")].filter((element) => shown(element)
    && !element.closest(".visually-hidden, thead, .menu")
    && element.getBoundingClientRect().right > innerWidth + 0.5);
  return {
    scrolls: document.documentElement.scrollWidth > innerWidth,
    wide: wide.map(name),
    small: touched.filter((element) => element.getBoundingClientRect().height < 43.9).map(
      (element) => `${name(element)} ${element.getBoundingClientRect().height}`),
    filled: [...document.querySelectorAll(".button-action, .button-danger")].map(name),
  };
}"""
AXE = Axe().axe_script
FINDINGS = """async (options) => (await axe.run(document, options)).violations.map(
  (rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 120))])"""


def violations(page):
    """What axe finds: rule and elements."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    return page.evaluate(FINDINGS, RULES)


def examine(album):
    """For each state by its name: what axe finds, and how the page is laid out."""
    with album.opened(WIDTH, script=AXE, color_scheme=SCHEME) as show:
        return {state.name: _examine(show(state)) for state in album.states}


def _examine(page):
    return violations(page), page.evaluate(LAYOUT)     # the second opens menus: it comes last
