// SPDX-License-Identifier: GPL-2.0
/* Devices come and go; one that is reset is as new. */
#include <linux/blkdev.h>
#include <linux/file.h>
#include <linux/mm.h>

#include "kunit/zram/zram_kunit.h"

/* All that can be seen of a device without a size. */
static void expect_as_new(struct kunit *test)
{
	struct zram *zram = zram_in(test);
	struct mm_stats mm = mm_stats_of(test);
	unsigned int i;
	char buf[64];

	KUNIT_EXPECT_EQ(test, zram->disksize, 0);
	KUNIT_EXPECT_EQ(test, zram->settings.mem_limit, 0);
	KUNIT_EXPECT_EQ(test, zram->claims, 0);
	KUNIT_EXPECT_PTR_EQ(test, zram->algos[0].codec, zsm_codec_default());
	KUNIT_EXPECT_EQ(test, get_capacity(zram->disk), 0);
	for (i = 0; i < MM_NR; i++)
		KUNIT_EXPECT_EQ_MSG(test, mm.n[i], 0, "field %u", i);
	knob_read(DEVICE_KNOB("io_stat"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "       0        0        0        0\n");
}

static void fill(struct kunit *test, unsigned int nr)
{
	void *page = page_alloc(test);
	unsigned int i;

	for (i = 0; i < nr; i++) {
		page_kinds[i % nr_page_kinds].make(page, i);
		page_store(test, i, page);
	}
}

/* Whatever was stored and set is gone, by the knob and without a trace. */
static void life_reset_test(struct kunit *test)
{
	const char *const *name = test->param_value;

	knob_write(DEVICE_KNOB("comp_algorithm"), *name);
	knob_write(DEVICE_KNOB("mem_limit"), "1G");
	device_set_up(test, NULL, 16 * SZ_1M);
	fill(test, 100);
	KUNIT_EXPECT_EQ(test, knob_write(DEVICE_KNOB("reset"), "1"), 1);
	expect_as_new(test);
}

/* After a reset the device can be had again, and is empty. */
static void life_again_test(struct kunit *test)
{
	void *page = page_alloc(test);
	unsigned int round, i;

	for (round = 0; round < 5; round++) {
		device_set_up(test, NULL, SZ_1M << round);
		page_make_zero(page, 0);
		for (i = 0; i < 64; i++)
			KUNIT_EXPECT_TRUE(test, page_is_stored(test, i, page));
		fill(test, 64);
		KUNIT_ASSERT_EQ(test, zram_reset(zram_in(test)), 0);
		expect_as_new(test);
	}
}

/* A device that was never set up can be reset, any number of times. */
static void life_reset_unset_test(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, zram_reset(zram_in(test)), 0);
	KUNIT_EXPECT_EQ(test, zram_reset(zram_in(test)), 0);
	expect_as_new(test);
}

/* While it is open it cannot be reset or removed, and loses nothing. */
static void life_open_is_busy_test(struct kunit *test)
{
	void *page = page_alloc(test);
	struct file *file;

	device_set_up(test, NULL, SZ_1M);
	page_make_text(page, 1);
	page_store(test, 0, page);
	file = device_open(test);
	KUNIT_EXPECT_EQ(test, zram_reset(zram_in(test)), -EBUSY);
	KUNIT_EXPECT_EQ(test, knob_write(DEVICE_KNOB("reset"), "1"), -EBUSY);
	KUNIT_EXPECT_EQ(test, knob_write(CONTROL_KNOB("hot_remove"), "0"),
			-EBUSY);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	device_close(file);
	KUNIT_EXPECT_TRUE(test, page_is_stored(test, 0, page));
	KUNIT_EXPECT_EQ(test, zram_reset(zram_in(test)), 0);
}

/* While it is being reset it cannot be opened, removed or reset. */
static void life_claimed_is_busy_test(struct kunit *test)
{
	struct zram *zram = zram_in(test);
	struct file *file;

	mutex_lock(&zram->disk->open_mutex);
	zram->claims++;
	mutex_unlock(&zram->disk->open_mutex);
	file = bdev_file_open_by_path("/dev/zram0", BLK_OPEN_READ, NULL, NULL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(file), -EBUSY);
	KUNIT_EXPECT_EQ(test, zram_reset(zram), -EBUSY);
	KUNIT_EXPECT_EQ(test, knob_write(CONTROL_KNOB("hot_remove"), "0"),
			-EBUSY);
	mutex_lock(&zram->disk->open_mutex);
	zram->claims--;
	mutex_unlock(&zram->disk->open_mutex);
	device_close(device_open(test));
}

/* Its size is given once. */
static void life_one_size_test(struct kunit *test)
{
	struct zram *zram = zram_in(test);
	int err;

	device_set_up(test, NULL, SZ_1M);
	down_write(&zram->init_lock);
	err = zram_set_up(zram, SZ_2M);
	up_write(&zram->init_lock);
	KUNIT_EXPECT_EQ(test, err, -EBUSY);
	KUNIT_EXPECT_EQ(test, zram->disksize, SZ_1M);
}

/* Adds a device; returns its number. */
static int hot_add(struct kunit *test)
{
	char buf[16];
	int id;

	KUNIT_ASSERT_GT(test, knob_read(CONTROL_KNOB("hot_add"), buf,
					sizeof(buf)), 0);
	KUNIT_ASSERT_EQ(test, kstrtoint(buf, 10, &id), 0);
	return id;
}

static ssize_t hot_remove(int id)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "%d", id);
	return knob_write(CONTROL_KNOB("hot_remove"), buf);
}

/* Numbers are the lowest that are free. */
static void life_hot_add_test(struct kunit *test)
{
	int i;

	for (i = 1; i <= 3; i++)
		KUNIT_EXPECT_EQ(test, hot_add(test), i);
	KUNIT_EXPECT_EQ(test, hot_remove(2), 1);
	KUNIT_EXPECT_EQ(test, hot_add(test), 2);
	for (i = 1; i <= 3; i++)
		KUNIT_EXPECT_EQ(test, hot_remove(i), 1);
}

/* A device goes with all that it holds. */
static void life_hot_remove_full_test(struct kunit *test)
{
	struct zram *zram = zram_in(test);
	struct file *file;
	int id = hot_add(test);

	KUNIT_ASSERT_EQ(test, id, 1);
	file = bdev_file_open_by_path("/dev/zram1", BLK_OPEN_READ, NULL, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	test->priv = file_bdev(file)->bd_disk->private_data;
	device_close(file);
	device_set_up(test, NULL, 16 * SZ_1M);
	fill(test, 200);
	test->priv = zram;
	KUNIT_EXPECT_EQ(test, hot_remove(id), 1);
	KUNIT_EXPECT_EQ(test, hot_remove(id), -ENODEV);
}

struct removal {
	const char *text;
	int err;
};

static const struct removal removals[] = {
	{ "-1", -EINVAL },
	{ "x", -EINVAL },
	{ "\n", -EINVAL },
	{ "0x", -EINVAL },
	{ "4294967296", -ERANGE },
	{ "7", -ENODEV },
	{ "1048576", -ENODEV },
	{ "2147483647", -ENODEV },
};

static void removal_desc(const struct removal *param, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s",
		 param->text[0] == '\n' ? "newline" : param->text);
}

KUNIT_ARRAY_PARAM(removal, removals, removal_desc);

static void life_hot_remove_error_test(struct kunit *test)
{
	const struct removal *param = test->param_value;

	KUNIT_EXPECT_EQ(test, knob_write(CONTROL_KNOB("hot_remove"),
					 param->text), param->err);
}

/* Knobs that are read alone, or written alone, are so for root too. */
static void life_modes_test(struct kunit *test)
{
	char buf[8];

	KUNIT_EXPECT_EQ(test, knob_write(CONTROL_KNOB("hot_add"), "1"), -EACCES);
	KUNIT_EXPECT_EQ(test, knob_read(CONTROL_KNOB("hot_remove"), buf,
					sizeof(buf)), -EACCES);
	KUNIT_EXPECT_EQ(test, knob_read(DEVICE_KNOB("reset"), buf,
					sizeof(buf)), -EACCES);
	KUNIT_EXPECT_EQ(test, knob_read(DEVICE_KNOB("mem_limit"), buf,
					sizeof(buf)), -EACCES);
	KUNIT_EXPECT_EQ(test, knob_write(DEVICE_KNOB("mm_stat"), "0"), -EACCES);
}

static struct kunit_case life_cases[] = {
	KUNIT_CASE_PARAM(life_reset_test, each_codec),
	KUNIT_CASE(life_again_test),
	KUNIT_CASE(life_reset_unset_test),
	KUNIT_CASE(life_open_is_busy_test),
	KUNIT_CASE(life_claimed_is_busy_test),
	KUNIT_CASE(life_one_size_test),
	KUNIT_CASE(life_hot_add_test),
	KUNIT_CASE(life_hot_remove_full_test),
	KUNIT_CASE_PARAM(life_hot_remove_error_test, removal_gen_params),
	KUNIT_CASE(life_modes_test),
	{}
};

static struct kunit_suite life_suite = {
	.name = "zram_life",
	.init = device_init,
	.exit = device_exit,
	.test_cases = life_cases,
};

kunit_test_suite(life_suite);
