"""The pictures of docs/ and of the add-on's page. Called by scripts/screenshots."""

import argparse
import base64
import contextlib
import email
import email.policy
import subprocess
import sys
import tempfile
from pathlib import Path

import demo
import polib
from demo_inbox import inbox, reserved_port
from picture_page import Client, click, complaints, resize, shoot, small, visit
from picture_papers import contents_of_case, letter_on_paper
from picture_scenes import Scenes
from picture_table import (
    CASE_SIZE,
    FRESH_PICTURES,
    LETTER_SIZE,
    LETTERS,
    PICTURES,
    REMINDERS,
    WINDOW,
)
from screenshot import browser, first_page

REPO = Path(__file__).resolve().parents[1]
SCREENS = REPO / "docs" / "screens"
PAGE = REPO / "upominky_addon" / "static" / "description"
MAX_BYTES = 150_000
#: Of the inbox over each message: else nobody could see many of them being sent.
THOUGHT_SECONDS = 1
#: Who looks: the same accountant, once for each language.
LANGUAGES = {"en": "en_US", "cs": "cs_CZ"}
LOGINS = {"en": "accountant:accountant", "cs": "ucetni:ucetni"}
ADMIN = "admin:admin"
#: Pictures of a company that has used the add-on, beside those of screens.
OTHERS = ("letter", "paper", "case")

# ------------------------------------------------------------------------ Odoo


@contextlib.contextmanager
def odoo(database, log):
    """Run Odoo without its jobs: nothing changes while the pictures are taken."""
    with reserved_port(log.parent, 8169) as port, log.open("w") as output:
        arguments = ("--http-interface=127.0.0.1", f"--http-port={port}", "--no-database-list")
        command = [sys.executable, "-m", "odoo", "-d", database, *arguments]
        command += ["--max-cron-threads=0", "--workers=0", f"--db-filter=^{database}$"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            demo.wait_for_web(process, port, log)
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


def make_administrators(admin):
    """Give the accountants the rights of whoever installs the add-on."""
    logins = [login.partition(":")[0] for login in LOGINS.values()]
    users = admin.call("res.users", "search", [("login", "in", logins)])
    group = admin.id_of("base.group_system")
    admin.call("res.users", "write", users, {"group_ids": [(4, group)]})


def set_servers(admin, smtp_port):
    """Have all mail go to the inbox of this run: the demo's is gone, and readiness tries it."""
    servers = admin.call("ir.mail_server", "search", [])
    admin.call("ir.mail_server", "write", servers, {"smtp_port": smtp_port})


# ------------------------------------------------------------------------ pictures


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


def untranslated(lang):
    """Return the English texts that must not be seen in a language."""
    path = REPO / "upominky_addon" / "i18n" / f"{lang}.po"
    if not path.exists():
        return set()
    return {entry.msgid for entry in polib.pofile(str(path)) if entry.msgstr != entry.msgid}


class Camera:
    """Takes the pictures of one database, as the same accountant in each language."""

    def __init__(self, page, url, scenes):
        self.page, self.url, self.scenes = page, url, scenes
        self.clients = {lang: Client(url, login) for lang, login in LOGINS.items()}
        self.english = {lang: untranslated(lang) for lang in LOGINS}
        self.wrong = []
        self.lang = None
        self.known = set()

    def take_all(self, pictures):
        """Take pictures, those that leave traces last."""
        plain = [picture for picture in pictures if not picture.scene]
        for lang in LANGUAGES:
            for picture in plain:
                self.take(picture, lang)
        for picture in pictures:
            for lang in LANGUAGES:
                if picture.scene:
                    self.take(picture, lang)

    def take(self, picture, lang):
        """Take one picture, and note what its screen's user would complain about."""
        self._log_in(lang)
        address = self._address(picture, self.clients[lang])
        open_screen(self.page, address, picture)
        keep(f"{picture.name}.{lang}.png", shoot(self.page), lang in picture.page)
        self.note(f"{picture.name}.{lang}", self.english[lang])

    def note(self, name, english):
        self.wrong += [f"{name}: {text}" for text in complaints(self.page, english)]

    def _log_in(self, lang):
        if lang == self.lang:
            return
        cookie = self.clients[lang].cookie
        self.page.call("Network.setCookie", name="session_id", value=cookie, url=self.url)
        if lang not in self.known:
            resize(self.page, WINDOW)
            # Else screens of other kinds have no menu.
            visit(self.page, f"{self.url}/odoo/action-{REMINDERS}")
            self.page.slow.clear()  # what a server does once for a language
            self.known.add(lang)
        self.lang = lang

    def _address(self, picture, client):
        """Return the address of a picture's screen."""
        address = f"{self.url}/odoo/action-{picture.action}"
        found = getattr(self.scenes, picture.scene)(self.lang) if picture.scene else None
        if picture.find:
            model, domain, order = picture.find
            ids = client.call(model, "search", domain, order=order, limit=1)
            if not ids:
                raise SystemExit(f"{picture.name}: the demo has no {model} with {domain}.")
            (found,) = ids
        if found:
            return f"{address}/{found}"
        return f"{address}?view_type={picture.view}" if picture.view else address


def take_letter(page, folder, lang):
    """Show the last message that arrived for an address."""
    paths = [path for path in sorted(folder.glob("*.eml")) if LETTERS[lang] in path.name]
    if not paths:
        raise SystemExit(f"No message to {LETTERS[lang]} lies in {folder}.")
    message = email.message_from_bytes(paths[-1].read_bytes(), policy=email.policy.default)
    html = with_pictures(message)
    take_page(page, f"letter.{lang}.png", html, LETTER_SIZE, on_page=True)


def with_pictures(message):
    """Return the HTML of a message with its codes to pay by in it, as a mail program shows them."""
    html = message.get_body(("html",)).get_content()
    for part in message.walk():
        if part.get_content_maintype() == "image" and part["Content-ID"]:
            data = base64.b64encode(part.get_content()).decode()
            name = part["Content-ID"].strip("<> ")
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{data}")
    return html


def take_page(page, name, html, size, on_page=False):
    """Take a picture of a page that is no screen of Odoo's."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(html)
        file.flush()
        resize(page, size)
        visit(page, f"file://{file.name}")
        keep(name, shoot(page, full=True), on_page)


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
    parser.add_argument("--fresh-database", required=True)
    parser.add_argument("--mail", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    names = {"icon", *OTHERS, *(picture.name for picture in (*PICTURES, *FRESH_PICTURES))}
    if unknown := set(options.only) - names:
        parser.error(f"no picture {', '.join(unknown)}; there are {', '.join(sorted(names))}")
    options.wanted = set(options.only) or names
    return options


@contextlib.contextmanager
def camera(page, database, log):
    """Run a database's Odoo and an inbox for it; yield what takes its pictures."""
    with (
        odoo(database, log) as url,
        tempfile.TemporaryDirectory() as folder,
        inbox(Path(folder), THOUGHT_SECONDS) as smtp_port,
    ):
        admin = Client(url, ADMIN)
        set_servers(admin, smtp_port)
        make_english_user(admin)
        accountant = Client(url, LOGINS["cs"])
        yield Camera(page, url, Scenes(admin, accountant, smtp_port))


def take_demo(page, options):
    """Take the pictures of a company that has used the add-on for two months."""
    pictures = [picture for picture in PICTURES if picture.name in options.wanted]
    with camera(page, options.database, options.log) as taker:
        taker.take_all(pictures)
        for lang in LANGUAGES:
            take_others(taker, options, lang)
        return taker.wrong


def take_others(taker, options, lang):
    """Take what customers and lawyers get: the message, the letter, the contents of the file."""
    client = taker.clients[lang]
    if "letter" in options.wanted:
        take_letter(taker.page, options.mail, lang)
    if "paper" in options.wanted:
        keep(f"paper.{lang}.png", letter_on_paper(client, lang), False)
    if "case" in options.wanted:
        take_page(
            taker.page, f"case.{lang}.png", contents_of_case(client, LANGUAGES[lang]), CASE_SIZE
        )
    taker.note(f"letter, paper or case.{lang}", set())


def take_fresh(page, options):
    """Take the pictures of a company that has just installed the add-on."""
    pictures = [picture for picture in FRESH_PICTURES if picture.name in options.wanted]
    with camera(page, options.fresh_database, options.log) as taker:
        make_administrators(taker.scenes.admin)
        taker.take_all(pictures)
        return taker.wrong


def main(options):
    with browser(*WINDOW) as devtools:
        page = first_page(devtools)
        for domain in ("Page", "Network", "Runtime"):
            page.call(f"{domain}.enable")
        if "icon" in options.wanted:
            draw_icon(page)
        wrong = []
        if options.wanted & {*OTHERS, *(picture.name for picture in PICTURES)}:
            wrong += take_demo(page, options)
        if options.wanted & {picture.name for picture in FRESH_PICTURES}:
            wrong += take_fresh(page, options)
    return wrong


if __name__ == "__main__":
    found = main(parse())
    print("\n".join(found))
    sys.exit(bool(found))
