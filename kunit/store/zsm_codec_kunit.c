// SPDX-License-Identifier: GPL-2.0
/* Each codec brings each kind of page back. */
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "kunit/zram/zram_kunit.h"

/* A codec's own functions, with room for what they may write, and no more. */
struct bench {
	const struct zsm_codec *codec;
	void *ctx;
	void *dst;
};

static void bench_end(void *data)
{
	struct bench *bench = data;

	bench->codec->destroy(bench->ctx);
	vfree(bench->dst);
}

static struct bench *bench_of(struct kunit *test)
{
	const char *const *name = test->param_value;
	struct bench *bench = kunit_kzalloc(test, sizeof(*bench), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, bench);
	bench->codec = codec_named(test, *name);
	bench->ctx = bench->codec->create(&default_params, NULL);
	bench->dst = vmalloc(ZSM_DST_SIZE);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, bench_end,
							   bench));
	KUNIT_ASSERT_NOT_NULL(test, bench->ctx);
	KUNIT_ASSERT_NOT_NULL(test, bench->dst);
	return bench;
}

/* Decompresses from just so many bytes, so that a read beyond them shows. */
static int decompress(struct kunit *test, struct bench *bench, size_t len,
		      void *page)
{
	void *src = kunit_kmalloc(test, len, GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, src);
	memcpy(src, bench->dst, len);
	err = bench->codec->decompress(bench->ctx, src, len, page);
	kunit_kfree(test, src);
	return err;
}

static void expect_round_trip(struct kunit *test, struct bench *bench,
			      const void *page, const char *what, u32 seed)
{
	void *got = page_alloc(test);
	int len = bench->codec->compress(bench->ctx, page, bench->dst);

	KUNIT_EXPECT_GE_MSG(test, len, 0, "%s %u", what, seed);
	KUNIT_EXPECT_LT_MSG(test, len, PAGE_SIZE, "%s %u", what, seed);
	if (len > 0) {
		memset(got, 0xee, PAGE_SIZE);
		KUNIT_EXPECT_EQ_MSG(test, decompress(test, bench, len, got), 0,
				    "%s %u: %d bytes", what, seed, len);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(got, page, PAGE_SIZE),
				      "%s %u: %d bytes", what, seed, len);
	}
	kunit_kfree(test, got);
}

/* By itself, with several pages of each kind. */
static void codec_round_trip_test(struct kunit *test)
{
	struct bench *bench = bench_of(test);
	void *page = page_alloc(test);
	unsigned int i;
	u32 seed;

	for (i = 0; i < nr_page_kinds; i++) {
		for (seed = 1; seed <= 4; seed++) {
			page_kinds[i].make(page, seed);
			expect_round_trip(test, bench, page, page_kinds[i].name,
					  seed);
		}
	}
}

/* With more and more that does not compress: sizes from few bytes to all. */
static void codec_sizes_test(struct kunit *test)
{
	struct bench *bench = bench_of(test);
	void *page = page_alloc(test);
	u32 len;

	for (len = 0; len <= PAGE_SIZE; len += 61) {
		page_make_prefix(page, len);
		expect_round_trip(test, bench, page, "random bytes", len);
	}
}

/* Pages that compress do so, and one that cannot says so. */
static void codec_compresses_test(struct kunit *test)
{
	struct bench *bench = bench_of(test);
	void *page = page_alloc(test);
	int len;

	page_make_zero(page, 0);
	len = bench->codec->compress(bench->ctx, page, bench->dst);
	KUNIT_EXPECT_GT(test, len, 0);
	KUNIT_EXPECT_LT(test, len, 100);
	page_make_text(page, 1);
	len = bench->codec->compress(bench->ctx, page, bench->dst);
	KUNIT_EXPECT_GT(test, len, 0);
	KUNIT_EXPECT_LT(test, len, PAGE_SIZE / 2);
	page_make_random(page, 1);
	KUNIT_EXPECT_EQ(test, bench->codec->compress(bench->ctx, page,
						     bench->dst), 0);
}

/* A context has no memory of what it did before, an error neither. */
static void codec_context_test(struct kunit *test)
{
	struct bench *bench = bench_of(test);
	void *page = page_alloc(test);
	void *got = page_alloc(test);
	int first, again;

	page_make_text(page, 1);
	first = bench->codec->compress(bench->ctx, page, bench->dst);
	page_make_random(page, 1);
	bench->codec->compress(bench->ctx, page, bench->dst);
	memset(bench->dst, 0xff, 64);
	decompress(test, bench, 64, got);
	page_make_text(page, 1);
	again = bench->codec->compress(bench->ctx, page, bench->dst);
	KUNIT_EXPECT_EQ(test, again, first);
	KUNIT_EXPECT_EQ(test, decompress(test, bench, again, got), 0);
	KUNIT_EXPECT_MEMEQ(test, got, page, PAGE_SIZE);
}

/* Through a device. */
static void codec_device_test(struct kunit *test)
{
	const char *const *name = test->param_value;
	void *page = page_alloc(test);
	unsigned int i;
	u32 seed;

	device_set_up(test, codec_named(test, *name), SZ_1M);
	for (i = 0; i < nr_page_kinds; i++) {
		for (seed = 0; seed < 4; seed++) {
			page_kinds[i].make(page, seed);
			page_store(test, 4 * i + seed, page);
		}
	}
	for (i = 0; i < nr_page_kinds; i++) {
		for (seed = 0; seed < 4; seed++) {
			page_kinds[i].make(page, seed);
			KUNIT_EXPECT_TRUE_MSG(test,
					      page_is_stored(test, 4 * i + seed,
							     page),
					      "%s %u", page_kinds[i].name,
					      seed);
		}
	}
}

static void codec_unknown_test(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, zsm_codec_find(""));
	KUNIT_EXPECT_NULL(test, zsm_codec_find("lz"));
	KUNIT_EXPECT_NULL(test, zsm_codec_find("lz44"));
	KUNIT_EXPECT_NULL(test, zsm_codec_find("LZ4"));
	KUNIT_EXPECT_PTR_EQ(test, zsm_codec_default(), zsm_codec_find("lz4"));
}

static struct kunit_case codec_cases[] = {
	KUNIT_CASE_PARAM(codec_round_trip_test, each_codec),
	KUNIT_CASE_PARAM(codec_sizes_test, each_codec),
	KUNIT_CASE_PARAM(codec_compresses_test, each_codec),
	KUNIT_CASE_PARAM(codec_context_test, each_codec),
	KUNIT_CASE_PARAM(codec_device_test, each_codec),
	KUNIT_CASE(codec_unknown_test),
	{}
};

static struct kunit_suite codec_suite = {
	.name = "zsm_codec",
	.init = device_init,
	.exit = device_exit,
	.test_cases = codec_cases,
};

kunit_test_suite(codec_suite);
