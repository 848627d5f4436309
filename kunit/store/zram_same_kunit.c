// SPDX-License-Identifier: GPL-2.0
/* Pages that repeat one 64-bit value, and pages that nearly do. */
#include <linux/mm.h>

#include "kunit/zram/zram_kunit.h"

struct value {
	u64 value;
	bool outside;		/* takes an object */
};

/* Each form that a value can be kept in, at its edges and one beyond. */
static const struct value values[] = {
	{ 0 },
	{ 1 },
	{ U64_MAX },
	{ 0x0101010101010101ull },		/* a byte repeated */
	{ 0xa5a5a5a5a5a5a5a5ull },
	{ (1ull << 51) - 1 },			/* 52 bits with a sign */
	{ 1ull << 51 },				/* the low 12 bits are zero */
	{ (1ull << 51) + 1, .outside = true },
	{ -(1ull << 51) },
	{ -(1ull << 51) - 1, .outside = true },
	{ 0xffff888012345000ull },		/* the address of a page */
	{ 0xffff888012345808ull },		/* and any other in there */
	{ 0x7ffffffffffff000ull },
	{ 0x8000000000000000ull },
	{ 0x3ff0000000000000ull },		/* 1.0 */
	{ 0x3fb999999999999aull, .outside = true },
	{ 0xdeadbeefdeadbeefull },		/* 32 bits, twice */
	{ 0xdeadbeefdeadbeeeull, .outside = true },
	{ 0x8000000080000000ull },
	{ 0x7fffffff7fffffffull },
	{ 0x0123456789abcdefull, .outside = true },
};

static void value_desc(const struct value *param, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%#llx", param->value);
}

KUNIT_ARRAY_PARAM(value, values, value_desc);

/* A value takes no memory but, if it must, an object of its own; and comes back. */
static void same_value_test(struct kunit *test)
{
	const struct value *param = test->param_value;
	void *page = page_alloc(test);
	struct zsm_stats pool;

	device_set_up(test, NULL, SZ_1M);
	page_fill(page, param->value);
	page_store(test, 0, page);
	zsm_stats(zram_in(test)->pool, &pool);
	KUNIT_EXPECT_EQ(test, pool.objects, param->outside);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_SAME], 1);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_COMPR], 0);
	/* Over it, and over that once more. */
	page_fill(page, ~param->value);
	page_store(test, 0, page);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_SAME], 1);
	zram_drop_pages(zram_in(test), 0, 1);
	zsm_stats(zram_in(test)->pool, &pool);
	KUNIT_EXPECT_EQ(test, pool.objects, 0);
}

struct place {
	unsigned int at;
};

/* Bytes that are likely to be looked at last, or not at all. */
static const struct place places[] = {
	{ 0 }, { 1 }, { 7 }, { 8 }, { 15 }, { 16 }, { 63 }, { 64 }, { 127 },
	{ 128 }, { PAGE_SIZE / 2 - 1 }, { PAGE_SIZE / 2 }, { PAGE_SIZE - 65 },
	{ PAGE_SIZE - 64 }, { PAGE_SIZE - 33 }, { PAGE_SIZE - 9 },
	{ PAGE_SIZE - 8 }, { PAGE_SIZE - 1 },
};

static void place_desc(const struct place *param, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "byte %u", param->at);
}

KUNIT_ARRAY_PARAM(place, places, place_desc);

/* One bit makes a page another one. */
static void same_but_one_bit_test(struct kunit *test)
{
	const struct place *param = test->param_value;
	u8 *page = page_alloc(test);
	unsigned int bit;
	struct zsm_fill fill;

	device_set_up(test, NULL, SZ_1M);
	for (bit = 0; bit < 8; bit++) {
		page_fill(page, 0x0101010101010101ull * 0x11);
		KUNIT_EXPECT_TRUE(test, zsm_same_filled(page, &fill));
		page[param->at] ^= 1 << bit;
		KUNIT_EXPECT_FALSE(test, zsm_same_filled(page, &fill));
		page_store(test, bit, page);
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, bit, page));
		KUNIT_EXPECT_FALSE(test, !!(slot_value(test, bit).bits &
					    ZRAM_SLOT_SAME));
	}
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_SAME], 0);
}

/* The repetition of less than 64 bits is one of 64; of more it is none. */
static void same_period_test(struct kunit *test)
{
	void *page = page_alloc(test);
	unsigned int period;
	struct zsm_fill fill;

	for (period = 1; period <= 256; period *= 2) {
		unsigned int i;
		u8 *bytes = page;

		for (i = 0; i < PAGE_SIZE; i++)
			bytes[i] = i % period;
		KUNIT_EXPECT_EQ_MSG(test, zsm_same_filled(page, &fill),
				    period <= 8, "period %u", period);
	}
}

static struct kunit_case same_cases[] = {
	KUNIT_CASE_PARAM(same_value_test, value_gen_params),
	KUNIT_CASE_PARAM(same_but_one_bit_test, place_gen_params),
	KUNIT_CASE(same_period_test),
	{}
};

static struct kunit_suite same_suite = {
	.name = "zram_same",
	.init = device_init,
	.exit = device_exit,
	.test_cases = same_cases,
};

kunit_test_suite(same_suite);
