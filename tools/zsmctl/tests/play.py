#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Make a folder of a recording by record.sh.

usage: play.py RECORDING FOLDER

A path that is followed by " denied" becomes a file that its owner may not read.
"""
import os
import sys


def play(recording, folder):
    path, lines, mode = None, [], 0o644

    def flush():
        if path is None:
            return
        full = os.path.join(folder, path.lstrip("/"))
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as out:
            out.write("".join(line + "\n" for line in lines))
        os.chmod(full, mode)

    with open(recording, encoding="utf-8") as source:
        for line in source:
            line = line.rstrip("\n")
            if line.startswith("\t"):
                lines.append(line[1:])
            elif line.startswith("/"):
                flush()
                path, _, note = line.partition(" ")
                lines, mode = [], 0 if note == "denied" else 0o644
    flush()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    play(sys.argv[1], sys.argv[2])
