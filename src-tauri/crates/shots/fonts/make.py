#!/usr/bin/env python3
"""Makes Inter-Medium.ttf and Inter-Bold.ttf here from npm's `inter-ui` 4.1.1, unpacked in the folder that is named.

Needs fonttools and brotli. The fonts are cut down to letters (Latin, Cyrillic, Greek), signs and what shaping needs,
and named apart, so that an Inter of the system never takes their place. The medium one calls itself regular: a
fallback is looked for at the same weight, and most fonts of a system have no medium.
"""

import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).parent
SOURCE = pathlib.Path(sys.argv[1]) / "web"
FEATURES = ["kern", "ccmp", "mark", "mkmk", "locl", "calt"]
CHARACTERS = [*range(0x20, 0x250), *range(0x300, 0x530), *range(0x1E00, 0x1F00), *range(0x2000, 0x2200)]


def make(source, style, weight):
    font = TTFont(SOURCE / f"Inter-{source}.woff2", recalcTimestamp=False)
    font.flavor = None
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["STAT", "gasp"]
    cut = subset.Subsetter(options)
    cut.populate(unicodes=CHARACTERS)
    cut.subset(font)
    font["OS/2"].usWeightClass = weight
    names = font["name"]
    names.names = []
    for identifier, text in [
        (0, "Copyright 2016 The Inter Project Authors (https://github.com/rsms/inter)"),
        (1, "Sendoff Inter"),
        (2, style),
        (4, f"Sendoff Inter {style}"),
        (6, f"SendoffInter-{style}"),
        (13, "This Font Software is licensed under the SIL Open Font License, Version 1.1."),
    ]:
        names.setName(text, identifier, 3, 1, 0x409)
    font["post"].formatType = 3.0
    font.save(HERE / f"Inter-{source}.ttf")


make("Medium", "Regular", 400)
make("Bold", "Bold", 700)
