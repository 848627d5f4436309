// SPDX-License-Identifier: GPL-2.0
/*
 * Knobs of a device in use, and devices that come, are used, are reset and go.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "stress.h"

#define MAX_BLOCKS	2048

/* --- knobs of the device with the blocks -----------------------------------*/

void step_compact(struct self *self)
{
	const unsigned int device = below(self, 2);
	const int error = write_knob(device, "compact", "1");

	if (error)
		bad("compact of zram%u: %s", device, strerror(error));
}

static unsigned long long used_bytes(unsigned int device)
{
	unsigned long long orig, compressed, used;
	char path[64], text[256];

	snprintf(path, sizeof(path), "/sys/block/zram%u/mm_stat", device);
	if (read_file(path, text, sizeof(text)) < 0 ||
	    sscanf(text, "%llu %llu %llu", &orig, &compressed, &used) != 3)
		return 0;
	return used;
}

/* A limit about what is used, so that some writes fail; then none. */
void step_limit(struct self *self)
{
	char text[32] = "0";
	int error;

	if (!below(self, 3))
		snprintf(text, sizeof(text), "%llu",
			 used_bytes(0) / 100 * (90 + below(self, 15)) + 1);
	error = write_knob(0, "mem_limit", text);
	if (!error)
		error = write_knob(0, "mem_used_max", "0");
	if (error)
		bad("limits of zram0: %s", strerror(error));
}

/* All that is readable, of devices that may not be there any more. */
void step_statistics(struct self *self)
{
	static const char *const names[] = {
		"mm_stat", "io_stat", "debug_stat", "disksize", "initstate",
		"comp_algorithm", "max_comp_streams", "stat",
	};
	const unsigned int device = below(self, 5);
	char path[64], text[512];
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/sys/block/zram%u/%s", device,
			 names[i]);
		if (read_file(path, text, sizeof(text)) == 0)
			bad("%s is empty", path);
	}
}

/* --- the life of a device --------------------------------------------------*/

/* Selects any algorithm that the device offers. */
static void choose_algorithm(struct self *self, unsigned int device)
{
	char path[64], text[256], *names[16], *save = NULL, *name;
	unsigned int nr = 0;
	int error;

	snprintf(path, sizeof(path), "/sys/block/zram%u/comp_algorithm",
		 device);
	if (read_file(path, text, sizeof(text)) < 0) {
		bad("%s cannot be read", path);
		return;
	}
	for (name = strtok_r(text, " []\n", &save); name && nr < 16;
	     name = strtok_r(NULL, " []\n", &save))
		names[nr++] = name;
	name = names[below(self, nr)];
	error = write_knob(device, "comp_algorithm", name);
	if (error)
		bad("algorithm %s of zram%u: %s", name, device,
		    strerror(error));
}

/* A device's blocks, which nobody else uses. */
struct own {
	unsigned int device;
	int fd;
	unsigned int nr_blocks;
	unsigned int gen[MAX_BLOCKS];
	page_note_t note[MAX_BLOCKS];
};

static void write_own(struct self *self, struct own *own)
{
	const unsigned int nr = below(self, own->nr_blocks);
	page_note_t note = make_page(self->buffer, own->device, nr,
				     ++own->gen[nr]);

	if (pwrite(own->fd, self->buffer, page_bytes, nr * page_bytes) ==
	    (ssize_t)page_bytes)
		own->note[nr] = note;
	else if (errno != EIO && errno != ENOMEM)
		bad("writing block %u of zram%u: %s", nr, own->device,
		    strerror(errno));
}

static void discard_own(struct self *self, struct own *own)
{
	const unsigned int nr = below(self, own->nr_blocks);
	const uint64_t range[2] = { nr * page_bytes, page_bytes };

	if (ioctl(own->fd, BLKDISCARD, range))
		bad("discarding block %u of zram%u: %s", nr, own->device,
		    strerror(errno));
	else
		own->note[nr] = PAGE_ZERO;
}

static void check_own(struct self *self, struct own *own)
{
	enum page_verdict verdict;
	unsigned int nr;

	for (nr = 0; nr < own->nr_blocks; nr++) {
		if (own->note[nr] == PAGE_ZERO && below(self, 8))
			continue;
		if (pread(own->fd, self->buffer, page_bytes, nr * page_bytes) !=
		    (ssize_t)page_bytes) {
			if (errno != ENOMEM)
				bad("block %u of zram%u cannot be read: %s",
				    nr, own->device, strerror(errno));
			continue;
		}
		verdict = check_page(self->buffer, own->device, nr,
				     own->note[nr]);
		if (verdict != PAGE_GOOD)
			bad("block %u of zram%u is %s", nr, own->device,
			    page_verdict_name[verdict]);
	}
}

static void choose_pool(struct self *self, unsigned int device)
{
	static const char *const kinds[] = { "classes", "pairs", "triples" };
	const char *kind = kinds[below(self, 3)];
	const int error = write_knob(device, "pool", kind);

	if (error)
		bad("pool of %s for zram%u: %s", kind, device, strerror(error));
}

/* Sets a device up in some way; false if there is no memory for it. */
static bool set_up(struct self *self, struct own *own)
{
	char text[32];
	int error;

	choose_algorithm(self, own->device);
	choose_pool(self, own->device);
	own->nr_blocks = 1 + below(self, MAX_BLOCKS);
	snprintf(text, sizeof(text), "%zu", own->nr_blocks * page_bytes);
	error = write_knob(own->device, "disksize", text);
	if (error == ENOMEM)
		return false;
	if (!error && !below(self, 2)) {
		snprintf(text, sizeof(text), "%uK", 64 + below(self, 1024));
		error = write_knob(own->device, "mem_limit", text);
	}
	if (error)
		bad("setting up zram%u: %s", own->device, strerror(error));
	return !error;
}

/* Uses a device that is set up. In use it can be neither reset nor removed. */
static void exercise(struct self *self, struct own *own)
{
	unsigned int steps = 20 + below(self, 200);
	char path[32], text[16];
	int error;

	snprintf(path, sizeof(path), "/dev/zram%u", own->device);
	own->fd = open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
	if (own->fd < 0) {
		bad("%s: %s", path, strerror(errno));
		return;
	}
	while (steps-- && !stopping) {
		if (below(self, 8))
			write_own(self, own);
		else
			discard_own(self, own);
	}
	error = write_knob(own->device, "reset", "1");
	if (error != EBUSY)
		bad("reset of zram%u in use: %s", own->device, strerror(error));
	snprintf(text, sizeof(text), "%u", own->device);
	error = write_file("/sys/class/zram-control/hot_remove", text);
	if (error != EBUSY)
		bad("removing zram%u in use: %s", own->device, strerror(error));
	check_own(self, own);
	close(own->fd);
}

static struct own *new_own(unsigned int device)
{
	struct own *own = calloc(1, sizeof(*own));

	if (!own)
		return NULL;
	own->device = device;
	return own;
}

/* A thread that becomes swapper has every device open for a moment. */
static int retry_busy(const char *path, const char *text)
{
	unsigned int tries = 500;
	int error;

	while ((error = write_file(path, text)) == EBUSY && tries--)
		nap(10);
	return error;
}

static void reset_own(unsigned int device)
{
	char path[64];
	int error;

	snprintf(path, sizeof(path), "/sys/block/zram%u/reset", device);
	error = retry_busy(path, "1");
	if (error)
		bad("reset of zram%u: %s", device, strerror(error));
	else if (used_bytes(device))
		bad("zram%u uses memory after its reset", device);
}

/* The device between two resets: another algorithm, pool, size and limit each time. */
void step_reset(struct self *self)
{
	struct own *own = new_own(2);

	if (!own)
		return;
	if (set_up(self, own))
		exercise(self, own);
	reset_own(own->device);
	free(own);
}

void step_hot_add(struct self *self)
{
	struct own *own;
	char text[16];
	int error;

	if (read_file("/sys/class/zram-control/hot_add", text,
		      sizeof(text)) < 0) {
		if (errno != ENOMEM)
			bad("hot_add: %s", strerror(errno));
		return;
	}
	own = new_own(strtoul(text, NULL, 10));
	if (own && set_up(self, own))
		exercise(self, own);
	error = retry_busy("/sys/class/zram-control/hot_remove", text);
	if (error)
		bad("removing zram%s: %s", strtok(text, "\n"), strerror(error));
	free(own);
}

/* --- beginning -------------------------------------------------------------*/

/* Gives the device with the blocks its size. */
void devices_prepare(void)
{
	char text[32];

	snprintf(text, sizeof(text), "%uM", settings.data_mb);
	errno = write_knob(0, "disksize", text);
	if (errno)
		err(2, "disksize of zram0");
}
