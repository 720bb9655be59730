# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Catalogs of texts, as gettext's tools make and read them."""
import os

from conftest import SOURCE, run

# As Meson's preset for GLib's functions.
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "g_dcgettext:2", "g_dngettext:2,3",
            "g_dpgettext2:2c,3"]


def extract(path):
    """Writes every text of the sources, as `ninja assay-pot` does."""
    run("xgettext", "--from-code=UTF-8", "--package-name=assay", "--directory", SOURCE,
        "--files-from", os.path.join(SOURCE, "po", "POTFILES"), "--output", path,
        *(f"--keyword={word}" for word in KEYWORDS),
        "--flag=g_strdup_printf:1:c-format", "--flag=g_string_append_printf:2:c-format",
        "--flag=g_set_error:4:c-format", "--flag=g_dngettext:2:pass-c-format",
        "--flag=N_:1:pass-c-format", "--flag=g_error_new:3:c-format")


def languages():
    with open(os.path.join(SOURCE, "po", "LINGUAS"), encoding="utf-8") as file:
        return [word for word in file.read().split() if not word.startswith("#")]
