// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: w64/tables w64/portable w64/bmi2 tests/w64/reference
// fuzz-parts: tests/w64/pages
// fuzz-longest: 4200
/* Any bytes: every decoder gives the same page, or refuses them. */
#include "core/tests/w64/builds.hh"
#include "core/tests/w64/pages.hh"
#include "core/tests/w64/reference.hh"

#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const std::vector<w64_build> builds = w64_builds();
	const auto expected = w64_reference::decode(data, size, W64_PAGE_BYTES);
	static w64_pages::page page;

	for (const w64_build &build : builds) {
		const bool accepted =
			!build.decompress(data, size, page.bytes.data());

		if (accepted != expected.has_value())
			abort();
		if (accepted &&
		    memcmp(page.bytes.data(), expected->data(), W64_PAGE_BYTES))
			abort();
	}
	return 0;
}
