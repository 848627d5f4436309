/* SPDX-License-Identifier: GPL-2.0 */
/* Which pages a recompression or a write-back is asked to take. Pure. */
#ifndef ZSMCTL_FIGURES_PASS_HH
#define ZSMCTL_FIGURES_PASS_HH

#include "tools/zsmctl/sys/block_state.hh"

#include <cstdint>
#include <optional>
#include <string>

namespace zsmctl {

struct pass_wishes {
	std::optional<uint64_t> older; /* seconds since the last access */
	bool huge = false;
	bool incompressible = false;       /* write-back alone */
	std::string algorithm;             /* recompression alone; empty: all */
	std::optional<uint64_t> threshold; /* the same; bytes */

	/* As the knobs name it; empty: all pages. */
	std::string type() const;
};

/* Whether the pass would try a page, once those that are old enough are marked.
 */
bool would_recompress(const pass_wishes &want, const block_line &line);
bool would_write_back(const pass_wishes &want, const block_line &line);

/* What is written to the knob; @pages limits it, 0 does not. */
std::string recompress_text(const pass_wishes &want, uint64_t pages);

/* `90', `90s', `10m', `2h', `1d' in seconds. */
std::optional<uint64_t> parse_age(std::string_view text);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_PASS_HH */
