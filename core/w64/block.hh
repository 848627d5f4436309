/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Blocks: what is stored of a page. A header byte tells the coder.
 *
 *   words:  map of the groups that have tags | payload | tags
 *   lz:     sequences
 */
#ifndef ZSM_W64_BLOCK_HH
#define ZSM_W64_BLOCK_HH

#include "core/w64/lz_decode.hh"
#include "core/w64/lz_encode.hh"
#include "core/w64/page_test.hh"
#include "core/w64/word_decode.hh"
#include "core/w64/word_encode.hh"

namespace zsm::w64 {

constexpr uint32_t header_bytes = 1;
constexpr uint32_t group_tag_bytes = 4;

template <class Page>
constexpr uint32_t map_bytes = 8 * Page::maps;

template <class Page>
struct work_memory {
	word_work words;
	uint8_t tags[Page::words];
	lz_work lz;
};

template <class Page>
constexpr uint32_t words_room =
	map_bytes<Page> + payload_room<Page> + Page::groups *group_tag_bytes;

/* What an encoder may write. */
template <class Page>
constexpr uint32_t block_room = header_bytes + (words_room<Page> > lz_room<Page>
							? words_room<Page>
							: lz_room<Page>);

/*
 * The map, and the tags of groups that are not all tag_same. A group's tags
 * are written wherever it is, and stay if it needs them. Returns their end.
 */
template <class Cpu, class Page>
W64_INLINE uint8_t *write_tags(uint8_t *to, uint8_t *maps,
			       const uint8_t *tags) noexcept
{
	for (uint32_t i = 0; i < Page::maps; i++) {
		uint64_t map = 0;

		for (uint32_t group = 0; group < 64; group++) {
			const uint64_t eight = load64(tags);
			const bool present = eight != 0;

			map |= uint64_t{present} << group;
			store<uint32_t>(to, Cpu::pack_nibbles(eight));
			to += present ? group_tag_bytes : 0;
			tags += group_words;
		}
		store64(maps + 8 * i, map);
	}
	return to;
}

template <class Cpu, class Page>
W64_NOINLINE uint32_t write_words(const uint8_t *page, uint8_t *to,
				  work_memory<Page> &work) noexcept
{
	uint8_t *const payload = to + map_bytes<Page>;
	const uint32_t nr =
		encode_words<Cpu, Page>(page, payload, work.tags, work.words);

	if (nr == gave_up)
		return 0;

	const uint8_t *const end =
		write_tags<Cpu, Page>(payload + nr, to, work.tags);
	const auto bytes = static_cast<uint32_t>(end - to);

	return bytes <= Page::worth ? bytes : 0;
}

template <class Cpu, class Page, uint32_t Patience>
W64_NOINLINE uint32_t write_lz(const uint8_t *page, uint8_t *to,
			       work_memory<Page> &work) noexcept
{
	return encode_lz<Page, Patience>(page, to, work.lz);
}

/* The tags of a block, by its map. */
class tag_source {
public:
	W64_INLINE tag_source(const uint8_t *maps, const uint8_t *tags) noexcept
		: maps_(maps), tags_(tags)
	{
	}

	W64_INLINE bool present(uint32_t group) const noexcept
	{
		return load64(maps_ + group / 64 * 8) >> group % 64 & 1;
	}

	W64_INLINE uint32_t next() noexcept
	{
		const uint32_t tags = load<uint32_t>(tags_);

		tags_ += group_tag_bytes;
		return tags;
	}

private:
	const uint8_t *maps_;
	const uint8_t *tags_;
};

template <class Cpu, class Page>
W64_NOINLINE bool read_words(const uint8_t *from, size_t nr,
			     uint8_t *page) noexcept
{
	const uint8_t *const end = from + nr;
	size_t tag_bytes = 0;

	if (nr < map_bytes<Page>)
		return false;
	for (uint32_t i = 0; i < Page::maps; i++)
		tag_bytes += group_tag_bytes * count_bits(load64(from + 8 * i));
	if (nr < map_bytes<Page> + tag_bytes)
		return false;

	tag_source tags(from, end - tag_bytes);

	return decode_words<Cpu, Page>(tags, from + map_bytes<Page>,
				       end - tag_bytes, end, page);
}

template <class Cpu, class Page>
W64_NOINLINE bool read_lz(const uint8_t *from, size_t nr,
			  uint8_t *page) noexcept
{
	return decode_lz<Page>(from, nr, page);
}

/* Bytes of the block at @to, or 0 if the page should be stored as it is. */
template <class Cpu, class Page>
W64_INLINE uint32_t write_block(const uint8_t *page, uint8_t *to,
				work_memory<Page> &work) noexcept
{
	uint8_t *const body = to + header_bytes;
	const page_kind kind = test_page<Page>(page);
	coder used = coder::words;
	uint32_t bytes = 0;

	if (kind == page_kind::words)
		bytes = write_words<Cpu, Page>(page, body, work);
	if (!bytes) {
		bytes = kind == page_kind::noise
				? write_lz<Cpu, Page, noise_patience>(
					  page, body, work)
				: write_lz<Cpu, Page, lz_patience>(page, body,
								   work);
		used = coder::lz;
	}
	*to = header<Page>(used);
	return bytes ? bytes + header_bytes : 0;
}

/* False if [@from, @from + @nr) is no block. */
template <class Cpu, class Page>
W64_INLINE bool read_block(const uint8_t *from, size_t nr,
			   uint8_t *page) noexcept
{
	if (nr < header_bytes || nr >= Page::bytes)
		return false;
	switch (*from) {
	case header<Page>(coder::words):
		return read_words<Cpu, Page>(from + header_bytes,
					     nr - header_bytes, page);
	case header<Page>(coder::lz):
		return read_lz<Cpu, Page>(from + header_bytes,
					  nr - header_bytes, page);
	default:
		return false;
	}
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_BLOCK_HH */
