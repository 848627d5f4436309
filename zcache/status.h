/* SPDX-License-Identifier: GPL-2.0 */
/* What dmsetup shows, and messages. */
#ifndef ZCACHE_STATUS_H
#define ZCACHE_STATUS_H

#include "zcache/zcache.h"

/**
 * zcache_status() - device-mapper's call for a status or a table line
 * @ti: the target
 * @type: which
 * @flags: not looked at
 * @result: receives the line
 * @maxlen: bytes there
 *
 * Context: does not sleep.
 */
void zcache_status(struct dm_target *ti, status_type_t type, unsigned int flags,
		   char *result, unsigned int maxlen);

/**
 * zcache_message() - device-mapper's call for a message
 * @ti: the target
 * @argc: words
 * @argv: them
 * @result: not used
 * @maxlen: bytes there
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a message that it does not know; -ERANGE for a limit above
 *	the one that the table was made with.
 */
int zcache_message(struct dm_target *ti, unsigned int argc, char **argv,
		   char *result, unsigned int maxlen);

#endif /* ZCACHE_STATUS_H */
