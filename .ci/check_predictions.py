#!/usr/bin/env python3
"""Compares `vit classify` with expected labels and probabilities.

    check_predictions.py EXPECTED.json FOLDER -- VIT classify [--model DIR]

EXPECTED.json maps each picture of FOLDER to its best predictions of the reference, best first. The labels must come in that
order, with probabilities within 0.002, or 0.01 for JPEG, whose decoders differ. Needs only Python's standard library.
"""

import json
import pathlib
import subprocess
import sys


def mismatch(name, want, got):
    """What differs in the predictions for one picture; None if nothing does."""
    tolerance = 0.01 if name.endswith((".jpg", ".jpeg")) else 0.002
    if [p["label"] for p in got] != [p["label"] for p in want]:
        return f"labels {[p['label'] for p in got]}, reference {[p['label'] for p in want]}"
    for g, w in zip(got, want):
        if g["index"] != w["index"] or not abs(g["score"] - w["probability"]) <= tolerance:
            return f"{g}, reference {w}"
    return None


def main():
    expected = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    folder = pathlib.Path(sys.argv[2])
    top = len(next(iter(expected.values())))
    command = [*sys.argv[4:], "--top-k", str(top), "--format", "json", *(str(folder / name) for name in expected)]
    output = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    answers = {pathlib.Path(entry["image"]).name: entry["predictions"] for entry in output}
    wrong = 0
    for name, want in expected.items():
        why = mismatch(name, want, answers.get(name, []))
        wrong += why is not None
        print("FAIL" if why else "ok  ", name, why or "")
    print(f"{len(expected) - wrong} of {len(expected)} pictures")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
