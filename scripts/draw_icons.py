"""Draw the icons of the installed app from one shape: static/icons/app*.

Usage: python scripts/draw_icons.py [target folder]

The shape is that of favicon.svg: a mark that climbs three steps. Phones cut a
maskable icon to a circle or a drop, so its ground runs to the edge and the
mark keeps to the middle. Running it again gives the same pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw

DEFAULT_TARGET = Path(__file__).resolve().parent.parent / "static" / "icons"
GROUND, LINE, BALL = "#1f4e5f", "#ffffff", "#f0b45a"
#: In the 32 units of favicon.svg.
SIDE, CORNER, STROKE = 32, 8, 3
STEPS = ((6, 23.5), (12, 23.5), (12, 18.5), (18, 18.5), (18, 13.5), (24, 13.5), (24, 8.5))
BALL_AT, BALL_RADIUS = (10, 10.5), 2.8
#: What a phone leaves of a maskable icon at least.
SAFE = 0.72
#: Drawn this much larger and made smaller again, so that edges are smooth.
FINER = 4


def picture(size: int, *, maskable: bool = False, rounded: bool = True) -> Image.Image:
    """Return the icon; without rounded corners the phone rounds it."""
    large = size * FINER
    image = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    radius = CORNER / SIDE * large if rounded and not maskable else 0
    draw.rounded_rectangle((0, 0, large - 1, large - 1), radius, fill=GROUND)
    _mark(draw, large, SAFE if maskable else 1)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _mark(draw: ImageDraw.ImageDraw, large: int, share: float) -> None:
    unit = large / SIDE * share
    edge = large * (1 - share) / 2
    points = [(edge + x * unit, edge + y * unit) for x, y in STEPS]
    draw.line(points, fill=LINE, width=round(STROKE * unit), joint="curve")
    for point in points:
        _disc(draw, point, STROKE / 2 * unit, LINE)
    _disc(draw, (edge + BALL_AT[0] * unit, edge + BALL_AT[1] * unit), BALL_RADIUS * unit, BALL)


def _disc(draw: ImageDraw.ImageDraw, middle: tuple[float, float], radius: float, fill: str) -> None:
    x, y = middle
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def maskable_svg() -> str:
    """Return the same for phones that take a drawing."""
    path = "M6 23.500h6v-5h6v-5h6v-5"
    edge = SIDE * (1 - SAFE) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
        f'<rect width="{SIDE}" height="{SIDE}" fill="{GROUND}"/>'
        f'<g transform="translate({edge:.2f} {edge:.2f}) scale({SAFE})">'
        f'<path d="{path}" fill="none" stroke="#fff" stroke-width="{STROKE}" stroke-linecap="round"'
        f' stroke-linejoin="round"/><circle cx="10" cy="10.500" r="{BALL_RADIUS}" fill="{BALL}"/></g></svg>\n'
    )


def write_all(target: Path) -> list[Path]:
    """Write every icon into target and return the files."""
    target.mkdir(parents=True, exist_ok=True)
    pictures = {
        "app-192.png": picture(192),
        "app-512.png": picture(512),
        "app-maskable-192.png": picture(192, maskable=True),
        "app-maskable-512.png": picture(512, maskable=True),
        # The home screen of an iPhone rounds it by itself, and shows clear corners black.
        "apple-touch-icon.png": picture(180, rounded=False).convert("RGB"),
    }
    for name, image in pictures.items():
        image.save(target / name, optimize=True)
    (target / "app-maskable.svg").write_text(maskable_svg(), encoding="utf-8", newline="\n")
    return [target / name for name in (*pictures, "app-maskable.svg")]


def main(arguments: list[str]) -> int:
    """Run from the command line."""
    target = Path(arguments[0]) if arguments else DEFAULT_TARGET
    print(f"{len(write_all(target))} icons written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
