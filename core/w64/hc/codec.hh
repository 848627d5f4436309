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
#include "core/w64/hc/word_search.hh"

namespace zsm::w64::hc {

enum class level : uint32_t {
	quick = 0,   /* one coder, chosen by a look at the unit */
	dense = 1,   /* both coders are tried where words do badly */
	denser = 2,  /* words are searched for what is cheap */
	archive = 9, /* more widely, and LZ has an optimal parse */
};

/* Level 1 needs room for a second block besides. */
struct dense_memory {
	memory work;
	uint8_t spare[unit_room];
};

struct denser_memory {
	dense_memory dense;
	word_search_work words;
};

struct archive_memory {
	dense_memory dense;
	/* One after the other. */
	union {
		word_search_work words;
		optimal_work optimal;
	};
};

/* From so much payload on, LZ may do better than words. */
inline constexpr uint32_t doubtful_payload = 900;

/* LZ is slower to read: it has to save more than a share of the words' block.
 */
W64_INLINE constexpr uint32_t lz_must_beat(uint32_t words) noexcept
{
	return words - words / 16;
}

/* Bytes after which an optimal parse cannot make up for the difference. */
W64_INLINE constexpr uint32_t hopeless(uint32_t best) noexcept
{
	return best + best / 6;
}

/* What words took: tokens and payload, and the block. */
struct word_result {
	uint32_t tokens = 0;
	uint32_t payload = gave_up;
	uint32_t bytes = 0;
};

template <class Cpu>
W64_INLINE word_result try_words(const uint8_t *page, uint8_t *to, memory &work,
				 look how) noexcept
{
	word_result result;

	result.payload = encode_word_tokens<Cpu>(page, work, result.tokens);
	if (result.payload != gave_up)
		result.bytes = write_words(to, work, result.tokens,
					   result.payload, how);
	return result;
}

template <class Cpu>
W64_INLINE uint32_t write_unit_quick(const uint8_t *page, uint8_t *to,
				     memory &work) noexcept
{
	const page_kind kind = test_page<unit>(page);
	word_result words;

	if (kind == page_kind::words)
		words = try_words<Cpu>(page, to, work, look::sample);
	if (words.bytes)
		return words.bytes;
	if (kind == page_kind::noise)
		return encode_lz_block<search::noise>(page, to, work);
	return encode_lz_block<search::greedy>(page, to, work);
}

/* The block at @from goes to @to, if it is smaller than @limit. */
W64_INLINE bool replace(uint8_t *to, uint32_t limit, const uint8_t *from,
			uint32_t bytes) noexcept
{
	if (!bytes || bytes >= limit)
		return false;
	copy_steps(to, from, bytes);
	return true;
}

template <class Cpu>
W64_INLINE uint32_t write_unit_dense(const uint8_t *page, uint8_t *to,
				     dense_memory &memory) noexcept
{
	const page_kind kind = test_page<unit>(page);
	word_result words;

	if (kind == page_kind::words)
		words = try_words<Cpu>(page, to, memory.work, look::sample);
	if (words.bytes && words.payload < doubtful_payload)
		return words.bytes;
	if (kind == page_kind::noise)
		return encode_lz_block<search::noise>(page, to, memory.work);
	if (!words.bytes)
		return encode_lz_block<search::lazy>(page, to, memory.work);

	const uint32_t bytes =
		encode_lz_block<search::lazy>(page, memory.spare, memory.work);

	return replace(to, lz_must_beat(words.bytes), memory.spare, bytes)
		       ? bytes
		       : words.bytes;
}

/* ---- Levels that search ------------------------------------------------- */

/* The profiles of a block that has just been written. */
W64_INLINE tail tail_of(const uint8_t *block, uint32_t bytes) noexcept
{
	return unpack(load64(block + bytes - tail_bytes));
}

template <class Cpu, class Search>
W64_NOINLINE uint32_t write_searched(const uint8_t *page, uint8_t *to,
				     memory &work,
				     word_search_work &words) noexcept
{
	uint32_t nr_tokens;
	const uint32_t payload = search_words<Cpu, Search>(
		page, work.tokens, work.bytes, nr_tokens, words);

	return payload == gave_up
		       ? 0
		       : write_words(to, work, nr_tokens, payload, look::all);
}

/* The smaller of what the quick encoder makes, and a search by its prices. */
template <class Cpu, class Search>
W64_INLINE word_result try_searched(const uint8_t *page, uint8_t *to,
				    dense_memory &memory,
				    word_search_work &search) noexcept
{
	word_result words = try_words<Cpu>(page, to, memory.work, look::all);

	if (!words.bytes)
		return words;

	const tail how = tail_of(to, words.bytes);

	set_costs(search.costs, how.token_profile, how.bytes_profile, how.raw);

	const uint32_t bytes = write_searched<Cpu, Search>(page, memory.spare,
							   memory.work, search);

	if (replace(to, words.bytes, memory.spare, bytes))
		words.bytes = bytes;
	return words;
}

W64_NOINLINE uint32_t write_lazily(const uint8_t *page, uint8_t *to,
				   memory &work) noexcept
{
	lz_output out = lz_output_to(work);

	parse_lz<search::lazy>(page, out, work.lz);

	const counts nr = counts_of(out, work);

	return write_lz(to, work, nr, look::all);
}

template <class Cpu>
W64_INLINE uint32_t write_unit_denser(const uint8_t *page, uint8_t *to,
				      denser_memory &memory) noexcept
{
	dense_memory &dense = memory.dense;
	const page_kind kind = test_page<unit>(page);
	word_result words;

	if (kind == page_kind::words)
		words = try_searched<Cpu, quick_search>(page, to, dense,
							memory.words);
	if (words.bytes && words.payload < doubtful_payload)
		return words.bytes;
	if (kind == page_kind::noise)
		return encode_lz_block<search::noise>(page, to, dense.work);
	if (!words.bytes)
		return write_lazily(page, to, dense.work);

	const uint32_t bytes = write_lazily(page, dense.spare, dense.work);

	return replace(to, lz_must_beat(words.bytes), dense.spare, bytes)
		       ? bytes
		       : words.bytes;
}

W64_NOINLINE uint32_t write_optimally(const uint8_t *page, uint8_t *to,
				      memory &work,
				      optimal_work &optimal) noexcept
{
	lz_output out = lz_output_to(work);

	parse_optimally(page, out, optimal);

	const counts nr = counts_of(out, work);

	return write_lz(to, work, nr, look::all);
}

template <class Cpu>
W64_INLINE uint32_t write_unit_archive(const uint8_t *page, uint8_t *to,
				       archive_memory &memory) noexcept
{
	dense_memory &dense = memory.dense;
	uint32_t best =
		try_searched<Cpu, wide_search>(page, to, dense, memory.words)
			.bytes;
	uint32_t limit = best ? lz_must_beat(best) : unit::bytes;
	uint32_t bytes = write_lazily(page, dense.spare, dense.work);

	if (!bytes || bytes > hopeless(limit))
		return best;

	const tail how = tail_of(dense.spare, bytes);

	set_costs(memory.optimal.costs, how.token_profile, how.bytes_profile,
		  how.raw);
	if (replace(to, limit, dense.spare, bytes))
		best = limit = bytes;
	bytes = write_optimally(page, dense.spare, dense.work, memory.optimal);
	return replace(to, limit, dense.spare, bytes) ? bytes : best;
}

template <class Cpu>
W64_INLINE uint32_t write_unit_at(level which, const uint8_t *page, uint8_t *to,
				  void *memory) noexcept
{
	switch (which) {
	case level::quick:
		return write_unit_quick<Cpu>(
			page, to, *static_cast<hc::memory *>(memory));
	case level::dense:
		return write_unit_dense<Cpu>(
			page, to, *static_cast<dense_memory *>(memory));
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
