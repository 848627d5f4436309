/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * An allocator around the core, as zsm/ is one, in user space: it brings
 * what the core asks for, keeps the bytes, and knows nothing of what they mean.
 * Pages and descriptors are allocations of their own, exactly as long as they
 * should be and freed at once, so that the address sanitizer sees a use past
 * one or after it.
 *
 * What the core must not do ends the program.
 */
#ifndef ZSM_TESTS_FUZZ_HEAP_HH
#define ZSM_TESTS_FUZZ_HEAP_HH

#include "core/zsm/compaction.h"
#include "core/zsm/table.h"

#include "core/tests/zsm/model.hh"

#include <map>
#include <memory>
#include <vector>

/* Ends the program, saying what was wrong, unless @good. */
void require(bool good, const char *what);

class heap {
public:
	heap();
	~heap();

	heap(const heap &) = delete;
	heap &operator=(const heap &) = delete;

	/* @generous: with more in hand than the core asks for. */
	zsm_loc alloc(uint32_t size, uint32_t owner, bool generous);
	void free(zsm_loc loc);
	/* Frees what may not be allocated; returns whether it was. */
	bool try_free(zsm_loc loc);

	void write(zsm_loc loc, const void *from, uint32_t len);
	void read(zsm_loc loc, void *to, uint32_t len) const;

	/*
	 * Makes a step of compaction, unless there is none or, if @refuse, has
	 * the owner not let it. @moved is called with an owner, its object's
	 * old and its new location.
	 */
	template <class F>
	bool compact(uint32_t class_idx, bool refuse, F &&moved);

	/* All owners of a class may be asked again. */
	void retry(uint32_t class_idx);

	/*
	 * Visits each page of a class once, as zsm_reclaim() does: @ask is
	 * called with an owner and its object's location, and @moved as by
	 * compact().
	 */
	template <class Ask, class F>
	void reclaim(uint32_t class_idx, Ask &&ask, F &&moved);

	/* All counts are right, and no page is there that no object touches. */
	void check() const;

	uint64_t nr_objects() const { return nr_objects_; }
	uint32_t class_of(zsm_loc loc) const { return at(loc)->class_idx; }
	uint32_t nr_ids() const { return table_.nr_ids; }

private:
	struct census;
	struct bytes; /* where an object's are */

	bytes find(zsm_loc loc, uint32_t len) const;

	zsm_zspage *at(zsm_loc loc) const
	{
		return zsm_table_entry(&table_, zsm_loc_id(loc));
	}
	uint8_t *page(uint32_t pfn) const;
	uint32_t new_page();
	zsm_zspage *new_zspage(uint32_t class_idx);
	void destroy_zspage(zsm_zspage *zspage);
	void release(zsm_zspage *zspage, const zsm_released &released);
	void count(const zsm_zspage &zspage, census &seen) const;
	zsm_loc do_move(zsm_class &cls, const zsm_move &move);

	std::vector<zsm_class> classes_;
	zsm_table table_{};
	std::map<uint32_t, std::unique_ptr<uint8_t[]>> pages_;
	std::map<zsm_zspage *, model::descriptor> zspages_;
	uint32_t next_pfn_ = 1;
	uint64_t nr_objects_ = 0;
};

template <class F>
bool heap::compact(uint32_t class_idx, bool refuse, F &&moved)
{
	zsm_class &cls = classes_[class_idx];
	zsm_move move{};

	if (!zsm_core_pick_move(&cls, &move))
		return false;
	if (refuse) {
		zsm_core_refused(&cls, &move);
		return true;
	}

	const auto obj = move.from.obj;
	const uint32_t owner = zsm_owner(move.from.zspage, obj);
	const zsm_loc from = zsm_loc_pack(move.from.zspage->id, obj);

	moved(owner, from, do_move(cls, move));
	return true;
}

/* What an owner says to an eviction, as enum zsm_eviction has it. */
enum class eviction { evicted, frozen, refused };

template <class Ask, class F>
void heap::reclaim(uint32_t class_idx, Ask &&ask, F &&moved)
{
	zsm_class &cls = classes_[class_idx];

	for (uint32_t id = 0; id < table_.nr_ids; id++) {
		for (uint32_t page = 0; page < ZSM_MAX_CHAIN; page++) {
			uint32_t obj = 0;

			for (;; obj++) {
				zsm_zspage *z = zsm_table_entry(&table_, id);

				/* It may have lost its last object. */
				if (!zsm_table_is_zspage(z) ||
				    z->class_idx != class_idx)
					break;
				obj = zsm_core_next_used(z, page, obj);
				if (obj == ZSM_MAX_OBJS)
					break;

				const uint32_t owner = zsm_owner(z, obj);
				const zsm_loc loc = zsm_loc_pack(id, obj);
				const eviction said = ask(owner, loc);
				const zsm_object from{z, obj};
				zsm_move move{};

				if (said == eviction::evicted)
					free(loc);
				else if (said == eviction::frozen &&
					 zsm_core_pick_refuge(&cls, &from, page,
							      &move))
					moved(owner, loc, do_move(cls, move));
			}
		}
	}
}

#endif /* ZSM_TESTS_FUZZ_HEAP_HH */
