// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of devices in use that are marked as idle, compressed again, and written back: by
 * hand, and by the device itself. stress.sh gives the devices the algorithm and the backing
 * device for it, one of them with a packed log.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "stress.h"

static void turn_knob(unsigned int device, const char *knob, const char *text,
		      int may_fail)
{
	const int error = write_knob(device, knob, text);

	if (error && error != ENOMEM && error != may_fail)
		bad("%s of zram%u, %s: %s", knob, device, text,
		    strerror(error));
}

void step_idle(struct self *self)
{
	static const char *const ages[] = { "all", "1", "2" };

	turn_knob(below(self, 2), "idle", ages[below(self, 3)], 0);
}

void step_recompress(struct self *self)
{
	static const char *const pages[] = {
		"type=idle", "type=huge", "type=huge_idle", "threshold=2000",
		"max_pages=100", "algo=zstd",
	};

	turn_knob(below(self, 2), "recompress", pages[below(self, 6)], 0);
}

/* Some find the backing device full. */
void step_writeback(struct self *self)
{
	static const char *const types[] = { "idle", "huge", "huge_idle" };
	char range[64];

	if (below(self, 2)) {
		turn_knob(0, "writeback", types[below(self, 3)], ENOSPC);
		return;
	}
	snprintf(range, sizeof(range), "page_indexes=%u-%u", below(self, 500),
		 500 + below(self, 500));
	turn_knob(0, "writeback", range, ENOSPC);
}

/* What writes back and compresses again by itself: on and off, and in all moods. */
void step_tier(struct self *self)
{
	static const struct {
		const char *knob;
		const char *texts[4];
	} moods[] = {
		{ "writeback_auto", { "1", "1", "1", "0" } },
		{ "writeback_age", { "1", "1", "2", "0" } },
		{ "writeback_high", { "30", "50", "70", "90" } },
		{ "writeback_low", { "1", "10", "40", "80" } },
		{ "writeback_rate", { "0", "0", "0", "1M" } },
		{ "writeback_recompress", { "1", "0", "1", "0" } },
		{ "recompress_auto", { "1", "1", "1", "0" } },
		{ "recompress_age", { "0", "0", "1", "2" } },
		{ "recompress_rate", { "1", "5", "50", "100" } },
	};
	const unsigned int mood = below(self, sizeof(moods) / sizeof(moods[0]));

	turn_knob(below(self, 2), moods[mood].knob, moods[mood].texts[below(self, 4)], 0);
}
