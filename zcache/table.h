/* SPDX-License-Identifier: GPL-2.0 */
/* The arguments of a table line. */
#ifndef ZCACHE_TABLE_H
#define ZCACHE_TABLE_H

#include "zcache/zcache.h"

/**
 * zcache_parse_table() - understand a table line's arguments
 * @ti: the target; on an error, its @error says what was wrong
 * @argc: how many arguments
 * @argv: <device> <limit in MiB> [<number of arguments> <argument>...]
 * @args: receives all but the device
 *
 * Context: may sleep.
 * Return: 0 or -EINVAL.
 */
int zcache_parse_table(struct dm_target *ti, unsigned int argc, char **argv,
		       struct zcache_args *args);

/**
 * zcache_parse_limit() - understand a limit
 * @word: MiB, as text
 * @mib: receives it
 *
 * Context: any.
 * Return: NULL, or what is wrong with it.
 */
const char *zcache_parse_limit(const char *word, u64 *mib);

/**
 * zcache_parse_policy() - understand who is to be let in
 * @word: ghost, all or none
 * @policy: receives it
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int zcache_parse_policy(const char *word, enum zcache_policy *policy);

/**
 * zcache_print_table() - print the arguments again
 * @zcache: the cache
 * @result: where to
 * @maxlen: bytes there
 *
 * Context: any.
 */
void zcache_print_table(const struct zcache *zcache, char *result,
			unsigned int maxlen);

#endif /* ZCACHE_TABLE_H */
