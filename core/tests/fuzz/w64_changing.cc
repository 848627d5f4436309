// SPDX-License-Identifier: GPL-2.0 OR MIT
// fuzz-parts: w64/tables w64/hc_tables tests/w64/pages
// fuzz-longest: 4200
/*
 * A page that changes while W64 or w64hc reads it: nothing is read or written
 * beyond their buffers. The first byte chooses the encoder, the next eight how
 * the page changes; the others become a page, see pages.hh.
 */
#include "core/tests/w64/changing.hh"

#include <cstdlib>
#include <cstring>

namespace {

/* Numbers that follow from one number: splitmix64. */
struct numbers {
	uint64_t state;

	uint64_t next()
	{
		uint64_t x = state += 0x9e3779b97f4a7c15;

		x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
		x = (x ^ x >> 27) * 0x94d049bb133111eb;
		return x ^ x >> 31;
	}
};

void change(w64_changing::changing_page &page, size_t offset)
{
	w64_changing::change(page, offset,
			     static_cast<numbers *>(page.data)->next());
}

} /* namespace */

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	numbers from;

	if (size < 10)
		return 0;
	memcpy(&from.state, data + 1, sizeof(from.state));

	const w64_pages::page p = w64_pages::from_bytes(data + 9, size - 9);

	if (w64_changing::compress(data[0] % w64_changing::nr_encoders, p,
				   change, &from) >= W64_PAGE_BYTES)
		abort();
	return 0;
}
