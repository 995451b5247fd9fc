"""The pictures of docs/ and of the add-on's page. Called by scripts/screenshots."""

import argparse
import base64
import contextlib
import email
import email.policy
import io
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import demo
import requests
from demo_inbox import free_port, inbox
from PIL import Image
from screenshot import browser, first_page, session_cookie

REPO = Path(__file__).resolve().parents[1]
SCREENS = REPO / "docs" / "screens"
PAGE = REPO / "upominky_addon" / "static" / "description"
MAX_BYTES = 150_000
COLOURS = 256
PATIENCE = 60
#: Who looks: the same accountant, once for each language.
LANGUAGES = {"en": "en_US", "cs": "cs_CZ"}
LOGINS = {"en": "accountant:accountant", "cs": "ucetni:ucetni"}
ADMIN = "admin:admin"
WINDOW = (1360, 800)
PHONE = (390, 780)


@dataclass(frozen=True)
class Picture:
    """A screen: an action of Odoo, and of which record.

    ``find`` is (model, domain, order): the first one found is opened. ``click`` are CSS selectors,
    clicked one after the other. ``page`` are the languages in which it is on the add-on's page.
    """

    name: str
    action: str
    find: tuple = ()
    click: tuple = ()
    size: tuple = WINDOW
    page: tuple = ()


REMINDERS = "upominky_addon.action_upominky_reminder"
INVOICES = "account.action_move_out_invoice_type"
TWO_CURRENCIES = [("totals_text", "=", "EUR"), ("partner_id.name", "like", "Pekařství")]

#: To add a picture, add a line. Each is taken in every language, as NAME.en.png and NAME.cs.png.
PICTURES = (
    Picture("book", REMINDERS, page=("en", "cs")),
    Picture(
        "reminder",
        REMINDERS,
        find=("upominky.reminder", [*TWO_CURRENCIES, ("level_order", "=", 2)], "id desc"),
    ),
    Picture(
        "failed",
        REMINDERS,
        find=("upominky.reminder", [("state", "=", "failed")], "id desc"),
    ),
    Picture(
        "rule",
        "upominky_addon.action_upominky_rule",
        find=("upominky.rule", [("event", "=", "issue"), ("partner_ids", "=", False)], "id"),
        size=(1360, 900),
        page=("en", "cs"),
    ),
    Picture(
        "preview",
        "upominky_addon.action_server_preview",
        # All reasons but “not overdue long enough”, from below: what opens moves what follows.
        click=tuple(f".o_list_table tbody tr:nth-child({row})" for row in (8, 7, 6, 4, 3, 2, 1)),
        size=(1360, 920),
        page=("en",),
    ),
    Picture("readiness", "upominky_addon.action_server_readiness"),
    Picture("settings", "upominky_addon.action_server_settings"),
    Picture("deliveries", "upominky_addon.action_upominky_delivery"),
    Picture(
        "invoice",
        INVOICES,
        find=(
            "account.move",
            [("upominky_level", "=", 3), ("payment_state", "=", "not_paid")],
            "id",
        ),
        click=("a[name='upominky']",),
        size=(1360, 900),
        page=("en",),
    ),
    Picture(
        "phone",
        REMINDERS,
        find=("upominky.reminder", [*TWO_CURRENCIES, ("level_order", "=", 2)], "id desc"),
        size=PHONE,
    ),
)
#: The message as it arrived: by language, the address whose last message is shown.
LETTERS = {"en": "brauerei", "cs": "pekarstvi"}
LETTER_SIZE = (720, 400)

# ------------------------------------------------------------------------ Odoo


class Client:
    """A user's session: calls of methods, and the cookie for the browser."""

    def __init__(self, url, login):
        self.url = url
        self.cookie = session_cookie(url, login, None)

    def call(self, model, method, *arguments, **keywords):
        answer = requests.post(
            f"{self.url}/web/dataset/call_kw/{model}/{method}",
            json={
                "params": {"model": model, "method": method, "args": arguments, "kwargs": keywords}
            },
            cookies={"session_id": self.cookie},
            timeout=PATIENCE,
        ).json()
        if "error" in answer:
            raise SystemExit(f"{model}.{method}: {answer['error']['data']['message']}")
        return answer["result"]

    def address(self, picture):
        """Return the address of a picture's screen."""
        address = f"{self.url}/odoo/action-{picture.action}"
        if not picture.find:
            return address
        model, domain, order = picture.find
        ids = self.call(model, "search", domain, order=order, limit=1)
        if not ids:
            raise SystemExit(f"{picture.name}: the demo has no {model} with {domain}.")
        return f"{address}/{ids[0]}"


@contextlib.contextmanager
def odoo(options):
    """Run Odoo without its jobs: nothing changes while the pictures are taken."""
    port = free_port(8169)
    arguments = ("--http-interface=127.0.0.1", f"--http-port={port}", "--no-database-list")
    command = [sys.executable, "-m", "odoo", "-d", options.database, *arguments]
    command += ["--max-cron-threads=0", "--workers=0", f"--db-filter=^{options.database}$"]
    with options.log.open("w") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            demo.wait_for_web(process, port, options.log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def make_english_user(admin):
    """Give the Czech accountant a twin who reads English."""
    login, _, password = LOGINS["en"].partition(":")
    if admin.call("res.users", "search_count", [("login", "=", login)]):
        return
    czech = admin.call("res.users", "search", [("login", "=", LOGINS["cs"].partition(":")[0])])
    (values,) = admin.call("res.users", "read", czech, ["name", "email", "tz", "group_ids"])
    values |= {"group_ids": [(6, 0, values["group_ids"])], "lang": LANGUAGES["en"]}
    values |= {"login": login, "password": password}
    del values["id"]
    admin.call("res.users", "create", [values], context={"no_reset_password": True})


# ------------------------------------------------------------------------ pictures


def resize(page, size):
    page.call(
        "Emulation.setDeviceMetricsOverride",
        width=size[0],
        height=size[1],
        deviceScaleFactor=1,
        mobile=size == PHONE,
    )


def visit(page, address):
    page.call("Page.navigate", url=address)
    if not page.wait_until_settled(PATIENCE):
        raise SystemExit(f"{address} had not settled after {PATIENCE} s.")


def click(page, selector):
    found = page.evaluate(f"Boolean(document.querySelector({selector!r}))")
    if not found:
        raise SystemExit(f"Nothing to click: {selector}")
    page.evaluate(f"document.querySelector({selector!r}).click()")
    page.wait_until_settled(PATIENCE)


def shoot(page, full=False):
    taken = page.call("Page.captureScreenshot", format="png", captureBeyondViewport=full)
    return base64.b64decode(taken["data"])


def small(picture):
    """Return a PNG of few colours: what a screen of Odoo has, and a quarter of the bytes."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    output = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(output, "PNG", optimize=True)
    return output.getvalue()


def keep(name, picture, on_page):
    data = small(picture)
    if len(data) > MAX_BYTES:
        raise SystemExit(f"{name} has {len(data)} bytes, at most {MAX_BYTES}. Make it smaller.")
    for folder in (SCREENS, PAGE) if on_page else (SCREENS,):
        (folder / name).write_bytes(data)
    print(f"{name}: {len(data) // 1000} KB")


def take_screens(page, url, lang, wanted):
    client = Client(url, LOGINS[lang])
    page.call("Network.setCookie", name="session_id", value=client.cookie, url=url)
    resize(page, WINDOW)
    visit(page, f"{url}/odoo/action-{REMINDERS}")  # else screens of other kinds have no menu
    for picture in PICTURES:
        if picture.name in wanted:
            resize(page, picture.size)
            visit(page, client.address(picture))
            for selector in picture.click:
                click(page, selector)
            keep(f"{picture.name}.{lang}.png", shoot(page), lang in picture.page)


def take_letter(page, folder, lang):
    """Show the last message that arrived for an address."""
    paths = [path for path in sorted(folder.glob("*.eml")) if LETTERS[lang] in path.name]
    if not paths:
        raise SystemExit(f"No message to {LETTERS[lang]} lies in {folder}.")
    message = email.message_from_bytes(paths[-1].read_bytes(), policy=email.policy.default)
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(message.get_body(("html",)).get_content())
        file.flush()
        resize(page, LETTER_SIZE)
        visit(page, f"file://{file.name}")
        keep(f"letter.{lang}.png", shoot(page, full=True), True)


def draw_icon(page):
    """Draw the icon that Odoo shows, from the one that people edit."""
    source = (PAGE / "icon.svg").read_text(encoding="utf-8")
    size = (256, 256)
    resize(page, size)
    page.call("Page.navigate", url="about:blank")
    drawn = source.replace('width="50" height="50"', 'width="256" height="256"', 1)
    page.evaluate(f"document.body.style.margin = 0; document.body.innerHTML = {drawn!r}")
    transparent = {"r": 0, "g": 0, "b": 0, "a": 0}
    page.call("Emulation.setDefaultBackgroundColorOverride", color=transparent)
    (PAGE / "icon.png").write_bytes(shoot(page))
    page.call("Emulation.setDefaultBackgroundColorOverride")
    print("icon.png")


def parse():
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--mail", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    names = {"icon", "letter", *(picture.name for picture in PICTURES)}
    if unknown := set(options.only) - names:
        parser.error(f"no picture {', '.join(unknown)}; there are {', '.join(sorted(names))}")
    options.wanted = set(options.only) or names
    return options


def main(options):
    with (
        odoo(options) as url,
        browser(*WINDOW) as devtools,
        tempfile.TemporaryDirectory() as folder,
        inbox(Path(folder)) as smtp_port,
    ):
        admin = Client(url, ADMIN)
        make_english_user(admin)
        # The demo's inbox is gone, and readiness tries the server.
        servers = admin.call("ir.mail_server", "search", [])
        admin.call("ir.mail_server", "write", servers, {"smtp_port": smtp_port})
        page = first_page(devtools)
        for domain in ("Page", "Network", "Runtime"):
            page.call(f"{domain}.enable")
        if "icon" in options.wanted:
            draw_icon(page)
        for lang in LANGUAGES:
            take_screens(page, url, lang, options.wanted)
            if "letter" in options.wanted:
                take_letter(page, options.mail, lang)
    for error in page.errors:
        raise SystemExit(f"script error on a page: {error}")


if __name__ == "__main__":
    main(parse())
