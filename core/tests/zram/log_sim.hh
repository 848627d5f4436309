/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A packed log with its device, as the driver plays it: pages come and go,
 * writes fail, segments are cleaned. Data are not kept, only what stands before
 * them. Writes end at once; readers are gone when drain() says so.
 */
#ifndef ZRAM_TESTS_LOG_SIM_HH
#define ZRAM_TESTS_LOG_SIM_HH

#include "core/zram/log.h"

#include <cstdint>
#include <vector>

namespace sim {

class packed {
public:
	packed(uint32_t nr_segments, uint32_t nr_slots);

	/* Writes a page of so many bytes. False: there is no room. */
	bool store(uint32_t slot, uint32_t size);
	void drop(uint32_t slot);
	/* The end of a batch: what is gathered is written. */
	void flush();
	/* Readers are gone. */
	void drain();
	/* From now on writes fail, or do not any more. */
	void fail(bool failing) { failing_ = failing; }
	/* Something else stands in a segment from now on. */
	void spoil(uint32_t segment, uint32_t seed);
	void forgive() { zram_log_forgive(&log); }

	/* Whether the page can be read: what stands there is what was written.
	 */
	bool reads(uint32_t slot) const;
	bool has(uint32_t slot) const { return slots_[slot].loc; }
	/* Whether all that the log counts is so. */
	bool adds_up() const;

	zram_log log;
	uint64_t new_bytes = 0;
	uint64_t moved_bytes = 0;
	uint32_t most_cleaned_live = 0;
	uint64_t nr_cleaned = 0;

private:
	struct page {
		uint64_t loc = 0;
		uint32_t size = 0;
	};
	struct pending {
		uint32_t slot;
		uint32_t size;
		uint64_t loc;
		uint64_t from;
	};
	/* What is gathered for a stream. */
	struct buffer {
		std::vector<pending> entries;
		uint32_t used = 0;
		uint32_t granules = 0;
	};

	bool append(zram_log_stream stream, uint32_t slot, uint32_t size,
		    uint64_t from);
	bool make_room(zram_log_stream stream);
	void write(zram_log_stream stream);
	void settle(const pending &entry, bool failed);
	bool clean();
	bool clean_segment(uint32_t segment, uint64_t &at);
	zram_entry *entry_at(uint64_t loc);
	const zram_entry *entry_at(uint64_t loc) const;
	uint16_t check(uint32_t slot, uint32_t size, uint64_t loc) const;

	std::vector<zram_segment> segments_;
	std::vector<char> disk_;
	std::vector<page> slots_;
	buffer buffers_[ZRAM_NR_LOG_STREAMS];
	bool failing_ = false;
	bool cleanable_ = true;
};

} /* namespace sim */

#endif /* ZRAM_TESTS_LOG_SIM_HH */
