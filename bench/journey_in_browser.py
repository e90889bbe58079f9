"""The employer's main job, clicked through in Chromium."""

from datetime import timedelta

from bench.known_device import COOKIE
from tests.page import DEVICE
from webapp import clock
from webapp.demo.people import PASSWORD


def enter(person, email):
    """Sign in from the sign-in page; a clerk of several companies takes the first."""
    page = person.page
    page.context.add_cookies([{"name": COOKIE, "value": DEVICE, "url": person.base}])
    send_sign_in_form(person, email)
    page.wait_for_url(lambda url: "/masuk" not in url)
    page.wait_for_load_state("networkidle")
    if page.url.endswith("/perusahaan"):
        page.click("main a:has-text('PT Maju Bersama')")
        page.wait_for_load_state("networkidle")


def send_sign_in_form(person, account):
    """E-mail and password, on whatever device."""
    page = person.page
    person.open("/masuk")
    page.fill("input[name=account]", account)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


def deactivate(person, kpj):
    """From the list, or from a receipt, to the next receipt."""
    page = person.page
    if not page.locator("#cari").count():
        page.click("main a:has-text('Kembali ke tenaga kerja')")
        page.wait_for_selector("#cari")
    page.fill("#cari", kpj)
    page.press("#cari", "Enter")
    page.wait_for_selector(".result-line")
    page.click("#worker-results details.menu summary")
    page.click("#worker-results a:has-text('Nonaktifkan')")
    page.click(".option:has(input[name=reason][value=RSG]) label")
    page.fill("input[name=last_day]", (clock.today() - timedelta(days=2)).isoformat())
    page.click("main form button[type=submit]")
    page.wait_for_url("**/periksa")
    page.click(".confirm-bar button[type=submit]")
    page.wait_for_selector(".receipt-number")
    page.wait_for_load_state("networkidle")
