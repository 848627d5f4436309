// SPDX-License-Identifier: GPL-2.0
/*
 * Too little memory: a program that is swapped out and in, memory that is taken
 * and given back, and the ways to ask the kernel for some; and processors that
 * come and go.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

#define CGROUP		"/sys/fs/cgroup/stress"
#define CPU1		"/sys/devices/system/cpu/cpu1/online"
#define CHUNK		(1UL << 20)
#define MAX_CHUNKS	4096

/* --- swap ------------------------------------------------------------------*/

static void become_swapper(unsigned int seed)
{
	char mb[16], seed_text[16];

	write_file(CGROUP "/cgroup.procs", "0");
	snprintf(mb, sizeof(mb), "%u", settings.swap_mb);
	snprintf(seed_text, sizeof(seed_text), "%u", seed);
	execl("./swapper", "swapper", "--mb", mb, "--pageout", "--threads", "2",
	      "--orders", "random,reverse", "--rewrite", "30", "--seed",
	      seed_text, settings.corpus, NULL);
	_exit(127);
}

/* A program with more memory than it may keep, which verifies every page. */
void step_swap(struct self *self)
{
	const unsigned int seed = 1 + below(self, 1 << 16);
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		become_swapper(seed);
	if (pid < 0) {
		bad("fork: %s", strerror(errno));
		return;
	}
	while (!waitpid(pid, &status, WNOHANG)) {
		if (stopping)
			kill(pid, SIGTERM);
		nap(20);
	}
	if (status && !(stopping && WIFSIGNALED(status)))
		bad("swapper ended with status %#x", status);
}

/* --- too little memory -----------------------------------------------------*/

static unsigned long available_mb(void)
{
	char text[2048];
	const char *line;

	if (read_file("/proc/meminfo", text, sizeof(text)) < 0)
		return ~0UL;
	line = strstr(text, "MemAvailable:");
	return line ? strtoul(line + 13, NULL, 10) >> 10 : ~0UL;
}

/* Takes what is available but for a little, and gives back what is missing. */
void step_squeeze(struct self *self)
{
	static void *chunks[MAX_CHUNKS];
	static unsigned int nr;
	unsigned int leave = settings.free_mb / 2 +
			     below(self, settings.free_mb);
	unsigned long now = available_mb();
	unsigned int i;

	for (i = 0; i < 4 && now > leave && nr < MAX_CHUNKS; i++) {
		void *chunk = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED |
				   MAP_POPULATE, -1, 0);

		if (chunk == MAP_FAILED)
			break;
		chunks[nr++] = chunk;
		now = available_mb();
	}
	while (nr && now < leave) {
		munmap(chunks[--nr], CHUNK);
		now++;
	}
}

static void poke(const char *path, const char *text)
{
	const int error = write_file(path, text);

	/* Nothing may be left to reclaim, or a signal may have come. */
	if (error && error != EAGAIN && error != EINTR && error != EBUSY)
		bad("%s: %s", path, strerror(error));
}

/* The page cache and all shrinkers. */
void step_drop_caches(struct self *self)
{
	poke("/proc/sys/vm/drop_caches", below(self, 2) ? "3" : "2");
}

/* Migrates pages. */
void step_compact_memory(struct self *self)
{
	(void)self;
	poke("/proc/sys/vm/compact_memory", "1");
}

/* Swaps out what swapper has. */
void step_reclaim(struct self *self)
{
	char text[16];

	snprintf(text, sizeof(text), "%uM", 1 + below(self, 8));
	poke(CGROUP "/memory.reclaim", text);
}

/* --- processors ------------------------------------------------------------*/

void step_cpu(struct self *self)
{
	char text[8];

	(void)self;
	if (read_file(CPU1, text, sizeof(text)) > 0)
		poke(CPU1, *text == '1' ? "0" : "1");
}

/* --- the end ---------------------------------------------------------------*/

void memory_finish(void)
{
	write_file(CPU1, "1");
}
