/* SPDX-License-Identifier: GPL-2.0 */
/* A pool's size classes, of this zram alone: debugfs' classes, which root may
 * read. */
#ifndef ZSMCTL_SYS_CLASSES_HH
#define ZSMCTL_SYS_CLASSES_HH

#include "tools/zsmctl/sys/tree.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace zsmctl {

struct size_class {
	uint64_t size = 0; /* bytes of an object */
	uint64_t objects = 0;
	uint64_t pages = 0;
	uint64_t unused =
		0;         /* bytes of the pages in which there is no object */
	uint64_t gain = 0; /* pages that compaction would give back */
};

/* None if the file is not there, may not be read, or has other columns. */
std::vector<size_class> read_classes(const tree &files,
				     const std::string &device);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_CLASSES_HH */
