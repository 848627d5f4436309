/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The word coder, decoding: a page from tags and payload.
 *
 * The block brings a source of tags, with
 *	bool present(uint32_t group);	does this group have a u32 of tags?
 *	uint32_t next();		the next of these, the first word's tag
 *					in the lowest nibble
 */
#ifndef ZSM_W64_WORD_DECODE_HH
#define ZSM_W64_WORD_DECODE_HH

#include "core/w64/cpu.hh"
#include "core/w64/format.hh"

namespace zsm::w64 {

/*
 * What a group may read of the payload at the most; the last word's bytes are
 * loaded as eight.
 */
constexpr uint32_t group_payload = group_words * max_word_bytes + 8;

/*
 * Where the payload is read. While a group's most is there, nothing is
 * checked but once a group; near the end what is left moves to a buffer that
 * is large enough, and reading goes on in that.
 */
class payload_reader {
public:
	/* The payload ends at @end; up to @readable it may be read. */
	W64_INLINE payload_reader(const uint8_t *end,
				  const uint8_t *readable) noexcept
		: end_(end), readable_(readable)
	{
	}

	/*
	 * Where to go on reading for one group, having come to @at. Null if
	 * that is past the end.
	 */
	W64_INLINE const uint8_t *prepare(const uint8_t *at) noexcept
	{
		if (likely(readable_ - at >= group_payload))
			return at;
		return move_to_tail(at);
	}

	W64_INLINE bool at_end(const uint8_t *at) const noexcept
	{
		return at == end_;
	}

private:
	/*
	 * The payload ends within group_payload bytes. Two groups' worth: one
	 * for what is left, one for a group that starts at its end.
	 */
	W64_INLINE const uint8_t *move_to_tail(const uint8_t *at) noexcept
	{
		if (at > end_ || readable_ == tail_ + sizeof(tail_))
			return nullptr;

		const auto left = static_cast<uint32_t>(end_ - at);

		__builtin_memset(tail_, 0, sizeof(tail_));
		copy_bytes(tail_, at, left);
		end_ = tail_ + left;
		readable_ = tail_ + sizeof(tail_);
		return tail_;
	}

	const uint8_t *end_;
	const uint8_t *readable_;
	uint8_t tail_[2 * group_payload];
};

/*
 * The tags of a group, the next one first. They are kept as offsets into the
 * table of common tags, which spares a shift for each.
 */
class scaled_tags {
public:
	W64_INLINE explicit scaled_tags(uint32_t tags) noexcept
		: bits_(uint64_t{tags} * sizeof(common_tag))
	{
	}

	W64_INLINE void drop() noexcept { bits_ >>= 4; }

	W64_INLINE uint32_t first() const noexcept
	{
		return static_cast<uint32_t>(offset() / sizeof(common_tag));
	}

	W64_INLINE bool is_near() const noexcept
	{
		return offset() < nr_near * sizeof(common_tag);
	}

	W64_INLINE const common_tag &common() const noexcept
	{
		const auto *const start =
			reinterpret_cast<const uint8_t *>(tables.common);

		return *reinterpret_cast<const common_tag *>(start + offset());
	}

private:
	W64_INLINE size_t offset() const noexcept
	{
		return bits_ & 15 * sizeof(common_tag);
	}

	uint64_t bits_;
};

static_assert((sizeof(common_tag) & (sizeof(common_tag) - 1)) == 0);

/* A page being decoded, a group at a time. Lags and positions are in bytes. */
template <class Cpu>
struct word_cursor {
	uint8_t *out;
	const uint8_t *last; /* @out less the last lag */
	const uint8_t *payload;
	size_t previous = 8;

	/*
	 * Word @j of the group, which is at @position; the first of @tags is
	 * its tag. False if it refers to what is before the page, or has a bad
	 * mask.
	 */
	W64_INLINE bool step(scaled_tags tags, size_t j,
			     size_t position) noexcept
	{
		if (likely(tags.is_near())) {
			const common_tag &how = tags.common();
			const uint64_t ref = load64(last + 8 * j);

			store64(out + 8 * j,
				(ref & how.keep) |
					Cpu::scatter(load64(payload), how));
			payload += how.bytes;
			return true;
		}
		return far_word(tags.first(), j, position + 8 * j);
	}

	/* Eight words like those at the last lag. */
	W64_INLINE void repeat() noexcept
	{
#pragma GCC unroll 8
		for (size_t j = 0; j < group_words; j++)
			store64(out + 8 * j, load64(last + 8 * j));
	}

	W64_INLINE void advance() noexcept
	{
		out += 8 * group_words;
		last += 8 * group_words;
	}

private:
	/*
	 * Selects instead of branches: that it was not a near word has been
	 * mispredicted already, and once is enough.
	 */
	W64_INLINE bool far_word(uint32_t tag, size_t j,
				 size_t position) noexcept
	{
		const far_tag &how = tables.far[tag - nr_near];
		const auto last_lag = static_cast<size_t>(out - last);
		const size_t new_lag = 8 * (*payload + size_t{1});
		const size_t lag =
			previous ^ ((previous ^ new_lag) & how.new_lag);

		if (unlikely((lag & how.changes_lag) > position))
			return false;
		payload += how.lag_bytes;
		previous ^= (previous ^ last_lag) & how.changes_lag;
		last = out - (last_lag ^ ((last_lag ^ lag) & how.changes_lag));

		const uint32_t mask = (*payload & how.has_mask) | how.mask;
		const uint64_t ref = load64(last + 8 * j) & how.has_ref;

		if (unlikely(tables.runs[mask].bytes == bad_mask))
			return false;
		payload += how.mask_bytes;
		store64(out + 8 * j, Cpu::patch(ref, load64(payload), mask));
		payload += Cpu::mask_bytes(mask);
		return true;
	}
};

/**
 * decode_words() - a page from tags and payload
 * @tags: where the tags come from
 * @payload: the payload
 * @end: its end
 * @readable: what may be read after that, at least
 * @page: the page, aligned to 8
 *
 * Return: false if a rule of the format is broken.
 */
template <class Cpu, class Page, class Tags>
W64_INLINE bool decode_words(Tags &tags, const uint8_t *payload,
			     const uint8_t *end, const uint8_t *readable,
			     uint8_t *page) noexcept
{
	/* Kernels clear what is on the stack; its buffer is seldom used. */
	__attribute__((uninitialized)) payload_reader reader(end, readable);
	word_cursor<Cpu> to{page, page - 8, payload};

	if (!tags.present(0))
		return false;
	for (uint32_t group = 0; group < Page::groups; group++) {
		if (!tags.present(group)) {
			to.repeat();
			to.advance();
			continue;
		}
		to.payload = reader.prepare(to.payload);
		if (unlikely(!to.payload))
			return false;

		const size_t start = size_t{group} * group_words * 8;
		scaled_tags eight(tags.next());
		bool ok;

		if (unlikely(group == 0)) {
			/* Nothing is before the first word: its own place. */
			if (eight.first() != tag_zero &&
			    eight.first() != tag_masked_zero)
				return false;
			to.last = page;
			ok = to.step(eight, 0, 0);
			to.last = page - 8;
		} else {
			ok = to.step(eight, 0, start);
		}
		if (unlikely(!ok))
			return false;
#pragma GCC unroll 8
		for (size_t j = 1; j < group_words; j++) {
			eight.drop();
			if (unlikely(!to.step(eight, j, start)))
				return false;
		}
		to.advance();
	}
	return reader.at_end(to.payload);
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_WORD_DECODE_HH */
