# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages that nobody speaks.  In one every text is in brackets, has accents and is
longer by a third or more, so that what was never given to gettext stands out and what
has no room is cut.  In the other every text is in letters that run from right to left."""
import os
import re

from catalogs import extract
from conftest import run

LANGUAGE = "en_XA"   # the usual name for such a language; no library speaks it
OPEN, CLOSE = "⟦", "⟧"
ACCENTS = {ord(plain): marked * 2 for plain, marked in zip("aeiouyAEIOU", "àéîöûýÀÉÎÖÛ")}
LEFTWARD = "he"          # has its own direction in every library
HEBREW = {ord(case): letter for plain, letter in zip("abcdefghijklmnopqrstuvwxyz",
                                                     "אבגדהוזחטיכלמנסעפצקרשתאבגד")
          for case in (plain, plain.upper())}

# What must come through as it is: directives, markup, escapes, options, names of commands.
KEPT = re.compile(r"""%(?:\d+\$)?['+.\d]*[a-zA-Z%] | <[^>]*> | \\. | --[a-z-]+ | https?://\S*""", re.X)


def mark(text, letters=ACCENTS):
    """The text in brackets; line ends stay outside, where gettext wants them."""
    begin, body, end = re.fullmatch(r"((?:\\n)*)(.*?)((?:\\n)*)", text, re.S).groups()
    parts, last = [], 0
    for kept in KEPT.finditer(body):
        parts += [body[last:kept.start()].translate(letters), kept.group()]
        last = kept.end()
    return f"{begin}{OPEN}{''.join(parts)}{body[last:].translate(letters)}{CLOSE}{end}"


def make_catalog(folder, locale, language=LANGUAGE, letters=ACCENTS):
    """Lays the marked texts into a folder of catalogs."""
    pot, po = os.path.join(folder, "assay.pot"), os.path.join(folder, "marked.po")
    extract(pot)
    run("msginit", "--no-translator", "--no-wrap", "--locale=" + LANGUAGE, "--input", pot,
        "--output-file", po)
    with open(po, encoding="utf-8") as file:
        head, _, body = file.read().partition("\n\n")
    blocks = []
    for block in body.split("\n\n"):
        texts = dict(re.findall(r'^(msgid|msgid_plural) ((?:".*"\n?)+)', block + "\n", re.M))
        texts = {name: "".join(re.findall(r'^"(.*)"$', text, re.M)) for name, text in texts.items()}
        kept = block[:block.index("\nmsgstr")]
        if "msgid_plural" in texts:
            for form, name in enumerate(["msgid", "msgid_plural"]):
                kept += f'\nmsgstr[{form}] "{mark(texts[name], letters)}"'
        else:
            kept += f'\nmsgstr "{mark(texts["msgid"], letters)}"'
        blocks.append(kept)
    assert len(blocks) > 500
    with open(po, "w", encoding="utf-8") as file:
        file.write("\n\n".join([head.replace("charset=ASCII", "charset=UTF-8"), *blocks]) + "\n")
    messages = os.path.join(locale, language, "LC_MESSAGES")
    os.makedirs(messages)
    run("msgfmt", "--check-format", "--output-file", os.path.join(messages, "assay.mo"), po)


def unmarked(text, *names):
    """The words outside all brackets, without the names that are nobody's to translate."""
    depth, outside = 0, []
    for character in text:
        depth += character == OPEN
        outside.append(character if depth == 0 else " ")
        depth -= character == CLOSE
    assert depth == 0, text
    rest = "".join(outside)
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, " ")
    return re.findall(r"[^\W\d_]{2,}", rest)
