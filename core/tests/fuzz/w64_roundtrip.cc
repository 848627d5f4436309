// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: w64/tables w64/portable w64/bmi2 tests/w64/reference
// fuzz-parts: tests/w64/pages
// fuzz-longest: 4200
/*
 * Any page, made of bytes that are few: every encoder gives the same block
 * whatever its work memory holds, and every decoder the page.
 *
 * How they become a page is told in pages.hh.
 */
#include "core/tests/w64/builds.hh"
#include "core/tests/w64/pages.hh"
#include "core/tests/w64/reference.hh"

#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const std::vector<w64_build> builds = w64_builds();
	static uint64_t work[W64_WORK_BYTES / 8];
	static uint8_t dst[2][W64_DST_BYTES];
	static w64_pages::page out;
	uint32_t first = 0;

	if (!size)
		return 0;

	const w64_pages::page p = w64_pages::from_bytes(data, size);

	for (size_t i = 0; i < builds.size(); i++) {
		uint8_t *const to = dst[i > 0];
		const uint32_t nr =
			builds[i].compress(p.bytes.data(), to, work);

		if (i == 0)
			first = nr;
		if (nr != first || memcmp(to, dst[0], nr))
			abort();
	}
	if (!first)
		return 0;

	/* As a buffer of its own, so that what is beyond it is seen. */
	const std::vector<uint8_t> block(dst[0], dst[0] + first);
	const auto expected = w64_reference::decode(block.data(), block.size(),
						    W64_PAGE_BYTES);

	if (!expected ||
	    memcmp(expected->data(), p.bytes.data(), W64_PAGE_BYTES))
		abort();
	for (const w64_build &build : builds) {
		if (build.decompress(block.data(), block.size(),
				     out.bytes.data()) ||
		    !(out == p))
			abort();
	}
	return 0;
}
