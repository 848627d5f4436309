// SPDX-License-Identifier: GPL-2.0 OR MIT
#include "core/tests/zram/log_sim.hh"

#include <cstring>

namespace sim {

packed::packed(uint32_t nr_segments, uint32_t nr_slots)
	: segments_(nr_segments),
	  disk_(size_t{nr_segments} * ZRAM_LOG_SEGMENT_BYTES, '\xaa'),
	  slots_(nr_slots)
{
	zram_log_init(&log, segments_.data(), nr_segments);
}

zram_entry *packed::entry_at(uint64_t loc)
{
	return reinterpret_cast<zram_entry *>(
		&disk_[static_cast<size_t>(loc) * ZRAM_LOG_GRANULE]);
}

const zram_entry *packed::entry_at(uint64_t loc) const
{
	return const_cast<packed *>(this)->entry_at(loc);
}

uint16_t packed::check(uint32_t slot, uint32_t size, uint64_t loc) const
{
	const uint32_t turn = segments_[zram_loc_segment(loc)].turn;

	return zram_entry_check((slot * 31 + size) * 2654435761u + turn * 97);
}

bool packed::reads(uint32_t slot) const
{
	const page &p = slots_[slot];
	const zram_entry *const entry = entry_at(p.loc);

	return entry->slot == slot && zram_entry_size(entry) == p.size &&
	       entry->check == check(slot, p.size, p.loc);
}

/* ---- Writing ------------------------------------------------------------ */

void packed::settle(const pending &entry, bool failed)
{
	const uint32_t granules = zram_entry_granules(entry.size);
	page &p = slots_[entry.slot];

	if (failed || p.loc != entry.from) {
		zram_log_drop(&log, zram_loc_segment(entry.loc), granules);
		cleanable_ = true;
		return;
	}
	drop(entry.slot);
	p = {entry.loc, entry.size};
}

void packed::write(zram_log_stream stream)
{
	buffer &b = buffers_[stream];
	const uint32_t segment = log.heads[stream].segment;
	const uint64_t loc = zram_log_head_loc(&log.heads[stream]);
	const uint32_t blocks = (b.used + 255) / 256;

	if (!b.used)
		return;
	if (b.used % 256)
		*entry_at(loc + b.used) = zram_entry_end();
	zram_log_wrote(&log, stream, blocks);
	(stream == ZRAM_LOG_NEW ? new_bytes : moved_bytes) +=
		uint64_t{blocks} * ZSM_PAGE_SIZE;
	if (failing_)
		zram_log_fail(&log, segment);
	for (const pending &entry : b.entries)
		settle(entry, failing_);
	b.entries.clear();
	b.used = 0;
}

bool packed::make_room(zram_log_stream stream)
{
	for (;;) {
		switch (zram_log_room(&log, stream, cleanable_)) {
		case ZRAM_LOG_READY:
			buffers_[stream].granules =
				zram_log_write_blocks(&log.heads[stream]) * 256;
			return true;
		case ZRAM_LOG_WAIT:
			drain();
			break;
		case ZRAM_LOG_CLEAN:
			cleanable_ = clean();
			break;
		default:
			return false;
		}
	}
}

bool packed::append(zram_log_stream stream, uint32_t slot, uint32_t size,
		    uint64_t from)
{
	const uint32_t granules = zram_entry_granules(size);
	buffer &b = buffers_[stream];

	if (b.used + granules > b.granules)
		write(stream);
	if (!b.used && !make_room(stream))
		return false;

	const uint64_t loc = zram_log_head_loc(&log.heads[stream]) + b.used;
	zram_entry *const entry = entry_at(loc);

	entry->slot = slot;
	entry->less = static_cast<uint16_t>(size - 1);
	entry->check = check(slot, size, loc);
	zram_log_add(&log, zram_loc_segment(loc), granules);
	b.entries.push_back({slot, size, loc, from});
	b.used += granules;
	return true;
}

bool packed::store(uint32_t slot, uint32_t size)
{
	for (const pending &entry : buffers_[ZRAM_LOG_NEW].entries) {
		if (entry.slot == slot) {
			flush();
			break;
		}
	}
	drop(slot);
	return append(ZRAM_LOG_NEW, slot, size, 0);
}

void packed::drop(uint32_t slot)
{
	page &p = slots_[slot];

	if (p.loc) {
		zram_log_drop(&log, zram_loc_segment(p.loc),
			      zram_entry_granules(p.size));
		cleanable_ = true;
	}
	p = {};
}

void packed::flush()
{
	write(ZRAM_LOG_NEW);
	write(ZRAM_LOG_MOVED);
}

void packed::drain()
{
	if (zram_log_drain(&log))
		zram_log_drained(&log);
}

/* ---- Cleaning ----------------------------------------------------------- */

/* Goes on at @at. False: what is there is junk, or there is no room. */
bool packed::clean_segment(uint32_t segment, uint64_t &at)
{
	const uint64_t end = uint64_t{segment + 1} * ZRAM_LOG_SEGMENT_GRANULES;

	while (at < end) {
		/* Windows begin with a block, as the driver's reads do. */
		const uint64_t base = at & ~uint64_t{255};
		const uint32_t window = static_cast<uint32_t>(
			end - base < ZRAM_LOG_WRITE_BLOCKS * 256
				? end - base
				: ZRAM_LOG_WRITE_BLOCKS * 256);
		uint32_t offset = static_cast<uint32_t>(at - base);
		const zram_found found =
			zram_entry_next(entry_at(base), window, &offset);
		const zram_entry *const entry = entry_at(base + offset);

		if (found == ZRAM_FOUND_NOTHING) {
			at = base + window;
			continue;
		}
		at = base + offset;
		if (found != ZRAM_FOUND_ENTRY) {
			/* The last block may not have been written. */
			if (at >= end - 256)
				return true;
			if (found == ZRAM_FOUND_JUNK || offset < 256)
				return false;
			continue;
		}
		if (entry->slot < slots_.size() &&
		    slots_[entry->slot].loc == at) {
			if (!reads(entry->slot) ||
			    !append(ZRAM_LOG_MOVED, entry->slot,
				    zram_entry_size(entry), at))
				return false;
		}
		at += zram_entry_granules(zram_entry_size(entry));
	}
	return true;
}

bool packed::clean()
{
	zram_log_search search{};

	while (zram_log_search_step(&log, &search))
		;
	if (!search.best || !zram_log_clean(&log, search.best))
		return false;

	uint64_t at = uint64_t{search.best} * ZRAM_LOG_SEGMENT_GRANULES;
	const bool whole = clean_segment(search.best, at);

	write(ZRAM_LOG_MOVED);
	nr_cleaned++;
	if (search.live > most_cleaned_live)
		most_cleaned_live = search.live;
	zram_log_cleaned(&log, search.best,
			 !whole || segments_[search.best].live == search.live);
	return true;
}

void packed::spoil(uint32_t segment, uint32_t seed)
{
	char *const bytes = &disk_[size_t{segment} * ZRAM_LOG_SEGMENT_BYTES];

	for (uint32_t i = 0; i < ZRAM_LOG_SEGMENT_BYTES; i += 4) {
		seed = seed * 1664525 + 1013904223;
		memcpy(bytes + i, &seed, 4);
	}
}

/* ---- Looking ------------------------------------------------------------ */

bool packed::adds_up() const
{
	uint32_t nr_in[ZRAM_NR_SEGMENT_STATES] = {};
	std::vector<uint32_t> live(segments_.size());
	uint64_t all = 0;

	for (const page &p : slots_) {
		if (p.loc)
			live[zram_loc_segment(p.loc)] +=
				zram_entry_granules(p.size);
	}
	for (const buffer &b : buffers_) {
		for (const pending &entry : b.entries)
			live[zram_loc_segment(entry.loc)] +=
				zram_entry_granules(entry.size);
	}
	for (size_t i = 0; i < segments_.size(); i++) {
		const zram_segment &s = segments_[i];
		const bool listed = s.state == ZRAM_SEGMENT_FREE ||
				    s.state == ZRAM_SEGMENT_EMPTY ||
				    s.state == ZRAM_SEGMENT_DRAINING;

		nr_in[s.state]++;
		all += live[i];
		if (listed ? live[i] : live[i] != s.live)
			return false;
	}
	return all == log.live && !memcmp(nr_in, log.nr_in, sizeof(nr_in));
}

} /* namespace sim */
