// SPDX-License-Identifier: GPL-2.0 OR MIT
/* Whether a page repeats one value. */
#include "core/tests/zsm/model.hh"
#include "core/store/same_filled.h"

#include <algorithm>
#include <optional>
#include <span>

#include <sanitizer/asan_interface.h>

namespace {

constexpr uint32_t nr_words = ZSM_PAGE_SIZE / sizeof(uint64_t);

/*
 * A page aligned to 8 and no better, in memory that the address sanitizer
 * fences off on both sides.
 */
class page {
public:
	page() : memory_(static_cast<uint64_t *>(std::malloc(bytes)))
	{
		ASAN_POISON_MEMORY_REGION(memory_.get(), sizeof(uint64_t));
	}

	~page()
	{
		ASAN_UNPOISON_MEMORY_REGION(memory_.get(), sizeof(uint64_t));
	}

	page(const page &) = delete;
	page &operator=(const page &) = delete;

	std::span<uint64_t> words() { return {memory_.get() + 1, nr_words}; }
	void fill(uint64_t value) { std::ranges::fill(words(), value); }

	/* The value; fails if it was set for a page that has none. */
	std::optional<uint64_t> same()
	{
		struct zsm_fill fill {
			untouched
		};

		if (zsm_same_filled(words().data(), &fill))
			return fill.value;
		EXPECT_EQ(fill.value, untouched);
		return std::nullopt;
	}

private:
	static constexpr size_t bytes = ZSM_PAGE_SIZE + sizeof(uint64_t);
	static constexpr uint64_t untouched = 0x756e746f75636865;

	std::unique_ptr<uint64_t, model::free_memory> memory_;
};

TEST(same_filled, every_kind_of_value_is_found)
{
	page p;

	for (uint32_t bit = 0; bit < 64; bit++) {
		for (const uint64_t value :
		     {uint64_t{1} << bit, ~(uint64_t{1} << bit)}) {
			p.fill(value);
			EXPECT_EQ(p.same(), value);
		}
	}
	for (const uint64_t value :
	     {0ull, ~0ull, 0x4242424242424242ull, 0x0123456789abcdefull}) {
		p.fill(value);
		EXPECT_EQ(p.same(), value);
	}
}

TEST(same_filled, one_word_that_differs_is_found_wherever_it_is)
{
	constexpr uint64_t seed = 7000;
	model::rng rng{seed};
	page p;

	SCOPED_TRACE(testing::Message() << "seed " << seed);
	for (const uint64_t value : {0ull, 0x0123456789abcdefull}) {
		p.fill(value);
		for (uint32_t i = 0; i < nr_words; i++) {
			p.words()[i] ^= uint64_t{1} << rng.below(64);
			ASSERT_EQ(p.same(), std::nullopt) << "word " << i;
			p.words()[i] = value;
		}
		ASSERT_EQ(p.same(), value);
	}
}

TEST(same_filled, each_bit_counts)
{
	page p;

	p.fill(0);
	for (const uint32_t i : {0u, 1u, nr_words / 2, nr_words - 1}) {
		for (uint32_t bit = 0; bit < 64; bit++) {
			p.words()[i] = uint64_t{1} << bit;
			ASSERT_EQ(p.same(), std::nullopt) << i << ", " << bit;
		}
		p.words()[i] = 0;
	}
}

/* Differences that a sum or an exclusive or over the words would not see. */
TEST(same_filled, two_words_that_differ_alike_do_not_cancel_out)
{
	page p;

	p.fill(0);
	for (uint32_t i = 0; i + 1 < nr_words; i++) {
		p.words()[i] = p.words()[i + 1] = 1;
		ASSERT_EQ(p.same(), std::nullopt) << "words " << i;
		p.words()[i] = 1;
		p.words()[i + 1] = UINT64_MAX;
		ASSERT_EQ(p.same(), std::nullopt) << "words " << i;
		p.words()[i] = p.words()[i + 1] = 0;
	}
}

TEST(same_filled, a_pattern_longer_than_a_word_is_not_the_same)
{
	page p;

	for (uint32_t period = 2; period <= nr_words; period *= 2) {
		for (uint32_t i = 0; i < nr_words; i++)
			p.words()[i] = i % period;
		EXPECT_EQ(p.same(), std::nullopt) << period;
	}
}

} /* namespace */
