"""What a browser loads before it can show anything: Streamlit's page in our words, and its bundles, small and all at once.

On a phone's link each request is a wait and each kilobyte counts (docs/load.md has the figures). So the page says at once what
the first screens will ask for, and brings the theme and the server's settings along, for which Streamlit asks only later.
"""

import gzip
import hashlib
import json
import re
from functools import cache, lru_cache
from pathlib import Path

import pyarrow as pa
import streamlit
from streamlit import config

STATIC = Path(streamlit.__file__).parent / "static"
ICONS = Path(__file__).parent / "look" / "icons.woff2"  # cut from Streamlit's font by `make icons`
COMPRESSED = {".js", ".css", ".wasm", ".json", ".svg"}
CODINGS = ("br", "gzip")  # the smaller first
THEIR_ICON_FONT = re.compile(rb"@font-face\{font-family:Material Symbols Rounded;[^}]*\}")  # asked for where ours lacks a letter
BROTLI = 9  # the next level saves another twentieth for six times the work
FIRST = ("Html", "TextInput", "ButtonGroup")  # elements of the sign-in screen
NEXT = ("Button", "Checkbox", "BidiComponent")  # of the one behind it: fetched while somebody types
_THEME = {"bodyFont": "font", "headingFont": "headingFont", "codeFont": "codeFont", "primaryColor": "primaryColor",
          "backgroundColor": "backgroundColor", "secondaryBackgroundColor": "secondaryBackgroundColor",
          "textColor": "textColor"}  # fmt: skip
# With these Streamlit draws its first frame in our colours, asks for no web font, and connects without asking for the way.
_SETTINGS = """window.__streamlit = (theme => ({
  BACKEND_BASE_URL: new URL('.', document.baseURI).href, LIGHT_THEME: theme, DARK_THEME: theme,
  HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false },
}))(%s)"""


@cache
def our_page(body: bytes) -> bytes:
    """Streamlit's page: Chinese by default, our script beside it, no preload of a font we do not use, but of what comes first."""
    page = body.decode().replace('<html lang="en">', '<html lang="zh-CN">')
    page = page.replace("<title>Streamlit</title>", "<title>减负观测</title>")
    page = re.sub(r'<link\s+rel="preload"[^>]*SourceSans[^>]*/>', "", page)
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL)
    theme = {name: config.get_option(f"theme.{option}") for name, option in _THEME.items()}
    known = set(re.findall(r"static/(js/[\w.-]+\.js)", page))
    wanted = "".join(f'<link rel="modulepreload" crossorigin href="./static/{name}">' for name in parts(FIRST, known))
    later = json.dumps([f"./static/{name}" for name in parts(NEXT, known.union(parts(FIRST, known)))])
    script = f"<script>{_SETTINGS % json.dumps(theme, ensure_ascii=False)};window.burdenLater = {later}</script>"
    page = page.replace("<title>", f"{script}<title>", 1)
    ours = f'{wanted}{_icon_font()}<script async src="./burden/chrome.js"></script>'
    return page.replace("</head>", f"{ours}</head>", 1).encode()


def _icon_font() -> str:
    """Ours in place of Streamlit's: declared later, so that it counts. It holds the icons that are drawn, and no others."""
    address = f"./burden/{icons_name()}"
    face = f"font-family:'Material Symbols Rounded';font-weight:400;font-style:normal;font-display:block;src:url({address})"
    link = f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{address}">'
    return f"{link}<style>@font-face{{{face} format('woff2')}}</style>"


@cache
def icons_name() -> str:
    """What stands in the font is part of its name: so browsers may keep it for ever."""
    return f"icons.{hashlib.sha256(ICONS.read_bytes()).hexdigest()[:12]}.woff2"


def parts(elements: tuple[str, ...], known: set[str]) -> list[str]:
    """The bundles that these elements are drawn by, and all that those import; but for what is loaded anyway."""
    found: list[str] = []
    waiting = [name for name in bundles() for element in elements if re.fullmatch(rf"js/{element}\.[\w-]+\.js", name)]
    while waiting:
        name = waiting.pop(0)
        if name in found or name in known or name not in bundles():
            continue
        found.append(name)
        code = bundles()[name].read_text("utf-8")
        waiting += [f"js/{other}" for other in re.findall(r"""(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""", code)]
    return found


def coding(accepted: str) -> str:
    """The best of what a browser accepts, as it says it in Accept-Encoding; empty for nothing."""
    words = {word.split(";")[0].strip() for word in accepted.split(",") if not word.replace(" ", "").endswith(";q=0")}
    return next((known for known in CODINGS if known in words), "")


@lru_cache(maxsize=2000)
def bundle(name: str, how: str) -> bytes | None:
    """One of Streamlit's bundles, compressed once; None for anything else."""
    path = bundles().get(name)
    if path is None:
        return None
    body = path.read_bytes()
    return packed(THEIR_ICON_FONT.sub(b"", body) if path.suffix == ".css" else body, how)


def packed(body: bytes, how: str) -> bytes:
    """Compressed; as it is, if the browser takes nothing."""
    if how == "br":
        return bytes(pa.Codec("brotli", compression_level=BROTLI).compress(body, asbytes=True))
    return gzip.compress(body, 6, mtime=0) if how == "gzip" else body


@cache
def bundles() -> dict[str, Path]:
    """Every bundle worth compressing by its name in the address: a name that is made up is not kept."""
    folder = STATIC / "static"
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.suffix in COMPRESSED}
