"""Take a picture of a page of a running Odoo over chromium's DevTools."""

import argparse
import base64
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
import websocket

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
#: The page has settled: outside the web client once loaded, inside it once an action is drawn and
#: no spinner turns.
SETTLED = """
(() => {
    if (document.readyState !== "complete") return false;
    const manager = document.querySelector(".o_web_client .o_action_manager");
    if (!document.querySelector(".o_web_client")) return true;
    return Boolean(manager && manager.children.length)
        && !document.querySelector(".o_loading_indicator, .o_blockUI, .o_view_nocontent_loading");
})()
"""
QUIET_SECONDS = 0.7


class Page:
    """One tab, its pending requests, how long those took that scripts made, and its errors."""

    def __init__(self, address):
        self.socket = websocket.create_connection(address, suppress_origin=True, timeout=30)
        self.number = 0
        self.pending = {}
        self.errors = []
        self.slow = []
        self.last_event = time.monotonic()

    def call(self, method, **params):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.number:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']['message']}")
                return message["result"]
            self._note(message)

    def _note(self, message):
        params = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent" if not _is_endless(params):
                self.pending[params["requestId"]] = params
            case "Network.loadingFinished" | "Network.loadingFailed":
                self._note_time(self.pending.pop(params["requestId"], None), params["timestamp"])
            case "Runtime.consoleAPICalled" if params["type"] == "error":
                self.errors.append(" ".join(str(part.get("value")) for part in params["args"]))
            case "Runtime.exceptionThrown":
                self.errors.append(_first_line(params["exceptionDetails"]))
            case _:
                return
        self.last_event = time.monotonic()

    def _note_time(self, started, end):
        if started and started.get("type") in ("XHR", "Fetch"):
            self.slow.append((end - started["timestamp"], started["request"]["url"]))

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def wait_until_settled(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            settled = self.evaluate(SETTLED)
            quiet = time.monotonic() - self.last_event
            if settled and quiet > QUIET_SECONDS and (not self.pending or quiet > 5):
                return True
            time.sleep(0.1)
        return False


def _is_endless(request):
    """Requests of Odoo's bus, whose end this page never hears of."""
    return (
        request.get("type") in ("WebSocket", "EventSource")
        or "/bus/websocket_worker" in request["request"]["url"]
    )


def _first_line(details):
    text = details.get("exception", {}).get("description") or details.get("text", "")
    return text.splitlines()[0] if text else "unknown error"


def find_browser():
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise SystemExit("No chromium. Run scripts/setup, or: apt-get install chromium")


@contextlib.contextmanager
def browser(width, height):
    """Start chromium with a fresh profile; yield the address of its DevTools."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [find_browser(), *FLAGS, f"--user-data-dir={profile}"]
        command += [f"--window-size={width},{height}", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield f"http://127.0.0.1:{_devtools_port(process, profile)}"
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def _devtools_port(process, profile):
    port_file = Path(profile, "DevToolsActivePort")
    for _ in range(300):
        if port_file.exists() and (lines := port_file.read_text().splitlines()):
            return int(lines[0])
        if process.poll() is not None:
            raise SystemExit(f"chromium ended with code {process.returncode}")
        time.sleep(0.1)
    raise SystemExit("chromium does not answer")


def first_page(devtools):
    targets = requests.get(f"{devtools}/json", timeout=10).json()
    target = next(target for target in targets if target["type"] == "page")
    return Page(target["webSocketDebuggerUrl"])


def session_cookie(url, login, database):
    """Log in over HTTP as a person would, through the form; return the session's cookie."""
    user, _, password = login.partition(":")
    session = requests.Session()
    if database:
        session.get(urljoin(url, f"/web?db={database}"), timeout=60)
    form = session.get(urljoin(url, "/web/login"), timeout=60).text
    token = form.partition('name="csrf_token" value="')[2].partition('"')[0]
    values = {"login": user, "password": password, "csrf_token": token}
    if not token:
        raise SystemExit(f"No login form at {urljoin(url, '/web/login')}.")
    answer = session.post(urljoin(url, "/web/login"), data=values, timeout=60)
    if "/web/login" in answer.url:
        raise SystemExit(f"Odoo refuses the login {user}.")
    return session.cookies["session_id"]


def prepare(page, options):
    for domain in ("Page", "Network", "Runtime"):
        page.call(f"{domain}.enable")
    page.call(
        "Emulation.setDeviceMetricsOverride",
        width=options.width,
        height=options.height,
        deviceScaleFactor=1,
        mobile=False,
    )
    cookies = {}
    if options.login:
        cookies["session_id"] = session_cookie(options.url, options.login, options.database)
    if options.lang:
        # Portal pages follow this cookie; the web client follows the user's own language.
        cookies["frontend_lang"] = options.lang
    for name, value in cookies.items():
        page.call("Network.setCookie", name=name, value=value, url=urljoin(options.url, "/"))


def take(options):
    with browser(options.width, options.height) as devtools:
        page = first_page(devtools)
        prepare(page, options)
        page.call("Page.navigate", url=options.url)
        settled = page.wait_until_settled(options.timeout)
        picture = page.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=options.full
        )
        options.out.write_bytes(base64.b64decode(picture["data"]))
    for error in page.errors:
        print(f"script error on the page: {error}", file=sys.stderr)
    if not settled:
        print(f"The page had not settled after {options.timeout} s.", file=sys.stderr)
    return not settled


def size(text):
    width, _, height = text.lower().partition("x")
    return int(width), int(height)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/screenshot", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("out", type=Path)
    parser.add_argument("--login", help="USER:PASSWORD")
    parser.add_argument("--database", help="if the server has several")
    parser.add_argument("--size", type=size, default=(1440, 900), help="WxH, 1440x900 unless told")
    parser.add_argument("--lang", help="language of portal pages, e.g. cs_CZ")
    parser.add_argument("--full", action="store_true", help="the whole page, not only the window")
    parser.add_argument("--timeout", type=int, default=60)
    options = parser.parse_args(arguments)
    if urlsplit(options.url).scheme not in ("http", "https", "file"):
        parser.error("URL must start with http:// or https://")
    options.width, options.height = options.size
    return options


if __name__ == "__main__":
    try:
        sys.exit(take(parse(sys.argv[1:])))
    except requests.ConnectionError as error:
        sys.exit(f"Odoo does not answer: {error}")
