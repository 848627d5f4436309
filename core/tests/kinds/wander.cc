// SPDX-License-Identifier: GPL-2.0 OR MIT
/* What happens at random to a pool of pairs or triples beside its model. */
#include "core/tests/kinds/buddies.hh"

namespace model {

/* Holds a page, frees some of it, does something else meanwhile, and releases
 * it. */
static void reclaim_some(buddies &b)
{
	const std::optional<uint32_t> held = b.hold();

	if (!held)
		return;
	for (const buddy o : b.on(*held)) {
		if (b.random().percent(70))
			b.free(o);
	}
	b.alloc(b.random().below(ZSM_PAGE_GRANULES) + 1);
	if (b.random().percent(50))
		b.hold();
	ASSERT_NO_FATAL_FAILURE(b.check());
	b.release(*held);
}

void wander(buddies &b, uint32_t nr_ops, uint32_t aim)
{
	for (uint32_t op = 0; op < nr_ops; op++) {
		const uint32_t longest = b.random().percent(70) ? 100 : 256;
		const uint32_t granules = b.random().below(longest) + 1;

		if (b.random().below(2 * aim) >= b.nr_used())
			b.alloc(granules, b.random().below(4));
		else if (b.random().percent(80))
			b.free(b.random_buddy());
		else
			b.resize(b.random_buddy(), granules);
		if (b.random().percent(5))
			b.compact();
		if (b.random().percent(2) && b.nr_used()) {
			ASSERT_NO_FATAL_FAILURE(reclaim_some(b));
		}
		if (op % 64 == 0) {
			ASSERT_NO_FATAL_FAILURE(b.check());
		}
		if (testing::Test::HasFailure())
			return;
	}
}

void drain(buddies &b)
{
	while (b.nr_used())
		b.free(b.random_buddy());
	/* Held pages are the last. */
	for (uint32_t id = 0; b.nr_pages(); id++) {
		if (b.has_page(id))
			b.release(id);
	}
	ASSERT_NO_FATAL_FAILURE(b.check());
	ASSERT_EQ(b.state().newest, nullptr);
}

} /* namespace model */
