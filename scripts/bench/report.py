#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""report.py - make a table, JSON and plots of what scripts/bench/guest.sh measured.

usage: report.py FACTS RESULTS OUT

FACTS has lines `NAME<tab>TEXT'; RESULTS those that guest.sh describes. Writes
table.txt and results.json into the folder OUT, and the plots if devices were measured.

A ratio is ours over in-tree, of one round, measured one right after the other; what
is shown of it is the median over the rounds, and the least and the greatest.
"""
import collections
import html
import json
import math
import pathlib
import statistics
import sys

SIDES = ("intree", "ours")
PROGRAMS = "programs"		# the pages of all programs
TIMES = ("write", "overwrite", "read", "random", "free", "discard", "refill")
MEMORY = ("stored", "used", "taken")
USER = "user"			# the codecs alone, in user space
KINDS = ("classes", "pairs", "triples")
ALLOC = ("alloc", "write", "read", "churn", "free", "bytes")


def read_facts(path):
    return dict(line.rstrip("\n").split("\t", 1) for line in open(path))


class Results:
    """values[corpus, algorithm, side, what][round]"""

    def __init__(self, path):
        self.values = collections.defaultdict(dict)
        self.corpora, self.algorithms = [], []
        for line in open(path):
            round_, corpus, algorithm, side, what, value = line.split()
            self.values[corpus, algorithm, side, what][int(round_)] = int(value)
            for name, names in ((corpus, self.corpora), (algorithm, self.algorithms)):
                if name not in names and name not in ("-", PROGRAMS):
                    names.append(name)
        self.add_programs()

    def add_programs(self):
        """The time that all corpora of program memory take together."""
        total = collections.defaultdict(lambda: collections.defaultdict(int))
        for (corpus, *key), rounds in self.values.items():
            # A driver's memory is measured with all of them in one device.
            if corpus.startswith("prog-") and (key[1] == USER or key[2] not in ("pages", *MEMORY)):
                for round_, value in rounds.items():
                    total[(PROGRAMS, *key)][round_] += value
        self.values.update(total)

    def ratios(self, corpus, what, over, under):
        """over and under: (algorithm, side). One ratio a round."""
        a = self.values.get((corpus, *over, what), {})
        b = self.values.get((corpus, *under, what), {})
        return [a[r] / b[r] for r in sorted(a) if b.get(r)]

    def per_page(self, corpus, algorithm, side, what):
        values = self.values.get((corpus, algorithm, side, what))
        pages = self.values.get((corpus, algorithm, side, "pages"))
        if not values or not pages:
            return None
        return statistics.median(values.values()) / pages[min(pages)]


# --- the table ---------------------------------------------------------------

def spread(ratios):
    if not ratios:
        return "-"
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


def middle(ratios):
    return f"{statistics.median(ratios):.2f}" if ratios else "-"


def number(value):
    return "-" if value is None else f"{value:.0f}"


def columns(rows):
    """Lines with all but the first column right-aligned."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for n, row in enumerate(rows):
        yield "  ".join([row[0].ljust(widths[0])] +
                        [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]).rstrip()
        if n == 0:
            yield "  ".join("-" * width for width in widths)


def programs_table(results):
    """All programs' pages: time and memory, ours over in-tree, by algorithm."""
    names = [a for a in results.algorithms if results.ratios(PROGRAMS, "write.1", (a, "ours"), (a, "intree"))]
    rows = [["ours / in-tree"] + names]
    for what in [f"{t}.{n}" for n in (1, 16) for t in TIMES] + list(MEMORY):
        name, _, per_bio = what.partition(".")
        label = name if not per_bio else f"{name}, {per_bio} a bio" if name != "free" else "free, notified"
        cells = [spread(results.ratios(PROGRAMS, what, (a, "ours"), (a, "intree"))) for a in names]
        if any(cell != "-" for cell in cells):
            rows.append([label] + cells)
    return rows


def against_lz4_table(results):
    """All programs' pages, each algorithm and side over in-tree lz4."""
    base = ("lz4", "intree")
    rows = [["/ in-tree lz4", "overwrite.1", "read.1", "random.1", "stored", "used"]]
    for algorithm in results.algorithms:
        for side in SIDES:
            cells = [middle(results.ratios(PROGRAMS, what, (algorithm, side), base)) for what in rows[0][1:]]
            if cells[0] != "-":
                rows.append([f"{algorithm}, {side}"] + cells)
    return rows


def corpus_table(results, algorithm):
    """One algorithm on each corpus; 1 page a bio but where it is said.

    One that only ours has is compared with in-tree lz4.
    """
    over, under = (algorithm, "ours"), (algorithm, "intree")
    name = algorithm
    if not results.ratios(PROGRAMS, "write.1", over, under):
        under = ("lz4", "intree")
        name += " / lz4"
    times = ("write.1", "overwrite.1", "overwrite.16", "read.1", "read.16", "random.1", "free.1")
    memory = ("stored", "used")
    rows = [[name, *times, *memory, "used/page"]]
    for corpus in results.corpora + [PROGRAMS]:
        rows.append([corpus] +
                    [middle(results.ratios(corpus, what, over, under)) for what in times + memory] +
                    [number(results.per_page(corpus, algorithm, "ours", "used"))])
    return rows


def alloc_table(results):
    """The allocators alone, ours over in-tree."""
    rows = [["allocator", *ALLOC]]
    for corpus in results.corpora + [PROGRAMS]:
        rows.append([corpus] + [middle(results.ratios(corpus, f"alloc.{what}", ("-", "ours"), ("-", "intree")))
                                for what in ALLOC])
    return rows


def threads_table(results):
    """The allocators with one thread and with two, in a VM."""
    steps = ALLOC[:-1]
    sides = {side: ("-", side) for side in SIDES}
    rows = [["allocator, in a VM", *steps]]
    for n in (1, 2):
        rows.append([f"ours / in-tree, {n} threads".replace("1 threads", "1 thread")] +
                    [middle(results.ratios(PROGRAMS, f"threads.{n}.{what}", sides["ours"], sides["intree"]))
                     for what in steps])
    for side, name in zip(SIDES, ("in-tree", "ours")):
        cells = []
        for what in steps:
            one, two = (results.values.get((PROGRAMS, *sides[side], f"threads.{n}.{what}"), {}) for n in (1, 2))
            cells.append(middle([two[r] / one[r] for r in sorted(two) if one.get(r)]))
        rows.append([f"2 threads / 1, {name}"] + cells)
    return rows


def kinds_table(results):
    """Pools of pairs and triples as zswap calls them, ours over the kernel's own."""
    rows = [["zpool", "alloc + free", *ALLOC]]
    for theirs in ("zbud", "z3fold"):
        over, under = ("-", f"zsm-{theirs}"), ("-", theirs)
        both = [{r: sum(results.values[PROGRAMS, *side, f"alloc.{step}"][r] for step in ("alloc", "free"))
                 for r in results.values.get((PROGRAMS, *side, "alloc.alloc"), {})} for side in (over, under)]
        rows.append([f"{over[1]} / {under[1]}", spread([both[0][r] / both[1][r] for r in sorted(both[0])])] +
                    [middle(results.ratios(PROGRAMS, f"alloc.{what}", over, under)) for what in ALLOC])
    return rows


def reclaim_table(results):
    """The time in which a page is reclaimed, over that in size classes; and for how many objects."""
    quantiles = ("p50", "p99", "most")
    rows = [["a page reclaimed", *quantiles, "most evicted"]]
    for kind in KINDS:
        evicted = results.values.get((PROGRAMS, "-", kind, "reclaim.evictions"), {})
        rows.append([f"{kind} / classes"] +
                    [middle(results.ratios(PROGRAMS, f"reclaim.{q}", ("-", kind), ("-", KINDS[0]))) for q in quantiles] +
                    [number(max(evicted.values(), default=None))])
    return rows


def codecs(results):
    """Those that were measured in user space."""
    return [a for a in results.algorithms if results.values.get((PROGRAMS, a, USER, "pages"))]


def spoken(codec):
    return codec.replace("_", " ")


def codecs_table(results):
    """All programs' pages, each codec alone over lz4 and over zstd 3."""
    rows = [["codec alone", "bytes/page"] +
            [f"{what}/{base}" for base in ("lz4", "zstd") for what in ("bytes", "write", "read")]]
    for codec in codecs(results):
        rows.append([spoken(codec), number(results.per_page(PROGRAMS, codec, USER, "stored"))] +
                    [middle(results.ratios(PROGRAMS, what, (codec, USER), (base, USER)))
                     for base in ("lz4", "zstd_3") for what in ("stored", "write", "read")])
    return rows


def codecs_by_program_table(results):
    """Each program's bytes by each codec, over lz4's."""
    names = [c for c in codecs(results) if not c.endswith("_portable")]
    rows = [["bytes / lz4", *(spoken(c).removesuffix(" bmi2") for c in names)]]
    for corpus in results.corpora:
        cells = [middle(results.ratios(corpus, "stored", (c, USER), ("lz4", USER))) for c in names]
        if any(cell != "-" for cell in cells):
            rows.append([corpus] + cells)
    return rows


def table(facts, results):
    yield from (f"{name}: {text}" for name, text in facts.items())
    yield ""
    yield from columns(kinds_table(results))
    yield ""
    yield from columns(reclaim_table(results))
    if results.corpora:
        yield ""
        yield from devices_and_codecs(results)


def devices_and_codecs(results):
    yield "All programs' pages, median (least-greatest) of the rounds:"
    yield ""
    yield from columns(programs_table(results))
    yield ""
    yield from columns(against_lz4_table(results))
    for algorithm in results.algorithms:
        if results.values.get((results.corpora[0], algorithm, "ours", "pages")):
            yield ""
            yield from columns(corpus_table(results, algorithm))
    yield ""
    yield from columns(alloc_table(results))
    yield ""
    yield from columns(threads_table(results))
    yield ""
    yield from columns(codecs_table(results))
    yield ""
    yield from columns(codecs_by_program_table(results))


# --- JSON ---------------------------------------------------------------------

def as_json(facts, results):
    entries = []
    for (corpus, algorithm, side, what), rounds in results.values.items():
        entries.append({"corpus": corpus, "algorithm": algorithm, "side": side, "what": what,
                        "values": [rounds[r] for r in sorted(rounds)]})
    return {"facts": facts, "units": "nanoseconds for all pages, or bytes", "results": entries}


# --- plots --------------------------------------------------------------------

WIDTH, HEIGHT, MARGIN = 640, 420, 60


def ticks(low, high):
    """Round numbers from below low to above high, at most ten."""
    for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000):
        first, last = math.floor(low / step), math.ceil(high / step)
        if last - first < 10:
            break
    return [i * step for i in range(first, last + 1)]


def powers(low, high):
    """Powers of two from below low to above high: times differ by a factor of fifty."""
    first, last = math.floor(math.log2(low) - 0.1), math.ceil(math.log2(high) + 0.1)
    return [2.0 ** i for i in range(first, last + 1)]


def points(results, what, sides, base, memory):
    """Bytes a page, time over that of @base, algorithm and side, for each that has both."""
    for algorithm in results.algorithms:
        for side in sides:
            ratios = results.ratios(PROGRAMS, what, (algorithm, side), base)
            used = results.per_page(PROGRAMS, algorithm, side, memory)
            if ratios and used:
                yield used, statistics.median(ratios), spoken(algorithm), side


def plot(points, title, of_what, unit):
    points = list(points)
    used, times = [p[0] for p in points] or [1], [p[1] for p in points] or [1]
    xs = ticks(0.95 * min(used), 1.05 * max(used))
    ys = powers(min(times), max(times))

    def at(x, y):
        return (MARGIN + (x - xs[0]) / (xs[-1] - xs[0]) * (WIDTH - 2 * MARGIN),
                HEIGHT - MARGIN - math.log(y / ys[0]) / math.log(ys[-1] / ys[0]) * (HEIGHT - 2 * MARGIN))

    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12">')
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    yield f'<text x="{WIDTH / 2}" y="24" text-anchor="middle" font-size="15">{html.escape(title)}</text>'
    for x in xs:
        px, py = at(x, ys[0])
        yield f'<line x1="{px:.1f}" y1="{py:.1f}" x2="{px:.1f}" y2="{at(x, ys[-1])[1]:.1f}" stroke="#ddd"/>'
        yield f'<text x="{px:.1f}" y="{py + 16:.1f}" text-anchor="middle">{x:g}</text>'
    for y in ys:
        px, py = at(xs[0], y)
        yield f'<line x1="{px:.1f}" y1="{py:.1f}" x2="{at(xs[-1], y)[0]:.1f}" y2="{py:.1f}" stroke="#ddd"/>'
        yield f'<text x="{px - 6:.1f}" y="{py + 4:.1f}" text-anchor="end">{y:g}</text>'
    yield f'<text x="{WIDTH / 2}" y="{HEIGHT - 18}" text-anchor="middle">{of_what} a page</text>'
    yield (f'<text transform="translate(18 {HEIGHT / 2}) rotate(-90)" text-anchor="middle">'
           f'time, {unit} = 1</text>')
    for x, y, algorithm, side in points:
        px, py = at(x, y)
        fill = "white" if side == "intree" else "#c33"
        label = py - 10 if side == "intree" else py + 20
        yield f'<circle cx="{px:.1f}" cy="{py:.1f}" r="5" fill="{fill}" stroke="#c33" stroke-width="2"/>'
        yield f'<text x="{px:.1f}" y="{label:.1f}" text-anchor="middle">{html.escape(algorithm)}</text>'
    sides = {side for *_, side in points}
    legend = [(text, fill) for side, text, fill in (("ours", "ours", "#c33"), ("intree", "in-tree", "white"))
              if side in sides]
    for n, (text, fill) in enumerate(legend):
        y = 48 + 18 * n
        yield f'<circle cx="{WIDTH - 90}" cy="{y}" r="5" fill="{fill}" stroke="#c33" stroke-width="2"/>'
        yield f'<text x="{WIDTH - 78}" y="{y + 4}">{text}</text>'
    yield "</svg>"


def driver_plot(results, what, title):
    return "\n".join(plot(points(results, what, SIDES, ("lz4", "intree"), "used"),
                          title, "bytes of memory", "in-tree lz4"))


def codec_plot(results, what, title):
    return "\n".join(plot(points(results, what, (USER,), ("lz4", USER), "stored"),
                          title, "bytes", "lz4"))


def plots(results):
    return {
        "write.svg": driver_plot(results, "overwrite.1", "Overwriting pages of programs"),
        "read.svg": driver_plot(results, "random.1", "Reading pages of programs in random order"),
        "codec-write.svg": codec_plot(results, "write", "Compressing pages of programs"),
        "codec-read.svg": codec_plot(results, "read", "Decompressing pages of programs"),
    }


def main():
    facts, results = read_facts(sys.argv[1]), Results(sys.argv[2])
    out = pathlib.Path(sys.argv[3])
    files = {
        "table.txt": "\n".join(table(facts, results)),
        "results.json": json.dumps(as_json(facts, results), indent=1),
    }
    if results.corpora:
        files.update(plots(results))
    for name, text in files.items():
        (out / name).write_text(text + "\n")


if __name__ == "__main__":
    main()
