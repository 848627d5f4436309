// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Encoders keep to their buffers, whatever a page does while they read it. */
#include "core/tests/w64/changing.hh"

#include <gtest/gtest.h>

namespace w64_changing_test {
namespace {

using w64_changing::changing_page;

void by_chance(changing_page &page, size_t offset)
{
	w64_changing::change(page, offset,
			     (*static_cast<w64_pages::random *>(page.data))());
}

/* What the sanitizers would find is what is tested. */
TEST(w64_changing, nothing_is_read_or_written_beyond)
{
	constexpr unsigned int rounds = 4 * 4096 / W64_PAGE_BYTES + 1;
	w64_pages::random random(1);

	for (unsigned int round = 0; round < rounds; round++) {
		for (unsigned int kind = 0; kind < w64_pages::nr_kinds;
		     kind++) {
			const auto p = w64_pages::make(kind, random);

			for (unsigned int i = 0; i < w64_changing::nr_encoders;
			     i++)
				EXPECT_LT(w64_changing::compress(
						  i, p, by_chance, &random),
					  W64_PAGE_BYTES);
		}
	}
}

/* Before which read a byte changes, which one, and how many reads later back.
 */
struct script {
	unsigned int at;
	unsigned int distance;
	unsigned int for_reads;
	unsigned int reads = 0;
};

void by_script(changing_page &page, size_t offset)
{
	script &s = *static_cast<script *>(page.data);
	const unsigned int read = s.reads++;

	if (read == s.at)
		page.toggle(offset + s.distance);
	else if (page.toggled && read == s.at + s.for_reads)
		page.toggle_back();
}

/*
 * A run after noise: the search has come to large steps, so that a match is
 * found in the middle of the run and extended backwards. If it ends early, as
 * the page has changed, the search must not go back behind what it has seen.
 */
TEST(w64_changing, a_match_that_ends_before_it_was_found)
{
	w64_pages::random random(2);
	auto p = w64_pages::make(4, random);
	const size_t start = W64_PAGE_BYTES - W64_PAGE_BYTES / 16 - 64;

	memset(&p.bytes[start], 'x', W64_PAGE_BYTES - start);
	for (unsigned int i = 0; i < 3; i++) {
		script all{~0u, 0, 0};

		w64_changing::compress(i, p, by_script, &all);
		for (unsigned int at = all.reads - all.reads / 8;
		     at < all.reads; at += 1 + W64_PAGE_BYTES / 8192) {
			for (unsigned int k = 0; k < 3 * 8; k++) {
				script s{at, k % 8, 1 + k / 8};

				w64_changing::compress(i, p, by_script, &s);
			}
		}
	}
}

} /* namespace */
} /* namespace w64_changing_test */
