/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The dense LZ coder, encoding: a greedy parse with the last offset tried
 * first, or one that looks a byte further after a short match.
 *
 * The page may change while it is read. The cursor only ever moves up: a match
 * ends behind where it was found, whatever is read of it later, so that slots
 * stand for places before the cursor.
 */
#ifndef ZSM_W64_HC_LZ_ENCODE_HH
#define ZSM_W64_HC_LZ_ENCODE_HH

#include "core/w64/lz_encode.hh"
#include "core/w64/hc/lz_output.hh"

namespace zsm::w64::hc {

/* Bytes that are hashed: longer strings are found less, but match for longer.
 */
enum class search { greedy, lazy, noise };

/* Matches that are long enough are taken without a look further. */
inline constexpr ptrdiff_t lazy_match = 12;

template <search How>
class dense_lz_finder {
public:
	static constexpr uint32_t patience = How == search::greedy ? 5
					     : How == search::lazy ? 6
								   : 4;

	W64_INLINE dense_lz_finder(const uint8_t *page, lz_work &work) noexcept
		: page_(page), end_(page + unit::bytes), slots_(work.slots)
	{
		__builtin_memset(slots_, 0, sizeof(work.slots));
	}

	W64_INLINE void insert(const uint8_t *at) noexcept
	{
		slots_[hash(load64(at))] = static_cast<uint16_t>(at - page_);
	}

	/* An earlier place with the same four bytes, or null. */
	W64_INLINE const uint8_t *find(const uint8_t *at,
				       uint32_t last_offset) noexcept
	{
		const uint64_t bytes = load64(at);
		uint16_t &slot = slots_[hash(bytes)];
		const uint8_t *const seen = page_ + slot;
		const uint8_t *const repeat = at - last_offset;

		slot = static_cast<uint16_t>(at - page_);
		if (load<uint32_t>(repeat) == static_cast<uint32_t>(bytes))
			return repeat;
		if (load<uint32_t>(seen) == static_cast<uint32_t>(bytes))
			return seen;
		return nullptr;
	}

	/*
	 * A match at @at is of @nr bytes. Is there a better one a byte later?
	 * The last offset need not be longer. Returns where, or null.
	 */
	W64_INLINE const uint8_t *better(const uint8_t *at, ptrdiff_t nr,
					 uint32_t last_offset) noexcept
	{
		const uint64_t bytes = load64(++at);
		uint16_t &slot = slots_[hash(bytes)];
		const uint8_t *const seen = page_ + slot;
		const uint8_t *const repeat = at - last_offset;

		slot = static_cast<uint16_t>(at - page_);
		if (load<uint32_t>(repeat) == static_cast<uint32_t>(bytes) &&
		    match_end(at, repeat, end_) - at + 1 >= nr)
			return repeat;
		if (load<uint32_t>(seen) == static_cast<uint32_t>(bytes) &&
		    match_end(at, seen, end_) - at > nr)
			return seen;
		return nullptr;
	}

private:
	W64_INLINE static uint32_t hash(uint64_t bytes) noexcept
	{
		if constexpr (How == search::lazy)
			return (bytes << 32) * 0x9e3779b97f4a7c15 >> 52;
		else
			return lz_hash(bytes);
	}

	const uint8_t *page_;
	const uint8_t *end_;
	uint16_t *slots_;
};

/**
 * parse_lz() - turn a unit into sequences
 * @page: the unit
 * @out: receives them
 * @work: cleared here
 */
template <search How>
W64_INLINE void parse_lz(const uint8_t *page, lz_output &out,
			 lz_work &work) noexcept
{
	const uint8_t *const end = page + unit::bytes;
	const uint8_t *const stop = end - lz_last_match;
	const uint8_t *done = page;
	const uint8_t *at = page + 1;
	dense_lz_finder<How> finder(page, work);

	for (;;) {
		uint32_t step = 1u << finder.patience;
		const uint8_t *seen;

		while (!(seen = finder.find(at, out.last_offset()))) {
			at += step++ >> finder.patience;
			if (unlikely(at > stop)) {
				out.finish(done, end);
				return;
			}
		}

		const uint8_t *match = match_end(at, seen, end);

		if constexpr (How == search::lazy) {
			const ptrdiff_t nr = match - at;

			if (nr < lazy_match && at < stop) {
				const uint8_t *const next = finder.better(
					at, nr, out.last_offset());

				if (next) {
					at++;
					seen = next;
					match = match_end(at, seen, end);
				}
			}
		}
		while (at > done && seen > page && at[-1] == seen[-1]) {
			at--;
			seen--;
		}
		out.sequence(done, static_cast<uint32_t>(at - done),
			     static_cast<uint32_t>(match - at) - lz_min_match,
			     static_cast<uint32_t>(at - seen));
		done = match;
		at = match;
		if (unlikely(at > stop)) {
			out.finish(done, end);
			return;
		}
		finder.insert(at - 2);
	}
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_LZ_ENCODE_HH */
