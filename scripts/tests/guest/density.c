// SPDX-License-Identifier: GPL-2.0
/*
 * density: what scripts/density.sh does to a device. It holds a corpus of pages in
 * memory, knows which of them each slot of the device has, and does what lines on
 * stdin say, answering each with a line:
 *
 *   fill             writes the corpus, page by page in order
 *   overwrite N      N times as many writes as there are slots, each of a random
 *                    page to a random slot
 *   free PERCENT     discards so many of the slots, randomly chosen
 *   verify           reads all and compares
 *
 * The answer is `ok NANOSECONDS', or what is wrong.
 *
 * Exit status: 0 all is well, 1 a page was wrong or there was an error, 2 bad usage
 * or set-up.
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
#include <time.h>
#include <unistd.h>

#include "pagegen.h"

#define EXIT_BAD	1
#define EXIT_USAGE	2

#define NOTHING		0xffffffffu	/* in place of a page's number */

static unsigned char *corpus;
static unsigned char *page;
static uint32_t *held;		/* the corpus page that each slot has */
static uint64_t slots;
static uint64_t rnd = 1;
static int fd;

static unsigned char *corpus_at(uint32_t nr)
{
	return corpus + nr * page_bytes;
}

static bool store(uint64_t slot, uint32_t nr)
{
	held[slot] = nr;
	return pwrite(fd, corpus_at(nr), page_bytes, slot * page_bytes) ==
	       (ssize_t)page_bytes;
}

static bool fill(void)
{
	for (uint64_t slot = 0; slot < slots; slot++)
		if (!store(slot, slot))
			return false;
	return true;
}

static bool overwrite(uint64_t rounds)
{
	for (uint64_t i = 0; i < rounds * slots; i++) {
		uint64_t slot = page_rand(&rnd) % slots;

		if (!store(slot, page_rand(&rnd) % slots))
			return false;
	}
	return true;
}

static bool free_some(uint64_t percent)
{
	for (uint64_t slot = 0; slot < slots; slot++) {
		uint64_t range[2] = { slot * page_bytes, page_bytes };

		if (page_rand(&rnd) % 100 >= percent)
			continue;
		held[slot] = NOTHING;
		if (ioctl(fd, BLKDISCARD, range))
			return false;
	}
	return true;
}

static bool is_right(const unsigned char *found, uint32_t nr)
{
	if (nr != NOTHING)
		return !memcmp(found, corpus_at(nr), page_bytes);
	return !found[0] && !memcmp(found, found + 1, page_bytes - 1);
}

static bool verify(void)
{
	for (uint64_t slot = 0; slot < slots; slot++) {
		memset(page, 0xa5, page_bytes);
		if (pread(fd, page, page_bytes, slot * page_bytes) !=
		    (ssize_t)page_bytes || !is_right(page, held[slot])) {
			printf("slot %llu is wrong\n", (unsigned long long)slot);
			return false;
		}
	}
	return true;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static bool perform(const char *line)
{
	unsigned long long n;

	if (!strcmp(line, "fill\n"))
		return fill();
	if (!strcmp(line, "verify\n"))
		return verify();
	if (sscanf(line, "overwrite %llu", &n) == 1)
		return overwrite(n);
	if (sscanf(line, "free %llu", &n) == 1)
		return free_some(n);
	errx(EXIT_USAGE, "what is %s", line);
}

static void read_corpus(const char *path)
{
	int in = open(path, O_RDONLY | O_DIRECT);
	off_t size, done = 0;

	/* A file in memory may have no direct I/O. */
	if (in < 0 && errno == EINVAL)
		in = open(path, O_RDONLY);
	if (in < 0)
		err(EXIT_USAGE, "%s", path);
	size = lseek(in, 0, SEEK_END);
	slots = size / page_bytes;
	corpus = aligned_alloc(page_bytes, slots * page_bytes);
	held = malloc(slots * sizeof(*held));
	page = aligned_alloc(page_bytes, page_bytes);
	if (!slots || !corpus || !held || !page)
		errx(EXIT_USAGE, "%s: nothing there, or no memory for it", path);
	memset(held, 0xff, slots * sizeof(*held));
	while (done < (off_t)(slots * page_bytes)) {
		ssize_t n = pread(in, corpus + done, slots * page_bytes - done,
				  done);

		if (n <= 0)
			err(EXIT_USAGE, "reading %s", path);
		done += n;
	}
	close(in);
}

int main(int argc, char **argv)
{
	char line[64];

	if (argc != 3)
		errx(EXIT_USAGE, "usage: density DEVICE CORPUS");
	page_bytes = sysconf(_SC_PAGESIZE);
	setlinebuf(stdout);
	read_corpus(argv[2]);
	printf("%llu\n", (unsigned long long)slots);
	while (fgets(line, sizeof(line), stdin)) {
		uint64_t start = now();

		fd = open(argv[1], O_RDWR | O_DIRECT);
		if (fd < 0)
			err(EXIT_USAGE, "%s", argv[1]);
		if (!perform(line)) {
			printf("failed: %s", line);
			return EXIT_BAD;
		}
		close(fd);
		printf("ok %llu\n", (unsigned long long)(now() - start));
	}
	return 0;
}
