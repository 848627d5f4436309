/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A size class with all its zspages, each beside its model. Every call of the
 * core is made through it and judged by it: what it answered, what it consumed
 * and gave back, and whether there was a better choice.
 */
#ifndef ZSM_TESTS_POOL_HH
#define ZSM_TESTS_POOL_HH

#include "core/tests/zsm/model.hh"
#include "core/tests/zsm/optimum.hh"

#include <map>

namespace model {

/* An object by its zspage's id. Ids are given out from 0. */
struct object {
	uint32_t id;
	uint32_t obj;
};

class pool {
public:
	pool(uint32_t class_idx, uint64_t seed) : rng_(seed)
	{
		cls_.class_idx = class_idx;
	}

	/* Brings what the core asks for, or else all it could ever take. */
	object alloc(bool bring_all = false);
	zsm_released free(object o);
	object random_object();

	/*
	 * Makes a step of compaction, if there is one, and says if it did. In
	 * @refuse of a hundred its owner does not let it.
	 */
	bool compact(uint32_t refuse = 0);

	/* What owners refused may be asked for again. */
	void retry();

	/* Moves an object into another class, if that gains a page. */
	bool merge_into(pool &to);

	/* Fails unless lists and counts are as the model has them. */
	void check() const;

	rng &random() { return rng_; }
	zsm_class &cls() { return cls_; }
	zsm_zspage &zspage(uint32_t id) { return *members_.at(id).state; }
	uint32_t objs_each() const { return row(cls_.class_idx).nr_objs; }
	size_t nr_zspages() const { return members_.size(); }
	uint64_t nr_used() const { return nr_used_; }
	uint32_t nr_pages() const { return pfns_.nr_out(); }

private:
	struct member {
		descriptor state;
		model::zspage model;
		uint32_t list = ZSM_NO_LIST; /* where it ought to stand */
		bool kept = false; /* an owner refused, nothing freed since */

		void relist();
	};

	int best_list() const;
	uint64_t nr_ready() const;
	void check_wants() const;
	void check_list(uint32_t list, size_t &found) const;
	void check_move(const zsm_move &move) const;
	void check_no_move() const;
	void took(const zsm_taken &got, uint32_t owner,
		  const zsm_reserve &before, const zsm_reserve &after);
	void gave(object o, const zsm_released &out);
	void choose(const zsm_taken &got, descriptor fresh);
	void move_to(pool &to, const zsm_move &move);

	rng rng_;
	zsm_class cls_{};
	std::map<uint32_t, member> members_;
	pfn_source pfns_;
	uint32_t next_id_ = 0;
	uint64_t nr_used_ = 0;
};

/*
 * Allocates and frees at random, towards one number of objects after the other,
 * and in @compact of a hundred operations makes a step of compaction instead,
 * of which owners refuse @refuse of a hundred.
 */
void wander(pool &p, uint32_t nr_ops, uint32_t max_zspages,
	    uint32_t compact = 0, uint32_t refuse = 0);

/* Frees all, and fails unless that leaves nothing. */
void drain(pool &p);

/* Allocates so many zspages full. */
void fill(pool &p, uint32_t nr_zspages);

template <typename F>
void for_class(uint32_t class_idx, uint64_t seed, F &&test)
{
	SCOPED_TRACE(testing::Message()
		     << "size " << row(class_idx).size << ", seed " << seed);
	pool p{class_idx, seed};

	ASSERT_NO_FATAL_FAILURE(test(p));
}

template <typename F>
void for_each_class(uint64_t seed, F &&test)
{
	for (uint32_t c = 0; c < nr_classes(); c++)
		ASSERT_NO_FATAL_FAILURE(for_class(c, seed + c, test));
}

} /* namespace model */

#endif /* ZSM_TESTS_POOL_HH */
