/* SPDX-License-Identifier: GPL-2.0 */
/* What zram's files say of its devices: this zram's, and the in-tree one's. */
#ifndef ZSMCTL_SYS_ZRAM_HH
#define ZSMCTL_SYS_ZRAM_HH

#include "tools/zsmctl/sys/parse.hh"
#include "tools/zsmctl/sys/tree.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zsmctl {

/* mm_stat; bytes, unless it says pages. */
struct mm_stat {
	uint64_t stored = 0;
	uint64_t compressed = 0;
	uint64_t used = 0;
	uint64_t limit = 0; /* 0: none */
	uint64_t used_max = 0;
	uint64_t same_pages = 0;
	uint64_t compacted_pages = 0;
	std::optional<uint64_t> huge_pages; /* since Linux 5.1 */
};

struct io_stat {
	uint64_t failed_reads = 0;
	uint64_t failed_writes = 0;
};

/* bd_stat, of a device with a backing device; bytes. */
struct bd_stat {
	uint64_t held = 0;
	uint64_t read = 0;
	uint64_t written = 0;
};

/* What writes cold pages back by itself; only this zram has it. */
struct writeback_worker {
	bool on = false;
	std::string state;
	uint64_t high = 0; /* percent of the limit */
	uint64_t low = 0;
	uint64_t pages_written = 0;
	uint64_t waits = 0;
	uint64_t waits_in_vain = 0;
	std::vector<uint64_t> ages; /* pages of each age, the youngest first */
};

/* /sys/block/NAME/stat: the block layer's counters. */
struct block_stat {
	uint64_t reads = 0;
	uint64_t read_bytes = 0;
	uint64_t read_ms = 0;
	uint64_t writes = 0;
	uint64_t written_bytes = 0;
	uint64_t write_ms = 0;
};

/* A file that ought to be there, and why it was not read. */
struct unread_file {
	std::string name;
	int error = 0; /* errno */
};

struct zram_device {
	std::string name; /* zram0 */
	/* It was removed while it was being read: nothing else is set. */
	bool gone = false;
	std::vector<unread_file> unread;

	std::optional<uint64_t> size;    /* 0: it has none yet */
	std::optional<uint64_t> streams; /* that compress at a time */
	choice algorithm;
	std::vector<std::string> secondary; /* by rising priority */
	std::optional<mm_stat> memory;
	std::optional<io_stat> failures;
	std::optional<block_stat> block;

	std::string backing; /* path; empty: none */
	std::optional<bd_stat> disk;
	std::optional<writeback_worker> worker;
	/* Bytes that may still be written back, if that is limited. */
	std::optional<uint64_t> writeback_budget;

	std::string mounted;              /* where, if it is */
	std::vector<std::string> holders; /* devices that stand on it */
};

/* The driver that is loaded. */
struct zram_driver {
	bool loaded = false;
	/* The version of this zram; empty for the in-tree driver. */
	std::string version;

	bool ours() const { return !version.empty(); }
};

zram_driver read_zram_driver(const tree &files);

/* The names of all devices, by rising number. */
std::vector<std::string> list_zram(const tree &files);

/* Whether @name is the name of a zram device: `zram' and a number. */
bool is_zram_name(std::string_view name);

/* Whether @path is that of such a device, and not of a file that is named as
 * one. */
bool is_zram_node(std::string_view path);

zram_device read_zram(const tree &files, const std::string &name);

/* All of them, by rising number. */
std::vector<zram_device> read_all_zram(const tree &files);

/*
 * Reads again what changes all the time, and that alone: a fifth of the files.
 * What cannot be read any more stays as it was, but for a device that is gone.
 */
void refresh_zram(const tree &files, zram_device &device);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_ZRAM_HH */
