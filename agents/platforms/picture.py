"""Draws a variant as a card in SVG: self-contained, escaped, legible in light surroundings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from agents.platforms.counting import HASHTAG, LINK, utf16_units, weight
from agents.platforms.email import preview_line
from agents.platforms.limits import FOLD, LIMITS
from agents.platforms.sentences import marks, paragraphs
from agents.platforms.tidy import one_line, without_control
from agents.platforms.wrapping import BOLD, width, wrapped
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel

WIDTH = 600
MARGIN = 28
FOLD_MARK = "…see more"
MOST_LINES = 160  # of a text; a longer one ends with the number of lines that are not shown
LONGEST_NAME = 200  # characters of a line that is clipped which may have room
_SIZE, _LEADING = 15, 23
_INK, _FAINT, _LINE, _PAPER, _GROUND = "#1f2937", "#5b6470", "#d8dde3", "#ffffff", "#f3f4f6"
_FONT = (
    "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif, 'Apple Color Emoji', "
    "'Segoe UI Emoji', 'Noto Color Emoji'"
)
_COLOURS = {Channel.LINKEDIN: "#0a66c2", Channel.TWITTER: "#0f1419", Channel.EMAIL: "#2563a8"}
_LINK_COLOURS = {Channel.LINKEDIN: "#0a66c2", Channel.TWITTER: "#1a6fb8", Channel.EMAIL: "#1d4ed8"}
_OVER, _WITHIN = "#b42318", "#2e7d5b"
_COLOURED = re.compile(f"{LINK.pattern}|{HASHTAG.pattern}", re.IGNORECASE)


@dataclass
class _Sheet:
    """The drawing as it grows downwards; `y` is the baseline of the last line."""

    channel: Channel
    y: float = MARGIN
    shapes: list[str] = field(default_factory=list)

    def text(
        self,
        line: str,
        x: float = MARGIN,
        *,
        size: int = _SIZE,
        colour: str = _INK,
        is_bold: bool = False,
        is_coloured: bool = False,
        anchor: str = "",
    ) -> None:
        """One line at the present height."""
        inner = _coloured(line, self.channel) if is_coloured else escape(line)
        extra = ' font-weight="600"' if is_bold else ""
        extra += f' text-anchor="{anchor}"' if anchor else ""
        place = f'x="{x:g}" y="{self.y:g}" font-size="{size}" fill="{colour}"'
        self.shapes.append(f"<text {place}{extra}>{inner}</text>")

    def block(self, lines: Sequence[str], x: float = MARGIN, *, colour: str = _INK) -> None:
        """Lines of running text; an empty one is half as high."""
        for line in lines[:MOST_LINES]:
            self.y += _LEADING if line else _LEADING * 0.55
            if line:
                self.text(line, x, colour=colour, is_coloured=True)
        hidden = len(lines) - MOST_LINES
        if hidden > 0:
            self.y += _LEADING
            self.text(f"… {hidden} more lines", x, colour=_FAINT, size=13)

    def rule(self, x: float = MARGIN, *, is_dashed: bool = False) -> None:
        """A line across the card."""
        dash = ' stroke-dasharray="4 4"' if is_dashed else ""
        self.shapes.append(
            f'<line x1="{x:g}" y1="{self.y:g}" x2="{WIDTH - MARGIN}" y2="{self.y:g}" '
            f'stroke="{_LINE}"{dash}/>'
        )

    def avatar(self, name: str, x: float, radius: int = 20) -> None:
        """A disc with the author's initial, above the present height."""
        centre = self.y + radius
        initial = next((letter for letter in name if letter.isalnum()), "•").upper()
        self.shapes.append(
            f'<circle cx="{x + radius:g}" cy="{centre:g}" r="{radius}" '
            f'fill="{_COLOURS[self.channel]}"/>'
            f'<text x="{x + radius:g}" y="{centre + 6:g}" font-size="17" font-weight="600" '
            f'fill="#ffffff" text-anchor="middle">{escape(initial)}</text>'
        )


def preview_svg(variant: ChannelVariant, *, title: str = "", author: str = "Your company") -> str:
    """The variant as a picture 600 pixels wide: a well-formed SVG without any outside reference."""
    author = one_line(without_control(author)) or "Your company"
    shown = variant.model_copy(update={"content": without_control(variant.content)})
    sheet = _Sheet(variant.channel)
    match variant.channel:
        case Channel.LINKEDIN:
            _linkedin(sheet, shown, author)
        case Channel.TWITTER:
            _twitter(sheet, shown, author)
        case Channel.EMAIL:
            _email(sheet, shown, author)
    return _document(sheet, without_control(title))


def fold_at(text: str) -> int:
    """Where LinkedIn folds a post: at about 210 characters, between words; its length if it is not
    folded.
    """
    if utf16_units(text) <= FOLD:
        return len(text)
    cut = text[:FOLD]
    space = max(cut.rfind(" "), cut.rfind("\n"))
    return space if space > FOLD // 2 else FOLD


def _linkedin(sheet: _Sheet, variant: ChannelVariant, author: str) -> None:
    text, room = variant.content, WIDTH - 2 * MARGIN
    fold = fold_at(text)
    _author(sheet, author, "LinkedIn post · preview")
    sheet.block(wrapped(text[:fold].rstrip(), _SIZE, room))
    if fold < len(text):
        sheet.y += _LEADING * 0.7
        _fold(sheet)
        sheet.block(wrapped(text[fold:].strip("\n "), _SIZE, room))
    _count(sheet, variant.characters or utf16_units(text), LIMITS[Channel.LINKEDIN] or 0)


def _fold(sheet: _Sheet) -> None:
    sheet.rule(is_dashed=True)
    label = width(FOLD_MARK, 12) + 12
    sheet.shapes.append(
        f'<rect x="{WIDTH - MARGIN - label:g}" y="{sheet.y - 10:g}" width="{label:g}" '
        f'height="20" fill="{_PAPER}"/>'
    )
    sheet.y += 4
    sheet.text(FOLD_MARK, WIDTH - MARGIN, size=12, colour=_FAINT, anchor="end")
    sheet.y += 2


def _twitter(sheet: _Sheet, variant: ChannelVariant, author: str) -> None:
    posts = [without_control(post) for post in variant.parts] or [variant.content]
    left, limit = MARGIN + 54, LIMITS[Channel.TWITTER] or 0
    for number, post in enumerate(posts, 1):
        top = sheet.y
        sheet.avatar(author, MARGIN)
        sheet.y += 15
        name = _clipped(author, 15, 260)
        sheet.text(name, left, is_bold=True)
        where = f"post {number} of {len(posts)}" if len(posts) > 1 else "X post · preview"
        sheet.text(where, left + width(name, 15, is_bold=True) + 8, size=13, colour=_FAINT)
        sheet.y += 5
        sheet.block(wrapped(post, _SIZE, WIDTH - MARGIN - left), left)
        _count(sheet, weight(post), limit, left)
        if number < len(posts):
            sheet.y += 22
            sheet.shapes.append(
                f'<line x1="{MARGIN + 20}" y1="{top + 46:g}" x2="{MARGIN + 20}" '
                f'y2="{sheet.y - 6:g}" stroke="{_LINE}" stroke-width="2"/>'
            )


def _email(sheet: _Sheet, variant: ChannelVariant, author: str) -> None:
    room = WIDTH - 2 * MARGIN
    subject = one_line(without_control(variant.subject or "(no subject)"))
    for line in wrapped(subject, 20, room / BOLD):
        sheet.y += 26
        sheet.text(line, size=20, is_bold=True)
    sheet.y += 18
    sheet.avatar(author, MARGIN)
    sheet.y += 16
    sheet.text(_clipped(author, 15, room - 60), MARGIN + 54, is_bold=True)
    sheet.y += 20
    line = _clipped(preview_line(variant.content), 13, room - 54)
    sheet.text(line, MARGIN + 54, size=13, colour=_FAINT)
    sheet.y += 24
    sheet.rule()
    sheet.y += 4
    sheet.block(_email_lines(variant.content, room))
    sheet.y += 24
    sheet.rule()
    sheet.y += 22
    sheet.text(f"Subject {len(subject)} characters · e-mail preview", size=12, colour=_FAINT)


def _email_lines(content: str, room: float) -> list[str]:
    pieces = [wrapped(piece, _SIZE, room) for piece in paragraphs(content)]
    return [line for piece in pieces for line in (*piece, "")][:-1]


def _author(sheet: _Sheet, author: str, what: str) -> None:
    sheet.avatar(author, MARGIN)
    sheet.y += 16
    sheet.text(_clipped(author, 15, WIDTH - 2 * MARGIN - 54), MARGIN + 54, is_bold=True)
    sheet.y += 19
    sheet.text(what, MARGIN + 54, size=13, colour=_FAINT)
    sheet.y += 14


def _count(sheet: _Sheet, count: int, limit: int, x: float = MARGIN) -> None:
    """A bar for how much of the limit is used, with the figures."""
    sheet.y += 30
    full = 120
    used = min(1.0, count / limit) * full
    colour = _OVER if count > limit else _WITHIN
    bar = f'y="{sheet.y - 5:g}" height="5" rx="2.5"'
    sheet.shapes.append(
        f'<rect x="{x:g}" width="{full}" {bar} fill="{_LINE}"/>'
        f'<rect x="{x:g}" width="{used:g}" {bar} fill="{colour}"/>'
    )
    figures = f"{count:,} of {limit:,} characters"
    sheet.text(figures, x + full + 12, size=12, colour=_OVER if count > limit else _FAINT)


def _clipped(text: str, size: float, room: float) -> str:
    """The text as far as there is room for it, even in bold."""
    if width(text, size, is_bold=True) <= room:
        return text
    pieces = marks(text[:LONGEST_NAME])
    while pieces and width("".join(pieces) + "…", size, is_bold=True) > room:
        pieces.pop()
    return "".join(pieces).rstrip() + "…"


def _coloured(line: str, channel: Channel) -> str:
    return "".join(_spans(line, _LINK_COLOURS[channel]))


def _spans(line: str, colour: str) -> Iterator[str]:
    last = 0
    for match in _COLOURED.finditer(line):
        yield escape(line[last : match.start()])
        yield f'<tspan fill="{colour}">{escape(match.group())}</tspan>'
        last = match.end()
    yield escape(line[last:])


def _document(sheet: _Sheet, title: str) -> str:
    height = sheet.y + MARGIN
    name = escape(one_line(title) or "Preview")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" '
        f'viewBox="0 0 {WIDTH} {height:g}" role="img" font-family="{_FONT}">'
        f"<title>{name}</title>"
        f'<rect width="{WIDTH}" height="{height:g}" fill="{_GROUND}"/>'
        f'<rect x="8" y="8" width="{WIDTH - 16}" height="{height - 16:g}" rx="12" '
        f'fill="{_PAPER}" stroke="{_LINE}"/>{"".join(sheet.shapes)}</svg>'
    )
