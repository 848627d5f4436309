// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: w64/tables w64/portable w64/bmi2 w64/hc_tables w64/hc_portable
// fuzz-parts: w64/hc_bmi2 tests/w64/hc_reference tests/w64/reference
// fuzz-parts: tests/w64/pages
// fuzz-longest: 4200
/*
 * Any page at any level of w64hc, and then its block with a few bytes changed.
 *
 * Every encoder gives the same block whatever its work memory holds, and every
 * decoder the page. The first byte chooses the level, the next four what is
 * changed of the block; the others become a page, see pages.hh.
 */
#include "core/tests/w64/hc_builds.hh"
#include "core/tests/w64/hc_reference.hh"
#include "core/tests/w64/pages.hh"

#include <cstdlib>
#include <cstring>

namespace {

using block = std::vector<uint8_t>;

const std::vector<w64hc_build> builds = w64hc_builds();
uint64_t work[W64HC_ARCHIVE_WORK_BYTES / 8];

void require(bool what)
{
	if (!what)
		abort();
}

block compress(const w64_pages::page &p, uint32_t level)
{
	static uint8_t dst[2][W64HC_DST_BYTES];
	uint32_t first = 0;

	for (size_t i = 0; i < builds.size(); i++) {
		uint8_t *const to = dst[i > 0];
		const uint32_t nr =
			builds[i].compress(p.bytes.data(), to, work, level);

		if (i == 0)
			first = nr;
		require(nr == first && !memcmp(to, dst[0], nr));
	}
	return {dst[0], dst[0] + first};
}

/* All decoders and the reference agree. True if it is a block of this page. */
bool decompress(const block &b, const w64_pages::page &p)
{
	const auto expected =
		w64hc_reference::decode(b.data(), b.size(), W64_PAGE_BYTES);
	static w64_pages::page out;

	for (const w64hc_build &build : builds) {
		const bool accepted = !build.decompress(b.data(), b.size(),
							out.bytes.data(), work);

		require(accepted == expected.has_value());
		require(!accepted || !memcmp(out.bytes.data(), expected->data(),
					     W64_PAGE_BYTES));
	}
	return expected && out == p;
}

} /* namespace */

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 6)
		return 0;

	const uint32_t level = w64hc_levels[data[0] % 4];
	const w64_pages::page p = w64_pages::from_bytes(data + 5, size - 5);
	block b = compress(p, level);

	if (b.empty())
		return 0;
	require(decompress(b, p));
	/* Most of it is in the tail. */
	b[b.size() - 1 - data[1] % std::min<size_t>(b.size(), 12)] ^= data[2];
	b[(data[3] << 4 | data[4] >> 4) % b.size()] ^= data[4] & 15;
	decompress(b, p);
	return 0;
}
