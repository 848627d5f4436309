# SPDX-License-Identifier: GPL-2.0
#
# How Sphinx makes the HTML site of the .rst files beside it; scripts/htmldocs.sh calls it.

import pathlib
import re

_top = pathlib.Path(__file__).resolve().parent.parent

project = "zsm"
author = "the zsm project"
version = release = re.search(r"^zsm-version := (\S+)$", (_top / "Kbuild").read_text(), re.M).group(1)

root_doc = "index"
exclude_patterns = ["ABI", "examples"]
# A block without a language is what a terminal shows.
highlight_language = "none"
nitpicky = True

html_theme = "alabaster"
html_theme_options = {
    "description": "Compressed memory for Linux",
    "fixed_sidebar": True,
    "page_width": "1100px",
    "sidebar_width": "240px",
}
html_show_sourcelink = False
html_show_copyright = False
html_copy_source = False
