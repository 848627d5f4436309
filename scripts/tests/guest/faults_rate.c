// SPDX-License-Identifier: GPL-2.0
/*
 * faults rate: some in a hundred of the allocations of writers, who read back what
 * they wrote, and of one who makes and removes devices, fail.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "faults.h"

#define MAX_RETRIES	1000
#define NR_WRITERS	2
#define PAGES		192	/* of each writer */

static const page_note_t empty = PAGE_ZERO;

static struct {
	uint64_t written, read, retried, refused;
} rate;

/* This process's own; opened first, as that may fail too. */
static int fail_fd = -1;

static void may_fail(bool fail)
{
	if (fail_fd < 0)
		fail_fd = open_or_die("/proc/thread-self/make-it-fail", O_WRONLY);
	if (put(fail_fd, fail ? "1" : "0"))
		err(EXIT_USAGE, "make-it-fail");
}

static void check_block(uint64_t nr, page_note_t note, const char *when)
{
	enum page_verdict verdict;
	unsigned int tries;

	for (tries = 0; read_block(dev.fd, nr); tries++) {
		rate.retried++;
		if (tries == MAX_RETRIES) {
			complain("block %llu cannot be read, %s",
				 (unsigned long long)nr, when);
			return;
		}
	}
	rate.read++;
	verdict = page_check(buffer, nr, note);
	if (verdict != PAGE_GOOD)
		complain("block %llu is %s, %s", (unsigned long long)nr,
			 page_verdict_name[verdict], when);
}

/* Writes, and tries a few times; else it holds what it held. */
static void write_one(uint64_t nr, unsigned int gen, uint64_t rnd,
		      page_note_t *note)
{
	page_note_t new;
	unsigned int tries;

	make_page(wanted, &new, nr, gen, page_choose(rnd, 60));
	for (tries = 0; tries < 3; tries++) {
		if (!write_block(dev.fd, nr)) {
			*note = new;
			rate.written++;
			return;
		}
		rate.retried++;
	}
	rate.refused++;
}

static bool is_before(const struct timespec *end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec < end->tv_sec ||
	       (now.tv_sec == end->tv_sec && now.tv_nsec < end->tv_nsec);
}

static int run_writer(unsigned int w, const struct timespec *end)
{
	static page_note_t notes[PAGES];
	static unsigned int gens[PAGES];
	uint64_t rnd = w + 1, first = w * PAGES, i;

	for (i = 0; i < PAGES; i++)
		notes[i] = empty;
	may_fail(true);
	while (is_before(end)) {
		uint64_t r = page_rand(&rnd), nr = r / 8 % PAGES;

		if (r % 8 < 5)
			write_one(first + nr, ++gens[nr], page_rand(&rnd),
				  &notes[nr]);
		else
			check_block(first + nr, notes[nr], "while allocations fail");
	}
	may_fail(false);
	for (i = 0; i < PAGES; i++)
		check_block(first + i, notes[i], "at the end");
	printf("writer %u: %llu written, %llu read, %llu tried again, %llu refused\n",
	       w, (unsigned long long)rate.written, (unsigned long long)rate.read,
	       (unsigned long long)rate.retried, (unsigned long long)rate.refused);
	if (!rate.written || !rate.read)
		complain("writer %u did nothing", w);
	fflush(stdout);
	return bad;
}

/* Devices that come and go meanwhile. What fails is done again with memory. */
static int run_churn(const struct timespec *end)
{
	unsigned int made = 0, failed = 0;

	while (is_before(end)) {
		int id, size, error;

		may_fail(true);
		id = hot_add(dev.add);
		may_fail(false);
		if (id < 0) {
			failed++;
			id = hot_add(dev.add);
		}
		if (id < 0) {
			complain("hot_add: %s", strerror(-id));
			break;
		}
		made++;
		set_knob(id, "pool", dev.pool);
		size = knob_fd(id, "disksize", O_WRONLY);
		may_fail(true);
		failed += !!put(size, "4M");
		hot_remove(dev.remove, id);
		may_fail(false);
		close(size);
		/* If it is still there, it goes now. */
		error = hot_remove(dev.remove, id);
		if (error && error != ENODEV)
			complain("hot_remove: %s", strerror(error));
	}
	printf("churn: %u devices, %u failures\n", made, failed);
	if (!made)
		complain("no device was ever made");
	fflush(stdout);
	return bad;
}

void run_rate(const char *seconds)
{
	struct timespec end;
	unsigned int w;
	int status;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += atoi(seconds);
	set_size(0, "4M");
	dev.fd = open_device(0);
	for (w = 0; w <= NR_WRITERS; w++) {
		if (!fork())
			_exit(w < NR_WRITERS ? run_writer(w, &end) : run_churn(&end));
	}
	while (wait(&status) > 0)
		bad |= status != 0;
	close(dev.fd);
	set_knob(0, "reset", "1");
}
