"""A chart as PNG: drawn by resvg with the Roboto font alone, the same everywhere."""

SCALE = 2.0  # pixels for each unit of the drawing
FAMILY = "Roboto"
_FACES = ("Roboto-Regular.ttf", "Roboto-Bold.ttf")


def png_of(svg: str, scale: float = SCALE) -> bytes:
    """The drawing as the bytes of a PNG file: the same bytes for the same drawing.

    Raises:
        ValueError: it is no SVG that can be drawn.
    """
    from importlib.resources import files

    import resvg_py

    folder = files("font_roboto").joinpath("files")
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        background="#ffffff",
        skip_system_fonts=True,
        zoom=scale,
        font_files=[str(folder.joinpath(face)) for face in _FACES],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
