// SPDX-License-Identifier: GPL-2.0
/*
 * rawio: direct I/O of pages that can be told apart, in blocks of any size and
 * from buffers of any alignment. What it calls a page is the machine's, or with
 * --unit what it is told to be: a part of the machine's.
 *
 * Nothing is kept between calls: what a page should hold follows from its
 * number, generation and seed, so that one call checks what another has written.
 * A block that fails is counted, and its pages are tried one by one.
 *
 * Exit status: 0 all is well, 1 pages were wrong or unreadable or could not be
 * written, 2 bad usage or set-up.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pagegen.h"

#define EXIT_BAD	1
#define EXIT_USAGE	2

#define MAX_BLOCK	1024	/* pages */
#define MAX_EXAMPLES	8

static const char usage_text[] =
	"usage: rawio [OPTION]... write|check DEVICE FIRST COUNT\n"
	"Write pages to a device, or check them.\n"
	"\n"
	"  --unit BYTES     of a page (the machine's page)\n"
	"  --kind KIND      zero, fill, random, text or mixed (mixed)\n"
	"  --gen N          generation (1)\n"
	"  --block N        pages in one read or write (1)\n"
	"  --vary           1 to N pages in each instead, pseudo-randomly\n"
	"  --skip N         pages to leave out after each block (0)\n"
	"  --shuffle        go through the blocks in pseudo-random order\n"
	"  --misalign N     bytes past a page boundary at which the buffer lies (0)\n"
	"  --buffered       go through the page cache\n"
	"  --stop           stop at the first page that cannot be written\n";

enum content { CONTENT_ZERO, CONTENT_FILL, CONTENT_RANDOM, CONTENT_TEXT,
	       CONTENT_MIXED };

static const char *const content_name[] = {
	[CONTENT_ZERO] = "zero",
	[CONTENT_FILL] = "fill",
	[CONTENT_RANDOM] = "random",
	[CONTENT_TEXT] = "text",
	[CONTENT_MIXED] = "mixed",
};

static struct {
	enum content content;
	unsigned int gen;
	unsigned int block;
	unsigned int misalign;
	bool vary, shuffle, buffered, stop, write;
	const char *path;
	uint64_t first, count, skip;
} opt = {
	.content = CONTENT_MIXED,
	.gen = 1,
	.block = 1,
};

static int fd;
static unsigned char *buffer;	/* what the kernel sees */
static unsigned char *page;	/* a page's proper contents */
static uint64_t count[PAGE_VERDICTS];
static uint64_t written, failed;
static int first_error;
static unsigned int examples;

/*
 * Text, then a run of one letter. How much text depends on @nr alone, so that
 * pages compress to sizes of all kinds, but a page's generations to much the same.
 */
static void make_text(unsigned char *text, uint64_t nr, uint64_t seed)
{
	static const char letters[] = "eeeettaaooiinnsshrrdl   ";
	size_t len = page_mix(nr) % page_bytes, i;

	for (i = 0; i < len; i++)
		text[i] = letters[page_rand(&seed) % (sizeof(letters) - 1)];
	memset(text + len, '.', page_bytes - len);
}

/* Makes page @nr in @page. */
static page_note_t make_page(uint64_t nr)
{
	static const enum page_kind kind[] = {
		[CONTENT_ZERO] = PAGE_ZERO,
		[CONTENT_FILL] = PAGE_FILL,
		[CONTENT_RANDOM] = PAGE_RANDOM,
		[CONTENT_TEXT] = PAGE_REAL,
	};
	enum page_kind k;
	uint64_t seed = page_mix(nr << 8 | opt.gen);

	if (opt.content == CONTENT_MIXED)
		k = page_choose(seed, 70);
	else
		k = kind[opt.content];
	if (k == PAGE_REAL)
		make_text(page, nr, seed);
	return page_make(page, nr, opt.gen, k, k == PAGE_REAL ? page : NULL, 1);
}

static void note_bad(uint64_t nr, enum page_verdict verdict, const void *found)
{
	const uint64_t *w = found;

	count[verdict]++;
	if (verdict == PAGE_GOOD || examples++ >= MAX_EXAMPLES)
		return;
	printf("page %llu is %s", (unsigned long long)nr,
	       page_verdict_name[verdict]);
	if (verdict == PAGE_UNREADABLE)
		printf(": %s\n", strerrorname_np(errno));
	else
		printf(", first words %016llx %016llx\n",
		       (unsigned long long)w[0], (unsigned long long)w[1]);
}

static bool transfer(uint64_t nr, unsigned int n)
{
	const size_t len = n * page_bytes;
	const off_t pos = nr * page_bytes;
	ssize_t done;

	errno = 0;
	if (opt.write)
		done = pwrite(fd, buffer, len, pos);
	else
		done = pread(fd, buffer, len, pos);
	if (done >= 0 && (size_t)done != len)
		errno = EIO;
	return (size_t)done == len;
}

static bool write_pages(uint64_t nr, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		make_page(nr + i);
		memcpy(buffer + i * page_bytes, page, page_bytes);
	}
	if (transfer(nr, n)) {
		written += n;
		return true;
	}
	if (n > 1) {
		for (i = 0; i < n; i++)
			if (!write_pages(nr + i, 1) && opt.stop)
				return false;
		return true;
	}
	if (!failed++)
		first_error = errno;
	return false;
}

static bool check_pages(uint64_t nr, unsigned int n)
{
	unsigned int i;

	memset(buffer, 0xa5, n * page_bytes);
	if (!transfer(nr, n)) {
		if (n == 1) {
			note_bad(nr, PAGE_UNREADABLE, buffer);
			return true;
		}
		for (i = 0; i < n; i++)
			check_pages(nr + i, 1);
		return true;
	}
	for (i = 0; i < n; i++) {
		page_note_t note = make_page(nr + i);

		memcpy(page, buffer + i * page_bytes, page_bytes);
		note_bad(nr + i, page_check(page, nr + i, note), page);
	}
	return true;
}

/* The bytes around the buffer: nothing may be stored there. */
static bool surroundings(bool set)
{
	unsigned char *whole = buffer - opt.misalign;
	size_t len = (opt.block + 1) * page_bytes, i;

	for (i = 0; i < len; i++) {
		if (i == opt.misalign)
			i += opt.block * page_bytes;
		if (set)
			whole[i] = 0xc3;
		else if (whole[i] != 0xc3)
			return false;
	}
	return true;
}

static bool run_blocks(void)
{
	bool (*fn)(uint64_t, unsigned int) =
		opt.write ? write_pages : check_pages;
	uint64_t blocks = (opt.count + opt.block - 1) / opt.block;
	uint64_t rnd = opt.gen, i;

	for (i = 0; i < blocks; i++) {
		/* 7919 is prime, and no factor of a number of blocks here. */
		uint64_t b = opt.shuffle ? i * 7919 % blocks : i;
		uint64_t at = b * opt.block, end = at + opt.block;

		if (end > opt.count)
			end = opt.count;
		while (at < end) {
			unsigned int n = end - at;

			if (opt.vary)
				n = page_rand(&rnd) % n + 1;
			if (!fn(opt.first + b * opt.skip + at, n) && opt.stop)
				return false;
			at += n;
		}
	}
	return true;
}

static int summarise(void)
{
	uint64_t bad = 0;
	int i;

	for (i = PAGE_GOOD + 1; i < PAGE_VERDICTS; i++)
		bad += count[i];
	if (opt.write) {
		printf("written=%llu failed=%llu error=%s\n",
		       (unsigned long long)written, (unsigned long long)failed,
		       failed ? strerrorname_np(first_error) : "none");
		return failed ? EXIT_BAD : 0;
	}
	printf("checked=%llu bad=%llu", (unsigned long long)opt.count,
	       (unsigned long long)bad);
	for (i = PAGE_GOOD + 1; i < PAGE_VERDICTS; i++)
		printf(" %s=%llu", page_verdict_name[i],
		       (unsigned long long)count[i]);
	printf("\n");
	return bad ? EXIT_BAD : 0;
}

static uint64_t parse_number(const char *arg, uint64_t max)
{
	char *end;
	uint64_t n = strtoull(arg, &end, 0);

	if (!*arg || *end || n > max)
		errx(EXIT_USAGE, "bad number: %s", arg);
	return n;
}

static enum content parse_content(const char *arg)
{
	unsigned int i;

	for (i = 0; i <= CONTENT_MIXED; i++)
		if (!strcmp(arg, content_name[i]))
			return i;
	errx(EXIT_USAGE, "bad kind: %s", arg);
}

static void usage(void)
{
	fputs(usage_text, stderr);
	exit(EXIT_USAGE);
}

static void parse_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "unit", required_argument, NULL, 'u' },
		{ "kind", required_argument, NULL, 'k' },
		{ "gen", required_argument, NULL, 'g' },
		{ "block", required_argument, NULL, 'b' },
		{ "skip", required_argument, NULL, 'l' },
		{ "misalign", required_argument, NULL, 'm' },
		{ "vary", no_argument, NULL, 'v' },
		{ "shuffle", no_argument, NULL, 's' },
		{ "buffered", no_argument, NULL, 'B' },
		{ "stop", no_argument, NULL, 'S' },
		{ }
	};
	int c;

	page_bytes = sysconf(_SC_PAGESIZE);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'u':
			page_bytes = parse_number(optarg, page_bytes);
			break;
		case 'k':
			opt.content = parse_content(optarg);
			break;
		case 'g':
			opt.gen = parse_number(optarg, 255);
			break;
		case 'b':
			opt.block = parse_number(optarg, MAX_BLOCK);
			break;
		case 'l':
			opt.skip = parse_number(optarg, ~0U);
			break;
		case 'm':
			opt.misalign = parse_number(optarg, page_bytes - 1);
			break;
		case 'v':
			opt.vary = true;
			break;
		case 's':
			opt.shuffle = true;
			break;
		case 'B':
			opt.buffered = true;
			break;
		case 'S':
			opt.stop = true;
			break;
		default:
			usage();
		}
	}
	argv += optind;
	if (argc - optind != 4 || !opt.block || page_bytes < 512 ||
	    page_bytes & (page_bytes - 1))
		usage();
	opt.write = !strcmp(argv[0], "write");
	if (!opt.write && strcmp(argv[0], "check"))
		usage();
	opt.path = argv[1];
	opt.first = parse_number(argv[2], ~0ULL);
	opt.count = parse_number(argv[3], ~0ULL);
}

int main(int argc, char **argv)
{
	parse_options(argc, argv);
	fd = open(opt.path, (opt.write ? O_WRONLY : O_RDONLY) |
		  (opt.buffered ? 0 : O_DIRECT));
	if (fd < 0)
		err(EXIT_USAGE, "%s", opt.path);
	page = aligned_alloc(page_bytes, page_bytes);
	buffer = aligned_alloc(page_bytes, (opt.block + 1) * page_bytes);
	if (!page || !buffer)
		err(EXIT_USAGE, "memory for buffers");
	buffer += opt.misalign;
	surroundings(true);
	run_blocks();
	if (opt.buffered && opt.write && fsync(fd)) {
		failed++;
		first_error = errno;
	}
	if (!surroundings(false)) {
		printf("bytes beside the buffer were overwritten\n");
		summarise();
		return EXIT_BAD;
	}
	return summarise();
}
