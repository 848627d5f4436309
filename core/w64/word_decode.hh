/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The word coder, decoding: a page from tags and payload.
 *
 * The block brings a source of tags, with
 *	bool next_group();	is there a u32 of tags for this group?
 *	uint32_t tags();	it, the first word's in the lowest nibble
 */
#ifndef ZSM_W64_WORD_DECODE_HH
#define ZSM_W64_WORD_DECODE_HH

#include "cpu.hh"
#include "format.hh"

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
	/* [@at, @end) is the payload; up to @readable it may be read. */
	W64_INLINE payload_reader(const uint8_t *at, const uint8_t *end,
				  const uint8_t *readable) noexcept
		: at(at), end_(end), readable_(readable)
	{
	}

	/* Before each group. False if more was read than there is. */
	W64_INLINE bool prepare() noexcept
	{
		if (likely(readable_ - at >= group_payload))
			return true;
		return move_to_tail();
	}

	W64_INLINE bool at_end() const noexcept { return at == end_; }

	const uint8_t *at;

private:
	/*
	 * The payload ends within group_payload bytes. Two groups' worth: one
	 * for what is left, one for a group that starts at its end.
	 */
	W64_INLINE bool move_to_tail() noexcept
	{
		if (at > end_ || readable_ == tail_ + sizeof(tail_))
			return false;

		const auto left = static_cast<uint32_t>(end_ - at);

		__builtin_memset(tail_, 0, sizeof(tail_));
		for (uint32_t i = 0; i < left; i++)
			tail_[i] = at[i];
		at = tail_;
		end_ = tail_ + left;
		readable_ = tail_ + sizeof(tail_);
		return true;
	}

	const uint8_t *end_;
	const uint8_t *readable_;
	uint8_t tail_[2 * group_payload];
};

/* A page being decoded: where, and the lags, all in bytes. */
template <class Cpu>
struct word_cursor {
	uint8_t *out;
	const uint8_t *payload;
	size_t last = 8;
	size_t previous = 8;

	/*
	 * The word at @out + 8 * @j, which has @tag. False if it names a word
	 * before the page, which starts @position + 8 * @j bytes before it, or
	 * has a bad mask.
	 */
	W64_INLINE bool step(uint32_t tag, size_t j, size_t position) noexcept
	{
		uint8_t *const word = out + 8 * j;

		if (likely(tag < nr_common)) {
			const common_tag &how = tables.common[tag];

			store64(word, (load64(word - last) & how.keep) |
					      Cpu::scatter(load64(payload),
							   how));
			payload += how.bytes;
			return true;
		}
		return escape(tag, word, position + 8 * j);
	}

	/* Eight words like those at the last lag. */
	W64_INLINE void repeat() noexcept
	{
		if (last == 8) {
			const uint64_t value = load64(out - 8);

			for (uint32_t j = 0; j < group_words; j++)
				store64(out + 8 * j, value);
			return;
		}
		for (uint32_t j = 0; j < group_words; j++)
			store64(out + 8 * j, load64(out + 8 * j - last));
	}

private:
	W64_INLINE bool escape(uint32_t tag, uint8_t *word,
			       size_t position) noexcept
	{
		if (tag >= tag_masked_previous) {
			size_t lag = previous;

			if (tag == tag_masked_new) {
				lag = 8 * (*payload++ + size_t{1});
				if (unlikely(lag > position))
					return false;
			}
			previous = last;
			last = lag;
		}

		const uint32_t mask = *payload++;
		const mask_runs &runs = tables.runs[mask];
		const uint64_t ref = load64(word - last);

		if (unlikely(runs.bytes == bad_mask))
			return false;
		store64(word, Cpu::patch(tag == tag_masked_zero ? 0 : ref,
					 load64(payload), mask));
		payload += runs.bytes;
		return true;
	}
};

/**
 * decode_words() - a page from tags and payload
 * @tags: where the tags come from
 * @payload: the payload; consumed
 * @page: the page, aligned to 8
 *
 * Return: false if this is not what encode_words() writes for any page.
 */
template <class Cpu, class Page, class Tags>
W64_INLINE bool decode_words(Tags &tags, payload_reader &payload,
			     uint8_t *page) noexcept
{
	word_cursor<Cpu> to{page, payload.at};
	bool ok = true;

	for (size_t start = 0; start < Page::bytes; start += 64) {
		if (!tags.next_group()) {
			if (unlikely(start == 0))
				return false;
			to.repeat();
			to.out += 64;
			continue;
		}
		payload.at = to.payload;
		if (unlikely(!payload.prepare()))
			return false;
		to.payload = payload.at;

		uint64_t tag = tags.tags();

		if (unlikely(start == 0)) {
			/* Nothing is before the first word: its own place. */
			if ((tag & 15) != tag_zero &&
			    (tag & 15) != tag_masked_zero)
				return false;
			to.last = 0;
			ok = to.step(tag & 15, 0, 0);
			to.last = 8;
		} else {
			ok = to.step(tag & 15, 0, start);
		}
		if (unlikely(!ok))
			return false;
#pragma GCC unroll 8
		for (size_t j = 1; j < group_words; j++) {
			tag >>= 4;
			if (unlikely(!to.step(tag & 15, j, start)))
				return false;
		}
		to.out += 64;
	}
	payload.at = to.payload;
	return payload.at_end();
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_WORD_DECODE_HH */
