"""Classifies image files with the network beside this script, through ONNX Runtime.

    pip install onnxruntime numpy pillow
    python3 infer.py IMAGE... [--model FILE.onnx] [--top N]

Prints for each image the N (5) most probable classes. What is done to an image is read from attendnext.json.
"""

import argparse
import json
import pathlib
import sys

import numpy
import onnxruntime
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent


def resampling(size, px):
    """The matrix (px, size) that scales a row: the mean of the covered area to shrink, linear to grow."""
    matrix = numpy.zeros((px, size), numpy.float32)
    scale = size / px
    for i in range(px):
        if scale > 1:
            low, high = i * scale, min((i + 1) * scale, size)
            for j in range(int(low), size):
                if j >= high:
                    break
                matrix[i, j] = (min(j + 1, high) - max(j, low)) / (high - low)
        else:
            centre = min(max((i + 0.5) * scale - 0.5, 0), size - 1)
            first = min(int(centre), max(size - 2, 0))
            matrix[i, first] += 1 - (centre - first)
            if size > 1:
                matrix[i, first + 1] += centre - first
    return matrix


def prepare(path, px):
    """The largest centred square of an image as (1, 3, px, px) values from 0 to 1."""
    pixels = numpy.asarray(Image.open(path).convert("RGB"), numpy.float32)
    height, width, _ = pixels.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = pixels[top : top + side, left : left + side]
    matrix = resampling(side, px)
    small = numpy.einsum("ys,swc,xw->cyx", matrix, square, matrix, optimize=True)
    return (numpy.clip(numpy.floor(small + 0.5), 0, 255) / 255).astype(numpy.float32)[None]


def main():
    parser = argparse.ArgumentParser(description="Classify image files.")
    parser.add_argument("images", nargs="+", metavar="IMAGE")
    parser.add_argument("--model", default=str(HERE / "attendnext.onnx"))
    parser.add_argument("--top", type=int, default=5)
    arguments = parser.parse_args()

    card = json.loads((HERE / "attendnext.json").read_text(encoding="utf-8")).get("card")
    if card is None:
        sys.exit('attendnext.json has no section "card", which states how images are prepared')
    session = onnxruntime.InferenceSession(arguments.model, providers=["CPUExecutionProvider"])
    image_input, output = session.get_inputs()[0], session.get_outputs()[0]
    for path in arguments.images:
        try:
            image = prepare(path, card["preprocessing"]["px"])
        except OSError as error:
            sys.exit(f"{path}: cannot be read as an image: {error}")
        scores = session.run([output.name], {image_input.name: image})[0][0]
        if output.name != "probabilities":
            powers = numpy.exp(scores - scores.max())
            scores = powers / powers.sum()
        print(path)
        for i in numpy.argsort(-scores)[: arguments.top]:
            name = card["classes"][i] if i < len(card["classes"]) else i
            print(f"  {100 * scores[i]:5.1f} %  {name}")


if __name__ == "__main__":
    main()
