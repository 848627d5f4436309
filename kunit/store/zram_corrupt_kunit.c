// SPDX-License-Identifier: GPL-2.0
/*
 * Stored bytes that are not what was stored. What comes of it is an I/O error, or
 * where the codec cannot tell, some page; never an access out of bounds, which
 * KASAN would report, and never a change to another slot.
 */
#include <linux/mm.h>
#include <linux/prandom.h>

#include "kunit/zram/zram_kunit.h"

#define VICTIM 1	/* the slot that is damaged; 0 and 2 are beside it */

static void corrupt_set_up(struct kunit *test, const char *codec)
{
	void *page = page_alloc(test);
	u32 i;

	device_set_up(test, codec_named(test, codec), SZ_1M);
	for (i = 0; i < 3; i++) {
		page_make_text(page, i);
		page_store(test, i, page);
	}
}

static u32 victim_size(struct kunit *test)
{
	return zram_slot_size(slot_value(test, VICTIM));
}

static void victim_write(struct kunit *test, const void *bytes)
{
	zsm_write(zram_in(test)->pool, zram_slot_loc(slot_value(test, VICTIM)),
		  bytes, victim_size(test));
}

static void victim_read(struct kunit *test, void *bytes)
{
	zsm_read(zram_in(test)->pool, zram_slot_loc(slot_value(test, VICTIM)),
		 bytes, victim_size(test));
}

static int victim_load(struct kunit *test)
{
	void *page = page_alloc(test);
	int err = page_load(test, VICTIM, page);

	kunit_kfree(test, page);
	return err;
}

/* The others are as they were, and so is the victim once it is written again. */
static void expect_no_harm(struct kunit *test)
{
	void *page = page_alloc(test);
	u32 i;

	page_make_text(page, VICTIM);
	page_store(test, VICTIM, page);
	for (i = 0; i < 3; i++) {
		page_make_text(page, i);
		KUNIT_EXPECT_TRUE_MSG(test, page_is_stored(test, i, page),
				      "slot %u", i);
	}
}

/* No codec takes one byte repeated for a page of text. */
static void corrupt_filled_test(struct kunit *test)
{
	static const u8 fills[] = { 0x00, 0xff };
	const char *const *name = test->param_value;
	void *bytes = page_alloc(test);
	unsigned int i;

	corrupt_set_up(test, *name);
	for (i = 0; i < ARRAY_SIZE(fills); i++) {
		memset(bytes, fills[i], PAGE_SIZE);
		victim_write(test, bytes);
		KUNIT_EXPECT_EQ_MSG(test, victim_load(test), -EIO, "%#x",
				    fills[i]);
	}
	expect_no_harm(test);
}

/* Nor do random bytes ever come to just one page, but by a rare chance. */
static void corrupt_random_test(struct kunit *test)
{
	const char *const *name = test->param_value;
	void *bytes = page_alloc(test);
	unsigned int failed = 0;
	u32 seed;

	corrupt_set_up(test, *name);
	for (seed = 0; seed < 40; seed++) {
		int err;

		page_make_random(bytes, seed);
		victim_write(test, bytes);
		err = victim_load(test);
		KUNIT_EXPECT_TRUE(test, !err || err == -EIO);
		failed += err == -EIO;
	}
	KUNIT_EXPECT_GE(test, failed, 38);
	expect_no_harm(test);
}

/* One bit, anywhere: found, or another page, whatever the codec can do. */
static void corrupt_one_bit_test(struct kunit *test)
{
	const char *const *name = test->param_value;
	u8 *bytes = page_alloc(test);
	unsigned int at, size;

	corrupt_set_up(test, *name);
	size = victim_size(test);
	victim_read(test, bytes);
	for (at = 0; at < size; at += 1 + size / 150) {
		int err;

		bytes[at] ^= 1 << at % 8;
		victim_write(test, bytes);
		bytes[at] ^= 1 << at % 8;
		err = victim_load(test);
		KUNIT_EXPECT_TRUE_MSG(test, !err || err == -EIO,
				      "byte %u: %d", at, err);
	}
	expect_no_harm(test);
}

/* A slot whose size is too small: the end of the stream is missing. */
static void corrupt_cut_test(struct kunit *test)
{
	const char *const *name = test->param_value;
	struct zsm_word value;
	struct zsm_loc loc;
	u32 size, len;

	corrupt_set_up(test, *name);
	value = slot_value(test, VICTIM);
	size = zram_slot_size(value);
	loc = zram_slot_loc(value);
	for (len = 1; len < size; len += 1 + size / 60) {
		slot_poke(test, VICTIM, zram_slot_object(loc, len, 0));
		KUNIT_EXPECT_EQ_MSG(test, victim_load(test), -EIO,
				    "%u of %u bytes", len, size);
	}
	slot_poke(test, VICTIM, value);
	KUNIT_EXPECT_EQ(test, victim_load(test), 0);
	expect_no_harm(test);
}

/* Compresses with a codec that is not the device's; returns the size. */
static u32 foreign_bytes(struct kunit *test, const struct zsm_codec *codec,
			 void *dst)
{
	void *page = page_alloc(test);
	void *ctx = codec->create(&default_params, NULL);
	int len;

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	page_make_text(page, VICTIM);
	len = codec->compress(ctx, page, dst);
	codec->destroy(ctx);
	KUNIT_ASSERT_GT(test, len, 0);
	return len;
}

/* One that holds what another codec made of the same page. */
static void corrupt_other_codec_test(struct kunit *test)
{
	const char *const *name = test->param_value;
	void *bytes = kunit_kzalloc(test, ZSM_DST_SIZE, GFP_KERNEL);
	char desc[KUNIT_PARAM_DESC_SIZE];
	const void *other = NULL;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	corrupt_set_up(test, *name);
	while ((other = each_codec(other, desc))) {
		const struct zsm_codec *codec = codec_named(test, desc);
		struct zsm_word value = slot_value(test, VICTIM);
		u32 len;

		/* lz4hc's streams are lz4's, and lzo-rle's decoder takes lzo's. */
		if (!strncmp(desc, *name, 3))
			continue;
		len = min(foreign_bytes(test, codec, bytes), victim_size(test));
		victim_write(test, bytes);
		slot_poke(test, VICTIM,
			  zram_slot_object(zram_slot_loc(value), len, 0));
		KUNIT_EXPECT_EQ_MSG(test, victim_load(test), -EIO, "%s", desc);
		slot_poke(test, VICTIM, value);
	}
	expect_no_harm(test);
}

/* Bytes that read fine make no error later: it is not remembered. */
static void corrupt_mended_test(struct kunit *test)
{
	const char *const *name = test->param_value;
	void *bytes = page_alloc(test);
	void *good = page_alloc(test);
	void *page = page_alloc(test);

	corrupt_set_up(test, *name);
	victim_read(test, good);
	memset(bytes, 0xff, PAGE_SIZE);
	victim_write(test, bytes);
	KUNIT_EXPECT_EQ(test, victim_load(test), -EIO);
	victim_write(test, good);
	page_make_text(page, VICTIM);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, VICTIM, page));
	expect_no_harm(test);
}

static struct kunit_case corrupt_cases[] = {
	KUNIT_CASE_PARAM(corrupt_filled_test, each_codec),
	KUNIT_CASE_PARAM(corrupt_random_test, each_codec),
	KUNIT_CASE_PARAM(corrupt_one_bit_test, each_codec),
	KUNIT_CASE_PARAM(corrupt_cut_test, each_codec),
	KUNIT_CASE_PARAM(corrupt_other_codec_test, each_codec),
	KUNIT_CASE_PARAM(corrupt_mended_test, each_codec),
	{}
};

static struct kunit_suite corrupt_suite = {
	.name = "zram_corrupt",
	.init = device_init,
	.exit = device_exit,
	.test_cases = corrupt_cases,
};

kunit_test_suite(corrupt_suite);
