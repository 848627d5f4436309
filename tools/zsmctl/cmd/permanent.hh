/* SPDX-License-Identifier: GPL-2.0 */
/* What is set up now is set up at boot too, or no more. */
#ifndef ZSMCTL_CMD_PERMANENT_HH
#define ZSMCTL_CMD_PERMANENT_HH

#include "tools/zsmctl/figures/plan.hh"
#include "tools/zsmctl/sys/tree.hh"

namespace zsmctl {

/*
 * The plan as the files for the boot are to say it: its disk has a name that
 * lasts. Throws: failure, if they cannot say it.
 */
plan at_boot(const tree &files, plan p);

/*
 * Throws: failure, if the machine has nothing that does it at boot, or does
 * something else. @for_files: it is a file system that is wanted, and not swap.
 */
void want_permanence(const tree &files, bool for_files);

/* Prints what make_permanent() would write. @p: by at_boot(). */
void show_permanent(const tree &files, const plan &p);

/* @p: by at_boot(), of before anything was erased. */
void make_permanent(const tree &files, const plan &p);

/*
 * Removes what make_permanent() has written, and nothing else.
 * Return: whether there was anything.
 */
bool end_permanence(const tree &files);

} /* namespace zsmctl */

#endif /* ZSMCTL_CMD_PERMANENT_HH */
