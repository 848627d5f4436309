// SPDX-License-Identifier: GPL-2.0
/*
 * hothog: a program larger than memory, of which it uses a small part again and again.
 *
 * It fills memory in steps, and after each goes through the hot part in random order. Then it
 * goes on doing that, with some pages of the cold part between. Every page is verified, at
 * last all of them. What it prints:
 *
 *   hot_ms N        milliseconds of going through the hot part, all times together
 *   hot_worst_ms N  of the longest time
 *   fill_ms N       of all before the last page was filled, going through it included
 *   ticks N, late N, longest_ms N   of a process beside it that stands for a shell
 *
 * Exit status: 0 every page was right, 1 some were not, 2 bad usage or set-up.
 */
#define _GNU_SOURCE
#include <err.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "corpus.h"
#include "pagegen.h"
#include "ticker.h"

static const char usage_text[] =
	"usage: hothog [OPTION]... CORPUS\n"
	"  --mb N         how much memory to fill (64)\n"
	"  --hot PERCENT  the part that is used again and again (10)\n"
	"  --steps N      in which it is filled (10)\n"
	"  --rounds N     times it goes through the hot part then (10)\n"
	"  --cold N       pages of the cold part that it uses between (500)\n";

static unsigned long mb = 64, hot_percent = 10, steps = 10, rounds = 10, colds = 500;
static struct corpus corpus;
static unsigned char *arena;
static page_note_t *notes;
static uint64_t nr_pages, nr_hot;
static _Atomic uint64_t bad;

/* At the end the disk is waited for by so many at once. */
#define VERIFIERS 8

static void *map_pages(size_t size, int flags)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		err(2, "memory");
	return memory;
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static unsigned char *page_at(uint64_t nr)
{
	return arena + nr * page_bytes;
}

static void verify(uint64_t nr)
{
	enum page_verdict verdict = page_check(page_at(nr), nr, notes[nr]);

	if (verdict == PAGE_GOOD)
		return;
	if (bad++ < 8)
		fprintf(stderr, "page %llu: %s\n", (unsigned long long)nr,
			page_verdict_name[verdict]);
}

static void fill(struct corpus_reader *reader, uint64_t from, uint64_t to)
{
	uint64_t rnd = from + 1;

	for (; from < to; from++)
		notes[from] = page_make(page_at(from), from, 0, page_choose(page_rand(&rnd), 92),
					corpus_page(reader), 1);
}

/* Touches each of the hot pages once, in another order each time; how long it took. */
static double touch_hot(uint64_t nr, uint64_t *order, uint64_t *rnd)
{
	volatile unsigned char *byte;
	double start;
	uint64_t i, j, swap;

	for (i = 0; i < nr; i++)
		order[i] = i;
	for (i = nr; i > 1; i--) {
		j = page_rand(rnd) % i;
		swap = order[i - 1];
		order[i - 1] = order[j];
		order[j] = swap;
	}
	start = now_ms();
	for (i = 0; i < nr; i++) {
		byte = page_at(order[i]);
		(void)*byte;
	}
	return now_ms() - start;
}

static void *verify_part(void *arg)
{
	uint64_t part = (uintptr_t)arg;
	uint64_t nr;

	for (nr = nr_pages * part / VERIFIERS; nr < nr_pages * (part + 1) / VERIFIERS; nr++)
		verify(nr);
	return NULL;
}

static void verify_all(void)
{
	pthread_t threads[VERIFIERS];
	uintptr_t i;

	for (i = 0; i < VERIFIERS; i++)
		if (pthread_create(&threads[i], NULL, verify_part, (void *)i))
			errx(2, "no thread");
	for (i = 0; i < VERIFIERS; i++)
		pthread_join(threads[i], NULL);
}

/* The hot part is that at the front. */
static void run(void)
{
	struct corpus_reader reader;
	uint64_t *order = map_pages(nr_hot * sizeof(*order), MAP_PRIVATE);
	double hot = 0, worst = 0, start = now_ms(), time;
	uint64_t rnd = 7, nr, cold = nr_pages - nr_hot;
	unsigned long i, j;

	corpus_reader_init(&reader, &corpus, 1);
	fill(&reader, 0, nr_hot);
	for (i = 0; i < steps + rounds; i++) {
		if (i == steps)
			printf("fill_ms %.0f\n", now_ms() - start);
		if (i < steps)
			fill(&reader, nr_hot + cold * i / steps, nr_hot + cold * (i + 1) / steps);
		else
			for (j = 0; j < colds; j++)
				verify(nr_hot + page_rand(&rnd) % cold);
		time = touch_hot(nr_hot, order, &rnd);
		hot += time;
		if (time > worst)
			worst = time;
		for (nr = 0; nr < nr_hot; nr++)
			verify(nr);
	}
	printf("hot_ms %.0f\nhot_worst_ms %.0f\n", hot, worst);
	verify_all();
}

static void usage(void)
{
	fputs(usage_text, stderr);
	exit(2);
}

static unsigned long at_least(unsigned long least, const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (!*text || *end || value < least)
		errx(2, "%s: not a number, or less than %lu", text, least);
	return value;
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "mb", required_argument, NULL, 0 },
		{ "hot", required_argument, NULL, 0 },
		{ "steps", required_argument, NULL, 0 },
		{ "rounds", required_argument, NULL, 0 },
		{ "cold", required_argument, NULL, 0 },
		{}
	};
	static const struct {
		unsigned long *value, least;
	} numbers[] = {
		{ &mb, 1 }, { &hot_percent, 1 }, { &steps, 1 }, { &rounds, 0 }, { &colds, 0 }
	};
	int option, which;

	while ((option = getopt_long(argc, argv, "", options, &which)) != -1) {
		if (option)
			usage();
		*numbers[which].value = at_least(numbers[which].least, optarg);
	}
	if (optind != argc - 1 || hot_percent > 99)
		usage();
	corpus_open(&corpus, argv[optind]);
}

int main(int argc, char **argv)
{
	struct ticks *ticks;
	pid_t ticker;

	parse(argc, argv);
	nr_pages = (mb << 20) / page_bytes;
	nr_hot = nr_pages * hot_percent / 100;
	arena = map_pages(nr_pages * page_bytes, MAP_PRIVATE | MAP_NORESERVE);
	notes = map_pages(nr_pages * sizeof(*notes), MAP_PRIVATE);
	ticks = map_pages(sizeof(*ticks), MAP_SHARED);
	setvbuf(stdout, NULL, _IOLBF, 0);
	ticker = ticker_start(ticks);
	run();
	printf("ticks %u\nlate %u\nlongest_ms %u\n", ticks->nr, ticks->late, ticks->longest);
	kill(ticker, SIGKILL);
	waitpid(ticker, NULL, 0);
	if (bad)
		fprintf(stderr, "%llu pages were not right\n", (unsigned long long)bad);
	return bad ? 1 : 0;
}
