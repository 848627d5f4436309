// SPDX-License-Identifier: GPL-2.0
/* The device that the suites use, and its knobs. See zram_kunit.h. */
#include <linux/blkdev.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/string.h>

#include "kunit/zram/zram_kunit.h"

struct file *device_open(struct kunit *test)
{
	struct file *file = bdev_file_open_by_path("/dev/zram0",
						   BLK_OPEN_READ |
						   BLK_OPEN_WRITE, NULL, NULL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	return file;
}

/* A kernel thread's files are closed later, unless it waits for that. */
void device_close(struct file *file)
{
	bdev_fput(file);
	flush_delayed_fput();
}

int device_init(struct kunit *test)
{
	struct file *file = device_open(test);

	test->priv = file_bdev(file)->bd_disk->private_data;
	device_close(file);
	return zram_reset(zram_in(test));
}

void device_exit(struct kunit *test)
{
	if (test->priv)
		KUNIT_EXPECT_EQ(test, zram_reset(zram_in(test)), 0);
}

void device_set_up(struct kunit *test, const struct zsm_codec *codec,
		   u64 bytes)
{
	struct zram *zram = zram_in(test);
	int err;

	down_write(&zram->init_lock);
	if (codec)
		zram->algos[0].codec = codec;
	err = zram_set_up(zram, bytes);
	up_write(&zram->init_lock);
	KUNIT_ASSERT_EQ(test, err, 0);
	/* Objects move when a case says so. */
	zsm_set_max_waste(zram->pool, 0);
}

const struct zsm_params default_params = { .level = ZSM_LEVEL_DEFAULT };

static const char *const codec_names[] = {
	"lz4", "lz4hc", "lzo", "lzo-rle", "zstd", "deflate", "w64", "w64hc",
};

const struct zsm_codec *codec_named(struct kunit *test, const char *name)
{
	const struct zsm_codec *codec = zsm_codec_find(name);

	KUNIT_ASSERT_NOT_NULL_MSG(test, codec, "%s is not offered", name);
	return codec;
}

const void *each_codec(const void *prev, char *desc)
{
	const char *const *name = prev ? (const char *const *)prev + 1 :
					 codec_names;

	if (name == codec_names + ARRAY_SIZE(codec_names))
		return NULL;
	strscpy(desc, *name, KUNIT_PARAM_DESC_SIZE);
	return name;
}

static unsigned long *slot_at(struct kunit *test, u32 index)
{
	unsigned long *leaf =
		zram_in(test)->leaves[index / ZRAM_SLOTS_PER_LEAF];

	return leaf ? &leaf[index % ZRAM_SLOTS_PER_LEAF] : NULL;
}

struct zsm_word slot_value(struct kunit *test, u32 index)
{
	unsigned long *slot = slot_at(test, index);

	return (struct zsm_word){ slot ? READ_ONCE(*slot) : 0 };
}

void slot_poke(struct kunit *test, u32 index, struct zsm_word value)
{
	unsigned long *slot = slot_at(test, index);

	KUNIT_ASSERT_NOT_NULL(test, slot);
	WRITE_ONCE(*slot, value.bits);
}

ssize_t knob_write(const char *path, const char *text)
{
	struct file *file = filp_open(path, O_WRONLY, 0);
	ssize_t ret;

	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = kernel_write(file, text, strlen(text), NULL);
	filp_close(file, NULL);
	flush_delayed_fput();
	return ret;
}

ssize_t knob_read(const char *path, char *buf, size_t size)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	loff_t pos = 0;
	ssize_t ret;

	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = kernel_read(file, buf, size - 1, &pos);
	buf[max(ret, 0)] = '\0';
	filp_close(file, NULL);
	flush_delayed_fput();
	return ret;
}

struct mm_stats mm_stats_of(struct kunit *test)
{
	struct mm_stats s = {};
	u64 *n = s.n;
	char buf[256];
	int got;

	KUNIT_ASSERT_GT(test, knob_read(DEVICE_KNOB("mm_stat"), buf,
					sizeof(buf)), 0);
	got = sscanf(buf, "%llu %llu %llu %llu %llu %llu %llu %llu %llu",
		     &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7],
		     &n[8]);
	KUNIT_ASSERT_EQ(test, got, MM_NR);
	return s;
}

MODULE_DESCRIPTION("KUnit suites of the compressed block device");
MODULE_LICENSE("GPL");
