// SPDX-License-Identifier: GPL-2.0
/* Knobs: what may be written, which error everything else is, what is read. */
#include <linux/cpumask.h>
#include <linux/mm.h>

#include "kunit/zram/zram_kunit.h"

/* A name of 127 characters and one of 128. */
#define NAME_32 "abcdefghijklmnopqrstuvwxyz012345"
#define NAME_127 (NAME_32 NAME_32 NAME_32 "abcdefghijklmnopqrstuvwxyz01234")
#define NAME_128 (NAME_32 NAME_32 NAME_32 NAME_32)

/* A write: to which knob, of a device with a size or without, and its answer. */
struct write {
	const char *knob;
	const char *text;
	bool set_up;
	int err;		/* 0: all of it is taken */
};

static const struct write writes[] = {
	{ "disksize", "1M" },
	{ "disksize", "1m\n" },
	{ "disksize", "1048576" },
	{ "disksize", "0x100000" },
	{ "disksize", "  4K" },
	{ "disksize", "1" },
	{ "disksize", "16MB" },
	{ "disksize", "4.1e+09", .err = -EINVAL },
	{ "disksize", "1.5G", .err = -EINVAL },
	{ "disksize", "50%", .err = -EINVAL },
	{ "disksize", "2e9", .err = -EINVAL },
	{ "disksize", "1 G", .err = -EINVAL },
	{ "disksize", "1Gi", .err = -EINVAL },
	{ "disksize", "", .err = 0 },		/* no write at all */
	{ "disksize", "0", .err = -EINVAL },
	{ "disksize", "0K", .err = -EINVAL },
	{ "disksize", "\n", .err = -EINVAL },
	{ "disksize", "M", .err = -EINVAL },
	{ "disksize", "-1", .err = -EINVAL },
	{ "disksize", "x", .err = -EINVAL },
	{ "disksize", "16777216T", .err = -EINVAL },
	{ "disksize", "18446744073709551616", .err = -EINVAL },
	{ "disksize", "32E", .err = -EINVAL },
	{ "disksize", "17T", .err = -EINVAL },	/* more slots than owners */
	{ "disksize", "1M", .set_up = true, .err = -EBUSY },
	{ "disksize", "0", .set_up = true, .err = -EINVAL },
	{ "reset", "1" },
	{ "reset", "65535" },
	{ "reset", "1", .set_up = true },
	{ "reset", "0", .err = -EINVAL },
	{ "reset", "0", .set_up = true, .err = -EINVAL },
	{ "reset", "x", .err = -EINVAL },
	{ "reset", "-1", .err = -EINVAL },
	{ "reset", "65536", .err = -ERANGE },
	{ "comp_algorithm", "lz4" },
	{ "comp_algorithm", "zstd\n" },
	{ "comp_algorithm", "lzo-rle" },
	{ "comp_algorithm", "no-such", .err = -EINVAL },
	{ "comp_algorithm", "lz", .err = -EINVAL },
	{ "comp_algorithm", "\n", .err = -EINVAL },
	{ "comp_algorithm", NAME_127, .err = -EINVAL },
	{ "comp_algorithm", NAME_128, .err = -E2BIG },
	{ "comp_algorithm", "lz4", .set_up = true, .err = -EBUSY },
	{ "max_comp_streams", "4" },
	{ "max_comp_streams", "nonsense", .set_up = true },
	{ "mem_limit", "16M" },
	{ "mem_limit", "0", .set_up = true },
	{ "mem_limit", "512MB", .set_up = true },
	{ "mem_limit", "", .err = 0 },
	{ "mem_limit", "x", .err = -EINVAL },
	{ "mem_limit", "-1", .err = -EINVAL },
	{ "mem_limit", "18446744073709551615", .err = -EINVAL },
	{ "mem_used_max", "0" },
	{ "mem_used_max", "0\n", .set_up = true },
	{ "mem_used_max", "1", .set_up = true, .err = -EINVAL },
	{ "mem_used_max", "x", .set_up = true, .err = -EINVAL },
	{ "compact", "1", .set_up = true },
	{ "compact", "anything", .set_up = true },
	{ "compact", "1", .err = -EINVAL },
};

static void write_desc(const struct write *param, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s %.30s%s", param->knob,
		 param->text[0] == '\n' ? "newline" : param->text,
		 param->set_up ? ", set up" : "");
	strreplace(desc, '\n', '.');
}

KUNIT_ARRAY_PARAM(write, writes, write_desc);

static void knob_write_test(struct kunit *test)
{
	const struct write *param = test->param_value;
	u64 size_before;
	char path[64];
	ssize_t ret;

	if (param->set_up)
		device_set_up(test, NULL, SZ_1M);
	size_before = zram_in(test)->disksize;
	snprintf(path, sizeof(path), DEVICE_KNOB("%s"), param->knob);
	ret = knob_write(path, param->text);
	KUNIT_EXPECT_EQ(test, ret, param->err ?: strlen(param->text));
	/* What is refused changes nothing. */
	if (param->err)
		KUNIT_EXPECT_EQ(test, zram_in(test)->disksize, size_before);
}

/* Sizes, and the bytes that they come to. */
struct size {
	const char *text;
	u64 bytes;
};

static const struct size sizes[] = {
	{ "1", PAGE_SIZE },
	{ "4096", 4096 },
	{ "4097", 2 * PAGE_SIZE },
	{ "010000", 4096 },			/* octal */
	{ "0x1000", 4096 },
	{ "8k", SZ_8K },
	{ "3M", 3 * SZ_1M },
	{ "0x10M", 16 * SZ_1M },
	{ "1G", SZ_1G },
	{ "2GiB", 2ull * SZ_1G },
};

KUNIT_ARRAY_PARAM_DESC(size, sizes, text);

static void knob_disksize_test(struct kunit *test)
{
	const struct size *param = test->param_value;
	char buf[32], want[32];

	KUNIT_EXPECT_EQ(test, knob_write(DEVICE_KNOB("disksize"), param->text),
			strlen(param->text));
	knob_read(DEVICE_KNOB("disksize"), buf, sizeof(buf));
	snprintf(want, sizeof(want), "%llu\n", param->bytes);
	KUNIT_EXPECT_STREQ(test, buf, want);
	KUNIT_EXPECT_EQ(test, get_capacity(zram_in(test)->disk) << SECTOR_SHIFT,
			param->bytes);
}

/* A limit is rounded up to a page, and shown by mm_stat. */
static void knob_mem_limit_test(struct kunit *test)
{
	static const struct size limits[] = {
		{ "1", PAGE_SIZE }, { "8193", 3 * PAGE_SIZE }, { "1M", SZ_1M },
		{ "0", 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		knob_write(DEVICE_KNOB("mem_limit"), limits[i].text);
		KUNIT_EXPECT_EQ(test, mm_stats_of(test).n[MM_LIMIT],
				limits[i].bytes);
	}
}

/* Each algorithm can be selected, and stands in brackets then. */
static void knob_comp_algorithm_test(struct kunit *test)
{
	const char *const *name = test->param_value;
	char buf[128], want[32];

	KUNIT_EXPECT_EQ(test, knob_write(DEVICE_KNOB("comp_algorithm"), *name),
			strlen(*name));
	knob_read(DEVICE_KNOB("comp_algorithm"), buf, sizeof(buf));
	snprintf(want, sizeof(want), "[%s]", *name);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(buf, want), "%s", buf);
	KUNIT_EXPECT_PTR_EQ(test, strchr(buf, '['), strrchr(buf, '['));
	KUNIT_EXPECT_EQ(test, buf[strlen(buf) - 1], '\n');
	device_set_up(test, NULL, SZ_1M);
	KUNIT_EXPECT_STREQ(test, zram_in(test)->algos[0].streams->codec->name, *name);
}

static void knob_initstate_test(struct kunit *test)
{
	char buf[8];

	knob_read(DEVICE_KNOB("initstate"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "0\n");
	device_set_up(test, NULL, SZ_1M);
	knob_read(DEVICE_KNOB("initstate"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "1\n");
}

static void knob_max_comp_streams_test(struct kunit *test)
{
	char buf[8], want[8];

	snprintf(want, sizeof(want), "%u\n", num_online_cpus());
	knob_write(DEVICE_KNOB("max_comp_streams"), "77");
	knob_read(DEVICE_KNOB("max_comp_streams"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, want);
}

/* A device without a size has all its statistics, and they are zero. */
static void knob_stats_unset_test(struct kunit *test)
{
	struct mm_stats mm = mm_stats_of(test);
	unsigned int i;
	char buf[64];

	for (i = 0; i < MM_NR; i++)
		KUNIT_EXPECT_EQ_MSG(test, mm.n[i], 0, "field %u", i);
	knob_read(DEVICE_KNOB("io_stat"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "       0        0        0        0\n");
	knob_read(DEVICE_KNOB("debug_stat"), buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "version: 1\n       0        0\n");
}

/* What a device costs is what its parts cost. */
static void knob_mm_stat_test(struct kunit *test)
{
	void *page = page_alloc(test);
	struct zsm_stats pool;
	struct mm_stats mm;
	u32 i;

	device_set_up(test, NULL, SZ_1M);
	for (i = 0; i < 64; i++) {
		if (i % 4 == 3)
			page_make_random(page, i);
		else if (i % 4 == 2)
			page_fill(page, i);
		else
			page_make_text(page, i);
		page_store(test, i, page);
	}
	mm = mm_stats_of(test);
	zsm_stats(zram_in(test)->pool, &pool);
	KUNIT_EXPECT_EQ(test, mm.n[MM_ORIG], 64 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, mm.n[MM_SAME], 16);
	KUNIT_EXPECT_EQ(test, mm.n[MM_HUGE], 16);
	KUNIT_EXPECT_EQ(test, mm.n[MM_HUGE_SINCE], 16);
	KUNIT_EXPECT_EQ(test, pool.objects, 48);
	KUNIT_EXPECT_GT(test, mm.n[MM_COMPR], 16 * PAGE_SIZE);
	KUNIT_EXPECT_LE(test, mm.n[MM_COMPR], pool.object_bytes);
	/* The table of leaves and the leaf are counted by the pool, with its own. */
	KUNIT_EXPECT_EQ(test, mm.n[MM_USED], pool.allocated_bytes);
	KUNIT_EXPECT_GE(test, pool.metadata_bytes, 2 * PAGE_SIZE);
	KUNIT_EXPECT_GE(test, mm.n[MM_MAX], mm.n[MM_USED]);
}

static struct kunit_case knob_cases[] = {
	KUNIT_CASE_PARAM(knob_write_test, write_gen_params),
	KUNIT_CASE_PARAM(knob_disksize_test, size_gen_params),
	KUNIT_CASE(knob_mem_limit_test),
	KUNIT_CASE_PARAM(knob_comp_algorithm_test, each_codec),
	KUNIT_CASE(knob_initstate_test),
	KUNIT_CASE(knob_max_comp_streams_test),
	KUNIT_CASE(knob_stats_unset_test),
	KUNIT_CASE(knob_mm_stat_test),
	{}
};

static struct kunit_suite knob_suite = {
	.name = "zram_knob",
	.init = device_init,
	.exit = device_exit,
	.test_cases = knob_cases,
};

kunit_test_suite(knob_suite);
