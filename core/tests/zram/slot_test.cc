// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What the 64 bits of a slot mean. */
#include "core/tests/store/words.hh"
#include "core/tests/zsm/model.hh"
#include "core/zram/states.h"

#include <bit>

namespace {

constexpr uint64_t all_flags = (1u << ZRAM_SLOT_FLAG_BITS) - 1;
constexpr zsm_loc max_loc{(uint64_t{1} << ZSM_LOC_BITS) - 1};
constexpr uint32_t max_size = (1u << ZRAM_SLOT_SIZE_BITS) - 1;

/* 0, each bit alone, each run of low bits and of high bits. */
std::vector<uint64_t> edges(uint64_t max)
{
	std::vector<uint64_t> values{0, max};

	for (uint64_t bit = 1; bit && bit <= max; bit <<= 1) {
		values.push_back(bit);
		values.push_back(bit - 1);
		values.push_back(max & ~(bit - 1));
		values.push_back(max & ~bit);
	}
	return values;
}

/* Locations at the edges. */
std::vector<zsm_loc> locations()
{
	std::vector<zsm_loc> locs;

	for (const uint64_t value : edges(max_loc.value))
		locs.push_back({value});
	return locs;
}

void check_object(zsm_loc loc, uint32_t size, uint64_t flags)
{
	const zsm_word slot = zram_slot_object(loc, size, flags);

	ASSERT_EQ(zram_slot_loc(slot), loc);
	ASSERT_EQ(zram_slot_size(slot), size);
	ASSERT_EQ(slot & all_flags, flags);
}

TEST(slot, the_fields_of_an_object_come_back)
{
	for (const zsm_loc loc : locations()) {
		for (const uint64_t size : edges(max_size)) {
			for (const uint64_t flags : edges(all_flags))
				ASSERT_NO_FATAL_FAILURE(check_object(
					loc, static_cast<uint32_t>(size),
					flags));
		}
	}
}

TEST(slot, every_size_and_every_flag_comes_back)
{
	for (uint32_t size = 1; size <= ZSM_PAGE_SIZE; size++)
		ASSERT_NO_FATAL_FAILURE(check_object(max_loc, size, 0));
	for (uint64_t flags = 0; flags <= all_flags; flags++)
		ASSERT_NO_FATAL_FAILURE(
			check_object({0}, ZSM_PAGE_SIZE, flags));
}

TEST(slot, flags_are_bits_of_their_own)
{
	uint64_t taken = 0;

	for (const uint64_t flag : std::initializer_list<uint64_t>{
		     ZSM_WORD_LOCK, ZRAM_SLOT_SAME, ZRAM_SLOT_HUGE,
		     ZRAM_SLOT_IDLE, ZRAM_SLOT_BACKED, ZRAM_SLOT_CLAIMED,
		     zram_slot_prios(1, 0), zram_slot_prios(2, 0),
		     zram_slot_prios(0, 1), zram_slot_prios(0, 2)}) {
		EXPECT_TRUE(std::has_single_bit(flag));
		EXPECT_EQ(taken & flag, 0u);
		taken |= flag;
	}
	EXPECT_EQ(taken, all_flags);
}

TEST(slot, priorities_come_back_and_touch_nothing_else)
{
	for (uint32_t prio = 0; prio < ZRAM_NR_PRIOS; prio++) {
		for (uint32_t tried = 0; tried < ZRAM_NR_PRIOS; tried++) {
			const zsm_word slot = zram_slot_object(
				max_loc, max_size,
				ZRAM_SLOT_IDLE | zram_slot_prios(prio, tried));

			EXPECT_EQ(zram_slot_prio(slot), prio);
			EXPECT_EQ(zram_slot_tried(slot), tried);
			EXPECT_EQ(zram_slot_loc(slot), max_loc);
			EXPECT_EQ(zram_slot_size(slot), max_size);
			EXPECT_EQ(slot & (ZRAM_SLOT_IDLE | ZRAM_SLOT_CLAIMED),
				  ZRAM_SLOT_IDLE);
		}
	}
}

/* What a block of the backing device holds is told by the size. */
TEST(slot, a_page_on_the_backing_device_has_a_block_and_no_object)
{
	for (const uint64_t number : edges(max_loc.value)) {
		const zram_block block{number};

		for (uint32_t size = 1; size <= ZSM_PAGE_SIZE; size++) {
			const zsm_word slot = zram_slot_away(block, size, 0);

			ASSERT_EQ(zram_slot_block(slot), block);
			ASSERT_TRUE(slot & ZRAM_SLOT_BACKED);
			ASSERT_FALSE(zram_slot_has_object(slot));
			ASSERT_FALSE(zram_slot_empty(slot));
			ASSERT_EQ(zram_slot_compressed(slot),
				  size < ZSM_PAGE_SIZE);
		}
	}
}

TEST(slot, what_has_to_be_decompressed)
{
	EXPECT_FALSE(zram_slot_compressed({0}));
	EXPECT_FALSE(zram_slot_compressed({ZSM_WORD_LOCK}));
	EXPECT_FALSE(zram_slot_compressed(zram_slot_fill_outside(max_loc)));
	EXPECT_FALSE(zram_slot_compressed(zram_slot_fill({42})));
	EXPECT_FALSE(zram_slot_compressed(
		zram_slot_object({0}, ZSM_PAGE_SIZE, ZRAM_SLOT_HUGE)));
	for (const uint64_t flags : std::initializer_list<uint64_t>{
		     0, ZRAM_SLOT_IDLE, ZRAM_SLOT_CLAIMED,
		     zram_slot_prios(3, 3)})
		EXPECT_TRUE(
			zram_slot_compressed(zram_slot_object({0}, 1, flags)));
}

TEST(slot, only_a_slot_of_which_no_more_than_the_lock_is_set_is_empty)
{
	EXPECT_TRUE(zram_slot_empty({0}));
	EXPECT_TRUE(zram_slot_empty({ZSM_WORD_LOCK}));
	for (uint32_t bit = 0; bit < 64; bit++) {
		const zsm_word slot{uint64_t{1} << bit};

		if (bit == ZSM_WORD_LOCK_BIT)
			continue;
		EXPECT_FALSE(zram_slot_empty(slot)) << bit;
		EXPECT_FALSE(zram_slot_empty(slot | ZSM_WORD_LOCK)) << bit;
	}
}

/* A slot that is neither SAME nor BACKED has an object if it has a size. */
TEST(slot, has_object_without_same)
{
	for (uint64_t flags = 0; flags <= all_flags; flags++) {
		if (flags & (ZRAM_SLOT_SAME | ZRAM_SLOT_BACKED))
			continue;
		for (const zsm_loc loc : {zsm_loc{0}, max_loc}) {
			EXPECT_FALSE(zram_slot_has_object(
				zram_slot_object(loc, 0, flags)));
			for (uint32_t bit = 0; bit < ZRAM_SLOT_SIZE_BITS; bit++)
				EXPECT_TRUE(
					zram_slot_has_object(zram_slot_object(
						loc, 1u << bit, flags)));
		}
	}
}

/* A slot that is SAME has one only if its value is outside. */
TEST(slot, has_object_with_same)
{
	for (uint64_t form = ZRAM_FILL_LOW; form <= ZRAM_FILL_OUTSIDE; form++) {
		for (uint64_t flags = 0; flags <= all_flags; flags++) {
			const zsm_word slot{form << ZRAM_SLOT_FLAG_BITS |
					    flags | ZRAM_SLOT_SAME};
			const bool has = form == ZRAM_FILL_OUTSIDE;

			EXPECT_EQ(zram_slot_has_object(slot), has);
			EXPECT_EQ(
				zram_slot_has_object(
					slot | ~uint64_t{0} << ZRAM_FILL_SHIFT),
				has);
		}
	}
}

TEST(slot, a_value_outside_has_a_location)
{
	for (const zsm_loc loc : locations()) {
		const zsm_word slot = zram_slot_fill_outside(loc);

		EXPECT_EQ(zram_slot_loc(slot), loc);
		EXPECT_EQ(slot & all_flags, ZRAM_SLOT_SAME);
		EXPECT_EQ(zram_slot_fill_form(slot), ZRAM_FILL_OUTSIDE);
		EXPECT_TRUE(zram_slot_has_object(slot));
		EXPECT_FALSE(zram_slot_empty(slot));
	}
}

/* Only the location changes, whatever the slot has an object for. */
TEST(slot, an_object_that_moved_takes_all_else_along)
{
	for (const zsm_loc from : locations()) {
		for (const zsm_loc to : locations()) {
			const zsm_word object =
				zram_slot_object(from, max_size, all_flags);
			const zsm_word outside = zram_slot_fill_outside(from);

			ASSERT_EQ(zram_slot_moved(object, to),
				  zram_slot_object(to, max_size, all_flags));
			ASSERT_EQ(zram_slot_moved(outside, to),
				  zram_slot_fill_outside(to));
		}
	}
}

/* What slot.h says fits. */
bool ought_to_fit(uint64_t value)
{
	const auto number = static_cast<int64_t>(value);
	const int64_t limit = int64_t{1} << 51;

	return (-limit <= number && number < limit) || value % 4096 == 0 ||
	       value / 0x100000000 == value % 0x100000000;
}

void check_fill(uint64_t value)
{
	const zsm_word slot = zram_slot_fill({value});

	ASSERT_EQ(!zram_slot_empty(slot), ought_to_fit(value))
		<< std::hex << value;
	if (zram_slot_empty(slot))
		return;
	ASSERT_EQ(slot & all_flags, ZRAM_SLOT_SAME) << std::hex << value;
	ASSERT_FALSE(zram_slot_has_object(slot)) << std::hex << value;
	/* No flag is part of the value. */
	ASSERT_EQ(zram_slot_fill_value(slot).value, value);
	ASSERT_EQ(zram_slot_fill_value(slot | all_flags).value, value);
}

void check_fits(uint64_t value)
{
	EXPECT_FALSE(zram_slot_empty(zram_slot_fill({value})))
		<< std::hex << value;
	check_fill(value);
}

TEST(slot_fill, every_single_bit_fits)
{
	for (uint32_t bit = 0; bit < 64; bit++)
		check_fits(uint64_t{1} << bit);
}

TEST(slot_fill, every_repeated_byte_and_halfword_fits)
{
	for (uint64_t byte = 0; byte < 0x100; byte++)
		check_fits(byte * 0x0101010101010101);
	for (uint64_t half = 0; half < 0x10000; half++)
		check_fits(half * 0x0001000100010001);
}

TEST(slot_fill, repeated_words_fit)
{
	model::rng rng{5000};

	for (const uint64_t word : edges(UINT32_MAX))
		check_fits(word << 32 | word);
	for (uint32_t i = 0; i < 10000; i++) {
		const uint64_t word = rng.next() >> 32;

		check_fits(word << 32 | word);
	}
}

TEST(slot_fill, small_integers_fit)
{
	for (int64_t value = -40000; value <= 40000; value++)
		check_fits(static_cast<uint64_t>(value));
	for (int64_t size = 1; size < int64_t{1} << 51; size <<= 1) {
		for (int64_t near = -2; near <= 2; near++) {
			check_fill(static_cast<uint64_t>(size + near));
			check_fill(static_cast<uint64_t>(-size + near));
		}
	}
}

TEST(slot_fill, pointers_fit)
{
	for (const uint64_t pointer :
	     {0x0000000000401000ull, 0x00007ffffffff000ull,
	      0x00007f1234567890ull, 0x00007fffffffffffull,
	      0xffff800000000000ull, 0xffff888012345678ull,
	      0xffffffff81000000ull, 0xffffffffc0abcdefull,
	      0xdead000000000100ull & 0x0000ffffffffffffull})
		check_fits(pointer);
}

TEST(slot_fill, short_floating_point_numbers_fit)
{
	for (const double number : {1.0, -1.0, 0.5, -2.5, 3.0, 100.0, 1e6, -0.0,
				    0.125, 1e300 * 1e300})
		check_fits(std::bit_cast<uint64_t>(number));
	for (const float number : {0.1f, -3.14159f, 1.0f, 1e-20f}) {
		const uint64_t word = std::bit_cast<uint32_t>(number);

		check_fits(word << 32 | word);
	}
}

/* Where one form ends: one more does not fit, unless another form takes it. */
TEST(slot_fill, the_forms_end_where_they_should)
{
	const uint64_t limit = uint64_t{1} << 51;

	check_fits(limit - 1);
	check_fits(limit);
	check_fits(-limit);
	EXPECT_TRUE(zram_slot_empty(zram_slot_fill({limit + 1})));
	EXPECT_TRUE(zram_slot_empty(zram_slot_fill({-limit - 1})));
	EXPECT_TRUE(zram_slot_empty(zram_slot_fill({0x0123456789abcdef})));
	EXPECT_TRUE(zram_slot_empty(zram_slot_fill({0x1234567812345679})));
	EXPECT_TRUE(zram_slot_empty(zram_slot_fill({0x1234567800000800})));
	EXPECT_TRUE(zram_slot_empty(
		zram_slot_fill({std::bit_cast<uint64_t>(0.1)})));
}

TEST(slot_fill, edges_and_what_is_beside_them)
{
	for (const uint64_t edge : edges(UINT64_MAX)) {
		for (uint64_t near = 0; near < 5; near++)
			check_fill(edge + near - 2);
	}
}

/* Plain ones hardly ever fit, so that some are cut to each form's shape. */
TEST(slot_fill, random_values_come_back_or_do_not_fit)
{
	constexpr uint64_t seed = 6000;
	model::rng rng{seed};

	SCOPED_TRACE(testing::Message() << "seed " << seed);
	for (uint32_t i = 0; i < 20000; i++) {
		const uint64_t value = rng.next();
		const uint32_t cut = rng.below(64);

		check_fill(value);
		check_fill(value << cut);
		check_fill(value >> cut);
		check_fill(static_cast<uint64_t>(static_cast<int64_t>(value) >>
						 cut));
	}
}

} /* namespace */
