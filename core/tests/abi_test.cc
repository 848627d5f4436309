// SPDX-License-Identifier: GPL-2.0 OR MIT
/* C and C++ agree on the structures that pass between them. */
#include "core/kinds/buddies.h"
#include "core/tests/abi_facts.h"
#include "core/zram/slot.h"
#include "core/zsm/compaction.h"
#include "core/zsm/table.h"

#include <gtest/gtest.h>

#include <iterator>

extern "C" size_t abi_in_c(uint64_t *facts, size_t room);

namespace {

struct fact {
	const char *name;
	uint64_t value;
};

#define FACT(expr) {#expr, (expr)},
constexpr fact facts[] = {ABI_FACTS(FACT)};

TEST(abi, c_and_cxx_agree)
{
	uint64_t in_c[std::size(facts)];

	ASSERT_EQ(abi_in_c(in_c, std::size(in_c)), std::size(facts));
	for (size_t i = 0; i < std::size(facts); i++)
		EXPECT_EQ(facts[i].value, in_c[i]) << facts[i].name;
}

} /* namespace */
