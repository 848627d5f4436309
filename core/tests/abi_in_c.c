// SPDX-License-Identifier: GPL-2.0 OR MIT
/* The shared headers as C sees them. That this compiles is part of the test. */
#include <stddef.h>
#include <stdint.h>

#include "core/kinds/buddies.h"
#include "core/zram/slot.h"
#include "core/zsm/compaction.h"
#include "core/zsm/table.h"

#include "core/tests/abi_facts.h"

#define FACT(expr) (expr),

size_t abi_in_c(uint64_t *facts, size_t room);

/* Fills in as many as there is room for, and returns how many there are. */
size_t abi_in_c(uint64_t *facts, size_t room)
{
	const uint64_t all[] = { ABI_FACTS(FACT) };
	const size_t nr = sizeof(all) / sizeof(all[0]);

	for (size_t i = 0; i < nr && i < room; i++)
		facts[i] = all[i];
	return nr;
}
