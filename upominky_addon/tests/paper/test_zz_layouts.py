from pathlib import Path
import base64, io
from PIL import Image
from .test_letter_layout import LAYOUTS, TestLetterLayout as Base

OUT = Path("/tmp/h/post16_layouts")


class TestZz(Base):
    def test_zz_render(self):
        OUT.mkdir(exist_ok=True)
        img = Image.new("RGB", (300, 120), "#224488")
        f = io.BytesIO()
        img.save(f, "PNG")
        self.company.write(
            {
                "logo": base64.b64encode(f.getvalue()),
                "primary_color": "#224488",
                "secondary_color": "#aa5500",
                "report_footer": "<p>Spisová značka C 1234, Městský soud v Praze<br/>+420 380 555 010 · ucetni@dopravce.example · www.dopravce.example<br/>IBAN CZ65 0800 0000 1920 0014 5399</p>",
            }
        )
        print(
            "layouts",
            self.env["ir.ui.view"].search([("key", "like", "web.external_layout_")]).mapped("key"),
        )
        one, sixty = self.reminder(1), None
        for count in (1, 60):
            r = self.reminder(count, number="F%d/{:05}" % count) if count > 1 else one
            for name in LAYOUTS:
                self.look(name)
                (OUT / f"{name}-{count}.pdf").write_bytes(self.printed(r))
