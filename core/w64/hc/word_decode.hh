/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The dense word coder, decoding: a unit from tokens and payload.
 *
 * The kind of a token is not branched on, but for masks in the payload: one
 * token in twenty. Lags, steps and sequences are found by arithmetic for every
 * token, and selected.
 */
#ifndef ZSM_W64_HC_WORD_DECODE_HH
#define ZSM_W64_HC_WORD_DECODE_HH

#include "core/w64/cpu.hh"
#include "core/w64/hc/select.hh"
#include "core/w64/hc/tables.hh"

namespace zsm::w64::hc {

/*
 * What may be read from the start of the payload, whatever it is: each word
 * may take it all, and the last is loaded as eight bytes.
 */
inline constexpr uint32_t payload_readable = unit::words * max_word_bytes + 8;

template <class Cpu>
class dense_word_decoder {
public:
	W64_INLINE dense_word_decoder(const uint8_t *payload,
				      uint8_t *page) noexcept
		: payload_(payload),
		  page_(page),
		  out_(page),
		  end_(page + unit::bytes)
	{
	}

	/* The first word, before which there is nothing. */
	W64_INLINE bool first(uint32_t token) noexcept
	{
		const tag_action &how = dense_tags.actions[token >> run_bits];

		if ((token & max_run) || !(how.flags & act_first))
			return false;
		if (how.flags & act_any_mask)
			return any_mask(how, 0);
		store64(out_, Cpu::scatter(load64(payload_), how));
		payload_ += how.bytes;
		out_ += 8;
		return true;
	}

	/* A run, and the word after it. */
	W64_INLINE bool next(uint32_t token) noexcept
	{
		const tag_action &how = action(token);
		const uint32_t run = token & max_run;

		if (unlikely(end_ - out_ < 8 * static_cast<int>(max_run + 1))) {
			if (run >= static_cast<uint32_t>(end_ - out_) / 8)
				return false;
			for (uint32_t i = 0; i < run; i++)
				repeat(i);
		} else {
			repeat(0);
			repeat(1);
			repeat(2);
		}
		out_ += 8 * run;

		uint64_t bytes = load64(payload_);
		const uint64_t was = last_;
		const uint64_t fresh =
			~uint64_t{static_cast<uint8_t>(bytes)} * 8;

		/* act_new is 8: past the lag. */
		bytes >>= how.flags & act_new;
		last_ = select::by_flag<act_previous>(last_, previous_,
						      how.flags);
		previous_ = select::by_flag<act_previous | act_new>(
			previous_, was, how.flags);
		last_ = select::by_flag<act_new>(last_, fresh, how.flags);

		const uint8_t *const ref = out_ + static_cast<int64_t>(last_);

		if (unlikely(ref < page_))
			return false;

		const uint64_t value = load64(ref);

		if (unlikely(how.flags & act_any_mask)) {
			payload_ += how.bytes - 1;
			return any_mask(how, value);
		}

		const uint8_t *const before = unless_below(
			ref + static_cast<int64_t>(last_), page_, ref);
		const auto step = static_cast<uint64_t>(
			8 * int64_t{static_cast<int8_t>(bytes)});
		const uint64_t added = select::by_flag<act_sequence>(
			step, value - load64(before), how.flags);

		store64(out_, ((value & how.keep) | Cpu::scatter(bytes, how)) +
				      (added & adds(how)));
		payload_ += how.bytes;
		out_ += 8;
		return true;
	}

	/* Whether this was a unit, and all of the payload up to @end. */
	W64_INLINE bool complete(const uint8_t *end) const noexcept
	{
		return out_ == end_ && payload_ == end;
	}

private:
	/* A token's tag is its index times four: eight times that is an entry.
	 */
	W64_INLINE static const tag_action &action(uint32_t token) noexcept
	{
		const auto *const start =
			reinterpret_cast<const uint8_t *>(dense_tags.actions);
		const size_t at = size_t{token & ~max_run} *
				  (sizeof(tag_action) >> run_bits);

		return *reinterpret_cast<const tag_action *>(start + at);
	}

	W64_INLINE static uint64_t adds(const tag_action &how) noexcept
	{
		return static_cast<uint64_t>(
			int64_t{static_cast<int8_t>(how.adds)});
	}

	W64_INLINE void repeat(uint32_t i) noexcept
	{
		store64(out_ + 8 * i,
			load64(out_ + static_cast<int64_t>(last_) + 8 * i));
	}

	/* A mask, and the bytes in it. */
	W64_INLINE bool any_mask(const tag_action &how, uint64_t ref) noexcept
	{
		const uint32_t mask = *payload_++;

		if (unlikely(tables.runs[mask].bytes == bad_mask))
			return false;
		store64(out_,
			Cpu::patch(ref & how.keep, load64(payload_), mask));
		payload_ += Cpu::mask_bytes(mask);
		out_ += 8;
		return true;
	}

	/*
	 * Lags are kept as what is added to a word's place, which a negative
	 * number in 64 bits wraps to.
	 */
	uint64_t last_ = static_cast<uint64_t>(-8);
	uint64_t previous_ = static_cast<uint64_t>(-8);
	const uint8_t *payload_;
	uint8_t *const page_;
	uint8_t *out_;
	uint8_t *const end_;
};

/**
 * decode_words() - a unit from tokens and payload
 * @tokens: the tokens, any bytes
 * @nr_tokens: how many
 * @payload: the payload, of which payload_readable bytes can be read
 * @nr_payload: how many bytes it is
 * @page: the unit, aligned to 8
 *
 * Return: false if a rule of the format is broken.
 */
template <class Cpu>
W64_INLINE bool decode_words(const uint8_t *tokens, uint32_t nr_tokens,
			     const uint8_t *payload, uint32_t nr_payload,
			     uint8_t *page) noexcept
{
	const uint8_t *const end = tokens + nr_tokens;
	dense_word_decoder<Cpu> to(payload, page);

	if (!nr_tokens || !to.first(*tokens))
		return false;
	while (++tokens < end) {
		if (unlikely(!to.next(*tokens)))
			return false;
	}
	return to.complete(payload + nr_payload);
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_WORD_DECODE_HH */
