// SPDX-License-Identifier: GPL-2.0
/* ticker: what a person at a shell feels of it. */
#define _GNU_SOURCE
#include <err.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ticker.h"

#define PERIOD_MS 100
#define LATE_MS 500
#define OWN_BYTES (2 << 20)
#define STRIDE 4096

static void add_ms(struct timespec *time, unsigned int ms)
{
	time->tv_nsec += ms * 1000000L;
	time->tv_sec += time->tv_nsec / 1000000000;
	time->tv_nsec %= 1000000000;
}

static long ms_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

/* What a shell does for a command: uses its memory, and runs a program. */
static void tick(volatile unsigned char *own)
{
	static char *const argv[] = { "true", NULL };
	unsigned int at;
	pid_t pid;

	for (at = 0; at < OWN_BYTES; at += STRIDE)
		own[at]++;
	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ))
		err(1, "true");
	waitpid(pid, NULL, 0);
}

static void work(struct ticks *ticks)
{
	unsigned char *own = mmap(NULL, OWN_BYTES, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct timespec due;
	long late;

	if (own == MAP_FAILED)
		err(1, "memory");
	clock_gettime(CLOCK_MONOTONIC, &due);
	for (;;) {
		add_ms(&due, PERIOD_MS);
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
		tick(own);
		late = ms_since(&due);
		ticks->nr++;
		if (late > ticks->longest)
			ticks->longest = late;
		if (late > LATE_MS)
			ticks->late++;
		/* The next one is due from now on, so that one stall is counted once. */
		if (late > PERIOD_MS)
			clock_gettime(CLOCK_MONOTONIC, &due);
	}
}

pid_t ticker_start(struct ticks *ticks)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work(ticks);
	}
	return pid;
}
