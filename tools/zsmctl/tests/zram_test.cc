// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/zram.hh"

#include "tools/zsmctl/tests/folder.hh"

#include <gtest/gtest.h>

namespace zsmctl {

namespace {

/* What the in-tree driver of the oldest kernel has. */
void put_plain(folder &f, const std::string &name)
{
	const std::string dir = "/sys/block/" + name + "/";

	f.put(dir + "disksize", "1073741824")
		.put(dir + "comp_algorithm", "lzo [lz4] zstd")
		.put(dir + "mm_stat", " 40960 12000 16384 0 20480 2 0 1 3")
		.put(dir + "io_stat", " 1 2 0 4")
		.put(dir + "stat", "5 0 40 7 6 0 48 9 0 16 16");
}

void put_tier(folder &f, const std::string &name)
{
	const std::string dir = "/sys/block/" + name + "/";

	f.put(dir + "recomp_algorithm", "#1: lz4 [zstd]\n#2: lz4 zstd")
		.put(dir + "backing_dev", "/dev/sda3")
		.put(dir + "bd_stat", "3 4 5")
		.put(dir + "writeback_limit_enable", "1")
		.put(dir + "writeback_limit", "7")
		.put(dir + "writeback_auto", "1")
		.put(dir + "writeback_state", "idle")
		.put(dir + "writeback_high", "90")
		.put(dir + "writeback_low", "80")
		.put(dir + "writeback_stat", "8 9 1 4")
		.put(dir + "writeback_ages", "1 0 5 0");
}

} /* namespace */

TEST(zram, reads_what_every_driver_has)
{
	folder f;

	put_plain(f, "zram0");
	const zram_device d = read_zram(tree(f.path()), "zram0");

	EXPECT_FALSE(d.gone);
	EXPECT_TRUE(d.unread.empty());
	EXPECT_EQ(d.size, 1u << 30);
	EXPECT_EQ(d.algorithm.selected, "lz4");
	ASSERT_TRUE(d.memory);
	EXPECT_EQ(d.memory->stored, 40960u);
	EXPECT_EQ(d.memory->used_max, 20480u);
	EXPECT_EQ(d.memory->huge_pages, 1u);
	ASSERT_TRUE(d.failures);
	EXPECT_EQ(d.failures->failed_writes, 2u);
	ASSERT_TRUE(d.block);
	EXPECT_EQ(d.block->read_bytes, 40u * 512);
	EXPECT_EQ(d.block->write_ms, 9u);
	EXPECT_FALSE(d.disk);
	EXPECT_FALSE(d.worker);
	EXPECT_TRUE(d.secondary.empty());
}

TEST(zram, reads_the_tiers)
{
	folder f;

	put_plain(f, "zram0");
	put_tier(f, "zram0");
	const zram_device d = read_zram(tree(f.path()), "zram0");

	EXPECT_EQ(d.secondary, (std::vector<std::string>{"zstd"}));
	ASSERT_TRUE(d.disk);
	EXPECT_EQ(d.disk->held, 3u * 4096);
	EXPECT_EQ(d.writeback_budget, 7u * 4096);
	ASSERT_TRUE(d.worker);
	EXPECT_TRUE(d.worker->on);
	EXPECT_EQ(d.worker->waits_in_vain, 1u);
	EXPECT_EQ(d.worker->ages, (std::vector<uint64_t>{1, 0, 5, 0}));
}

TEST(zram, tells_of_a_file_that_is_missing)
{
	folder f;

	put_plain(f, "zram0");
	f.remove("/sys/block/zram0/mm_stat");
	const zram_device d = read_zram(tree(f.path()), "zram0");

	EXPECT_FALSE(d.gone);
	EXPECT_FALSE(d.memory);
	ASSERT_EQ(d.unread.size(), 1u);
	EXPECT_EQ(d.unread[0].name, "mm_stat");
	EXPECT_EQ(d.unread[0].error, ENOENT);
}

TEST(zram, takes_no_garbage_for_statistics)
{
	folder f;

	put_plain(f, "zram0");
	f.put("/sys/block/zram0/mm_stat", "1 2 three 4 5 6 7 8 9")
		.put("/sys/block/zram0/io_stat", "1");
	const zram_device d = read_zram(tree(f.path()), "zram0");

	EXPECT_FALSE(d.memory);
	EXPECT_FALSE(d.failures);
}

TEST(zram, reads_nothing_of_a_device_that_is_gone)
{
	folder f;

	put_plain(f, "zram0");
	f.remove("/sys/block/zram0");
	const zram_device d = read_zram(tree(f.path()), "zram0");

	EXPECT_TRUE(d.gone);
	EXPECT_FALSE(d.size);
	EXPECT_TRUE(d.unread.empty());
}

/* With a hundred devices nothing costs as much as opening their files. */
TEST(zram, opens_few_files_for_each_device)
{
	constexpr size_t devices = 100;
	/* Those of put_plain() and put_tier(), two that are not there, the
	 * folder and its holders. */
	constexpr size_t most = 20;
	folder f;

	for (size_t i = 0; i < devices; i++) {
		put_plain(f, "zram" + std::to_string(i));
		put_tier(f, "zram" + std::to_string(i));
	}
	f.put("/proc/self/mounts", "/dev/zram7 /mnt ext4 rw 0 0\n"
				   "/dev/zram7 /srv ext4 rw 0 0");
	const tree files(f.path());
	const auto all = read_all_zram(files);

	ASSERT_EQ(all.size(), devices);
	EXPECT_EQ(all[7].mounted, "/mnt");
	EXPECT_EQ(all[70].mounted, "");
	/* And the list of devices, and that of what is mounted. */
	EXPECT_LE(files.opened(), devices * most + 2);
}

TEST(zram, tells_a_device_from_its_successor)
{
	folder f;

	put_plain(f, "zram0");
	const tree files(f.path());
	const attributes a(files, "/sys/block/zram0");

	EXPECT_TRUE(a.alive());
	std::filesystem::rename(f.path() + "/sys/block/zram0",
				f.path() + "/sys/block/old");
	EXPECT_FALSE(a.alive());
	put_plain(f, "zram0");
	EXPECT_FALSE(a.alive());
	EXPECT_TRUE(a.read("disksize"));
}

TEST(zram, lists_devices_by_their_numbers)
{
	folder f;

	for (const char *name :
	     {"zram10", "zram2", "zram", "zramx", "sda", "zram0"})
		f.put(std::string("/sys/block/") + name + "/disksize", "0");
	EXPECT_EQ(list_zram(tree(f.path())),
		  (std::vector<std::string>{"zram0", "zram2", "zram10"}));
}

TEST(zram, tells_a_device_from_a_file)
{
	EXPECT_TRUE(is_zram_node("/dev/zram0"));
	EXPECT_TRUE(is_zram_node("/dev/zram10"));
	for (const char *path :
	     {"/dev/zram", "/dev/zramx", "/dev/sda", "/srv/zram0",
	      "/dev/mapper/zram0", "zram0", ""})
		EXPECT_FALSE(is_zram_node(path)) << path;
}

TEST(zram, knows_the_driver)
{
	folder f;

	EXPECT_FALSE(read_zram_driver(tree(f.path())).loaded);
	f.put("/sys/class/zram-control/hot_add", "");
	EXPECT_TRUE(read_zram_driver(tree(f.path())).loaded);
	EXPECT_FALSE(read_zram_driver(tree(f.path())).ours());
	f.put("/sys/module/zram/version", "0.1");
	EXPECT_EQ(read_zram_driver(tree(f.path())).version, "0.1");
}

} /* namespace zsmctl */
