/* SPDX-License-Identifier: GPL-2.0 */
/* What a device's counters come to. Pure: of what was read, nothing more is
 * asked. */
#ifndef ZSMCTL_FIGURES_DEVICE_HH
#define ZSMCTL_FIGURES_DEVICE_HH

#include "tools/zsmctl/sys/system.hh"

#include <cstdint>
#include <optional>

namespace zsmctl {

/* All in bytes. */
struct device_figures {
	uint64_t size = 0;       /* of pages that it may hold */
	uint64_t stored = 0;     /* of pages that it holds */
	uint64_t in_memory = 0;  /* of these, in memory */
	uint64_t on_disk = 0;    /* and on the backing device */
	uint64_t same = 0;       /* in memory, pages that repeat one value */
	uint64_t huge = 0;       /* in memory, pages that did not compress */
	uint64_t compressed = 0; /* what the pages in memory became */
	uint64_t taken =
		0; /* memory that they take, with all that is counted */
	uint64_t taken_max = 0;
	uint64_t limit = 0; /* of memory; 0: none */
	/* Memory that the in-tree driver takes and does not count, at the
	 * least. */
	uint64_t uncounted = 0;

	/*
	 * Bytes of pages in memory for each byte that they take; nothing if it
	 * holds none.
	 */
	std::optional<double> ratio() const;
	/* The same, without what goes to the allocator and to tables. */
	std::optional<double> codec_ratio() const;
	/* What it would take if it were full of pages like those it has. */
	std::optional<uint64_t> taken_if_full() const;
	/* The age of the oldest pages, as a rank, if the driver tells ages. */
	std::optional<size_t> oldest;
	size_t ages = 0; /* how many ranks there are */
};

device_figures figures_of(const zram_device &device, bool ours,
			  uint64_t page_size);

/* The sum over the devices of a system. */
device_figures figures_of_all(const system_state &system);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_DEVICE_HH */
