// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: w64/tables w64/portable w64/bmi2 tests/w64/reference
// fuzz-parts: tests/w64/pages
// fuzz-longest: 4200
/*
 * Any page, made of bytes that are few: every encoder gives the same block
 * whatever its work memory holds, and every decoder the page.
 *
 * The first byte says how the others become a page, the rest of which repeats
 * them: as they are, or as words that differ from earlier words.
 */
#include "core/tests/w64/builds.hh"
#include "core/tests/w64/pages.hh"
#include "core/tests/w64/reference.hh"

#include <cstdlib>
#include <cstring>

namespace {

using w64_pages::page;

page repeat(const uint8_t *data, size_t size)
{
	page p;

	for (size_t i = 0; size && i < W64_PAGE_BYTES; i++)
		p.bytes[i] = data[i % size];
	return p;
}

/* Each three bytes: a lag, a mask, and what the bytes in it are changed by. */
page words(const uint8_t *data, size_t size)
{
	page p;
	size_t at = 0;
	const auto next = [&] { return size ? data[at++ % size] : uint8_t{0}; };

	for (size_t i = 0; i < W64_PAGE_BYTES / 8; i++) {
		const size_t lag = next() + size_t{1};
		const unsigned int mask = next();
		const uint64_t change = next() + i / (size / 3 + 1);
		uint64_t word = lag <= i ? p.word(i - lag) : 0;

		for (unsigned int byte = 0; byte < 8; byte++) {
			if (mask >> byte & 1)
				word ^= (change + byte & 0xff) << (8 * byte);
		}
		p.set_word(i, word);
	}
	return p;
}

} /* namespace */

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const std::vector<w64_build> builds = w64_builds();
	static uint64_t work[W64_WORK_BYTES / 8];
	static uint8_t dst[2][W64_DST_BYTES];
	static page out;
	uint32_t first = 0;

	if (!size)
		return 0;

	const page p = data[0] & 1 ? words(data + 1, size - 1)
				   : repeat(data + 1, size - 1);

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
