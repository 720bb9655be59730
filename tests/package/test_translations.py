# SPDX-FileCopyrightText: The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every language has every text, none of them doubtful, set as its readers expect."""
import os
import re

import pytest
from catalogs import extract, languages
from conftest import SOURCE, run


def catalog(language):
    return os.path.join(SOURCE, "po", language + ".po")


@pytest.fixture(scope="session")
def pot(tmp_path_factory):
    path = tmp_path_factory.mktemp("po") / "assay.pot"
    extract(path)
    return path


def translations(path):
    """Every translated text, in one piece."""
    said = run("msgattrib", "--no-wrap", "--no-location", "--no-obsolete", path).stdout
    body = said.partition("\n\n")[2]
    texts = []
    for block in body.split("\n\n"):
        for part in re.findall(r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', block + "\n", re.M):
            texts.append("".join(re.findall(r'"(.*)"', part)))
    assert len(texts) > 500
    return texts


def test_there_are_some():
    assert {"de", "es", "fr", "ja"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_is_well_formed(language):
    run("msgfmt", "--check", "--output-file=/dev/null", catalog(language))


@pytest.mark.parametrize("language", languages())
def test_is_complete(language, pot):
    # Fails on a text that is missing; a doubtful translation counts as none.
    run("msgcmp", catalog(language), pot)
    counted = run("msgfmt", "--statistics", "--output-file=/dev/null", catalog(language)).stderr
    assert re.fullmatch(r"\d+ translated messages\.\s*", counted), counted


def test_a_missing_text_is_found(pot, tmp_path):
    with open(catalog("de"), encoding="utf-8") as file:
        whole = file.read()
    less = tmp_path / "less.po"
    less.write_text(whole.replace('msgstr "Rückgängig"', 'msgstr ""'), encoding="utf-8")
    with pytest.raises(AssertionError):
        run("msgcmp", less, pot)


def test_french_spaces():
    """A narrow space that does not break before two-part signs and inside quotes."""
    for text in translations(catalog("fr")):
        plain = re.sub(r"https?://|ADRESSE:PORT|(?:multipart|json|instances|inputs|examples|raw|mean|std|pad):|127\.0\.0\.1:\d+|;(?=\w|$)", "", text)
        assert not re.search(r"(?<!\u202f)[;:!?»]|«(?!\u202f)", plain), text
        assert "'" not in re.sub(r"%'", "", plain), text


@pytest.mark.parametrize("language, quotes", [("de", "„“"), ("es", "«»"), ("ja", "「」")])
def test_quotes(language, quotes):
    foreign = set("“”„«»「」\u2018") - set(quotes)
    for text in translations(catalog(language)):
        assert not foreign & set(text), text
        assert text.count(quotes[0]) == text.count(quotes[1]), text
