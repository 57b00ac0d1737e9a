"""The two things PDFs need that no Python wheel brings: Pango, and a font with Chinese letters."""

from __future__ import annotations

import ctypes
import sys

from hanse.system_packages import Packages

PANGO = Packages(
    debian=("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    homebrew=("pango",),
)
CHINESE_FONT = Packages(debian=("fonts-noto-cjk",), homebrew=("font-noto-sans-cjk",))

LINUX_LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)
MACOS_LIBRARIES = (
    "libgobject-2.0.0.dylib",
    "libpango-1.0.0.dylib",
    "libpangoft2-1.0.0.dylib",
    "libharfbuzz.0.dylib",
    "libharfbuzz-subset.0.dylib",
    "libfontconfig.1.dylib",
)
# Homebrew's two homes and MacPorts'; a Python that is not Homebrew's own looks in none of them.
MACOS_LIBRARY_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")


def ensure() -> None:
    """Installs what is missing, or says in one sentence what to install; nothing but PDFs depends on it."""
    if not pango_loads() and not (PANGO.install() and pango_loads()):
        print(f"PDF documents cannot be made until Pango is installed: {PANGO.advice()}", file=sys.stderr)
    elif not chinese_font_found() and not (CHINESE_FONT.install() and chinese_font_found()):
        print(f"PDF documents cannot show Chinese until a font is installed: {CHINESE_FONT.advice()}", file=sys.stderr)


def pango_loads() -> bool:
    names = MACOS_LIBRARIES if sys.platform == "darwin" else LINUX_LIBRARIES
    return all(_library(name) for name in names)


def chinese_font_found() -> bool:
    """Asks fontconfig, as Pango will."""
    fontconfig = _library(MACOS_LIBRARIES[-1] if sys.platform == "darwin" else LINUX_LIBRARIES[-1])
    if fontconfig is None:
        return False
    for maker in (fontconfig.FcInitLoadConfigAndFonts, fontconfig.FcNameParse, fontconfig.FcObjectSetCreate):
        maker.restype = ctypes.c_void_p
    fontconfig.FcFontList.restype = ctypes.POINTER(_FontSet)
    fontconfig.FcFontList.argtypes = [ctypes.c_void_p] * 3
    # A configuration of its own: the default one may date from before a font was installed.
    fonts = fontconfig.FcFontList(
        fontconfig.FcInitLoadConfigAndFonts(),
        fontconfig.FcNameParse(b":lang=zh-cn"),
        fontconfig.FcObjectSetCreate(),
    )
    return bool(fonts) and fonts.contents.count > 0


class _FontSet(ctypes.Structure):
    """fontconfig's ``FcFontSet``."""

    _fields_ = (("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.c_void_p))


def _library(name: str) -> ctypes.CDLL | None:
    folders = MACOS_LIBRARY_FOLDERS if sys.platform == "darwin" else ()
    for path in (name, *(f"{folder}/{name}" for folder in folders)):
        try:
            return ctypes.CDLL(path)
        except OSError:
            continue
    return None
