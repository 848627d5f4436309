// SPDX-License-Identifier: GPL-2.0
/*
 * edges: write pages that are edge cases for a compressor to stdout, then pages
 * of real memory.
 *
 * usage: edges CORPUS PAGES
 *
 * PAGES are taken evenly from CORPUS. Prints `pages=N same=N random=N' to
 * stderr: pages written, those that are one 64-bit word repeated, and those
 * that are random.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pagegen.h"

#define EXIT_USAGE	2

static uint64_t page[65536 / sizeof(uint64_t)];
static size_t words;
static uint64_t rnd = 1;
static unsigned long pages, same, randoms;

static bool is_same(void)
{
	size_t i;

	for (i = 1; i < words; i++)
		if (page[i] != page[0])
			return false;
	return true;
}

static void put(void)
{
	pages++;
	same += is_same();
	if (fwrite(page, page_bytes, 1, stdout) != 1)
		err(EXIT_USAGE, "writing");
}

static void fill(uint64_t word)
{
	size_t i;

	for (i = 0; i < words; i++)
		page[i] = word;
}

/* Pages of one word, and the same with one byte changed: first, middle, last. */
static void put_filled(void)
{
	static const uint64_t word[] = {
		0, ~0ULL, 0x0101010101010101ULL, 0xdeadbeefdeadbeefULL,
		0xffff888123456780ULL, 0x00007f1234567890ULL,
		0x3ff0000000000000ULL, 0x0123456789abcdefULL, 1, 1ULL << 63,
	};
	const size_t place[] = { 0, page_bytes / 2 + 1, page_bytes - 1 };
	size_t i, j;

	for (i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
		fill(word[i]);
		put();
		for (j = 0; j < 3; j++) {
			((unsigned char *)page)[place[j]] ^= 0x10;
			put();
			((unsigned char *)page)[place[j]] ^= 0x10;
		}
	}
}

static void put_random(void)
{
	size_t i;

	for (i = 0; i < words; i++)
		page[i] = page_rand(&rnd);
	randoms++;
	put();
}

/* So many random bytes, the rest zeroes: every compressed size comes up. */
static void put_partly_random(void)
{
	size_t len, i;

	for (len = 16; len < page_bytes; len += page_bytes / 64 + 3) {
		fill(0);
		for (i = 0; i < len / sizeof(page[0]); i++)
			page[i] = page_rand(&rnd);
		put();
	}
}

/* Short periods, which are long matches at small offsets. */
static void put_periodic(void)
{
	unsigned char *bytes = (unsigned char *)page;
	size_t period, i;

	for (period = 1; period < 40; period++) {
		for (i = 0; i < page_bytes; i++)
			bytes[i] = page_mix(i % period) >> 3;
		put();
	}
}

static void put_text(void)
{
	unsigned char *bytes = (unsigned char *)page;
	size_t i;

	for (i = 0; i < page_bytes; i++)
		bytes[i] = " etaoinshrdlucmf"[page_rand(&rnd) & 15];
	put();
}

static void put_real(const char *path, unsigned long n)
{
	FILE *f = fopen(path, "r");
	unsigned long total, i;

	if (!f || fseek(f, 0, SEEK_END))
		err(EXIT_USAGE, "%s", path);
	total = ftell(f) / page_bytes;
	if (total < n)
		errx(EXIT_USAGE, "%s has only %lu pages", path, total);
	for (i = 0; i < n; i++) {
		if (fseek(f, i * total / n * page_bytes, SEEK_SET) ||
		    fread(page, page_bytes, 1, f) != 1)
			err(EXIT_USAGE, "%s", path);
		put();
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	int i;

	if (argc != 3) {
		fprintf(stderr, "usage: edges CORPUS PAGES\n");
		return EXIT_USAGE;
	}
	page_bytes = sysconf(_SC_PAGESIZE);
	words = page_bytes / sizeof(page[0]);
	put_filled();
	for (i = 0; i < 16; i++)
		put_random();
	put_partly_random();
	put_periodic();
	for (i = 0; i < 8; i++)
		put_text();
	put_real(argv[1], strtoul(argv[2], NULL, 0));
	if (fflush(stdout))
		err(EXIT_USAGE, "writing");
	fprintf(stderr, "pages=%lu same=%lu random=%lu\n", pages, same, randoms);
	return 0;
}
