#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""report.py - make a table and a plot of what scripts/tier/hog.sh and readback.sh measured.

usage: report.py FACTS RESULTS OUT

FACTS is a line for the top of the table. RESULTS has lines `KIND METRIC VALUE', one a round.
Writes table.txt and tier.svg into the folder OUT.
"""
import html
import pathlib
import statistics
import sys

NAMES = {
    "packed": "ours, packed",
    "intree": "in-tree zram, then the disk",
    "zswap": "in-tree zswap before the disk",
}
RIVALS = ("intree", "zswap")
# What is shown, and by what it is divided.
COLUMNS = (
    ("hot part s", "hot_ms", 1000),
    ("worst s", "hot_worst_ms", 1000),
    ("filled s", "fill_ms", 1000),
    ("longest stall s", "longest_ms", 1000),
    ("late ticks", "late", 1),
    ("MiB written", "bytes_written", 1 << 20),
    ("MiB read", "bytes_read", 1 << 20),
    ("pages written", "pages_written", 1),
)


def read_results(path):
    rounds = {}
    for line in open(path):
        kind, metric, value = line.split()
        rounds.setdefault(kind, {}).setdefault(metric, []).append(float(value))
    return {kind: {metric: statistics.median(values) for metric, values in metrics.items()}
            for kind, metrics in rounds.items()}


def name_of(kind):
    return NAMES.get(kind, f"ours, {kind}")


def columns(rows):
    rows = [tuple(row) for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) if not i else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths))).rstrip()


def shown(value, unit):
    value /= unit
    return f"{value:.0f}" if unit == 1 or value >= 1000 else f"{value:.2f}"


def figure_rows(results):
    yield ("a program of twice the memory",) + tuple(title for title, _, _ in COLUMNS)
    for kind, metrics in hogs(results).items():
        yield (name_of(kind),) + tuple(shown(metrics[metric], unit) for _, metric, unit in COLUMNS)


def hogs(results):
    return {kind: metrics for kind, metrics in results.items() if "hot_ms" in metrics}


def back_rows(results):
    """Pages that are read back from a disk of a millisecond."""
    yield "read back", "reads a page", "p50 us", "reads of eight", "p50 us"
    for kind, metrics in results.items():
        if "page_ios" in metrics:
            yield (name_of(kind), f"{metrics['page_ios']:.2f}", f"{metrics['page_p50_us']:.0f}",
                   f"{metrics['eight_ios']:.2f}", f"{metrics['eight_p50_us']:.0f}")


def back_goals(results):
    ours, other = results.get("packed", {}), results.get("intree", {})
    if "page_ios" in ours:
        yield "packed: reads of the disk for a page", f"{ours['page_ios']:.2f}", "1.00"
        yield "packed: reads of the disk for eight", f"{ours['eight_ios']:.2f}", "3.00"
    if "page_ios" in ours and "page_ios" in other:
        yield "packed: median time of a page, of in-tree", f"{ours['page_p50_us'] / other['page_p50_us']:.2f}", "1.05"


def goal_rows(results):
    """What is held to: each of ours over one of the kernel's."""
    yield "held to", "got", "at most"
    yield from back_goals(results)
    results = hogs(results)
    for kind, metrics in results.items():
        if kind in RIVALS:
            continue
        for metric, text, goals in (("hot_ms", "time of the hot part", (("intree", 0.5), ("zswap", 0.8))),
                                    ("bytes_written", "bytes written", (("zswap", None), ("intree", None)))):
            for other, most in goals:
                if other in results and results[other][metric]:
                    yield (f"{name_of(kind)}: {text}, of {name_of(other)}",
                           f"{metrics[metric] / results[other][metric]:.2f}", "" if most is None else f"{most:.2f}")
        if metrics["pages_written"]:
            yield (f"{name_of(kind)}: bytes written for a page of 4096",
                   f"{metrics['bytes_written'] / metrics['pages_written'] / 4096:.2f}",
                   {"zstd": "0.28", "w64": "0.35"}.get(kind, ""))
        rivals = [results[other]["longest_ms"] for other in RIVALS if other in results]
        if rivals:
            yield (f"{name_of(kind)}: longest stall, of the better",
                   f"{metrics['longest_ms'] / min(rivals):.2f}", "0.50")


def bars(results):
    """A group of bars a metric, in shares of the largest."""
    metrics = (("hot_ms", "time of the hot part"), ("longest_ms", "longest stall"), ("bytes_written", "bytes written"))
    step, left, width = 22, 330, 760
    height = 60 + sum(step * (len(results) + 1) for _ in metrics)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
           'font-family="sans-serif" font-size="12">')
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    y = 30
    for metric, title in metrics:
        most = max(values[metric] for values in results.values()) or 1
        yield f'<text x="12" y="{y + 12}" font-size="14">{html.escape(title)}</text>'
        y += step
        for kind, values in results.items():
            length = values[metric] / most * (width - left - 110)
            fill = "#bbb" if kind in RIVALS else "#c33"
            unit = 1 << 20 if metric == "bytes_written" else 1000
            yield f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{html.escape(name_of(kind))}</text>'
            yield f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{step - 6}" fill="{fill}"/>'
            yield (f'<text x="{left + length + 6:.1f}" y="{y + 12}">'
                   f'{shown(values[metric], unit)} {"MiB" if metric == "bytes_written" else "s"}</text>')
            y += step
    yield "</svg>"


def main():
    facts, results, out = sys.argv[1], read_results(sys.argv[2]), pathlib.Path(sys.argv[3])
    table = [facts]
    for rows in (figure_rows(results), back_rows(results), goal_rows(results)):
        table += [""] + list(columns(rows))
    (out / "table.txt").write_text("\n".join(table) + "\n")
    if hogs(results):
        (out / "tier.svg").write_text("\n".join(bars(hogs(results))) + "\n")


main()
