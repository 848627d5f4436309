/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * A pool of pairs or triples beside its model, which keeps for each page the
 * objects with where they lie, looks at all of them for every question, and
 * knows no bin. Every call of the core is made through it and judged by it.
 */
#ifndef ZSM_TESTS_BUDDIES_HH
#define ZSM_TESTS_BUDDIES_HH

#include "core/kinds/buddies.h"
#include "core/tests/zsm/model.hh"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace model {

/* An object of a pool of pairs or triples. */
struct buddy {
	uint32_t id;
	uint32_t which;
};

class buddies {
public:
	buddies(uint32_t per_page, bool slides, uint64_t seed) : rng_(seed)
	{
		state_.per_page = per_page;
		state_.slides = slides;
	}

	/* Refuses the first @refusals slides, as an owner may. */
	buddy alloc(uint32_t granules, uint32_t refusals = 0);
	void free(buddy b);
	/* Says whether it could. */
	bool resize(buddy b, uint32_t granules);
	/* One object in @kept is kept by its owner; 0: none. */
	bool compact(uint32_t kept = 0);
	/* The id of the oldest page, held from now on. */
	std::optional<uint32_t> hold();
	void release(uint32_t id);

	buddy random_buddy();
	uint32_t granules_of(buddy b) const;
	uint32_t nr_on(uint32_t id) const;
	std::vector<buddy> on(uint32_t id) const;

	/* Fails unless bins, ages and counts are as the model has them. */
	void check() const;

	rng &random() { return rng_; }
	zsm_buddies &state() { return state_; }
	zsm_buddy_page &page(uint32_t id) { return *members_.at(id).state; }
	uint64_t nr_used() const { return nr_used_; }
	uint64_t nr_granules() const { return nr_granules_; }
	size_t nr_pages() const { return members_.size(); }
	bool has_page(uint32_t id) const { return members_.count(id); }

private:
	struct object {
		uint32_t first;
		uint32_t granules;
		uint32_t owner;

		uint32_t end() const { return first + granules; }
	};

	struct member {
		std::unique_ptr<zsm_buddy_page> state;
		std::map<uint32_t, object> objects;
		uint64_t age = 0;
		uint32_t room = 0;
		bool held = false;
	};

	using objects = std::map<uint32_t, object>;

	static uint32_t filled(const objects &all);
	uint32_t largest_hole(const objects &all) const;
	uint32_t room_of(const objects &all) const;
	void changed(member &m);
	std::optional<uint32_t> least_room(uint32_t granules) const;
	void slide(member &m, uint32_t which, uint32_t to);
	void put(const zsm_placing &p, uint32_t owner);
	void check_page(const member &m) const;
	void check_bins() const;
	void check_ages() const;
	void check_no_move() const;
	void forget(buddy b, int what);

	rng rng_;
	zsm_buddies state_{};
	std::map<uint32_t, member> members_;
	uint32_t next_id_ = 0;
	uint64_t now_ = 0;
	uint64_t nr_used_ = 0;
	uint64_t nr_granules_ = 0;
};

/* Allocates, frees, resizes, compacts and reclaims at random, to about @aim
 * objects. */
void wander(buddies &b, uint32_t nr_ops, uint32_t aim);

/* Frees all, and fails unless that leaves nothing. */
void drain(buddies &b);

} /* namespace model */

#endif /* ZSM_TESTS_BUDDIES_HH */
