/* SPDX-License-Identifier: GPL-2.0 */
/* What dm-zcache's read caches say of themselves. */
#ifndef ZSMCTL_SYS_ZCACHE_HH
#define ZSMCTL_SYS_ZCACHE_HH

#include "tools/zsmctl/sys/tree.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace zsmctl {

/* Bytes, and counters since the table was loaded or they were cleared. */
struct zcache_state {
	std::string name;  /* of device-mapper */
	std::string disk;  /* what it is before, such as /dev/sda1 */
	std::string codec; /* empty: not told */
	std::string admit; /* who is let in: ghost, all or none */
	uint64_t block = 0;
	uint64_t limit = 0;
	uint64_t used = 0;
	uint64_t metadata = 0; /* of it, what holds no block */
	uint64_t objects = 0;  /* blocks that take memory */
	uint64_t object_bytes = 0;
	uint64_t hits = 0;
	uint64_t misses = 0;
	uint64_t fills = 0;
	uint64_t rejected = 0;
	uint64_t no_room = 0;
	uint64_t evicted = 0;
	uint64_t invalidated = 0;
	uint64_t errors = 0;
	bool full = false; /* something had to go */
};

struct zcache_list {
	std::vector<zcache_state> caches;
	int error = 0; /* why there may be others: EACCES, ENOENT: no dmsetup */
};

/*
 * Context: runs dmsetup if dm-zcache is loaded, and nothing otherwise. In a
 * recording its answers are dmsetup/status and dmsetup/table.
 */
zcache_list read_zcaches(const tree &files);

/* What dmsetup has printed. A line that is of no cache is passed over. */
std::vector<zcache_state> parse_zcaches(const tree &files,
					const std::string &status,
					const std::string &table);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_ZCACHE_HH */
