"""The mosaic of the 48: borders in degrees become SVG outlines in one small square of integers."""

from itertools import count
from math import cos, radians

WIDTH, HEIGHT = 1000, 850
WEST, SOUTH, EAST, NORTH = 9.4544, 45.2321, 9.9114, 45.5045
MARGIN = 6
# At this latitude a degree of longitude is shorter than one of latitude by the cosine.
SCALE = (WIDTH - 2 * MARGIN) / ((EAST - WEST) * cos(radians((SOUTH + NORTH) / 2)))


def project(longitude, latitude):
    """Degrees WGS 84 to whole SVG units, equirectangular around the middle of the Area."""
    x = MARGIN + (longitude - WEST) * cos(radians((SOUTH + NORTH) / 2)) * SCALE
    y = MARGIN + (NORTH - latitude) * SCALE
    return round(x), round(y)


def outline(geometry):
    """The SVG path data of a GeoJSON Polygon or MultiPolygon, relative moves, exclaves included."""
    return "".join(_path([project(*point) for point in ring]) for ring in _rings(geometry))


def tints(geometries):
    """A tint from 1 for each area, so that two that share a border never share it (greedy colouring)."""
    corners = {
        code: {tuple(point) for ring in _rings(geometry) for point in ring} for code, geometry in geometries.items()
    }
    chosen = {}
    for code, own in sorted(corners.items(), key=lambda item: -len(item[1])):
        taken = {chosen[other] for other in chosen if own & corners[other]}
        chosen[code] = next(tint for tint in count(1) if tint not in taken)
    return chosen


def _rings(geometry):
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def _path(points):
    (x, y), *rest = points
    moves = [f"M{x} {y}l"]
    for next_x, next_y in rest[:-1]:
        if (next_x, next_y) != (x, y):
            moves.append(f"{next_x - x} {next_y - y} ")
            x, y = next_x, next_y
    return "".join(moves).replace(" -", "-").rstrip() + "z"
