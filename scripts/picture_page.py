"""Driving a page of the client, and an accountant's calls beside it. For scripts/screenshots."""

import base64
import io
import time

import requests
from picture_table import PHONE
from PIL import Image
from screenshot import session_cookie

COLOURS = 256
PATIENCE = 60
#: Tabs and dialogs fade in.
FADE_SECONDS = 0.6
#: A request that takes longer makes its user wait.
SLOW_SECONDS = 1

#: All texts that are seen on a page, and those that come when the mouse rests.
SHOWN = """
(() => {
    const nodes = document.querySelectorAll("[title], [placeholder], [aria-label]");
    const names = ["title", "placeholder", "aria-label"];
    const kept = [...nodes].flatMap((node) => names.map((name) => node.getAttribute(name) || ""));
    return [...document.body.innerText.split("\\n"), ...kept].filter(Boolean);
})()
"""

#: Odoo says so in the page's own styles.
STYLELESS = 'getComputedStyle(document.body, "::before").content.includes("css error")'


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

    def get(self, path):
        """Return the bytes of a page or a file.

        :param str path: below the address of Odoo
        """
        answer = requests.get(
            f"{self.url}{path}", cookies={"session_id": self.cookie}, timeout=PATIENCE
        )
        if not answer.ok:
            raise SystemExit(f"{path}: {answer.status_code} {answer.reason}")
        return answer.content

    def id_of(self, xmlid):
        """Return the id of a record of a module."""
        module, _, name = xmlid.partition(".")
        domain = [("module", "=", module), ("name", "=", name)]
        (found,) = self.call("ir.model.data", "search_read", domain, ["res_id"])
        return found["res_id"]


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


def complaints(page, english):
    """Yield what a screen's user would complain about, and forget it."""
    if page.evaluate(STYLELESS):
        yield "a style sheet does not compile"
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
