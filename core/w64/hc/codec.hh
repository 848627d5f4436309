/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The levels of w64hc, and a decoder of everything that the format knows.
 *
 * A page of 4 KiB is one block. A larger one is a block of blocks: their sizes,
 * and then one for each 4 KiB, as it would be for a page of that size.
 */
#ifndef ZSM_W64_HC_CODEC_HH
#define ZSM_W64_HC_CODEC_HH

#include "core/w64/block.hh"
#include "core/w64/hc/block.hh"
#include "core/w64/hc/lz_optimal.hh"

namespace zsm::w64::hc {

enum class level : uint32_t {
	quick = 0,   /* bytes are coded where that saves a fifth of them */
	dense = 1,   /* always */
	denser = 2,  /* and both coders are tried where words do badly */
	archive = 9, /* both coders are tried, and the optimal parse */
};

/* What the upper levels need besides: room for a second block. */
struct denser_memory {
	memory work;
	uint8_t spare[unit_room];
};

struct archive_memory {
	denser_memory denser;
	optimal_work optimal;
};

/* From so much payload on, LZ may do better than words. */
inline constexpr uint32_t doubtful_payload = 900;

/* Bytes after which an optimal parse cannot make up for the difference. */
W64_INLINE constexpr uint32_t hopeless(uint32_t best) noexcept
{
	return best + best / 6;
}

/* A unit in which words were found: how many tokens and bytes they took. */
struct word_result {
	uint32_t tokens = 0;
	uint32_t payload = gave_up;
};

template <class Cpu>
W64_INLINE uint32_t try_words(const uint8_t *page, uint8_t *to, memory &work,
			      effort how, word_result &result) noexcept
{
	result.payload = encode_word_tokens<Cpu>(page, work, result.tokens);
	if (result.payload == gave_up)
		return 0;
	return write_words(to, work, result.tokens, result.payload, how);
}

/* Levels 0 and 1. */
template <class Cpu, level Level>
W64_INLINE uint32_t write_unit(const uint8_t *page, uint8_t *to,
			       memory &work) noexcept
{
	constexpr bool quick = Level == level::quick;
	constexpr effort how = quick ? effort{look::sample, worth_reading}
				     : effort{look::sample, worth_anything};
	constexpr search parse = quick ? search::greedy : search::lazy;
	const page_kind kind = test_page<unit>(page);
	word_result words;
	uint32_t bytes = 0;

	if (kind == page_kind::words)
		bytes = try_words<Cpu>(page, to, work, how, words);
	if (bytes)
		return bytes;
	if (kind == page_kind::noise)
		return encode_lz_block<search::noise>(page, to, work, how);
	return encode_lz_block<parse>(page, to, work, how);
}

template <class Cpu>
W64_INLINE uint32_t write_unit_denser(const uint8_t *page, uint8_t *to,
				      denser_memory &memory) noexcept
{
	constexpr effort how{look::sample, worth_anything};
	const page_kind kind = test_page<unit>(page);
	word_result words;
	uint32_t bytes = 0;

	if (kind == page_kind::words)
		bytes = try_words<Cpu>(page, to, memory.work, how, words);
	if (bytes && words.payload < doubtful_payload)
		return bytes;
	if (kind == page_kind::noise)
		return encode_lz_block<search::noise>(page, to, memory.work,
						      how);

	const uint32_t other = encode_lz_block<search::lazy>(
		page, bytes ? memory.spare : to, memory.work, how);

	/* LZ is slower to read: it has to be better by a few bytes. */
	if (bytes && (!other || other + other / 32 >= bytes))
		return bytes;
	if (bytes)
		copy_steps(to, memory.spare, other);
	return other;
}

/* All symbols are looked at, as they are for level 9. */
inline constexpr effort whole{look::all, worth_anything};

/* Keeps the block at @from in @to if it is the smaller one. */
W64_INLINE uint32_t keep_smaller(uint8_t *to, uint32_t best,
				 const uint8_t *from, uint32_t bytes) noexcept
{
	if (!bytes || (best && bytes >= best))
		return best;
	copy_steps(to, from, bytes);
	return bytes;
}

W64_NOINLINE uint32_t write_lazily(const uint8_t *page, uint8_t *to,
				   memory &work) noexcept
{
	lz_output out = lz_output_to(work);

	parse_lz<search::lazy>(page, out, work.lz);

	const counts nr = counts_of(out, work);

	return write_lz(to, work, nr, whole);
}

W64_NOINLINE uint32_t write_optimally(const uint8_t *page, uint8_t *to,
				      memory &work,
				      optimal_work &optimal) noexcept
{
	lz_output out = lz_output_to(work);

	parse_optimally(page, out, optimal);

	const counts nr = counts_of(out, work);

	return write_lz(to, work, nr, whole);
}

template <class Cpu>
W64_INLINE uint32_t write_unit_archive(const uint8_t *page, uint8_t *to,
				       archive_memory &memory) noexcept
{
	hc::memory &work = memory.denser.work;
	uint8_t *const spare = memory.denser.spare;
	uint32_t nr_tokens;
	const uint32_t payload = encode_word_tokens<Cpu>(page, work, nr_tokens);
	uint32_t best = 0;

	if (payload != gave_up)
		best = write_words(to, work, nr_tokens, payload, whole);

	uint32_t bytes = write_lazily(page, spare, work);

	best = keep_smaller(to, best, spare, bytes);
	if (!bytes || bytes > hopeless(best))
		return best;

	const tail how = unpack(load64(spare + bytes - tail_bytes));

	set_costs(memory.optimal.costs, how.token_profile, how.bytes_profile,
		  how.raw);
	bytes = write_optimally(page, spare, work, memory.optimal);
	return keep_smaller(to, best, spare, bytes);
}

template <class Cpu>
W64_INLINE uint32_t write_unit_at(level which, const uint8_t *page, uint8_t *to,
				  void *memory) noexcept
{
	switch (which) {
	case level::quick:
		return write_unit<Cpu, level::quick>(
			page, to, *static_cast<hc::memory *>(memory));
	case level::dense:
		return write_unit<Cpu, level::dense>(
			page, to, *static_cast<hc::memory *>(memory));
	case level::denser:
		return write_unit_denser<Cpu>(
			page, to, *static_cast<denser_memory *>(memory));
	default:
		return write_unit_archive<Cpu>(
			page, to, *static_cast<archive_memory *>(memory));
	}
}

/* ---- Pages of more than one unit ---------------------------------------- */

template <class Page>
constexpr uint32_t nr_units = Page::bytes / unit::bytes;

/* Each unit's size in the block; a unit of zeroes has 0 and no block. */
using unit_size = uint16_t;

template <class Page>
constexpr uint32_t units_bytes = nr_units<Page> * sizeof(unit_size);

/* What an encoder may write. */
template <class Page>
constexpr uint32_t dense_room =
	nr_units<Page> == 1
		? unit_room
		: header_bytes + units_bytes<Page> + Page::bytes + unit_room;

W64_INLINE bool all_zero(const uint8_t *page) noexcept
{
	for (uint32_t i = 0; i < unit::bytes; i += 32) {
		if (load64(page + i) | load64(page + i + 8) |
		    load64(page + i + 16) | load64(page + i + 24))
			return false;
	}
	return true;
}

template <class Cpu, class Page>
W64_INLINE uint32_t write_page(level which, const uint8_t *page, uint8_t *to,
			       void *memory) noexcept
{
	if constexpr (nr_units<Page> == 1)
		return write_unit_at<Cpu>(which, page, to, memory);

	uint8_t *sizes = to + header_bytes;
	uint8_t *at = sizes + units_bytes<Page>;

	*to = header<Page>(coder::units);
	for (uint32_t i = 0; i < nr_units<Page>; i++) {
		uint32_t bytes = 0;

		if (!all_zero(page)) {
			bytes = write_unit_at<Cpu>(which, page, at, memory);
			if (!bytes) {
				copy_steps(at, page, unit::bytes);
				bytes = unit::bytes;
			}
		}
		store(sizes, static_cast<unit_size>(bytes));
		sizes += sizeof(unit_size);
		at += bytes;
		page += unit::bytes;
	}

	const auto all = static_cast<uint32_t>(at - to);

	return all <= Page::worth ? all : 0;
}

/* ---- Decoding ----------------------------------------------------------- */

/* Any block for a unit: from W64's coders or the dense ones. */
template <class Cpu>
W64_INLINE bool read_unit(const uint8_t *from, size_t nr, uint8_t *page,
			  memory &work) noexcept
{
	if (nr < header_bytes || nr >= unit::bytes)
		return false;
	switch (*from) {
	case header<unit>(coder::dense_words):
		return read_dense_words<Cpu>(from, nr, page, work);
	case header<unit>(coder::dense_lz):
		return read_dense_lz(from, nr, page, work);
	default:
		return read_block<Cpu, unit>(from, nr, page);
	}
}

template <class Cpu, class Page>
W64_INLINE bool read_units(const uint8_t *from, size_t nr, uint8_t *page,
			   memory &work) noexcept
{
	const uint8_t *const end = from + nr;
	const uint8_t *sizes = from + header_bytes;

	if (nr < header_bytes + units_bytes<Page> || nr >= Page::bytes)
		return false;
	from = sizes + units_bytes<Page>;
	for (uint32_t i = 0; i < nr_units<Page>; i++) {
		const uint32_t bytes = load<unit_size>(sizes);

		if (static_cast<size_t>(end - from) < bytes)
			return false;
		if (!bytes)
			__builtin_memset(page, 0, unit::bytes);
		else if (bytes == unit::bytes)
			copy_steps(page, from, unit::bytes);
		else if (!read_unit<Cpu>(from, bytes, page, work))
			return false;
		sizes += sizeof(unit_size);
		from += bytes;
		page += unit::bytes;
	}
	return from == end;
}

/* Any block for a page. */
template <class Cpu, class Page>
W64_INLINE bool read_page(const uint8_t *from, size_t nr, uint8_t *page,
			  memory &work) noexcept
{
	if constexpr (nr_units<Page> == 1)
		return read_unit<Cpu>(from, nr, page, work);
	if (nr && *from == header<Page>(coder::units))
		return read_units<Cpu, Page>(from, nr, page, work);
	return read_block<Cpu, Page>(from, nr, page);
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_CODEC_HH */
