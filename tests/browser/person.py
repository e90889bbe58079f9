"""What a person does in a browser; the same words with and without JavaScript."""

from playwright.sync_api import expect

from webapp import clock, sessions
from webapp.db import write_transaction
from webapp.demo.people import PASSWORD

ACCOUNT = "Email, nomor ponsel, atau NIK"
SLOWEST = 10_000     # milliseconds until a page has come, on a busy machine
expect.set_options(timeout=SLOWEST)
# htmx marks what it has taken charge of, a moment after it has come itself.
HTMX_IS_READY = """() => !document.querySelector('[hx-get],[hx-post]')
  || Boolean(document.querySelector('[data-htmx-powered]'))"""


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, page, watch, url, javascript):
        self.page, self.watch, self.url, self.javascript = page, watch, url, javascript

    def open(self, path):
        """Type an address."""
        self.page.goto(self.url + path)
        return self.settle()

    def another_tab(self):
        """The same page in a second tab of the same browser."""
        twin = Person(self.page.context.new_page(), self.watch, self.url, self.javascript)
        return twin.open(self.page.url.removeprefix(self.url))

    def settle(self):
        """Wait until the page can do all it will be able to."""
        if self.javascript and not self.watch.line_may_fail:
            self.page.wait_for_function(HTMX_IS_READY)
        return self

    def sign_in(self, account, password=PASSWORD):
        """Sign in on the page where one stands, or on a fresh one."""
        if "/masuk" not in self.page.url:
            self.open("/masuk")
        self.type_in(ACCOUNT, account)
        self.type_in("Kata sandi", password)
        self.press("Masuk")
        return self

    def is_signed_in_as(self, user):
        """Be signed in already, where signing in is not what is tried."""
        with write_transaction():
            token = sessions.begin(user, clock.now(), browser="")
        self.page.context.add_cookies([{"name": "purna", "value": token, "url": self.url}])
        return self

    def type_in(self, label, text):
        """Fill in the field with this label."""
        self.page.get_by_label(label).fill(text)
        return self

    def attach(self, label, name, body):
        """Choose a file."""
        self.page.get_by_label(label).set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": body})
        return self

    def choose(self, option):
        """Choose one of a list of radio buttons."""
        self.page.locator(".option label").filter(has_text=option).click()
        expect(self.page.get_by_role("radio", name=option)).to_be_checked()
        return self

    def press(self, name):
        """Press the button whose words contain this."""
        self.page.get_by_role("button", name=name).click()
        return self

    def follow(self, name):
        """Follow the link whose words contain this."""
        self.page.get_by_role("link", name=name).first.click()
        return self

    def go_back(self):
        """Press the browser's Back."""
        self.page.go_back()
        return self

    def sees(self, heading):
        """Wait for a page by its heading."""
        expect(self.page.locator("h1")).to_contain_text(heading)
        return self.settle()

    def reads(self, *sentences):
        """Wait until the page's main part says all this."""
        for sentence in sentences:
            expect(self.page.locator("main")).to_contain_text(sentence)
        return self

    def does_not_read(self, *sentences):
        """The page nowhere says this."""
        for sentence in sentences:
            expect(self.page.locator("body")).not_to_contain_text(sentence)
        return self

    def finds_in(self, label, value):
        """The field with this label holds this."""
        expect(self.page.get_by_label(label)).to_have_value(value)
        return self

    def search(self, term):
        """Search the company's workers."""
        self.type_in("Nomor KPJ, NIK, atau nama", term)
        self.press("Cari")
        expect(self.page.locator(".result-line")).to_contain_text(term)
        return self.settle()

    def rows(self):
        """The names in the list."""
        return self.page.locator("table.list tbody th").all_inner_texts()

    def choose_act(self, name, act):
        """Open ``Aksi`` of a row and choose from it."""
        row = self.page.get_by_role("row").filter(has_text=name)
        row.locator("summary").click()
        row.get_by_role("link", name=act, exact=True).click()
        return self.settle()

    def words(self, selector):
        """The text of an element."""
        return self.page.locator(selector).inner_text()

    # The main job, in its steps

    def choose_company(self, name="PT Maju Bersama"):
        """Of several companies."""
        self.sees("Pilih perusahaan").follow(name)
        return self.sees("Tenaga kerja")

    def begin(self, name="Siti Rahayu"):
        """Nonaktifkan, from the list."""
        self.choose_act(name, "Nonaktifkan")
        return self.sees(f"Nonaktifkan {name}")

    def fill_in(self, reason, last_day, note=""):
        """The form's answers."""
        self.choose(reason).type_in("Hari kerja terakhir", last_day.isoformat())
        return self.type_in("Catatan", note)

    def check(self):
        """On to the page that says what follows."""
        self.press("Periksa").sees("Periksa")
        return self.reads("Yang terjadi setelah ini")

    def confirm(self, done="Selesai"):
        """Konfirmasi; the receipt's number."""
        self.press("Konfirmasi").sees(done)
        return self.words(".receipt-number")
