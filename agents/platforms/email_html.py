"""The HTML of an e-mail: escaped, inline styles, readable on any width, nothing remote."""

from html import escape

from agents.platforms.counting import links
from agents.platforms.sentences import paragraphs

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_PAGE = f"margin:0;padding:0;background-color:#f3f4f6;color:#1f2937;{_FONT}"
_CARD = (
    "max-width:600px;width:100%;background-color:#ffffff;border:1px solid #e5e7eb;border-radius:8px"
)
_TEXT = f"margin:0 0 18px 0;font-size:16px;line-height:1.6;color:#1f2937;{_FONT}"
_ACTION = (
    f"margin:24px 0;padding:14px 18px;font-size:16px;line-height:1.5;font-weight:600;"
    f"color:#1e3a5f;background-color:#eef4fb;border-left:4px solid #2563a8;{_FONT}"
)
_HEADING = f"margin:26px 0 8px 0;font-size:18px;line-height:1.4;color:#111827;{_FONT}"
_LINK = "color:#1d4ed8;text-decoration:underline"
_HIDDEN = "display:none;max-height:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px"
LONGEST_HEADING = 60


def email_html(content: str, *, subject: str, preview: str, language: str, action: str = "") -> str:
    """The e-mail as one HTML document that says what the plain text says.

    `preview` is the hidden line that inboxes show; `action` is the paragraph to be set off.
    """
    body = "\n".join(_paragraph(piece, action) for piece in paragraphs(content))
    tongue = escape(language, quote=True)
    return f"""<!DOCTYPE html>
<html lang="{tongue}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{escape(subject)}</title>
</head>
<body style="{_PAGE}">
<div style="{_HIDDEN}" aria-hidden="true">{escape(preview)}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="{_CARD}">
<tr><td style="padding:32px 32px 14px 32px">
{body}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"""


def _paragraph(piece: str, action: str) -> str:
    if action and "".join(piece.split()) == "".join(action.split()):
        return f'<p style="{_ACTION}">{_inline(piece)}</p>'
    lines = piece.split("\n")
    if len(lines) > 1 and _is_heading(lines[0]):
        rest = "\n".join(lines[1:])
        heading = f'<h2 style="{_HEADING}">{_inline(lines[0])}</h2>'
        return f'{heading}\n<p style="{_TEXT}">{_inline(rest)}</p>'
    return f'<p style="{_TEXT}">{_inline(piece)}</p>'


def _is_heading(line: str) -> bool:
    is_bullet = line[:1] in "•-*"
    return (
        len(line) <= LONGEST_HEADING and not is_bullet and not line.endswith((".", "!", ",", ";"))
    )


def _inline(text: str) -> str:
    """Escaped text with its links and line breaks."""
    pieces, last = [], 0
    for start, end in links(text):
        url = text[start:end]
        pieces.append(escape(text[last:start]))
        if url.lower().startswith(("http://", "https://")):
            pieces.append(f'<a href="{escape(url, quote=True)}" style="{_LINK}">{escape(url)}</a>')
        else:
            pieces.append(escape(url))
        last = end
    return "".join([*pieces, escape(text[last:])]).replace("\n", "<br>\n")
