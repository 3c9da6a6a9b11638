"""A few shapes of SVG. Every picture has a background of its own, so that light and dark pages show it alike."""

from xml.sax.saxutils import escape

PAPER, INK, QUIET, LINE = "#f6f8fa", "#1f2328", "#57606a", "#8c959f"
SANS = "-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def text(x, y, content, size=13, color=INK, anchor="start", weight="normal", font=SANS):
    return (f'<text x="{x:g}" y="{y:g}" font-family="{font}" font-size="{size}" font-weight="{weight}" fill="{color}" '
            f'text-anchor="{anchor}" xml:space="preserve">{escape(content)}</text>')


def box(x, y, width, height, fill="#ffffff", stroke=LINE, radius=6):
    return (f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius}" fill="{fill}" '
            f'stroke="{stroke}"/>')


def arrow(x1, y1, x2, y2, color=LINE):
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{color}" stroke-width="1.3" marker-end="url(#tip)"/>'


def picture(width, height, title, shapes, paper=PAPER):
    tip = ('<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
           f'<path d="M0 0L8 4L0 8z" fill="{LINE}"/></marker></defs>')
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'role="img">', f"<title>{escape(title)}</title>", tip, box(0.5, 0.5, width - 1, height - 1, paper, paper, 10),
        *shapes, "</svg>"]) + "\n"
