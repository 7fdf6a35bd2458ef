"""ImageMagick beside us, its library called from one process (Wand), so that no start-up is measured."""

import json
import sys
import time

from wand.color import Color
from wand.drawing import Drawing
from wand.image import Image
from wand.version import MAGICK_VERSION

files, raws = {}, {}


def encoded(picture):
    # What libpng itself does at level 1: adaptive filters, and the strategy that goes with them.
    picture.options["png:compression-level"] = "1"
    picture.options["png:compression-filter"] = "5"
    picture.options["png:compression-strategy"] = "1"
    return picture.make_blob("png24")


def draw(picture, marks):
    with Drawing() as pen:
        for kind, x, y, right, bottom, width, color in marks:
            color = Color(color)
            pen.fill_color = color if kind == "redact" else Color("none")
            pen.stroke_color = Color("none") if kind == "redact" else color
            pen.stroke_width = width
            if kind == "line":
                pen.line((x, y), (right, bottom))
            elif kind == "ellipse":
                pen.ellipse(((x + right) / 2, (y + bottom) / 2), ((right - x) / 2, (bottom - y) / 2))
            else:
                pen.rectangle(left=x, top=y, right=right, bottom=bottom)
        pen(picture)


def run(step, name, marks, edge):
    """The step's seconds by the clock and on the processor, and the bytes that it made, where it makes a file."""
    made = None
    picture = raws[name].clone() if step in ("encode", "flatten") else None
    start, busy = time.perf_counter(), time.process_time()
    if step in ("decode", "thumbnail"):
        with Image(blob=files[name], format="png") as picture:
            if step == "thumbnail":
                scale = edge / max(picture.width, picture.height)
                # Over the whole picture, with no box filter first: ImageMagick has none with a Catmull-Rom behind it.
                picture.resize(round(picture.width * scale), round(picture.height * scale), filter="catrom")
                made = encoded(picture)
            seconds, busy = time.perf_counter() - start, time.process_time() - busy
        return seconds, busy, made
    if step == "encode":
        made = encoded(picture)
    else:
        draw(picture, marks)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    picture.close()
    return seconds, busy, made


print(json.dumps({"version": MAGICK_VERSION.split()[1]}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    name = request["name"]
    if request["step"] == "load":
        files[name] = open(request["png"], "rb").read()
        pixels = open(request["rgb"], "rb").read()
        raws[name] = Image(blob=pixels, format="rgb", width=request["width"], height=request["height"], depth=8)
        answer = {"ms": 0, "busy": 0, "bytes": 0}
    else:
        seconds, busy, made = run(request["step"], name, request["marks"], request["edge"])
        answer = {"ms": seconds * 1000, "busy": busy * 1000, "bytes": len(made or b"")}
    print(json.dumps(answer), flush=True)
