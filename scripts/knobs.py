#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
knobs.py - write what the documents say about knobs.

usage: scripts/knobs.py [--check]

  --check  write nothing; print the differences and fail if there are any

zram/knob/knobs.def has every knob once: its name, access, syntax, range, default and
text. From it come the lists between the marks in Documentation/knobs.rst,
Documentation/zram.4 and README.md, and the files of zram in Documentation/ABI.
"""

import difflib
import re
import sys
import textwrap
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
TABLE = TOP / "zram/knob/knobs.def"
DEVICE = "/sys/block/zramN"
LARGEST = {"U32_MAX": "2^32 - 1", "U64_MAX": "2^64 - 1"}
MODES = {"RO": 0o444, "WO": 0o200, "RW": 0o644}
SECTIONS = {
    "parameter": "Module parameters",
    "/sys/module/zram": "Files in /sys/module/zram",
    "/sys/class/zram-control": "Files in /sys/class/zram-control",
    DEVICE: "Files in /sys/block/zramN",
    "/sys/kernel/debug/zram/zramN": "Files in /sys/kernel/debug/zram/zramN",
}
WHEN = {
    "ANY": "",
    "UNSIZED": "EBUSY: the device has a size.",
    "SIZED": "EINVAL: the device has no size.",
}


class Knob:
    """A row of the table.

    body: paragraphs, each a string, or a list of pairs of an argument and its text.
    """

    def __init__(self, comment, macro, args):
        self.body = paragraphs(comment)
        if macro == "ZRAM_FILE":
            self.directory, self.name, self.mode = args[0], args[1], int(args[2], 8)
            self.rules = takes(args[3])
        elif macro == "ZRAM_ALIAS":
            self.directory, self.name, self.mode = DEVICE, args[0], MODES[args[2]]
            self.rules = ""
        else:
            self.directory, self.name, self.mode = DEVICE, args[0], MODES[args[1]]
            rules = setting(*args[3:7]) if macro == "ZRAM_SETTING" else takes(args[3])
            self.rules = f"{rules} {WHEN[args[2]]}".strip()
        if self.rules:
            self.body.append(self.rules)

    @property
    def access(self):
        """Who may do what, as the kernel's ABI files say it."""
        return {0o444: "RO", 0o400: "RO", 0o200: "WO", 0o644: "RW"}[self.mode]


def takes(syntax):
    """The sentence about what may be written."""
    return f"Takes {syntax}." if syntax else ""


def setting(unit, low, high, default):
    """The sentences about a word with a range."""
    default = f"{default} by default and after a reset"
    if unit == "BOOL":
        return f"Takes 1 or 0, y or n, on or off; {default}. EINVAL: anything else."
    if unit == "FLAG":
        return f"Takes any number, kept as 1 if it is not 0; {default}. EINVAL: no number."
    if unit == "SIZE":
        return f"Takes a size, rounded up to a page; {default}. EINVAL: no size, or too large."
    if high == "U64_MAX":
        return f"Takes a number of 64 bits; {default}. EINVAL: anything else."
    high = LARGEST.get(high, high)
    return f"Takes a number from {low} to {high}; {default}. EINVAL: anything else."


def paragraphs(comment):
    """A comment's lines as paragraphs and lists."""
    found = []
    for block in re.split(r"\n\s*\n", comment.strip("\n")):
        if not block.startswith("  "):
            found.append(" ".join(block.split()))
            continue
        rows = []
        for line in block.split("\n"):
            row = re.match(r"  (\S+)\s{2,}(.*)", line)
            if row:
                rows.append([row[1], row[2]])
            else:
                rows[-1][1] += " " + line.strip()
        found.append(rows)
    return found


def read_table():
    """All knobs, in the order of the file."""
    row = re.compile(r"/\*\n?((?:(?!\*/).)*?)\s*\*/\n(ZRAM_\w+)\((.*?)\)\n", re.S)
    text = TABLE.read_text()
    knobs = []
    for comment, macro, args in row.findall(text[text.index("#define ZRAM_FILE"):]):
        lines = [re.sub(r"^ \*? ?", "", line) for line in comment.split("\n")]
        args = [a.strip('"') for a in re.findall(r'"[^"]*"|[^,\s]+', args)]
        knobs.append(Knob("\n".join(lines), macro, args))
    if len(knobs) != len(re.findall(r"^ZRAM_\w+\(", text, re.M)):
        sys.exit(f"{TABLE}: a row has no comment, or is not understood")
    return knobs


def in_section(knobs, directory):
    """The knobs of a directory."""
    return [k for k in knobs if k.directory == directory]


def fill(text, indent, width=88):
    """A paragraph as lines."""
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent,
                         break_long_words=False, break_on_hyphens=False)


# --- knobs.rst ---------------------------------------------------------------


def as_rst(knobs):
    """Sections of definition lists."""
    out = []
    for directory, title in SECTIONS.items():
        out += [""] * bool(not out or out[-1]) + [title, "=" * len(title), ""]
        for knob in in_section(knobs, directory):
            out.append(f"``{knob.name}``" + (f" (0{knob.mode:o})" if knob.mode else ""))
            for part in knob.body:
                if isinstance(part, str):
                    out += fill(part, "  ") + [""]
                    continue
                for term, text in part:
                    out += [f"  ``{term}``"] + fill(text, "    ")
                out.append("")
    return out


# --- the manual page ---------------------------------------------------------


def as_roff(text):
    """A paragraph with its literals in bold, a sentence a line."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"``(.*?)``", r"\\fB\1\\fP", text)
    text = re.sub(r"(?<=[a-z0-9)>][.:]) (?=[A-Z0-9\\])", "\n", text)
    lines = [line for part in text.split("\n") for line in fill(part, "", 78)]
    return ["\\&" + line if line[0] in ".'" else line for line in lines]


def as_man(knobs):
    """Subsections of tagged paragraphs."""
    out = []
    for directory, title in SECTIONS.items():
        out.append(".SS " + title.replace("-", "\\-"))
        for knob in in_section(knobs, directory):
            out += [".TP", ".B " + knob.name]
            for i, part in enumerate(knob.body):
                if isinstance(part, str):
                    out += ([".IP"] if i else []) + as_roff(part)
                    continue
                out.append(".RS")
                for term, text in part:
                    out += [".TP", ".B " + term] + as_roff(text)
                out.append(".RE")
    return out


# --- ABI ---------------------------------------------------------------------


def as_abi(knobs):
    """Entries in the kernel's format."""
    out = []
    for knob in knobs:
        path = f"{knob.directory}/{knob.name}".replace("zramN", "zram<id>")
        out += [f"What:\t\t{path}", "Date:\t\tNovember 2026", "KernelVersion:\t6.1",
                "Contact:\tzsm maintainers", "Description:"]
        debugfs = knob.directory.startswith("/sys/kernel/debug/")
        lead = "" if debugfs else f"({knob.access}) "
        for part in knob.body:
            rows = [part] if isinstance(part, str) else [f"{a}: {b}" for a, b in part]
            for row in rows:
                row = (lead + row).replace("``", "")
                out += fill(row, "\t\t", 66)
                lead = ""
            out.append("")
    return out[:-1]


# --- README ------------------------------------------------------------------


def as_list(knobs):
    """A paragraph that names them all."""
    def names(directory):
        return ", ".join(f"`{k.name}`" for k in in_section(knobs, directory))

    return fill(f"Under `{DEVICE}/`: {names(DEVICE)}. Under `/sys/class/zram-control/`: "
                f"{names('/sys/class/zram-control')}. Module parameters: "
                f"{names('parameter')}. In debugfs: "
                f"{names('/sys/kernel/debug/zram/zramN')}.", "", 100)


# --- files -------------------------------------------------------------------


def between(path, begin, end, lines):
    """The file with other lines between its marks."""
    text = path.read_text().split("\n")
    first, last = text.index(begin), text.index(end)
    return "\n".join(text[:first + 1] + lines + text[last:])


def documents(knobs):
    """Each file and what it should hold."""
    docs = TOP / "Documentation"
    abi = docs / "ABI/testing"
    debugfs = [k for k in knobs if k.directory.startswith("/sys/kernel/debug/")]
    sysfs = [k for k in knobs if k not in debugfs and k.directory != "parameter"]
    yield docs / "knobs.rst", between(docs / "knobs.rst", ".. scripts/knobs.py begins",
                                      ".. scripts/knobs.py ends", as_rst(knobs))
    yield docs / "zram.4", between(docs / "zram.4", '.\\" scripts/knobs.py begins',
                                   '.\\" scripts/knobs.py ends', as_man(knobs))
    yield TOP / "README.md", between(TOP / "README.md", "<!-- scripts/knobs.py begins -->",
                                     "<!-- scripts/knobs.py ends -->", as_list(knobs))
    yield abi / "sysfs-block-zram", "\n".join(as_abi(sysfs)) + "\n"
    yield abi / "debugfs-zram", "\n".join(as_abi(debugfs)) + "\n"


def main():
    """Writes the documents, or compares them."""
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__.strip())
    stale = False
    for path, wanted in documents(read_table()):
        if not sys.argv[1:]:
            path.write_text(wanted)
            continue
        diff = list(difflib.unified_diff(path.read_text().splitlines(),
                                         wanted.splitlines(), str(path.relative_to(TOP)),
                                         "zram/knob/knobs.def", lineterm="", n=1))
        print(*diff, sep="\n", end="\n" if diff else "")
        stale = stale or bool(diff)
    if stale:
        sys.exit("run scripts/knobs.py")


main()
