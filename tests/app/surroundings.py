# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Desktops that differ: dark, high contrast, large text, no motion, other languages."""
import contextlib
import ctypes
import functools
import gettext
import os
import subprocess
import tempfile

import ui

# What the desktop's settings would say.  libadwaita has no other way to be told
# where no settings portal runs.
STYLES = {
    "light": {},
    "dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"},
    "contrast": {"ADW_DEBUG_HIGH_CONTRAST": "1"},
    "contrast-dark": {"ADW_DEBUG_HIGH_CONTRAST": "1", "ADW_DEBUG_COLOR_SCHEME": "prefer-dark"},
}

# Lines for GTK's settings.ini.
NO_MOTION = ["gtk-enable-animations=0"]

# The locale that goes with each language, as the C library's sources name it.
LOCALES = {"de": "de_DE", "fr": "fr_FR", "es": "es_ES", "ja": "ja_JP", "he": "he_IL"}


@contextlib.contextmanager
def text_at(percent):
    """Larger letters, for programs that start meanwhile: GTK takes the dots per inch
    from the X server's resources, as nobody on this screen has settings for it."""
    _set_resources(f"Xft.dpi:\t{96 * percent // 100}\n".encode())
    try:
        yield
    finally:
        _set_resources(b"")


def _set_resources(text):
    RESOURCE_MANAGER, STRING, REPLACE = 23, 31, 0
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    x11.XChangeProperty(display, root, ctypes.c_ulong(RESOURCE_MANAGER), ctypes.c_ulong(STRING), 8,
                        REPLACE, text, len(text))
    x11.XCloseDisplay(display)


@contextlib.contextmanager
def gtk_settings(lines):
    """GTK's settings with more lines, for programs that start meanwhile."""
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], "gtk-4.0", "settings.ini")
    with open(path, encoding="utf-8") as file:
        before = file.read()
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join([before.rstrip(), *lines]) + "\n")
        yield
    finally:
        with open(path, "w", encoding="utf-8") as file:
            file.write(before)


@functools.lru_cache
def _locales():
    folder = tempfile.TemporaryDirectory(prefix="assay-locales-")
    return folder


@functools.lru_cache
def _make_locale(name):
    """Compiles a locale, since a machine has only those that its owner speaks."""
    path = os.path.join(_locales().name, name + ".UTF-8")
    result = subprocess.run(["localedef", "-i", name, "-f", "UTF-8", path], capture_output=True,
                            text=True)
    if not os.path.isdir(path):
        raise ui.Gone(f"localedef {name}: {result.stderr}")
    return name + ".UTF-8"


def language(code):
    """The environment of somebody who speaks it."""
    if code not in LOCALES:
        return {"LANGUAGE": code}
    return {"LC_ALL": _make_locale(LOCALES[code]), "LANGUAGE": code, "LOCPATH": _locales().name}


def speaker(catalogs, code):
    """A function that says a text as the program does in that language."""
    path = os.path.join(catalogs, code, "LC_MESSAGES", "assay.mo")
    with open(path, "rb") as file:
        return gettext.GNUTranslations(file).gettext
