/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * What the tests hold the core against: a zspage of plain bytes and vectors
 * that looks at everything, keeps no count and knows no shortcut; and makers of
 * the things a caller of the core brings along.
 */
#ifndef ZSM_TESTS_MODEL_HH
#define ZSM_TESTS_MODEL_HH

#include "core/zsm/compaction.h"
#include "core/zsm/table.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <vector>

namespace model {

inline uint32_t nr_classes()
{
	return zsm_classes.nr_classes;
}

inline const zsm_class_row &row(uint32_t class_idx)
{
	return zsm_classes.rows[class_idx];
}

/* The same numbers each time for a seed (splitmix64). */
class rng {
public:
	explicit rng(uint64_t seed) : state_(seed) {}

	uint64_t next()
	{
		uint64_t z = state_ += 0x9e3779b97f4a7c15;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		return z ^ z >> 31;
	}

	/* 0 to @n - 1. */
	uint32_t below(uint32_t n)
	{
		return static_cast<uint32_t>((next() >> 32) * n >> 32);
	}

	bool percent(uint32_t chance) { return below(100) < chance; }

private:
	uint64_t state_;
};

struct free_memory {
	void operator()(void *p) const { std::free(p); }
};

using descriptor = std::unique_ptr<zsm_zspage, free_memory>;

/*
 * A descriptor as the kernel side makes it: exactly as long as its class says,
 * so that the address sanitizer sees an access past it, and nothing set but the
 * id and the class.
 */
descriptor make_descriptor(uint32_t class_idx, uint32_t id);

/* The parts of a descriptor's tail: a bit an object, pages, owners. */
bool used_bit(const zsm_zspage &z, uint32_t obj);
uint32_t pfn_of(const zsm_zspage &z, uint32_t page);
void set_pfn(zsm_zspage &z, uint32_t page, uint32_t pfn);

size_t descriptor_bytes(uint32_t class_idx);

/* The bytes of a descriptor, to see whether a call changed any. */
std::vector<uint8_t> snapshot(const zsm_zspage &z);

/* Page numbers, never the same twice, and which of them have not come back. */
class pfn_source {
public:
	uint32_t take();
	void give_back(uint32_t pfn);
	uint32_t nr_out() const { return nr_out_; }
	zsm_reserve reserve(uint32_t nr);

private:
	std::vector<bool> out_;
	uint32_t nr_out_ = 0;
};

/*
 * For each object the pages that it has a byte in, a bit each: it does if
 * neither ends where the other starts or before.
 */
std::vector<uint32_t> pages_of_objs(const zsm_class_row &row);

class zspage {
public:
	explicit zspage(uint32_t class_idx);

	uint32_t nr_objs() const { return row_->nr_objs; }
	uint32_t nr_used() const { return static_cast<uint32_t>(live_.size()); }
	/* Whether the page is there, and how many are. */
	bool has_page(uint32_t page) const { return there_ >> page & 1; }
	uint32_t nr_pages() const;
	bool full() const { return nr_used() == nr_objs(); }
	bool used(uint32_t obj) const { return used_[obj]; }
	uint32_t random_used(rng &r) const;

	uint32_t owner(uint32_t obj) const { return owner_[obj]; }
	/* Free objects whose pages are there, but for those on @page. */
	uint32_t nr_ready(uint32_t but_on_page = ZSM_MAX_CHAIN) const;
	/* Used objects that touch the page. */
	uint32_t nr_used_on(uint32_t page) const;
	bool touches(uint32_t obj, uint32_t page) const;
	/* Eighths of it that are used, as core/zsm/zspage.h counts them. */
	uint32_t fullness() const;
	/* Pages that the object needs and that are not there. */
	uint32_t missing(uint32_t obj) const;
	/* The fewest pages that a free object needs. There is one. */
	uint32_t cheapest() const;
	/* The list it belongs in, as core/zsm/zspage.h has it. */
	uint32_t list() const;

	/*
	 * The core took an object. Finds the pages it populated in @z, and
	 * fails unless they are those taken from the end of @before and,
	 * unless @any object would do, no other would have needed fewer.
	 */
	void take(const zsm_zspage &z, uint32_t obj, uint32_t owner,
		  const zsm_reserve &before, const zsm_reserve &after,
		  bool any = false);

	/* The core freed an object and said this of it. */
	void give(uint32_t obj, const zsm_released &out, pfn_source &pfns);

	/* Fails unless the descriptor says what the model knows. */
	void check(const zsm_zspage &z) const;

private:
	void look_at_pages();
	void check_counts(const zsm_zspage &z) const;
	void check_tail(const zsm_zspage &z) const;

	const zsm_class_row *row_;
	std::vector<uint32_t> pages_of_;
	std::vector<uint8_t> used_;
	std::vector<uint32_t> owner_;
	std::vector<uint32_t> live_; /* the used objects, in no order */
	std::vector<uint32_t> pfn_;  /* 0: the page is not there */
	uint32_t there_ = 0;         /* pages that a used object touches */
};

} /* namespace model */

#endif /* ZSM_TESTS_MODEL_HH */
