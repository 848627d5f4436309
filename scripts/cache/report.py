#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""report.py - make a table and plots of what scripts/cache/guest.sh measured.

usage: report.py FACTS RESULTS OUT

FACTS is a line for the top of the table. RESULTS has lines `WORKLOAD KIND METRIC
VALUE'. Writes table.txt, blocks.svg and seconds.svg into the folder OUT.
"""
import html
import pathlib
import sys

KINDS = {
    "none": "no cache",
    "plain": "codec none, admit all",
    "dm-cache": "dm-cache on a RAM disk",
    "zcache": "zcache",
}
WORKLOADS = {
    "direct": "random reads (zipf 1.1), no page cache",
    "buffered": "the same beside the page cache",
    "grep_first": "grep of all files, first time",
    "grep_again": "grep of all files, second time",
}
GOALS = (
    ("Z-1 blocks from the disk, of codec none admit all", "direct", "disk_blocks", "plain", 0.70),
    ("Z-2 blocks from the disk, of no cache", "buffered", "disk_blocks", "none", 0.80),
    ("Z-2 blocks from the disk, of codec none admit all", "buffered", "disk_blocks", "plain", 0.60),
    ("Z-3 time, of no cache", "buffered", "seconds", "none", 0.80),
    ("Z-3 99th percentile, of no cache", "buffered", "p99_us", "none", 1.00),
    ("Z-4 grep the second time, of no cache", "grep_again", "seconds", "none", 0.75),
    ("Z-4 grep the first time, of no cache", "grep_first", "seconds", "none", 1.02),
)


def read_results(path):
    results = {}
    for line in open(path):
        workload, kind, metric, value = line.split()
        if value:
            results[workload, kind, metric] = float(value)
    return results


def ratio(results, workload, metric, kind, other):
    over = results.get((workload, kind, metric))
    under = results.get((workload, other, metric))
    return over / under if over is not None and under else None


def shown(value, form="{:.2f}"):
    return "-" if value is None else form.format(value)


def workload_rows(results):
    yield "", "", "blocks from disk", "of none", "seconds", "of none", "p50 us", "p99 us", "ratio"
    for workload, title in WORKLOADS.items():
        for kind, name in KINDS.items():
            if (workload, kind, "seconds") not in results:
                continue

            def get(metric):
                return results.get((workload, kind, metric))
            stored = get("ratio") if kind in ("plain", "zcache") else None
            yield (title, name, shown(get("disk_blocks"), "{:.0f}"),
                   shown(ratio(results, workload, "disk_blocks", kind, "none")),
                   shown(get("seconds"), "{:.1f}"),
                   shown(ratio(results, workload, "seconds", kind, "none")),
                   shown(get("p50_us"), "{:.0f}"), shown(get("p99_us"), "{:.0f}"),
                   shown(stored))
            title = ""


def goal_rows(results):
    yield "held to", "got", "at most"
    for text, workload, metric, other, most in GOALS:
        got = ratio(results, workload, metric, "zcache", other)
        if got is not None:
            yield text, shown(got), shown(most)


def other_lines(results):
    """What is no ratio between two kinds."""
    def get(workload, metric, kind="zcache"):
        return results.get((workload, kind, metric))
    if get("direct", "ratio") is not None:
        yield f"Z-1 stored ratio: {get('direct', 'ratio'):.2f} (at least 2.0)"
        yield f"Z-5 fills a miss, once full: {get('direct', 'fills') / get('direct', 'misses'):.2f} (at most 0.6)"
        yield f"Z-6 metadata of stored bytes: {get('direct', 'metadata') / get('direct', 'object_bytes'):.3f} (at most 0.030)"
    for kind in ("zcache", "plain"):
        if get("scan", "hot_after", kind) is not None:
            yield (f"Z-8 {KINDS[kind]}: hits in the hot part {get('scan', 'hot_before', kind):.1f} % before a scan, "
                   f"{get('scan', 'hot_after', kind):.1f} % after (2 points less at most); "
                   f"{get('scan', 'fills_per_thousand', kind):.0f} of 1000 blocks came in (10 at most)")
    if get("pressure", "used_after") is not None:
        yield (f"Z-7 a program takes the memory: the cache goes from {get('pressure', 'used_before') / 2**20:.1f} MiB to "
               f"{get('pressure', 'used_after') / 2**20:.1f} MiB; it has {get('pressure', 'used_at_swap') / 2**20:.1f} MiB "
               f"(a tenth at most) when memory is first swapped out, {get('pressure', 'swapped'):.0f} pages in all; "
               f"{get('pressure', 'killed'):.0f} processes killed")
        yield from pressure_times(get("pressure", "seconds"), get("pressure", "seconds", "none"))


def pressure_times(ours, none):
    if ours and none:
        yield f"Z-7 the time that takes, of no cache: {ours / none:.2f} (at most 2)"


def columns(rows):
    rows = [tuple(row) for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) if i < 2 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))).rstrip()


def table(facts, results):
    yield facts
    for part in (columns(workload_rows(results)), columns(goal_rows(results)), other_lines(results)):
        yield ""
        yield from part


def bars(results, metric, title):
    """A bar a kind and workload: how much of what it is without a cache."""
    rows = [(workload, kind, ratio(results, workload, metric, kind, "none"))
            for workload in WORKLOADS for kind in KINDS if kind != "none"]
    rows = [row for row in rows if row[2] is not None]
    width, left, step = 760, 380, 24
    height = 70 + step * len(rows)
    most = max([row[2] for row in rows] + [1.0])
    scale = (width - left - 60) / most
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
           'font-family="sans-serif" font-size="12">')
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    yield f'<text x="{width / 2}" y="24" text-anchor="middle" font-size="15">{html.escape(title)}</text>'
    for n, (workload, kind, value) in enumerate(rows):
        y = 44 + step * n
        fill = "#c33" if kind == "zcache" else "#bbb"
        label = f"{WORKLOADS[workload]}: {KINDS[kind]}"
        yield f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{html.escape(label)}</text>'
        yield f'<rect x="{left}" y="{y}" width="{value * scale:.1f}" height="{step - 8}" fill="{fill}"/>'
        yield f'<text x="{left + value * scale + 6:.1f}" y="{y + 12}">{value:.2f}</text>'
    x = left + scale
    yield f'<line x1="{x:.1f}" y1="36" x2="{x:.1f}" y2="{height - 20}" stroke="#333" stroke-dasharray="4"/>'
    yield "</svg>"


def main():
    facts, results, out = sys.argv[1], read_results(sys.argv[2]), pathlib.Path(sys.argv[3])
    files = {
        "table.txt": "\n".join(table(facts, results)),
        "blocks.svg": "\n".join(bars(results, "disk_blocks", "Blocks read from the disk, no cache = 1")),
        "seconds.svg": "\n".join(bars(results, "seconds", "Time, no cache = 1")),
    }
    for name, text in files.items():
        (out / name).write_text(text + "\n")


main()
