"""Pillow beside us: answers one line of JSON a request with the milliseconds that one step took."""

import io
import json
import sys
import time

from PIL import Image, ImageDraw, __version__

Image.MAX_IMAGE_PIXELS = None
files, raws = {}, {}


def encoded(picture):
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def draw(picture, marks):
    pen = ImageDraw.Draw(picture)
    for kind, x, y, right, bottom, width, color in marks:
        if kind == "line":
            pen.line((x, y, right, bottom), fill=color, width=width)
        elif kind == "box":
            pen.rectangle((x, y, right, bottom), outline=color, width=width)
        elif kind == "ellipse":
            pen.ellipse((x, y, right, bottom), outline=color, width=width)
        else:
            pen.rectangle((x, y, right, bottom), fill=color)


def run(step, name, marks, edge):
    """The step's seconds by the clock and on the processor, and the bytes that it made, where it makes a file."""
    # What a step starts from is made ready before the clock: an image opened and not decoded, or pixels of its own.
    made = None
    if step in ("decode", "thumbnail"):
        data = files[name]
    elif step == "flatten":
        picture = raws[name].copy()
    start, busy = time.perf_counter(), time.process_time()
    if step == "decode":
        Image.open(io.BytesIO(data)).load()
    elif step == "thumbnail":
        picture = Image.open(io.BytesIO(data))
        # A box filter to twice the size, then Catmull-Rom: the nearest to ours.
        picture.thumbnail((edge, edge), Image.Resampling.BICUBIC, reducing_gap=2.0)
        made = encoded(picture)
    elif step == "encode":
        made = encoded(raws[name])
    else:
        draw(picture, marks)
    return time.perf_counter() - start, time.process_time() - busy, made


print(json.dumps({"version": __version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    name = request["name"]
    if request["step"] == "load":
        files[name] = open(request["png"], "rb").read()
        pixels = open(request["rgb"], "rb").read()
        raws[name] = Image.frombytes("RGB", (request["width"], request["height"]), pixels)
        answer = {"ms": 0, "busy": 0, "bytes": 0}
    else:
        seconds, busy, made = run(request["step"], name, request["marks"], request["edge"])
        answer = {"ms": seconds * 1000, "busy": busy * 1000, "bytes": len(made or b"")}
    print(json.dumps(answer), flush=True)
