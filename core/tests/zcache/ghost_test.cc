// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The ghost, beside a queue. */
#include "core/zcache/ghost.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <random>

#include <gtest/gtest.h>

namespace zcache_ghost_test {
namespace {

/* What a line is to be: a queue of pairs. */
class model {
public:
	zcache_seen look(uint16_t print) const
	{
		for (const auto &[known, bad] : queue_) {
			if (known == print)
				return bad ? ZCACHE_SEEN_BAD : ZCACHE_SEEN;
		}
		return ZCACHE_UNSEEN;
	}

	void note(uint16_t print, bool bad)
	{
		for (auto &[known, was_bad] : queue_) {
			if (known == print) {
				was_bad |= bad;
				return;
			}
		}
		queue_.emplace_back(print, bad);
		if (queue_.size() > ZCACHE_GHOST_ENTRIES)
			queue_.pop_front();
	}

private:
	std::deque<std::pair<uint16_t, bool>> queue_;
};

TEST(zcache_ghost, a_new_line_knows_nothing)
{
	const zcache_ghost_line line{};

	for (uint32_t print = 1; print < ZCACHE_GHOST_BAD; print++)
		ASSERT_EQ(zcache_core_ghost_look(&line,
						 static_cast<uint16_t>(print)),
			  ZCACHE_UNSEEN);
}

TEST(zcache_ghost, a_line_is_a_queue)
{
	std::mt19937 rng{1};
	zcache_ghost_line line{};
	model expected;

	for (uint32_t i = 0; i < 200000; i++) {
		/* Few prints, so that many are there already. */
		const auto print = static_cast<uint16_t>(rng() % 64 + 1);

		if (rng() % 4 == 0) {
			const bool bad = rng() % 8 == 0;

			zcache_core_ghost_note(&line, print, bad);
			expected.note(print, bad);
		}
		ASSERT_EQ(zcache_core_ghost_look(&line, print),
			  expected.look(print));
	}
}

TEST(zcache_ghost, a_line_of_rubbish_is_bounded)
{
	std::mt19937 rng{2};

	for (uint32_t i = 0; i < 10000; i++) {
		/* Fenced off by the address sanitizer on both sides. */
		const auto line = std::make_unique<zcache_ghost_line>();

		line->next = static_cast<uint16_t>(rng());
		for (uint16_t &entry : line->entries)
			entry = static_cast<uint16_t>(rng());
		const auto print = static_cast<uint16_t>(rng() % 32767 + 1);

		zcache_core_ghost_note(line.get(), print, false);
		ASSERT_NE(zcache_core_ghost_look(line.get(), print),
			  ZCACHE_UNSEEN);
	}
}

TEST(zcache_ghost, few_blocks_are_taken_for_others)
{
	std::mt19937 rng{3};
	zcache_ghost_line line{};
	uint32_t wrong = 0;

	for (uint32_t i = 0; i < ZCACHE_GHOST_ENTRIES; i++)
		zcache_core_ghost_note(&line, zcache_print(zcache_hash(0, i)),
				       false);
	for (uint64_t block = 1000; block < 101000; block++)
		wrong += zcache_core_ghost_look(
				 &line, zcache_print(zcache_hash(0, block))) !=
			 ZCACHE_UNSEEN;
	/* 31 of 2^15 of them: 95 expected. */
	EXPECT_LT(wrong, 150u);
}

} /* namespace */
} /* namespace zcache_ghost_test */
