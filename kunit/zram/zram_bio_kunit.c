// SPDX-License-Identifier: GPL-2.0
/* Bios, of every shape that the block layer sends and of some that it stops. */
#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/mm.h>

#include "kunit/zram/zram_kunit.h"

#define NR_SEGMENTS 4

/* An open device of 1 MB, and memory for bios; one case at a time has it. */
struct bio_env {
	struct file *file;
	struct page *pages[NR_SEGMENTS];
};

static struct bio_env bio_env;

static struct bio_env *bio_set_up(struct kunit *test)
{
	unsigned int i;

	device_set_up(test, NULL, SZ_1M);
	for (i = 0; i < NR_SEGMENTS; i++)
		bio_env.pages[i] = alloc_page(GFP_KERNEL | __GFP_NOFAIL);
	bio_env.file = device_open(test);
	return &bio_env;
}

/* The device has to be closed before it can be reset. */
static void bio_exit(struct kunit *test)
{
	unsigned int i;

	if (bio_env.file)
		device_close(bio_env.file);
	for (i = 0; i < NR_SEGMENTS; i++) {
		if (bio_env.pages[i])
			__free_page(bio_env.pages[i]);
	}
	memset(&bio_env, 0, sizeof(bio_env));
	device_exit(test);
}

/* A piece of one of the pages. */
struct segment {
	unsigned int page, offset, len;
};

static int submit(struct kunit *test, struct bio_env *env, enum req_op op,
		  sector_t sector, const struct segment *segments,
		  unsigned int nr)
{
	struct bio *bio = bio_alloc(file_bdev(env->file), NR_SEGMENTS, op,
				    GFP_KERNEL);
	unsigned int i;
	int err;

	bio->bi_iter.bi_sector = sector;
	for (i = 0; i < nr; i++)
		__bio_add_page(bio, env->pages[segments[i].page],
			       segments[i].len, segments[i].offset);
	err = submit_bio_wait(bio);
	bio_put(bio);
	return err;
}

/* One without data of its own: a discard and the like. */
static int submit_range(struct bio_env *env, enum req_op op, sector_t sector,
			unsigned int bytes)
{
	struct bio *bio = bio_alloc(file_bdev(env->file), 0, op, GFP_KERNEL);
	int err;

	bio->bi_iter.bi_sector = sector;
	bio->bi_iter.bi_size = bytes;
	err = submit_bio_wait(bio);
	bio_put(bio);
	return err;
}

static void fill_pages(struct bio_env *env, u32 seed)
{
	unsigned int i;

	for (i = 0; i < NR_SEGMENTS; i++)
		page_make_text(page_address(env->pages[i]), seed + i);
}

static const struct segment whole[] = {
	{ 0, 0, PAGE_SIZE }, { 1, 0, PAGE_SIZE },
	{ 2, 0, PAGE_SIZE }, { 3, 0, PAGE_SIZE },
};

/* Pages go in and come out, several at a time. */
static void bio_whole_pages_test(struct kunit *test)
{
	struct bio_env *env = bio_set_up(test);
	void *want = page_alloc(test);
	unsigned int i;

	fill_pages(env, 1);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_WRITE, 8, whole, 4), 0);
	for (i = 0; i < 4; i++) {
		page_make_text(want, 1 + i);
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, 1 + i, want));
		memset(page_address(env->pages[i]), 0xee, PAGE_SIZE);
	}
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_READ, 8, whole, 4), 0);
	for (i = 0; i < 4; i++) {
		page_make_text(want, 1 + i);
		KUNIT_EXPECT_MEMEQ(test, page_address(env->pages[i]), want,
				   PAGE_SIZE);
	}
}

/* How a slot's bytes may lie in memory. */
struct shape {
	const char *name;
	struct segment segments[NR_SEGMENTS];
	unsigned int nr;
};

static const struct shape shapes[] = {
	{ "two halves", { { 0, 0, PAGE_SIZE / 2 }, { 1, 0, PAGE_SIZE / 2 } },
	  2 },
	{ "two halves, not in order",
	  { { 1, PAGE_SIZE / 2, PAGE_SIZE / 2 }, { 0, 0, PAGE_SIZE / 2 } }, 2 },
	{ "512 bytes at the end", { { 0, 0, PAGE_SIZE - 512 }, { 1, 0, 512 } },
	  2 },
	{ "512 bytes first", { { 0, 0, 512 }, { 1, 512, PAGE_SIZE - 512 } },
	  2 },
	{ "four parts", { { 0, 512, 1024 }, { 1, 0, 1024 }, { 2, 3072, 1024 },
			  { 3, 1024, 1024 } }, 4 },
	{ "odd offsets", { { 0, 1, 511 }, { 1, 3, PAGE_SIZE - 515 },
			   { 2, 7, 4 } }, 3 },
	{ "two slots, cut in the middle",
	  { { 0, 1024, 1024 }, { 1, 0, PAGE_SIZE }, { 2, 0, 3072 } }, 3 },
};

KUNIT_ARRAY_PARAM_DESC(shape, shapes, name);

static unsigned int bytes_of(const struct shape *shape)
{
	unsigned int i, bytes = 0;

	for (i = 0; i < shape->nr; i++)
		bytes += shape->segments[i].len;
	return bytes;
}

/* Copies between a shape's segments and a flat buffer. */
static void copy_shape(struct bio_env *env, const struct shape *shape,
		       void *flat, bool in)
{
	unsigned int i;

	for (i = 0; i < shape->nr; i++) {
		const struct segment *s = &shape->segments[i];
		void *at = page_address(env->pages[s->page]) + s->offset;

		memcpy(in ? at : flat, in ? flat : at, s->len);
		flat += s->len;
	}
}

static void bio_shape_test(struct kunit *test)
{
	const struct shape *shape = test->param_value;
	struct bio_env *env = bio_set_up(test);
	unsigned int bytes = bytes_of(shape);
	void *want = kunit_kzalloc(test, 2 * PAGE_SIZE, GFP_KERNEL);
	void *got = kunit_kzalloc(test, 2 * PAGE_SIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, want);
	KUNIT_ASSERT_NOT_NULL(test, got);
	page_make_text(want, 1);
	page_make_text(want + PAGE_SIZE, 2);
	fill_pages(env, 10);
	copy_shape(env, shape, want, true);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_WRITE, 16,
				     shape->segments, shape->nr), 0);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 2, want));
	if (bytes > PAGE_SIZE)
		KUNIT_EXPECT_TRUE(test, page_is_stored(test, 3,
						       want + PAGE_SIZE));
	fill_pages(env, 20);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_READ, 16,
				     shape->segments, shape->nr), 0);
	copy_shape(env, shape, got, false);
	KUNIT_EXPECT_MEMEQ(test, got, want, bytes);
}

/* Beyond the end: nothing is read, nothing is written, and it is an error. */
static void bio_beyond_end_test(struct kunit *test)
{
	struct bio_env *env = bio_set_up(test);
	sector_t end = SZ_1M / SECTOR_SIZE;

	fill_pages(env, 1);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_WRITE, end, whole, 1),
			-EIO);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_WRITE, end - 8, whole,
				     2), -EIO);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_READ, end, whole, 1),
			-EIO);
	KUNIT_EXPECT_EQ(test, submit_range(env, REQ_OP_DISCARD, end - 8,
					   2 * PAGE_SIZE), -EIO);
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_ORIG], 0);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_WRITE, end - 8, whole,
				     1), 0);
}

/* A discard or write-zeroes drops the slots it covers, and no others. */
struct drop_param {
	const char *name;
	enum req_op op;
};

static const struct drop_param drops[] = {
	{ "discard", REQ_OP_DISCARD },
	{ "write zeroes", REQ_OP_WRITE_ZEROES },
};

KUNIT_ARRAY_PARAM_DESC(drop, drops, name);

static void bio_drop_test(struct kunit *test)
{
	const struct drop_param *param = test->param_value;
	struct bio_env *env = bio_set_up(test);
	void *want = page_alloc(test);
	char buf[64];

	fill_pages(env, 1);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_WRITE, 0, whole, 4), 0);
	KUNIT_EXPECT_EQ(test, submit_range(env, param->op, 8, 2 * PAGE_SIZE),
			0);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 1, want));
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 2, want));
	page_make_text(want, 1);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, want));
	page_make_text(want, 4);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 3, want));
	KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_ORIG], 2 * PAGE_SIZE);
	knob_read(DEVICE_KNOB("io_stat"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, strim(buf), "0        0        0        2");
}

/* A failed write is counted and told to the task that wrote; the data stay. */
static void bio_write_error_test(struct kunit *test)
{
	struct bio_env *env = bio_set_up(test);
	void *want = page_alloc(test);
	char buf[64];

	fill_pages(env, 1);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_WRITE, 0, whole, 4), 0);
	knob_write(DEVICE_KNOB("mem_limit"), "4096");
	page_make_random(page_address(env->pages[0]), 1);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_WRITE, 0, whole, 1),
			-EIO);
	page_make_text(want, 1);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, want));
	knob_read(DEVICE_KNOB("io_stat"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, strim(buf), "0        1        0        0");
}

/* A page that does not decompress fails its own bio, and is counted. */
static void bio_read_error_test(struct kunit *test)
{
	struct bio_env *env = bio_set_up(test);
	void *junk = page_alloc(test);
	char buf[64];

	fill_pages(env, 1);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_WRITE, 0, whole, 4), 0);
	memset(junk, 0xff, PAGE_SIZE);
	zsm_write(zram_in(test)->pool, zram_slot_loc(slot_value(test, 1)), junk,
		  zram_slot_size(slot_value(test, 1)));
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_READ, 8, whole, 1),
			-EIO);
	KUNIT_EXPECT_EQ(test, submit(test, env, REQ_OP_READ, 16, whole, 2), 0);
	knob_read(DEVICE_KNOB("io_stat"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, strim(buf), "1        0        0        0");
}

/* A flush has nothing to wait for. */
static void bio_flush_test(struct kunit *test)
{
	struct bio_env *env = bio_set_up(test);

	KUNIT_EXPECT_EQ(test, blkdev_issue_flush(file_bdev(env->file)), 0);
}

static struct kunit_case bio_cases[] = {
	KUNIT_CASE(bio_whole_pages_test),
	KUNIT_CASE_PARAM(bio_shape_test, shape_gen_params),
	KUNIT_CASE(bio_beyond_end_test),
	KUNIT_CASE_PARAM(bio_drop_test, drop_gen_params),
	KUNIT_CASE(bio_write_error_test),
	KUNIT_CASE(bio_read_error_test),
	KUNIT_CASE(bio_flush_test),
	{}
};

static struct kunit_suite bio_suite = {
	.name = "zram_bio",
	.init = device_init,
	.exit = bio_exit,
	.test_cases = bio_cases,
};

kunit_test_suite(bio_suite);
