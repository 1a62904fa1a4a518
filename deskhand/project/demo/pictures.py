"""Files for the demo, drawn on the spot: a screenshot of a checkout that hangs, a table of orders."""

import csv
import io

from PIL import Image, ImageDraw

PAPER, EDGE, BAR, ACCENT, ALARM = "#ffffff", "#d8dce4", "#e6e9ef", "#2f5bb7", "#c2332b"


def screenshot() -> bytes:
    """Return a PNG of a checkout page, 880 by 560 pixels, with the trouble circled."""
    image = Image.new("RGB", (880, 560), "#f4f5f8")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((60, 40, 820, 520), radius=14, fill=PAPER, outline=EDGE, width=2)
    draw.rounded_rectangle((60, 40, 820, 92), radius=14, fill=BAR)
    for place, color in enumerate(("#e06c5f", "#e2b04a", "#5fb36b")):
        draw.ellipse((84 + place * 26, 58, 100 + place * 26, 74), fill=color)
    for row, width in enumerate((260, 420, 360, 180)):
        top = 140 + row * 46
        draw.rounded_rectangle((110, top, 110 + width, top + 18), radius=6, fill=BAR)
    draw.rounded_rectangle((110, 400, 330, 452), radius=10, fill=ACCENT)
    draw.rounded_rectangle((150, 420, 290, 432), radius=5, fill=PAPER)
    draw.arc((600, 250, 720, 370), start=20, end=310, fill=EDGE, width=14)
    draw.ellipse((570, 220, 750, 400), outline=ALARM, width=8)
    stored = io.BytesIO()
    image.save(stored, "PNG", optimize=True)
    return stored.getvalue()


def spreadsheet() -> bytes:
    """Return a CSV of orders that failed."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["order", "placed", "browser", "error"])
    for number in range(88121, 88145):
        writer.writerow([number, f"2026-11-20 {number % 24:02}:{number % 60:02}", "Safari 17", "no delivery date"])
    return table.getvalue().encode()
