/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* Pages of many kinds, for the tests and fuzzers of W64. */
#ifndef W64_PAGES_HH
#define W64_PAGES_HH

#include "core/w64/w64.h"

#include <array>
#include <cstdint>
#include <random>

namespace w64_pages {

struct alignas(8) page {
	std::array<uint8_t, W64_PAGE_BYTES> bytes{};

	bool operator==(const page &) const = default;

	uint64_t word(size_t i) const;
	void set_word(size_t i, uint64_t value);
};

using random = std::mt19937_64;

/* What kinds there are; make() wants one of them. */
constexpr unsigned int nr_kinds = 14;

page make(unsigned int kind, random &from);

/*
 * A page from what a fuzzer gives. The first byte says how the others become a
 * page, the rest of which repeats them: as they are, or as words that differ
 * from earlier words.
 */
page from_bytes(const uint8_t *data, size_t size);

/* Some bytes of a page are others. */
void disturb(page &p, random &from);

} /* namespace w64_pages */

#endif /* W64_PAGES_HH */
