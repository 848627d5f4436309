// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/zcache.hh"

#include "tools/zsmctl/figures/cache.hh"
#include "tools/zsmctl/tests/folder.hh"

#include <gtest/gtest.h>

namespace zsmctl {

namespace {

const char status_line[] =
	"fast: 0 65536 zcache block 4096 limit 8388608 used 1048576 metadata "
	"8192 objects 512 object_bytes 900000 hits 300 misses 100 partial 2 "
	"noted 5 fills 600 rejected 7 no_room 1 lost 0 evicted 88 invalidated "
	"9 errors 0 full 1";
const char table_line[] = "fast: 0 65536 zcache 254:0 8 11 codec lz4 admit all "
			  "store_max 3072 seq_skip 1024 fills_max 256 no_meta";

bool has(const std::vector<finding> &findings, const std::string &name)
{
	for (const finding &f : findings)
		if (f.name == name)
			return true;
	return false;
}

} /* namespace */

TEST(zcache, reads_what_dmsetup_prints)
{
	folder f;

	f.put("/sys/dev/block/254:0/uevent",
	      "MAJOR=254\nMINOR=0\nDEVNAME=vda\nDEVTYPE=disk");
	const auto all = parse_zcaches(tree(f.path()), status_line, table_line);

	ASSERT_EQ(all.size(), 1u);
	EXPECT_EQ(all[0].name, "fast");
	EXPECT_EQ(all[0].disk, "/dev/vda");
	EXPECT_EQ(all[0].codec, "lz4");
	EXPECT_EQ(all[0].admit, "all");
	EXPECT_EQ(all[0].limit, 8u << 20);
	EXPECT_EQ(all[0].used, 1u << 20);
	EXPECT_EQ(all[0].hits, 300u);
	EXPECT_EQ(all[0].evicted, 88u);
	EXPECT_TRUE(all[0].full);
}

TEST(zcache, names_a_disk_of_device_mapper_by_its_name)
{
	folder f;

	f.put("/sys/dev/block/254:0/dm/name", "vg-root");
	const auto all = parse_zcaches(tree(f.path()), status_line, table_line);

	ASSERT_EQ(all.size(), 1u);
	EXPECT_EQ(all[0].disk, "/dev/mapper/vg-root");
}

TEST(zcache, passes_over_what_is_no_cache)
{
	folder f;
	const tree files(f.path());

	EXPECT_TRUE(parse_zcaches(files, "No devices found", "").empty());
	EXPECT_TRUE(parse_zcaches(files, "a: 0 8 linear 8:1 0", "").empty());
	EXPECT_TRUE(parse_zcaches(files, "", table_line).empty());
	/* Cut off, or with what is no number. */
	const auto odd = parse_zcaches(files,
				       "a: 0 8 zcache block 4096 hits many "
				       "used\nb: 0 8 zcache block",
				       "a: 0 8 zcache 1:2");

	ASSERT_EQ(odd.size(), 2u);
	EXPECT_EQ(odd[0].block, 4096u);
	EXPECT_EQ(odd[0].hits, 0u);
	EXPECT_EQ(odd[0].disk, "1:2");
}

TEST(zcache, is_asked_for_only_where_the_target_is_loaded)
{
	folder f;

	f.put("/dmsetup/status", status_line).put("/dmsetup/table", table_line);
	EXPECT_TRUE(read_zcaches(tree(f.path())).caches.empty());
	f.put("/sys/module/dm_zcache/initstate", "live");
	EXPECT_EQ(read_zcaches(tree(f.path())).caches.size(), 1u);
}

TEST(zcache, figures_count_all_that_it_takes)
{
	folder f;
	const auto all = parse_zcaches(tree(f.path()), status_line, table_line);
	const cache_figures figures = figures_of(all.at(0));

	EXPECT_EQ(figures.held, 512u * 4096);
	EXPECT_DOUBLE_EQ(*figures.ratio, 2.0);
	EXPECT_DOUBLE_EQ(*figures.hit_percent, 75.0);
	EXPECT_FALSE(figures_of(zcache_state{}).ratio);
	EXPECT_FALSE(figures_of(zcache_state{}).hit_percent);
}

TEST(zcache, rates_are_bytes_a_second)
{
	zcache_state before, now;

	now.block = before.block = 4096;
	before.hits = 100;
	now.hits = 140;
	now.misses = 10;
	before.fills = 50;
	now.fills = 20; /* cleared, and 20 since */
	const cache_rates r = rates_of(before, now, 2);

	EXPECT_DOUBLE_EQ(r.hits, 40 * 4096 / 2.0);
	EXPECT_DOUBLE_EQ(*r.hit_percent, 80);
	EXPECT_DOUBLE_EQ(r.fills, 20 * 4096 / 2.0);
	EXPECT_FALSE(rates_of(now, now, 2).hit_percent);
	EXPECT_DOUBLE_EQ(rates_of(before, now, 0).hits, 0);
}

TEST(zcache, findings_tell_what_is_wrong)
{
	zcache_state z;

	z.limit = 1 << 20;
	EXPECT_TRUE(has(cache_findings(z), "memory-limit"));
	EXPECT_FALSE(has(cache_findings(z), "errors"));
	z.errors = 1;
	z.no_room = 2;
	EXPECT_TRUE(has(cache_findings(z), "errors"));
	EXPECT_TRUE(has(cache_findings(z), "no-room"));
}

} /* namespace zsmctl */
