// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Numbers of page frames. */
#include "core/zsm/frames.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace {

/* What the C side does: finds, or adds and finds. */
bool number_of(zsm_frames &frames, uint64_t pfn, uint32_t &number)
{
	if (zsm_core_frames_find(&frames, frames.nr, pfn, &number))
		return true;
	if (!zsm_core_frames_add(&frames, pfn))
		return false;
	frames.nr++;
	return zsm_core_frames_find(&frames, frames.nr, pfn, &number);
}

/* Frames of a machine of 52 bits of addresses, a few of each of some spans. */
std::vector<uint64_t> scattered_frames(uint32_t spans, uint64_t seed)
{
	std::mt19937_64 random{seed};
	std::set<uint64_t> frames;
	std::vector<uint64_t> all;

	while (frames.size() < spans)
		frames.insert(random() >> (64 - 52 + ZSM_PAGE_SHIFT) >>
			      ZSM_SPAN_BITS << ZSM_SPAN_BITS);
	for (const uint64_t first : frames) {
		all.push_back(first);
		all.push_back(first + (1u << ZSM_SPAN_BITS) - 1);
		all.push_back(first + random() % (1u << ZSM_SPAN_BITS));
	}
	return all;
}

TEST(frames, a_number_leads_back_to_its_frame)
{
	/* At pages of 64 KiB the addresses have no more spans than these. */
	for (const uint32_t spans : {1u, 7u, ZSM_NR_SPANS}) {
		zsm_frames frames{};
		std::set<uint32_t> numbers;
		const auto all = scattered_frames(spans, spans);
		uint32_t number = 0;

		for (const uint64_t pfn : all) {
			ASSERT_TRUE(number_of(frames, pfn, number));
			EXPECT_EQ(zsm_frames_pfn(&frames, number), pfn);
			numbers.insert(number);
		}
		EXPECT_EQ(frames.nr, spans);
		EXPECT_EQ(numbers.size(),
			  std::set<uint64_t>(all.begin(), all.end()).size());
		/* What was given out stays. */
		for (const uint64_t pfn : all) {
			ASSERT_TRUE(zsm_core_frames_find(&frames, frames.nr,
							 pfn, &number));
			EXPECT_EQ(zsm_frames_pfn(&frames, number), pfn);
			EXPECT_TRUE(numbers.contains(number));
		}
	}
}

TEST(frames, more_spans_than_numbers_are_refused)
{
	zsm_frames frames{};
	uint32_t number = 0;

	for (uint64_t span = 0; span < ZSM_NR_SPANS; span++)
		ASSERT_TRUE(
			number_of(frames, (span + 3) << ZSM_SPAN_BITS, number));
	EXPECT_FALSE(number_of(frames, 5, number));
	EXPECT_TRUE(number_of(frames, uint64_t{4} << ZSM_SPAN_BITS, number));
	EXPECT_EQ(number, 1u << ZSM_SPAN_BITS);
}

} /* namespace */
