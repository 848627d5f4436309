/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * An optimal parse for the dense LZ coder: of all ways to cut a unit into
 * sequences that a short search finds, the one that a profile codes with the
 * fewest bits. For pages that are written once and kept for long.
 *
 * The cheapest way to each place is known from those to the places before; a
 * place also remembers the two last offsets of that way, so that repeating
 * them costs what it will.
 *
 * The page may change meanwhile. Places are only ever reached from places
 * below, and lengths are limited by the unit's end, whatever is read.
 */
#ifndef ZSM_W64_HC_LZ_OPTIMAL_HH
#define ZSM_W64_HC_LZ_OPTIMAL_HH

#include "core/w64/hc/lz_encode.hh"
#include "core/w64/hc/tables.hh"

namespace zsm::w64::hc {

/* In sixteenths of a bit. */
inline constexpr uint32_t cost_of_bit = 16;

/* What each symbol costs with the profiles of a block. */
struct lz_costs {
	uint16_t tokens[nr_lz_tokens];
	uint16_t offsets[nr_offset_classes];
	uint16_t literals[256];
	/* A literal class, whatever the match class. */
	uint16_t classes[literal_classes];
};

/* The cheapest way to a place. */
struct lz_place {
	uint32_t cost;
	uint16_t literals; /* after the last match */
	uint16_t length;   /* of a match that ends here, or 0 */
	uint16_t offset;   /* of that match */
	uint16_t last;     /* the two last offsets */
	uint16_t before;
};

inline constexpr uint32_t chain_slots = 4096;
inline constexpr uint16_t no_place = 0xffff;
inline constexpr uint32_t out_of_reach = ~0u;

struct optimal_work {
	lz_costs costs;
	uint16_t newest[chain_slots];
	uint16_t earlier[unit::bytes];
	lz_place places[unit::bytes + 1];
	/* The ends of the matches, last first. */
	uint16_t ends[max_tokens];
};

/* How many places with the same hash are tried. */
inline constexpr uint32_t chain_length = 4;
/* After a match that is longer than this the search goes on behind it. */
inline constexpr uint32_t nice_length = 20;
/* All shorter lengths of a match are tried up to this. */
inline constexpr uint32_t each_length = 16;

/* cost_of_bit times the logarithm of @one / @part, linear between powers of 2.
 */
W64_INLINE uint32_t cost_of_share(uint32_t part, uint32_t one) noexcept
{
	uint32_t cost = 0;

	if (!part)
		return 14 * cost_of_bit;
	for (; part < one; part <<= 1)
		cost += cost_of_bit;
	return cost - cost_of_bit * (part - one) / one;
}

W64_INLINE uint16_t cost_of_code(uint32_t entry) noexcept
{
	return static_cast<uint16_t>(cost_of_bit * code_length(entry));
}

/* Returns the token's share of all codes, of which there are a power of two. */
W64_INLINE uint32_t set_token(lz_costs &costs, const uint16_t *codes,
			      uint32_t token) noexcept
{
	costs.tokens[token] = cost_of_code(codes[token]);
	return 1u << (max_code_bits - costs.tokens[token] / cost_of_bit);
}

W64_INLINE void set_costs(lz_costs &costs, uint32_t token_profile,
			  uint32_t bytes_profile, bool raw) noexcept
{
	const uint16_t *const tokens =
		dense_encode.encode[first_lz_token + token_profile];
	const uint16_t *const literals =
		dense_encode.encode[first_literal + bytes_profile];

	for (uint32_t i = 0; i < 256; i++)
		costs.literals[i] = static_cast<uint16_t>(
			raw ? 8 * cost_of_bit : cost_of_code(literals[i]));
	for (uint32_t i = 0; i < nr_offset_classes; i++)
		costs.offsets[i] = cost_of_code(
			dense_encode.encode_offset[token_profile][i]);
	for (uint32_t i = 0; i < literal_classes; i++) {
		uint32_t share = 0;

		for (uint32_t k = 0; k < match_classes; k++) {
			const uint32_t token = i * match_classes + k;

			share += set_token(costs, tokens, token);
			share += set_token(costs, tokens, token + lz_repeat);
		}
		costs.classes[i] = static_cast<uint16_t>(
			cost_of_share(share, 1u << max_code_bits));
	}
}

/* Extra bits of a length of which @beyond is what its class cannot say. */
W64_INLINE uint32_t cost_of_long(uint32_t beyond) noexcept
{
	return cost_of_bit *
	       (beyond < length_nibble ? 4 : 4 + whole_length_bits);
}

W64_INLINE uint32_t literal_class(uint32_t nr) noexcept
{
	return nr < long_literals ? nr : long_literals;
}

W64_INLINE uint32_t cost_of_literal_extra(uint32_t nr) noexcept
{
	return nr < long_literals ? 0 : cost_of_long(nr - long_literals);
}

/* A match of @more bytes above lz_min_match. */
W64_INLINE uint32_t cost_of_match(const lz_costs &costs, uint32_t repeats,
				  uint32_t literals, uint32_t more) noexcept
{
	const uint32_t first =
		repeats * lz_repeat + literal_class(literals) * match_classes;

	if (more < short_long_match)
		return costs.tokens[first + more];
	if (more < long_match)
		return costs.tokens[first + short_long_match] + 2 * cost_of_bit;
	return costs.tokens[first + short_long_match + 1] +
	       cost_of_long(more - long_match);
}

W64_INLINE uint32_t cost_of_offset(const lz_costs &costs, uint32_t offset,
				   uint32_t before) noexcept
{
	const bool aligned = !(offset & 7);
	const auto power = static_cast<uint32_t>(
		31 - __builtin_clz(offset >> (aligned ? 3 : 0)));

	if (offset == before)
		return costs.offsets[offset_before];
	return costs.offsets[(aligned ? first_aligned : first_unaligned) +
			     power] +
	       power * cost_of_bit;
}

class optimal_parser {
public:
	W64_INLINE optimal_parser(const uint8_t *page,
				  optimal_work &work) noexcept
		: page_(page), work_(work), costs_(work.costs)
	{
		__builtin_memset(work.newest, 0xff, sizeof(work.newest));
		for (lz_place &place : work.places)
			place.cost = out_of_reach;
		work.places[0] = {costs_.classes[0],  0, 0, 0, first_offset,
				  first_offset_before};
	}

	W64_INLINE void run() noexcept
	{
		for (uint32_t at = 0; at < unit::bytes; at++) {
			const bool live = at >= skip_to_ &&
					  work_.places[at].cost != out_of_reach;

			if (live)
				literal(at);
			/* A hash is of eight bytes that are there. */
			if (at > unit::bytes - 8)
				continue;

			const uint32_t slot = hash(load64(page_ + at));

			if (live) {
				repeats(at);
				if (skip_to_ <= at)
					chain(at, slot);
			}
			work_.earlier[at] = work_.newest[slot];
			work_.newest[slot] = static_cast<uint16_t>(at);
		}
	}

private:
	W64_INLINE static uint32_t hash(uint64_t bytes) noexcept
	{
		return (bytes << 32) * 0x9e3779b97f4a7c15 >> 52;
	}

	W64_INLINE void literal(uint32_t at) noexcept
	{
		const lz_place &from = work_.places[at];
		lz_place &to = work_.places[at + 1];
		const uint32_t cost = from.cost + costs_.literals[page_[at]] +
				      cost_so_far(from.literals + 1u) -
				      cost_so_far(from.literals);

		if (cost >= to.cost)
			return;
		to = {cost,      static_cast<uint16_t>(from.literals + 1),
		      0,         0,
		      from.last, from.before};
	}

	/* What literals cost apart from their codes, while no match follows. */
	W64_INLINE uint32_t cost_so_far(uint32_t literals) const noexcept
	{
		return costs_.classes[literal_class(literals)] +
		       cost_of_literal_extra(literals);
	}

	/* What a match at @at starts from; its token says the literals again.
	 */
	W64_INLINE uint32_t cost_before(uint32_t at) const noexcept
	{
		const lz_place &from = work_.places[at];

		return from.cost - cost_so_far(from.literals) +
		       costs_.classes[0] + cost_of_literal_extra(from.literals);
	}

	W64_INLINE void reach(uint32_t at, uint32_t length, uint32_t offset,
			      uint32_t is_repeat, uint32_t cost) noexcept
	{
		const lz_place &from = work_.places[at];
		lz_place &to = work_.places[at + length];

		cost += cost_of_match(costs_, is_repeat, from.literals,
				      length - lz_min_match);
		if (cost >= to.cost)
			return;
		to = {cost,
		      0,
		      static_cast<uint16_t>(length),
		      static_cast<uint16_t>(offset),
		      is_repeat ? from.last : static_cast<uint16_t>(offset),
		      is_repeat ? from.before : from.last};
	}

	W64_INLINE void reach_all(uint32_t at, uint32_t first, uint32_t length,
				  uint32_t offset, uint32_t is_repeat,
				  uint32_t cost) noexcept
	{
		for (uint32_t i = first; i < length && i < each_length; i++)
			reach(at, i, offset, is_repeat, cost);
		reach(at, length, offset, is_repeat, cost);
		if (length > nice_length)
			skip_to_ = at + length;
	}

	/* The bytes that match at @at and @offset before, or 0. */
	W64_INLINE uint32_t matching(uint32_t at,
				     uint32_t offset) const noexcept
	{
		const uint8_t *const here = page_ + at;

		if (load<uint32_t>(here) != load<uint32_t>(here - offset))
			return 0;
		return static_cast<uint32_t>(
			match_end(here, here - offset, page_ + unit::bytes) -
			here);
	}

	/* The two last offsets. */
	W64_INLINE void repeats(uint32_t at) noexcept
	{
		const lz_place from = work_.places[at];
		const uint32_t cost = cost_before(at);

		for (uint32_t is_repeat = 2; is_repeat--;) {
			const uint32_t offset =
				is_repeat ? from.last : from.before;
			const uint32_t length =
				offset <= at ? matching(at, offset) : 0;

			if (!length)
				continue;
			reach_all(
				at, lz_min_match, length, offset, is_repeat,
				is_repeat
					? cost
					: cost + costs_.offsets[offset_before]);
			if (skip_to_ > at)
				return;
		}
	}

	/* Places with the same hash: each that matches for longer, or aligned.
	 */
	W64_INLINE void chain(uint32_t at, uint32_t slot) noexcept
	{
		const uint32_t before = work_.places[at].before;
		const uint32_t cost = cost_before(at);
		uint32_t best = lz_min_match - 1;
		uint16_t seen = work_.newest[slot];

		for (uint32_t i = 0; i < chain_length && seen != no_place;
		     i++, seen = work_.earlier[seen]) {
			const uint32_t offset = at - seen;
			const uint32_t length = matching(at, offset);

			if (!length)
				continue;

			const uint32_t all =
				cost + cost_of_offset(costs_, offset, before);

			if (length > best) {
				reach_all(at, best + 1, length, offset, 0, all);
				best = length;
			} else if (!(offset & 7)) {
				reach(at, length, offset, 0, all);
			}
			if (skip_to_ > at)
				return;
		}
	}

	const uint8_t *const page_;
	optimal_work &work_;
	const lz_costs &costs_;
	uint32_t skip_to_ = 0;
};

/**
 * parse_optimally() - turn a unit into sequences
 * @page: the unit
 * @out: receives them
 * @work: the costs are set; the rest is initialised here
 */
W64_INLINE void parse_optimally(const uint8_t *page, lz_output &out,
				optimal_work &work) noexcept
{
	const uint8_t *done = page;
	uint32_t nr = 0;
	optimal_parser parser(page, work);

	parser.run();
	for (uint32_t at = unit::bytes; at;) {
		const uint32_t length = work.places[at].length;

		if (length)
			work.ends[nr++] = static_cast<uint16_t>(at);
		at -= length ? length : 1;
	}
	while (nr) {
		const uint32_t at = work.ends[--nr];
		const lz_place &place = work.places[at];
		const uint8_t *const start = page + at - place.length;
		const auto literals = static_cast<uint32_t>(start - done);
		const uint32_t more = place.length - lz_min_match;

		if (page + unit::bytes - start >= 16)
			out.sequence(done, literals, more, place.offset);
		else
			out.sequence_near_end(done, literals, more,
					      place.offset);
		done = page + at;
	}
	out.finish(done, page + unit::bytes);
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_LZ_OPTIMAL_HH */
