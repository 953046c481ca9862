"""Draw the emblem, the icon and the small map from the borders; run it when the borders change."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ...mosaic import HEIGHT, WIDTH, outline
from .load_municipalities import borders

CREMA = "019035"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{drawing}</svg>\n'


class Command(BaseCommand):
    help = "Disegna emblem.svg, favicon.svg e mosaic.svg in static/src."

    def handle(self, **options: Any) -> None:
        outlines = {code: outline(geometry) for code, geometry in borders().items()}
        whole = "".join(outlines.values())
        cells = "".join(f'<path id="c{code}" d="{path}"/>' for code, path in outlines.items())
        emblem = f'<path fill="#e8c66a" stroke="#083d47" stroke-width="14" stroke-linejoin="round" d="{whole}"/>'
        icon = (
            '<rect x="-75" y="-150" width="1150" height="1150" rx="200" fill="#083d47"/>'
            f'<path fill="#e8c66a" d="{whole}"/><path fill="#c4532f" d="{outlines[CREMA]}"/>'
        )
        box = f"0 0 {WIDTH} {HEIGHT}"
        self.write("emblem.svg", SVG.format(box=box, drawing=emblem))
        self.write("favicon.svg", SVG.format(box="-75 -150 1150 1150", drawing=icon))
        self.write("mosaic.svg", SVG.format(box=box, drawing=f'<g id="area">{cells}</g>'))

    def write(self, name: str, drawing: str) -> None:
        Path(settings.BASE_DIR / "static" / "src" / name).write_text(drawing, encoding="utf-8")
