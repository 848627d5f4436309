// SPDX-License-Identifier: GPL-2.0
/*
 * Compressed sizes, to the byte. No codec can be asked for a size, so that here is
 * one that can: a page begins with the size it compresses to, and that many of its
 * bytes matter.
 */
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "core/zsm/size_class.h"
#include "kunit/zram/zram_kunit.h"

#define FILLER 0x5a
/* A page that says this makes the codec fail. */
#define SIZE_FAILS 0xffffffffu

static void *exact_create(const struct zsm_params *params,
			  const void *shared)
{
	return kmalloc(8, GFP_KERNEL);
}

static void exact_destroy(void *ctx)
{
	kfree(ctx);
}

static int exact_compress(void *ctx, const void *src, void *dst)
{
	u32 size = *(const u32 *)src;

	if (size == SIZE_FAILS)
		return -EIO;
	memcpy(dst, src, size);
	return size;
}

/* How often a page was decompressed where no other task could have run. */
static unsigned int nr_atomic;

static int exact_decompress(void *ctx, const void *src, size_t len, void *dst)
{
	u32 size = len;

	nr_atomic += !!preempt_count();
	memset(dst, FILLER, PAGE_SIZE);
	memcpy(dst, &size, sizeof(size));
	memcpy(dst, src, len);
	return 0;
}

static const struct zsm_codec exact_codec = {
	.name = "exact",
	.create = exact_create,
	.destroy = exact_destroy,
	.compress = exact_compress,
	.decompress = exact_decompress,
};

/* A page that compresses to @size bytes. */
static void make_exact(void *page, u32 size, u32 seed)
{
	struct rnd_state rnd;

	memset(page, FILLER, PAGE_SIZE);
	prandom_seed_state(&rnd, seed);
	if (size != SIZE_FAILS)
		prandom_bytes_state(&rnd, page, size);
	memcpy(page, &size, sizeof(size));
}

static void expect_stored(struct kunit *test, u32 size, void *page)
{
	bool huge = size >= zsm_huge_size();
	struct zsm_stats pool;

	make_exact(page, size, size);
	page_store(test, 0, page);
	KUNIT_EXPECT_TRUE_MSG(test, page_is_stored(test, 0, page), "%u bytes",
			      size);
	zsm_stats(zram_in(test)->pool, &pool);
	KUNIT_EXPECT_EQ_MSG(test, pool.object_bytes,
			    zsm_classes.rows[zsm_class_of(size)].size,
			    "%u bytes", size);
	KUNIT_EXPECT_EQ_MSG(test, zram_slot_size(slot_value(test, 0)),
			    huge ? PAGE_SIZE : size, "%u bytes", size);
	KUNIT_EXPECT_EQ_MSG(test, !!(slot_value(test, 0).bits & ZRAM_SLOT_HUGE),
			    huge, "%u bytes", size);
	zram_drop_pages(zram_in(test), 0, 1);
}

/* A page that comes to each edge of a class is stored in it, and comes back. */
static void size_edge_test(struct kunit *test)
{
	const struct zsm_class_row *row = zsm_classes.rows;
	void *page = page_alloc(test);

	device_set_up(test, &exact_codec, SZ_1M);
	for (; row->size < PAGE_SIZE; row++) {
		expect_stored(test, row->size - 1, page);
		expect_stored(test, row->size, page);
		expect_stored(test, row->size + 1, page);
	}
	expect_stored(test, PAGE_SIZE - 1, page);
}

/* Over a page of any size comes one of any other, in the same place or not. */
static void size_overwrite_test(struct kunit *test)
{
	static const u32 sizes[] = {
		1, 31, 32, 33, 47, 48, 49, 1000, 1008, 1009, 2719, 2720, 2721,
		3839, 3840, 3841, 4095,
	};
	void *page = page_alloc(test);
	unsigned int from, to;

	device_set_up(test, &exact_codec, SZ_1M);
	for (from = 0; from < ARRAY_SIZE(sizes); from++) {
		for (to = 0; to < ARRAY_SIZE(sizes); to++) {
			struct zsm_stats pool;

			make_exact(page, sizes[from], from);
			page_store(test, 0, page);
			make_exact(page, sizes[to], to);
			page_store(test, 0, page);
			KUNIT_EXPECT_TRUE_MSG(test,
					      page_is_stored(test, 0, page),
					      "%u over %u", sizes[to],
					      sizes[from]);
			zsm_stats(zram_in(test)->pool, &pool);
			KUNIT_EXPECT_EQ(test, pool.objects, 1);
		}
	}
}

/* Many sizes side by side: none reaches into its neighbours. */
static void size_all_at_once_test(struct kunit *test)
{
	u32 nr = PAGE_SIZE / 16 - 1;
	void *page = page_alloc(test);
	u32 i;

	device_set_up(test, &exact_codec, 4 * SZ_1M);
	for (i = 0; i < nr; i++) {
		make_exact(page, 1 + 16 * i, i);
		page_store(test, i, page);
	}
	for (i = 0; i < nr; i++) {
		make_exact(page, 1 + 16 * i, i);
		KUNIT_EXPECT_TRUE_MSG(test, page_is_stored(test, i, page),
				      "%u bytes", 1 + 16 * i);
	}
}

/* A page that the codec cannot make smaller is stored as it is. */
static void size_not_smaller_test(struct kunit *test)
{
	void *page = page_alloc(test);

	device_set_up(test, &exact_codec, SZ_1M);
	make_exact(page, 0, 1);
	memset(page + 100, 1, 100);
	page_store(test, 0, page);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_HUGE], 1);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_COMPR], PAGE_SIZE);
}

/* A codec that fails is an I/O error, and the slot keeps what it had. */
static void size_codec_fails_test(struct kunit *test)
{
	void *page = page_alloc(test);
	void *bad = page_alloc(test);

	device_set_up(test, &exact_codec, SZ_1M);
	make_exact(page, 500, 1);
	page_store(test, 0, page);
	make_exact(bad, SIZE_FAILS, 1);
	KUNIT_EXPECT_EQ(test,
			zram_store_page(zram_in(test), 0, bad, ZRAM_GFP),
			-EIO);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	KUNIT_EXPECT_EQ(test,
			zram_store_page(zram_in(test), 1, bad, ZRAM_GFP),
			-EIO);
	KUNIT_EXPECT_EQ(test, slot_value(test, 1).bits, 0);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_ORIG], PAGE_SIZE);
}

/* Whatever the size of a page, other tasks can run while it is decompressed. */
static void size_is_preemptible_test(struct kunit *test)
{
	void *page = page_alloc(test);
	u32 size;

	device_set_up(test, &exact_codec, SZ_1M);
	nr_atomic = 0;
	for (size = 8; size < zsm_huge_size(); size += PAGE_SIZE / 20) {
		make_exact(page, size, size);
		page_store(test, 0, page);
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	}
	KUNIT_EXPECT_EQ(test, nr_atomic, 0u);
}

static struct kunit_case size_cases[] = {
	KUNIT_CASE(size_edge_test),
	KUNIT_CASE(size_overwrite_test),
	KUNIT_CASE(size_all_at_once_test),
	KUNIT_CASE(size_not_smaller_test),
	KUNIT_CASE(size_codec_fails_test),
	KUNIT_CASE(size_is_preemptible_test),
	{}
};

static struct kunit_suite size_suite = {
	.name = "zram_size",
	.init = device_init,
	.exit = device_exit,
	.test_cases = size_cases,
};

kunit_test_suite(size_suite);
