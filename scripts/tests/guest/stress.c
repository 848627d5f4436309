// SPDX-License-Identifier: GPL-2.0
/*
 * stress: everything that can happen to zram devices, at once, and every block
 * verified. See stress.h; run by stress.sh, on a machine that is all its own.
 *
 * Exit status: 0 all is well, 1 something was wrong, 2 bad usage or set-up.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"

#define EXIT_BAD	1
#define EXIT_USAGE	2

#define MAX_THREADS	32
#define MAX_TOLD	20

static const char usage_text[] =
	"usage: stress [OPTION]... CORPUS\n"
	"Use /dev/zram0 to 2 in all ways at once; CORPUS has pages to swap.\n"
	"\n"
	"  --seconds N     how long (60)\n"
	"  --without NAME  not this worker (may be given several times)\n"
	"  --data-mb N     size of /dev/zram0 (24)\n"
	"  --swap-mb N     memory that is swapped to /dev/zram1 (24)\n"
	"  --free-mb N     leave so much memory, and no more (40)\n"
	"  --seed N        choose otherwise (1)\n";

/*
 * All workers. One that needs a file which this kernel does not have is left out,
 * and said to be.
 */
static const struct worker {
	const char *name;
	unsigned int threads;
	unsigned int pause_ms;
	const char *needs;
	void (*step)(struct self *self);
} workers[] = {
	{ "write", 2, 1, NULL, step_write },
	{ "read", 2, 2, NULL, step_read },
	{ "discard", 1, 5, NULL, step_discard },
	{ "compact", 1, 50, NULL, step_compact },
	{ "limit", 1, 40, NULL, step_limit },
	{ "idle", 1, 30, "/sys/block/zram0/idle", step_idle },
	{ "recompress", 1, 10, "/sys/block/zram0/recompress", step_recompress },
	{ "writeback", 1, 10, "/sys/block/zram0/writeback", step_writeback },
	{ "tier", 1, 100, "/sys/block/zram0/writeback_auto", step_tier },
	{ "statistics", 1, 20, NULL, step_statistics },
	{ "reset", 1, 5, NULL, step_reset },
	{ "hot_add", 1, 50, NULL, step_hot_add },
	{ "swap", 1, 0, NULL, step_swap },
	{ "squeeze", 1, 20, NULL, step_squeeze },
	{ "cpu", 1, 150, "/sys/devices/system/cpu/cpu1/online", step_cpu },
	{ "drop_caches", 1, 700, "/proc/sys/vm/drop_caches", step_drop_caches },
	{ "compact_memory", 1, 500, "/proc/sys/vm/compact_memory",
	  step_compact_memory },
	{ "reclaim", 1, 100, "/sys/fs/cgroup/stress/memory.reclaim",
	  step_reclaim },
};

#define NR_WORKERS (sizeof(workers) / sizeof(workers[0]))

static bool left_out[NR_WORKERS];
static _Atomic uint64_t steps[NR_WORKERS];

struct settings settings = {
	.data_mb = 24,
	.swap_mb = 24,
	.free_mb = 40,
};

_Atomic bool stopping;

static _Atomic unsigned int nr_bad;
static unsigned int seconds = 60;
static uint64_t seed = 1;
static time_t began;

/* Seconds since the workers began. */
static unsigned int elapsed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - began;
}

void bad(const char *fmt, ...)
{
	va_list args;

	if (nr_bad++ >= MAX_TOLD)
		return;
	va_start(args, fmt);
	flockfile(stdout);
	printf("%u s: ", elapsed());
	vprintf(fmt, args);
	putchar('\n');
	funlockfile(stdout);
	va_end(args);
}

/* --- files -----------------------------------------------------------------*/

int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

int write_knob(unsigned int device, const char *knob, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/block/zram%u/%s", device, knob);
	return write_file(path, text);
}

int read_file(const char *path, char *text, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t done;

	if (fd < 0)
		return -1;
	done = read(fd, text, room - 1);
	close(fd);
	if (done >= 0)
		text[done] = '\0';
	return done;
}

/* --- pages -----------------------------------------------------------------*/

unsigned int below(struct self *self, unsigned int n)
{
	return page_rand(&self->rnd) % n;
}

/* Devices' pages are told apart by the upper bits of their numbers. */
static uint64_t page_id(unsigned int device, uint64_t nr)
{
	return (uint64_t)device << 28 | nr;
}

/* Random bytes, words like pointers, and one letter; how much of each says @shape. */
static void make_body(void *page, uint64_t shape, uint64_t rnd)
{
	size_t words = page_bytes / sizeof(uint64_t);
	size_t random = page_rand(&shape) % (words + 1);
	size_t pointers = page_rand(&shape) % (words - random + 1);
	uint64_t *p = page;
	size_t i;

	for (i = 0; i < random; i++)
		p[i] = page_rand(&rnd);
	for (; i < random + pointers; i++)
		p[i] = 0xffff888000000000ULL | (page_rand(&rnd) & 0xfff8);
	memset(p + i, '.', page_bytes - i * sizeof(*p));
}

page_note_t make_page(void *page, unsigned int device, uint64_t nr,
		      unsigned int gen)
{
	uint64_t id = page_id(device, nr);
	/* Some generations in a row have one size, and overwrite each other in place. */
	uint64_t shape = page_mix(id << 8 | (gen & 0xff) / 4);
	enum page_kind kind = page_choose(shape, 75);

	if (kind == PAGE_REAL)
		make_body(page, shape, page_mix(id << 8 | (gen & 0xff)));
	return page_make(page, id, gen, kind, kind == PAGE_REAL ? page : NULL,
			 seed);
}

enum page_verdict check_page(const void *page, unsigned int device,
			     uint64_t nr, page_note_t note)
{
	return page_check(page, page_id(device, nr), note);
}

/* --- threads ---------------------------------------------------------------*/

struct thread {
	pthread_t id;
	unsigned int worker;
	struct self self;
};

void nap(unsigned int ms)
{
	const struct timespec time = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L,
	};

	nanosleep(&time, NULL);
}

static void *run_worker(void *arg)
{
	struct thread *thread = arg;
	const struct worker *worker = &workers[thread->worker];

	while (!stopping) {
		worker->step(&thread->self);
		steps[thread->worker]++;
		if (worker->pause_ms)
			nap(worker->pause_ms);
	}
	return NULL;
}

static void start(struct thread *thread, unsigned int worker,
		  unsigned int index)
{
	thread->worker = worker;
	thread->self.index = index;
	thread->self.rnd = page_mix(seed << 16 | worker << 8 | index);
	thread->self.buffer = aligned_alloc(page_bytes, MAX_RUN * page_bytes);
	if (!thread->self.buffer)
		err(EXIT_USAGE, "a buffer");
	errno = pthread_create(&thread->id, NULL, run_worker, thread);
	if (errno)
		err(EXIT_USAGE, "a thread");
}

static void run_all(void)
{
	static struct thread threads[MAX_THREADS];
	unsigned int nr = 0, w, i;

	began = elapsed();
	for (w = 0; w < NR_WORKERS; w++) {
		for (i = 0; i < workers[w].threads; i++) {
			if (!left_out[w])
				start(&threads[nr++], w, i);
		}
	}
	nap(seconds * 1000);
	stopping = true;
	for (i = 0; i < nr; i++)
		pthread_join(threads[i].id, NULL);
}

/* A worker that never came to do anything has proved nothing. */
static void report(void)
{
	unsigned int w;

	for (w = 0; w < NR_WORKERS; w++) {
		if (left_out[w])
			printf("%-14s left out\n", workers[w].name);
		else
			printf("%-14s %llu times\n", workers[w].name,
			       (unsigned long long)steps[w]);
		if (!left_out[w] && !steps[w])
			bad("%s did nothing", workers[w].name);
	}
	printf("@stress bad=%u\n", nr_bad);
}

/* --- options ---------------------------------------------------------------*/

static void without(const char *name)
{
	unsigned int w;

	for (w = 0; w < NR_WORKERS; w++) {
		if (!strcmp(workers[w].name, name)) {
			left_out[w] = true;
			return;
		}
	}
	errx(EXIT_USAGE, "no worker %s", name);
}

static unsigned long parse_number(const char *arg)
{
	char *end;
	unsigned long n = strtoul(arg, &end, 10);

	if (!*arg || *end || !n || n > 1 << 20)
		errx(EXIT_USAGE, "bad number: %s", arg);
	return n;
}

static void parse_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seconds", required_argument, NULL, 's' },
		{ "without", required_argument, NULL, 'w' },
		{ "data-mb", required_argument, NULL, 'd' },
		{ "swap-mb", required_argument, NULL, 'm' },
		{ "free-mb", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 'r' },
		{ }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			seconds = parse_number(optarg);
			break;
		case 'w':
			without(optarg);
			break;
		case 'd':
			settings.data_mb = parse_number(optarg);
			break;
		case 'm':
			settings.swap_mb = parse_number(optarg);
			break;
		case 'f':
			settings.free_mb = parse_number(optarg);
			break;
		case 'r':
			seed = parse_number(optarg);
			break;
		default:
			fputs(usage_text, stderr);
			exit(EXIT_USAGE);
		}
	}
	if (argc - optind != 1) {
		fputs(usage_text, stderr);
		exit(EXIT_USAGE);
	}
	settings.corpus = argv[optind];
	page_bytes = sysconf(_SC_PAGESIZE);
}

int main(int argc, char **argv)
{
	unsigned int w;

	parse_options(argc, argv);
	setlinebuf(stdout);
	devices_prepare();
	blocks_open();
	for (w = 0; w < NR_WORKERS; w++) {
		if (workers[w].needs && access(workers[w].needs, W_OK))
			left_out[w] = true;
	}
	/* The judge is not to be swapped out by what it judges. */
	if (mlockall(MCL_CURRENT))
		warn("mlockall");
	run_all();
	memory_finish();
	blocks_check();
	report();
	return nr_bad ? EXIT_BAD : 0;
}
