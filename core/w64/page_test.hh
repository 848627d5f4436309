/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Which coder a page is for, from a look at a few of its words: two in each
 * of eight cache lines.
 */
#ifndef ZSM_W64_PAGE_TEST_HH
#define ZSM_W64_PAGE_TEST_HH

#include "core/w64/cpu.hh"
#include "core/w64/format.hh"

namespace zsm::w64 {

enum class page_kind {
	words,
	strings,
	noise, /* or what looks like it: no strings worth a long search */
};

/* The words looked at in each eighth of a page; those before them are too. */
constexpr uint32_t sample_at[] = {28, 31};

/* Out of these 16. Chosen for the sum of what programs' pages then take. */
inline constexpr uint32_t text_samples = 6;
inline constexpr uint32_t alike_samples = 5;
/* Of a random page's words, 97 in 100 have no byte of zero. */
inline constexpr uint32_t noise_samples = 14;

template <class Page>
W64_INLINE page_kind test_page(const uint8_t *page) noexcept
{
	constexpr uint32_t step = Page::words / 8;
	uint32_t text = 0;
	uint32_t alike = 0;
	uint32_t full = 0;

	for (uint32_t start = 0; start < Page::words; start += step) {
		for (uint32_t i : sample_at) {
			const uint8_t *const at = page + 8 * (start + i);
			const uint64_t word = load64(at);
			const auto alike_at = [=](uint32_t lag) {
				return uint32_t{
					!((word ^ load64(at - 8 * lag)) >> 48)};
			};

			const uint64_t marks = mark_nonzero(word);

			/* No byte is zero; and none has its top bit set. */
			full += marks == every_mark;
			text += (marks & ~word) == every_mark;
			alike += alike_at(1) | alike_at(2) | alike_at(3) |
				 alike_at(4);
		}
	}
	if (full >= noise_samples && !text && !alike)
		return page_kind::noise;
	if (text >= text_samples || alike < alike_samples)
		return page_kind::strings;
	return page_kind::words;
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_PAGE_TEST_HH */
