// SPDX-License-Identifier: GPL-2.0 OR MIT
/* How tightly compaction packs classes of many objects, and by how many moves.
 */
#include "core/tests/zsm/model.hh"
#include "core/tests/zsm/optimum.hh"

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

using model::rng;

/*
 * A class without a model beside it, so that very many states of it can be gone
 * through. Only where its objects are is kept.
 */
class bare_class {
public:
	bare_class(uint32_t class_idx, uint64_t seed) : rng_(seed)
	{
		cls_.class_idx = class_idx;
	}

	size_t nr_used() const { return objs_.size(); }

	void alloc()
	{
		model::descriptor fresh;
		zsm_reserve reserve{1, {1, 0}};

		if (zsm_core_wants_fresh(&cls_))
			fresh = model::make_descriptor(cls_.class_idx, 0);

		const auto owner = static_cast<uint32_t>(objs_.size());
		const zsm_taken got =
			zsm_core_alloc(&cls_, fresh.get(), &reserve, owner);

		objs_.push_back({got.zspage, got.obj});
		if (fresh)
			zspages_.push_back(std::move(fresh));
	}

	/* Frees what the owners below @left do not have. */
	void free_but(uint32_t left)
	{
		for (size_t i = objs_.size(); i > 1; i--)
			std::swap(objs_[i - 1],
				  objs_[rng_.below(static_cast<uint32_t>(i))]);
		for (size_t i = left; i < objs_.size(); i++)
			zsm_core_free(&cls_, objs_[i].zspage, objs_[i].obj);
		objs_.resize(left);
	}

	/*
	 * Moves until there is no more to move, or that takes too long. Owners
	 * of one object in @refuse let none go. Returns how many have moved.
	 */
	uint64_t compact(uint64_t most, uint32_t refuse = 0)
	{
		uint64_t moves = 0;
		zsm_move move;

		while (moves <= most && zsm_core_pick_move(&cls_, &move)) {
			const uint32_t owner =
				zsm_owner(move.from.zspage, move.from.obj);
			zsm_reserve reserve{1, {1, 0}};

			if (refuse && owner % refuse == 0) {
				zsm_core_refused(&cls_, &move);
				refusals_++;
				continue;
			}
			zsm_core_move_take(&cls_, &move, &reserve);
			zsm_core_move_give(&cls_, &move);
			moves++;
		}
		return moves;
	}

	uint64_t nr_pages() const { return cls_.nr_pages; }
	uint64_t nr_refusals() const { return refusals_; }
	uint64_t nr_zspages() const { return cls_.nr_zspages; }

private:
	rng rng_;
	zsm_class cls_{};
	std::vector<model::descriptor> zspages_;
	std::vector<zsm_object> objs_;
	uint64_t refusals_ = 0;
};

TEST(packing, it_ends_in_any_state)
{
	constexpr uint32_t nr_states = 150;

	for (uint32_t idx = 0; idx < model::nr_classes(); idx++) {
		rng random{9500 + idx};

		for (uint32_t state = 0; state < nr_states; state++) {
			bare_class c{idx, random.next()};
			const size_t most =
				1 + random.below(6 * model::row(idx).nr_objs);
			const size_t left = 1 + random.below(most);

			while (c.nr_used() < most)
				c.alloc();
			c.free_but(static_cast<uint32_t>(left));
			for (uint32_t more = random.below(20); more; more--)
				c.alloc();

			const uint64_t steps = 2 * c.nr_used();

			ASSERT_LE(c.compact(steps), steps)
				<< "size " << model::row(idx).size << ", state "
				<< state;

			const uint64_t fewest =
				model::fewest_pages(idx, c.nr_used());

			ASSERT_LE(c.nr_pages(), fewest + fewest / 100)
				<< "size " << model::row(idx).size << ", state "
				<< state;
		}
	}
}

/* How many of @nr objects of sizes around a third of a page are in each class.
 */
std::vector<uint32_t> mixture(uint32_t nr)
{
	std::vector<uint32_t> objs(model::nr_classes());
	rng random{9800};

	while (nr--) {
		/* Twelve numbers together are close to normal; so is the
		 * logarithm. */
		double normal = -6;

		for (uint32_t i = 0; i < 12; i++)
			normal += random.below(1u << 16) / 65536.0;

		const double size =
			1300.0 / 4096 * ZSM_PAGE_SIZE * std::exp(normal / 2);

		objs[zsm_class_of(static_cast<uint32_t>(std::clamp(
			size, 1.0, static_cast<double>(ZSM_PAGE_SIZE))))]++;
	}
	return objs;
}

/* Of many objects, of which so many of a hundred are left. */
void check_mixture(uint32_t percent)
{
	const auto objs = mixture(100000);
	uint64_t before = 0, after = 0, fewest = 0, moves = 0;

	for (uint32_t idx = 0; idx < objs.size(); idx++) {
		bare_class c{idx, 9700 + idx};

		while (c.nr_used() < objs[idx])
			c.alloc();
		c.free_but(objs[idx] * percent / 100);
		before += c.nr_pages();
		moves += c.compact(2 * c.nr_used());
		after += c.nr_pages();
		fewest += model::fewest_pages(idx, c.nr_used());
	}
	EXPECT_LE(after, fewest + fewest / 100) << percent << "% left";
	EXPECT_LE(moves, 6 * (before - after)) << percent << "% left";
}

TEST(packing, a_mixture_of_sizes_is_packed_by_few_moves)
{
	for (const uint32_t percent : {50, 25, 10})
		check_mixture(percent);
}

/* Owners who refuse cost what their own objects take, and are asked once each.
 */
TEST(packing, refusals_stop_nothing_else)
{
	constexpr uint32_t nr_objs = 4000, refuse = 50;

	for (const uint32_t sixteenths : {1, 5, 9, 11, 15}) {
		const uint32_t idx =
			zsm_class_of(sixteenths * ZSM_PAGE_SIZE / 16);
		bare_class c{idx, 9900 + sixteenths};

		while (c.nr_used() < nr_objs)
			c.alloc();
		c.free_but(nr_objs / 2);

		const uint64_t zspages = c.nr_zspages();
		const uint64_t fewest = model::fewest_pages(idx, nr_objs / 2);

		c.compact(nr_objs, refuse);
		EXPECT_LE(c.nr_refusals(), zspages);
		EXPECT_LE(c.nr_pages(), fewest + fewest / 100 + 1)
			<< "size " << model::row(idx).size;
	}
}

} /* namespace */
