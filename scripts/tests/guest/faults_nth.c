// SPDX-License-Identifier: GPL-2.0
/*
 * faults nth: in each step of a device's life the first allocation fails, then the
 * second, and so on, until a pass has no failure.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "faults.h"

#define MAX_NTH		3000	/* more allocations than any step makes */

static int nth_fd;

static void arm(unsigned int n)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "%u", n);
	if (put(nth_fd, buf))
		err(EXIT_USAGE, "fail-nth");
}

/* Returns whether an allocation was made to fail. */
static bool disarm(void)
{
	char buf[16] = "";

	if (pread(nth_fd, buf, sizeof(buf) - 1, 0) <= 0)
		err(EXIT_USAGE, "fail-nth");
	arm(0);
	return atoi(buf) == 0;
}

/* The knobs of the device, which are open before anything fails. */
static int disksize, reset_knob, algorithm, limit, compact;

static unsigned int gen;
static page_note_t current_note;	/* what the first block holds */

/*
 * A step: @op is tried while its n-th allocation fails, for n = 1, 2, 3 ... until
 * none does. @failed sees to what must hold after a failure, @done after a success;
 * and undoes it.
 */
struct step {
	const char *name;
	void (*prepare)(void);
	int (*op)(void);
	void (*failed)(void);
	void (*done)(void);
};

static int added;

static int do_hot_add(void)
{
	added = hot_add(dev.add);
	return added < 0 ? -added : 0;
}

static void run_step(const struct step *step)
{
	unsigned int n, errors = 0;
	bool injected = true;

	for (n = 1; injected; n++) {
		int error;

		if (n > MAX_NTH) {
			complain("%s: there is no end of failures", step->name);
			break;
		}
		if (step->prepare)
			step->prepare();
		arm(n);
		error = step->op();
		injected = disarm();
		if (error) {
			errors++;
			if (!injected)
				complain("%s: %s, though nothing failed",
					 step->name, strerror(error));
			/* The block layer's device may have no name then. */
			if (error != ENOMEM && error != EIO &&
			    (error != EINVAL || step->op != do_hot_add))
				complain("%s: %s", step->name, strerror(error));
			if (step->failed)
				step->failed();
		} else {
			step->done();
		}
	}
	printf("%-12s %4u failures injected, %4u told of\n", step->name, n - 2,
	       errors);
	fflush(stdout);
}

static void undo_hot_add(void)
{
	int error = hot_remove(dev.remove, added);

	if (error)
		complain("hot_remove: %s", strerror(error));
}

static void reset(void)
{
	set_knob(dev.id, "reset", "1");
}

static void expect_size(const char *want)
{
	char buf[32] = "";
	int fd = knob_fd(dev.id, "disksize", O_RDONLY);

	if (read(fd, buf, sizeof(buf) - 1) < 0 || strcmp(buf, want))
		complain("disksize is %s", buf);
	close(fd);
}

static void choose_pool(void)
{
	set_knob(dev.id, "pool", dev.pool);
}

static int do_disksize(void)
{
	return put(disksize, "16M");
}

static void check_no_disksize(void)
{
	expect_size("0\n");
}

static void undo_disksize(void)
{
	expect_size("16777216\n");
	reset();
}

static void expect_note(void)
{
	enum page_verdict verdict;

	if (read_block(dev.fd, 0)) {
		complain("the block cannot be read");
		return;
	}
	verdict = page_check(buffer, 0, current_note);
	if (verdict != PAGE_GOOD)
		complain("the block is %s", page_verdict_name[verdict]);
}

/* A device that was never written to. */
static void fresh_device(void)
{
	if (dev.fd >= 0) {
		close(dev.fd);
		reset();
	}
	set_size(dev.id, "16M");
	dev.fd = open_device(dev.id);
	memset(wanted, 0, page_bytes);
	current_note = page_make(wanted, 0, 0, PAGE_ZERO, NULL, 1);
}

static page_note_t new_note;

static int write_kind(enum page_kind kind)
{
	make_page(wanted, &new_note, 0, ++gen, kind);
	return write_block(dev.fd, 0);
}

static int do_write_text(void)
{
	return write_kind(PAGE_REAL);
}

static int do_write_random(void)
{
	return write_kind(PAGE_RANDOM);
}

static int do_write_fill(void)
{
	return write_kind(PAGE_FILL);
}

static int do_overwrite(void)
{
	return write_kind(gen % 3 ? PAGE_REAL : PAGE_RANDOM);
}

static void written(void)
{
	current_note = new_note;
	expect_note();
}

static int do_read(void)
{
	return read_block(dev.fd, 0);
}

static void read_done(void)
{
	if (page_check(buffer, 0, current_note) != PAGE_GOOD)
		complain("a read that succeeded has other data");
}

static int do_discard(void)
{
	uint64_t range[2] = { 0, page_bytes };

	return ioctl(dev.fd, BLKDISCARD, range) ? errno : 0;
}

static void discarded(void)
{
	memset(wanted, 0, page_bytes);
	current_note = page_make(wanted, 0, 0, PAGE_ZERO, NULL, 1);
	expect_note();
	do_write_text();
	written();
}

static int do_compact(void)
{
	return put(compact, "1");
}

static void closed_device(void)
{
	fresh_device();
	do_write_text();
	close(dev.fd);
	dev.fd = -1;
}

static int do_reset(void)
{
	return put(reset_knob, "1");
}

static int do_settings(void)
{
	int error = put(algorithm, "zstd");

	return error ?: put(limit, "8M");
}

static void unset_device(void)
{
	if (dev.fd >= 0)
		close(dev.fd);
	dev.fd = -1;
	reset();
}

static void device_to_remove(void)
{
	char text[24];
	int fd;

	if (added >= 0)
		return;
	added = hot_add(dev.add);
	if (added < 0)
		errx(EXIT_USAGE, "hot_add: %s", strerror(-added));
	set_size(added, "16M");
	snprintf(text, sizeof(text), "/dev/zram%d", added);
	fd = open_or_die(text, O_WRONLY | O_DIRECT);
	make_page(wanted, &new_note, 0, 1, PAGE_RANDOM);
	if (write_block(fd, 0))
		complain("write to zram%d: %s", added, strerror(errno));
	close(fd);
}

static int do_hot_remove(void)
{
	return hot_remove(dev.remove, added);
}

static void removed(void)
{
	added = -1;
}

static void nothing(void)
{
}

static const struct step steps[] = {
	{ "hot_add", NULL, do_hot_add, NULL, undo_hot_add },
	{ "settings", unset_device, do_settings, NULL, nothing },
	{ "disksize", choose_pool, do_disksize, check_no_disksize, undo_disksize },
	{ "write text", fresh_device, do_write_text, expect_note, written },
	{ "write random", fresh_device, do_write_random, expect_note, written },
	{ "write fill", fresh_device, do_write_fill, expect_note, written },
	{ "overwrite", NULL, do_overwrite, expect_note, written },
	{ "read", NULL, do_read, expect_note, read_done },
	{ "discard", NULL, do_discard, expect_note, discarded },
	{ "compact", NULL, do_compact, expect_note, expect_note },
	{ "reset", closed_device, do_reset, reset, check_no_disksize },
	{ "hot_remove", device_to_remove, do_hot_remove, NULL, removed },
};

void run_nth(void)
{
	unsigned int i;

	nth_fd = open_or_die("/proc/thread-self/fail-nth", O_RDWR);
	disksize = knob_fd(0, "disksize", O_WRONLY);
	reset_knob = knob_fd(0, "reset", O_WRONLY);
	algorithm = knob_fd(0, "comp_algorithm", O_WRONLY);
	limit = knob_fd(0, "mem_limit", O_WRONLY);
	compact = knob_fd(0, "compact", O_WRONLY);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		added = -1;
		run_step(&steps[i]);
	}
	unset_device();
}
