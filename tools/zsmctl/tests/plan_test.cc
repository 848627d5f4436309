// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/boot.hh"
#include "tools/zsmctl/figures/plan.hh"
#include "tools/zsmctl/figures/room.hh"

#include <gtest/gtest.h>

namespace zsmctl {

namespace {

constexpr uint64_t gib = 1 << 30;

machine machine_of(uint64_t bytes)
{
	machine m;

	m.total = bytes;
	return m;
}

abilities everything()
{
	return {.algorithms = {"lz4", "w64", "w64hc", "zstd"},
		.selected = "lz4",
		.secondary = true,
		.again = true,
		.parameters = true,
		.disk = true,
		.worker = true};
}

abilities kernels_own()
{
	return {.algorithms = {"lzo", "lzo-rle", "zstd"},
		.selected = "lzo-rle",
		.secondary = false,
		.again = false,
		.parameters = false,
		.disk = true,
		.worker = false};
}

std::string commands(const plan &p)
{
	std::string text;

	for (const step &s : steps_of(p))
		text += step_command(s) + "\n";
	return text;
}

} /* namespace */

TEST(plan, takes_a_share_that_was_asked_for)
{
	wishes want;

	want.memory_percent = 25;
	const plan p =
		propose(machine_of(8 * gib), "zram0", everything(), want);

	EXPECT_EQ(p.memory, 2 * gib);
	want.memory_percent = 0;
	EXPECT_EQ(propose(machine_of(8 * gib), "zram0", everything(), want)
			  .memory,
		  0u);
}

TEST(plan, takes_half_of_the_memory_and_holds_twice_as_much)
{
	const plan p = propose(machine_of(8 * gib), "zram0", everything(), {});

	EXPECT_TRUE(p.refusals.empty());
	EXPECT_EQ(p.memory, 4 * gib);
	EXPECT_EQ(p.size, 8 * gib);
	EXPECT_EQ(p.algorithm, "w64");
	EXPECT_EQ(p.secondary, "w64hc");
	EXPECT_EQ(p.priority, 100);
}

TEST(plan, holds_more_by_what_a_disk_takes)
{
	wishes want;

	want.memory = gib;
	want.disk = "/dev/sda3";
	want.disk_bytes = 10 * gib;
	const plan p =
		propose(machine_of(8 * gib), "zram0", everything(), want);

	EXPECT_EQ(p.size, 12 * gib);
	EXPECT_TRUE(p.worker);
	EXPECT_EQ(commands(p), "echo w64 >/sys/block/zram0/comp_algorithm\n"
			       "echo 'algo=w64hc priority=1' "
			       ">/sys/block/zram0/recomp_algorithm\n"
			       "echo 1 >/sys/block/zram0/recompress_auto\n"
			       "echo 1 >/sys/block/zram0/writeback_auto\n"
			       "echo 1G >/sys/block/zram0/mem_limit\n"
			       "echo /dev/sda3 >/sys/block/zram0/backing_dev\n"
			       "echo 12G >/sys/block/zram0/disksize\n"
			       "mkswap /dev/zram0\n"
			       "swapon -p 100 /dev/zram0\n");
}

TEST(plan, wipes_a_disk_when_the_other_knobs_are_set)
{
	wishes want;

	want.memory = gib;
	want.disk = "/dev/sda3";
	want.parameters = "level=3";
	EXPECT_EQ(commands(propose(machine_of(8 * gib), "zram0", everything(),
				   want))
			  .find("wipefs"),
		  std::string::npos);
	want.erase = true;
	const std::string text = commands(
		propose(machine_of(8 * gib), "zram0", everything(), want));
	const size_t wipe = text.find("wipefs --all --quiet /dev/sda3\n"
				      "echo /dev/sda3 "
				      ">/sys/block/zram0/backing_dev\n"
				      "echo 2G >/sys/block/zram0/disksize\n");

	ASSERT_NE(wipe, std::string::npos);
	for (const char *knob :
	     {"comp_algorithm", "algorithm_params", "recomp_algorithm",
	      "recompress_auto", "writeback_auto", "mem_limit"})
		EXPECT_LT(text.find(knob), wipe) << knob;
	/* At boot there is nothing that may be wiped. */
	EXPECT_EQ(setup_command(propose(machine_of(8 * gib), "zram0",
					everything(), want))
			  .find("--erase"),
		  std::string::npos);
}

TEST(plan, asks_the_kernels_own_driver_for_what_it_has)
{
	const plan p = propose(machine_of(2 * gib), "zram3", kernels_own(), {});

	EXPECT_EQ(p.algorithm, "lzo-rle");
	EXPECT_EQ(p.secondary, "");
	EXPECT_EQ(commands(p), "echo lzo-rle >/sys/block/zram3/comp_algorithm\n"
			       "echo 1G >/sys/block/zram3/mem_limit\n"
			       "echo 2G >/sys/block/zram3/disksize\n"
			       "mkswap /dev/zram3\n"
			       "swapon -p 100 /dev/zram3\n");
}

TEST(plan, refuses_what_cannot_be)
{
	const auto refused = [](const abilities &can, auto set) {
		wishes want;

		set(want);
		return !propose(machine_of(gib), "zram0", can, want)
				.refusals.empty();
	};

	EXPECT_TRUE(
		refused(everything(), [](wishes &w) { w.algorithm = "842"; }));
	EXPECT_TRUE(
		refused(everything(), [](wishes &w) { w.secondary = "842"; }));
	EXPECT_TRUE(refused(kernels_own(),
			    [](wishes &w) { w.secondary = "zstd"; }));
	EXPECT_TRUE(refused(everything(), [](wishes &w) { w.size = 0; }));
	EXPECT_TRUE(
		refused(everything(), [](wishes &w) { w.size = 17ull << 40; }));
	EXPECT_TRUE(
		refused(everything(), [](wishes &w) { w.memory = 2 * gib; }));
	EXPECT_FALSE(refused(everything(), [](wishes &w) { w.memory = 0; }));
	EXPECT_FALSE(
		refused(kernels_own(), [](wishes &w) { w.secondary = ""; }));
}

TEST(plan, is_said_in_one_sentence)
{
	wishes want;

	want.disk = "/dev/sda3";
	const plan p =
		propose(machine_of(8 * gib), "zram0", everything(), want);

	EXPECT_EQ(plan_words(p, machine_of(8 * gib)),
		  "zram0: swap for 8.0 GiB of pages in at most 4.0 GiB of the "
		  "machine's 8.0 GiB, compressed with w64 (again with w64hc if "
		  "not used for an hour); the oldest pages go to /dev/sda3; "
		  "priority 100");
}

TEST(boot, tells_the_generator_what_it_knows_and_udev_the_rest)
{
	wishes want;

	want.memory = gib;
	want.disk = "/dev/disk/by-partlabel/tier";
	const auto files = generator_files(
		propose(machine_of(8 * gib), "zram0", everything(), want));

	ASSERT_EQ(files.size(), 2u);
	EXPECT_EQ(files[0].text,
		  std::string(boot_mark) +
			  "[zram0]\nzram-size = 2048\nzram-resident-limit = "
			  "1024\n"
			  "compression-algorithm = w64\nswap-priority = 100\n"
			  "writeback-device = /dev/disk/by-partlabel/tier\n");
	for (const char *const rule :
	     {"ATTR{writeback_auto}=\"1\"",
	      "ATTR{recomp_algorithm}=\"algo=w64hc priority=1\"",
	      "ATTR{recompress_auto}=\"1\"", "ATTR{mem_limit}=\"1G\""})
		EXPECT_NE(files[1].text.find(rule), std::string::npos) << rule;
	/* A driver that can no more, and has no limit, needs no rule. */
	wishes plain;

	plain.memory = 0;
	plain.size = gib;
	EXPECT_EQ(generator_files(propose(machine_of(gib), "zram0",
					  kernels_own(), plain))
			  .size(),
		  1u);
}

TEST(plan, makes_a_file_system_in_place_of_swap)
{
	wishes want;

	want.mount = "/var/tmp/fast files";
	want.label = "fast";
	want.parameters = "level=3";
	const plan p =
		propose(machine_of(2 * gib), "zram1", everything(), want);

	EXPECT_TRUE(p.refusals.empty());
	EXPECT_EQ(plan_words(p, machine_of(2 * gib)),
		  "zram1: ext4 on /var/tmp/fast files for 2.0 GiB of pages in "
		  "at most 1.0 GiB of the machine's 2.0 GiB, compressed with "
		  "w64 (again with w64hc if not used for an hour); with "
		  "level=3");
	EXPECT_EQ(commands(p),
		  "echo w64 >/sys/block/zram1/comp_algorithm\n"
		  "echo 'level=3' >/sys/block/zram1/algorithm_params\n"
		  "echo 'algo=w64hc priority=1' "
		  ">/sys/block/zram1/recomp_algorithm\n"
		  "echo 1 >/sys/block/zram1/recompress_auto\n"
		  "echo 1G >/sys/block/zram1/mem_limit\n"
		  "echo 2G >/sys/block/zram1/disksize\n"
		  "mkfs -t ext4 -L fast /dev/zram1\n"
		  "mkdir -p '/var/tmp/fast files'\n"
		  "mount -o discard /dev/zram1 '/var/tmp/fast files'\n");
	const std::string service = service_files(p).at(0).text;

	EXPECT_NE(service.find(" --mount \"/var/tmp/fast files\" --fs ext4 "
			       "--label \"fast\" --parameters \"level=3\"\n"),
		  service.npos);
	EXPECT_NE(service.find("WantedBy=local-fs.target"), service.npos);
	EXPECT_TRUE(boots_files(service));
	const auto files = generator_files(p);

	EXPECT_NE(files.at(0).text.find("fs-type = ext4\nmount-point = "
					"/var/tmp/fast files\n"),
		  std::string::npos);
	EXPECT_EQ(files.at(0).text.find("swap"), std::string::npos);
	EXPECT_NE(files.at(1).text.find("ATTR{algorithm_params}=\"level=3\""),
		  std::string::npos);
	EXPECT_TRUE(boots_files(files.at(0).text));
	want.mount = "fast";
	EXPECT_FALSE(propose(machine_of(gib), "zram1", everything(), want)
			     .refusals.empty());
	want.mount = "";
	EXPECT_FALSE(propose(machine_of(gib), "zram1", kernels_own(), want)
			     .refusals.empty());
}

TEST(plan, gives_swap_a_label)
{
	wishes want;

	want.label = "fast";
	want.only_below = 4 * gib;
	const plan p =
		propose(machine_of(2 * gib), "zram0", everything(), want);

	EXPECT_NE(commands(p).find("mkswap --label fast /dev/zram0\n"),
		  std::string::npos);
	EXPECT_NE(setup_command(p).find(" --only-below 4G"), std::string::npos);
	EXPECT_NE(generator_files(p).at(0).text.find(
			  "\nhost-memory-limit = 4096\n"),
		  std::string::npos);
	EXPECT_FALSE(boots_files(service_files(p).at(0).text));
	EXPECT_FALSE(has_enough(machine_of(2 * gib), want));
	EXPECT_TRUE(has_enough(machine_of(4 * gib), want));
	EXPECT_FALSE(has_enough(machine_of(4 * gib), {}));
}

TEST(boot, calls_setup_with_all_that_was_chosen)
{
	const plan p = propose(machine_of(8 * gib), "zram0", everything(), {});
	const auto files = service_files(p);

	ASSERT_EQ(files.size(), 1u);
	EXPECT_NE(files[0].text.find(
			  "ExecStart=/usr/sbin/zsmctl setup --memory 4G --size "
			  "8G "
			  "--algorithm w64 --priority 100 --secondary w64hc\n"),
		  std::string::npos);
	for (const boot_file &f : files) {
		EXPECT_EQ(f.text.rfind(boot_mark, 0), 0u);
		const auto paths = boot_paths();
		EXPECT_NE(std::find(paths.begin(), paths.end(), f.path),
			  paths.end());
	}
}

TEST(boot, waits_for_the_disk)
{
	wishes want;

	EXPECT_EQ(service_files(propose(machine_of(8 * gib), "zram0",
					everything(), want))
			  .at(0)
			  .text.find(".device"),
		  std::string::npos);
	want.disk = "/dev/disk/by-partuuid/0a1b-02";
	EXPECT_NE(service_files(propose(machine_of(8 * gib), "zram0",
					everything(), want))
			  .at(0)
			  .text.find("\nRequires="
				     "dev-disk-by\\x2dpartuuid-0a1b\\x2d02"
				     ".device\nAfter="
				     "dev-disk-by\\x2dpartuuid-0a1b\\x2d02"
				     ".device\nBefore=swap.target "),
		  std::string::npos);
}

TEST(boot, escapes_what_means_something_to_systemd_and_udev)
{
	wishes want;

	want.disk = "/dev/disk/by-partlabel/a\\x20$b%c";
	want.parameters = "dict=/a%b$c";
	const plan p =
		propose(machine_of(8 * gib), "zram0", everything(), want);

	EXPECT_NE(setup_command(p).find(" --disk \"/dev/disk/by-partlabel/"
					"a\\\\x20$$b%%c\""),
		  std::string::npos);
	EXPECT_NE(generator_files(p).at(1).text.find(
			  "ATTR{algorithm_params}=\"dict=/a%%b$$c\""),
		  std::string::npos);
	EXPECT_EQ(boot_refusal(p, true), "");
}

TEST(boot, refuses_what_its_files_cannot_say)
{
	const auto refusal = [](auto set) {
		wishes want;

		set(want);
		return boot_refusal(propose(machine_of(8 * gib), "zram0",
					    everything(), want),
				    true);
	};

	EXPECT_NE(refusal([](wishes &w) { w.parameters = "a=\"b\""; }), "");
	EXPECT_NE(refusal([](wishes &w) { w.parameters = "a=b\\"; }), "");
	EXPECT_NE(refusal([](wishes &w) { w.parameters = "a=b\nc"; }), "");
	EXPECT_NE(refusal([](wishes &w) { w.label = "a\nb"; }), "");
	EXPECT_NE(refusal([](wishes &w) { w.mount = "/a\nb"; }), "");
	EXPECT_NE(refusal([](wishes &w) { w.disk = "/dev/a\nb"; }), "");
	EXPECT_EQ(refusal([](wishes &w) { w.label = "a \"b\""; }), "");
	EXPECT_EQ(refusal([](wishes &w) { w.parameters = "level=3"; }), "");
	/* A service can. */
	wishes want;

	want.parameters = "a=\"b\"";
	const plan p =
		propose(machine_of(8 * gib), "zram0", everything(), want);

	EXPECT_EQ(boot_refusal(p, false), "");
	EXPECT_NE(setup_command(p).find(" --parameters \"a=\\\"b\\\"\""),
		  std::string::npos);
}

TEST(room, counts_memory_other_swap_and_what_the_device_gives_back)
{
	system_state s;

	s.memory.total = 32 * gib;
	s.memory.available = 2 * gib;
	s.memory.swaps.push_back({"/dev/zram0", 8 * gib, 6 * gib, 100});
	s.devices.push_back({});
	s.devices[0].name = "zram0";
	s.devices[0].memory = mm_stat{};
	s.devices[0].memory->stored = 6 * gib;
	s.devices[0].memory->used = 2 * gib;
	/* 6 GiB come back and 1 GiB stays free; there are 4. */
	EXPECT_EQ(room_without(s, {"zram0"}).missing(), 3 * gib);
	s.memory.swaps.push_back({"/dev/sda2", 3 * gib, gib, -2});
	EXPECT_EQ(room_without(s, {"zram0"}).missing(), gib);
	s.memory.swaps[1].used = 0;
	EXPECT_EQ(room_without(s, {"zram0"}).missing(), 0u);
	/* Swap that goes away too is none. */
	s.memory.swaps[1].path = "/dev/zram1";
	EXPECT_EQ(room_without(s, {"zram0", "zram1"}).missing(), 3 * gib);
	EXPECT_EQ(room_without(s, {}).missing(), 0u);
}

TEST(room, is_that_of_all_that_leave)
{
	system_state s;

	s.memory.total = 32 * gib;
	s.memory.available = 5 * gib;
	for (const char *name : {"zram0", "zram1"}) {
		s.memory.swaps.push_back(
			{std::string("/dev/") + name, 8 * gib, 6 * gib, 100});
		s.devices.push_back({});
		s.devices.back().name = name;
		s.devices.back().memory = mm_stat{};
		s.devices.back().memory->used = 2 * gib;
	}
	/* Each alone has room: 7 GiB are needed, of 7 and other swap. */
	EXPECT_EQ(room_without(s, {"zram0"}).missing(), 0u);
	EXPECT_EQ(room_without(s, {"zram1"}).missing(), 0u);
	/* For both, 13 GiB are needed, and there are 9. */
	EXPECT_EQ(room_without(s, {"zram0", "zram1"}).missing(), 4 * gib);
}

TEST(room, on_another_zram_ends_at_its_limit)
{
	system_state s;

	s.memory.available = 0;
	for (const char *name : {"zram0", "zram1"}) {
		s.memory.swaps.push_back(
			{std::string("/dev/") + name, 8 * gib, 0, 100});
		s.devices.push_back({});
		s.devices.back().name = name;
		s.devices.back().memory = mm_stat{};
	}
	s.memory.swaps[0].used = 6 * gib;
	EXPECT_EQ(room_without(s, {"zram0"}).missing(), 0u);
	s.devices[1].memory->limit = 3 * gib;
	s.devices[1].memory->used = gib;
	EXPECT_EQ(room_without(s, {"zram0"}).missing(), 4 * gib);
	s.devices[1].memory->used = 4 * gib;
	EXPECT_EQ(room_without(s, {"zram0"}).missing(), 6 * gib);
}

} /* namespace zsmctl */
