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
import time
from pathlib import Path

import demo
import polib
import requests
from demo_inbox import free_port, inbox
from picture_table import LEAVE_TRACES, LETTER_SIZE, LETTERS, PHONE, PICTURES, REMINDERS, WINDOW
from PIL import Image
from screenshot import browser, first_page, session_cookie

REPO = Path(__file__).resolve().parents[1]
SCREENS = REPO / "docs" / "screens"
PAGE = REPO / "upominky_addon" / "static" / "description"
MAX_BYTES = 150_000
COLOURS = 256
PATIENCE = 60
#: Tabs and dialogs fade in.
FADE_SECONDS = 0.6
#: A request that takes longer makes its user wait.
SLOW_SECONDS = 1
#: Who looks: the same accountant, once for each language.
LANGUAGES = {"en": "en_US", "cs": "cs_CZ"}
LOGINS = {"en": "accountant:accountant", "cs": "ucetni:ucetni"}
ADMIN = "admin:admin"

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
            return f"{address}?view_type={picture.view}" if picture.view else address
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

#: All texts that are seen on a page, and those that come when the mouse rests.
SHOWN = """
(() => {
    const nodes = document.querySelectorAll("[title], [placeholder], [aria-label]");
    const names = ["title", "placeholder", "aria-label"];
    const kept = [...nodes].flatMap((node) => names.map((name) => node.getAttribute(name) || ""));
    return [...document.body.innerText.split("\\n"), ...kept].filter(Boolean);
})()
"""


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


def click(page, selector, needed=True):
    found = page.evaluate(f"Boolean(document.querySelector({selector!r}))")
    if not found and needed:
        raise SystemExit(f"Nothing to click: {selector}")
    if found:
        page.evaluate(f"document.querySelector({selector!r}).click()")
        page.wait_until_settled(PATIENCE)
        time.sleep(FADE_SECONDS)


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


def open_screen(page, address, picture):
    """Go to a picture's screen and click what it says."""
    resize(page, picture.size)
    visit(page, address)
    for selector in picture.first:
        click(page, selector, needed=False)
    for selector in picture.click:
        click(page, selector)


def take_screens(page, url, lang, wanted):
    """Take the pictures of one language, and return what is wrong with their screens."""
    client = Client(url, LOGINS[lang])
    english = untranslated(lang)
    page.call("Network.setCookie", name="session_id", value=client.cookie, url=url)
    resize(page, WINDOW)
    visit(page, f"{url}/odoo/action-{REMINDERS}")  # else screens of other kinds have no menu
    page.slow.clear()  # what a server does once
    wrong = []
    for picture in PICTURES:
        if picture.name in wanted:
            open_screen(page, client.address(picture), picture)
            keep(f"{picture.name}.{lang}.png", shoot(page), lang in picture.page)
            wrong += [f"{picture.name}.{lang}: {text}" for text in complaints(page, english)]
    return wrong


def untranslated(lang):
    """Return the English texts that must not be seen in a language."""
    path = REPO / "upominky_addon" / "i18n" / f"{lang}.po"
    if not path.exists():
        return set()
    return {entry.msgid for entry in polib.pofile(str(path)) if entry.msgstr != entry.msgid}


def complaints(page, english):
    """Yield what a screen's user would complain about, and forget it."""
    for error in page.errors:
        yield f"error: {error}"
    for seconds, address in page.slow:
        if seconds > SLOW_SECONDS:
            yield f"slow: {seconds:.1f} s for {address}"
    shown = {text.strip() for text in page.evaluate(SHOWN)}
    for text in sorted(shown & english):
        yield f"in English: {text}"
    page.errors.clear()
    page.slow.clear()


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
        wrong = []
        for lang in LANGUAGES:
            wrong += take_screens(page, url, lang, options.wanted - LEAVE_TRACES)
            if "letter" in options.wanted:
                take_letter(page, options.mail, lang)
                wrong += [f"letter.{lang}: {text}" for text in complaints(page, set())]
        for lang in LANGUAGES:
            wrong += take_screens(page, url, lang, options.wanted & LEAVE_TRACES)
    return wrong


if __name__ == "__main__":
    found = main(parse())
    print("\n".join(found))
    sys.exit(bool(found))
