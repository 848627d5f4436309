// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: w64/tables w64/portable w64/bmi2 w64/hc_tables w64/hc_portable
// fuzz-parts: w64/hc_bmi2 tests/w64/hc_reference tests/w64/reference
// fuzz-parts: tests/w64/pages
// fuzz-longest: 4200
/*
 * Any bytes as a block of w64hc: every decoder gives the same page, or refuses
 * them, whatever its work memory holds.
 */
#include "core/tests/w64/hc_builds.hh"
#include "core/tests/w64/hc_reference.hh"
#include "core/tests/w64/pages.hh"

#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const std::vector<w64hc_build> builds = w64hc_builds();
	const auto expected =
		w64hc_reference::decode(data, size, W64_PAGE_BYTES);
	static uint64_t work[W64HC_WORK_BYTES / 8];
	static w64_pages::page page;

	/* What the last block left there stays, but for the first build. */
	memset(work, size & 0xff, sizeof(work));
	for (const w64hc_build &build : builds) {
		const bool accepted =
			!build.decompress(data, size, page.bytes.data(), work);

		if (accepted != expected.has_value())
			abort();
		if (accepted &&
		    memcmp(page.bytes.data(), expected->data(), W64_PAGE_BYTES))
			abort();
	}
	return 0;
}
