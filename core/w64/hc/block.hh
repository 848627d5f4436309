/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Blocks of the dense coders: what they make of a unit, coded and laid out.
 *
 *   words:  [payload as it is] regions tail
 *   lz:     [literals as they are] regions extra-bits u16 u16 tail
 */
#ifndef ZSM_W64_HC_BLOCK_HH
#define ZSM_W64_HC_BLOCK_HH

#include "core/w64/hc/bits_in.hh"
#include "core/w64/hc/bits_out.hh"
#include "core/w64/hc/lz_decode.hh"
#include "core/w64/hc/lz_encode.hh"
#include "core/w64/hc/profile.hh"
#include "core/w64/hc/word_decode.hh"
#include "core/w64/hc/word_encode.hh"

namespace zsm::w64::hc {

inline constexpr uint32_t header_bytes = 1;
/* After the extra bits: how many bytes they are, how many offset classes. */
inline constexpr uint32_t lz_counts_bytes = 4;

/*
 * What an encoder or a decoder works in. The sequences of an encoder are
 * padded, those of a decoder run over, by less than a row.
 */
struct alignas(8) memory {
	union {
		dense_word_work words;
		lz_work lz;
		uint8_t scratch[8 + stream_room + copy_slack + 1];
	};
	uint8_t tokens[max_tokens + row];
	uint8_t offsets[max_tokens + row];
	/* Payload or literals. */
	uint8_t bytes[(payload_readable > literals_room ? payload_readable
							: literals_room) +
		      row];
	uint8_t extra[extra_room];
};

static_assert(dense_payload_room <= payload_readable);

/*
 * What an encoder may write at its destination. No literal takes more than ten
 * bits; no match more than eleven bits a byte, with the longest of its lengths.
 * Then there is what is padded.
 */
inline constexpr uint32_t unit_room = unit::bytes * 11 / 8 + 128;

/* How dense the literals or the payload must become to be coded, see estimate:
 * by more than a fortieth.
 */
inline constexpr uint32_t worth_coding = 1000;
/* Fewer are never coded. */
inline constexpr uint32_t few_bytes = 24;

/* What both coders' sequences need to be coded. */
struct alphabets {
	uint32_t first_token;
	uint32_t token_profiles;
	const uint64_t *token_costs;
	uint32_t first_bytes;
	uint32_t bytes_profiles;
	const uint64_t *bytes_costs;
};

W64_INLINE alphabets word_alphabets() noexcept
{
	return {first_word_token,
		word_token_profiles,
		dense_encode.word_token_costs,
		first_payload,
		payload_profiles,
		dense_encode.payload_costs};
}

W64_INLINE alphabets lz_alphabets() noexcept
{
	return {first_lz_token, lz_token_profiles, dense_encode.lz_token_costs,
		first_literal,  literal_profiles,  dense_encode.literal_costs};
}

/* How a unit's sequences are coded. */
struct coding {
	bool raw;
	uint32_t bytes_profile;
	uint32_t token_profile;
};

W64_INLINE coding choose_coding(const alphabets &with, const memory &work,
				uint32_t nr_tokens, uint32_t nr_bytes,
				look how) noexcept
{
	const estimate bytes =
		cheapest(how, with.bytes_costs, with.bytes_profiles, work.bytes,
			 nr_bytes);
	const estimate tokens =
		cheapest(how, with.token_costs, with.token_profiles,
			 work.tokens, nr_tokens);

	if (nr_bytes < few_bytes || bytes.bits > worth_coding)
		return {true, 0, tokens.profile};
	return {false, bytes.profile, tokens.profile};
}

W64_INLINE uint32_t whole_rows(uint32_t nr) noexcept
{
	return (nr + row - 1) & ~(row - 1);
}

/* The sequences of a unit, and how many of each there are. */
struct counts {
	uint32_t tokens;
	uint32_t bytes;
	uint32_t offsets;
	uint32_t extra;
};

/*
 * Writes the raw bytes, the regions and, for LZ, what comes after them. Returns
 * their end, or null if a region is too large.
 */
template <bool Lz>
W64_INLINE uint8_t *write_body(uint8_t *to, memory &work, const coding &how,
			       const counts &nr, uint32_t *sizes) noexcept
{
	const alphabets with = Lz ? lz_alphabets() : word_alphabets();
	const uint32_t token_codes = with.first_token + how.token_profile;
	const uint32_t raw = how.raw ? nr.bytes : 0;
	const uint32_t bytes_codes = with.first_bytes + how.bytes_profile;
	const uint16_t *const offset_codes =
		dense_encode.encode_offset[Lz ? how.token_profile : 0];

	if (raw)
		copy_steps(to, work.bytes, raw);
	store64(work.tokens + nr.tokens,
		every_byte * dense_encode.pad[token_codes]);
	if constexpr (Lz)
		store64(work.offsets + nr.offsets,
			every_byte *
				dense_encode.pad_offset[how.token_profile]);
	return write_regions(
		to + raw, header_bytes + raw,
		{{work.tokens, whole_rows(nr.tokens),
		  dense_encode.encode[token_codes]},
		 {work.offsets, Lz ? whole_rows(nr.offsets) : 0, offset_codes},
		 {work.bytes, nr.bytes - raw,
		  dense_encode.encode[bytes_codes]}},
		work.scratch + 8, sizes);
}

/*
 * Writes a block for what is in @work. Returns its size, or 0 if it is too
 * large to be worth it.
 */
template <bool Lz>
W64_INLINE uint32_t write_coded(uint8_t *to, memory &work, coding how,
				const counts &nr) noexcept
{
	uint32_t sizes[nr_regions - 1];
	uint8_t *at;

	/* Without the bytes the regions always fit. */
	while (!(at = write_body<Lz>(to + header_bytes, work, how, nr, sizes)))
		how = {true, 0, how.token_profile};
	if constexpr (Lz) {
		for (uint32_t i = 0; i < nr.extra; i += 8)
			store64(at + i, load64(work.extra + i));
		at += nr.extra;
		store(at, static_cast<uint16_t>(nr.extra));
		store(at + 2, static_cast<uint16_t>(nr.offsets));
		at += lz_counts_bytes;
	}
	store64(at, pack({how.raw,
			  how.bytes_profile,
			  how.token_profile,
			  nr.tokens,
			  nr.bytes,
			  {sizes[0], sizes[1], sizes[2]}}));
	at += tail_bytes;
	*to = header<unit>(Lz ? coder::dense_lz : coder::dense_words);

	const auto bytes = static_cast<uint32_t>(at - to);

	return bytes <= unit::worth ? bytes : 0;
}

/* ---- Encoding ----------------------------------------------------------- */

W64_NOINLINE uint32_t write_words(uint8_t *to, memory &work, uint32_t nr_tokens,
				  uint32_t nr_bytes, look how) noexcept
{
	const coding coded =
		choose_coding(word_alphabets(), work, nr_tokens, nr_bytes, how);

	return write_coded<false>(to, work, coded, {nr_tokens, nr_bytes, 0, 0});
}

W64_INLINE lz_output lz_output_to(memory &work) noexcept
{
	return {work.tokens, work.offsets, work.bytes, work.extra};
}

W64_INLINE counts counts_of(const lz_output &out, const memory &work) noexcept
{
	return {static_cast<uint32_t>(out.tokens_end() - work.tokens),
		static_cast<uint32_t>(out.literals_end() - work.bytes),
		static_cast<uint32_t>(out.offsets_end() - work.offsets),
		static_cast<uint32_t>(out.extra_end() - work.extra)};
}

W64_NOINLINE uint32_t write_lz(uint8_t *to, memory &work, const counts &nr,
			       look how) noexcept
{
	const coding coded =
		choose_coding(lz_alphabets(), work, nr.tokens, nr.bytes, how);

	return write_coded<true>(to, work, coded, nr);
}

/* Too many literals: the unit is stored as it is without further ado. */
inline constexpr uint32_t too_many_literals = 4000;

template <search How>
W64_NOINLINE uint32_t encode_lz_block(const uint8_t *page, uint8_t *to,
				      memory &work) noexcept
{
	lz_output out = lz_output_to(work);

	parse_lz<How>(page, out, work.lz);

	const counts nr = counts_of(out, work);

	return nr.bytes > too_many_literals
		       ? 0
		       : write_lz(to, work, nr, look::sample);
}

template <class Cpu>
W64_NOINLINE uint32_t encode_word_tokens(const uint8_t *page, memory &work,
					 uint32_t &nr_tokens) noexcept
{
	return encode_words<Cpu>(page, work.tokens, work.bytes, nr_tokens,
				 work.words);
}

/* ---- Decoding ----------------------------------------------------------- */

/* The parts of a block that its tail tells. */
struct block_view {
	const uint8_t *start;
	/* Where the raw bytes or the regions are. */
	const uint8_t *body;
	const uint8_t *tail;
	hc::tail fields;
};

/* The fewest bytes: the header, eight below stream 4's, and the tail. */
inline constexpr uint32_t fewest_bytes = first_down + tail_bytes + 1;

W64_INLINE bool look_at(const uint8_t *from, size_t nr,
			block_view &block) noexcept
{
	if (unlikely(nr < fewest_bytes))
		return false;
	/* Eight streams miss the cache in different lines: all at once. */
	for (size_t at = 0; at < nr; at += 64)
		__builtin_prefetch(from + at);
	block.start = from;
	block.body = from + header_bytes;
	block.tail = from + nr - tail_bytes;

	const uint64_t bits = load64(block.tail);

	block.fields = unpack(bits);
	return !(bits >> tail_unused_bits) &&
	       block.fields.nr_tokens <= max_tokens &&
	       block.fields.nr_bytes <= unit::bytes;
}

/*
 * Reads the sequences into @work. @end is where the regions end; raw bytes are
 * left where they are. False if a rule is broken.
 */
template <bool Lz>
W64_INLINE bool read_sequences(const block_view &block, const uint8_t *end,
			       uint32_t nr_offsets, memory &work) noexcept
{
	const alphabets with = Lz ? lz_alphabets() : word_alphabets();
	const tail &fields = block.fields;
	const uint32_t raw = fields.raw ? fields.nr_bytes : 0;
	const uint8_t *const regions = block.body + raw;

	if (unlikely(fields.token_profile >= with.token_profiles ||
		     fields.bytes_profile >= with.bytes_profiles ||
		     end - regions < static_cast<ptrdiff_t>(fields.regions[0]) +
					     fields.regions[1] +
					     fields.regions[2]))
		return false;

	stream_reader streams(regions, fields.regions, end,
			      block.start + first_down - 1, block.tail);

	streams.read<max_code_bits>(
		dense_codes.decode[with.first_token + fields.token_profile],
		work.tokens, fields.nr_tokens);
	if constexpr (Lz) {
		if (nr_offsets)
			streams.read<max_offset_code_bits>(
				dense_codes.decode_offset[fields.token_profile],
				work.offsets, nr_offsets);
	}
	return streams.finish<max_code_bits>(
		dense_codes.decode[with.first_bytes + fields.bytes_profile],
		work.bytes, fields.nr_bytes - raw);
}

template <class Cpu>
W64_NOINLINE bool decode_word_tokens(const memory &work, uint32_t nr_tokens,
				     uint32_t nr_bytes, uint8_t *page) noexcept
{
	return decode_words<Cpu>(work.tokens, nr_tokens, work.bytes, nr_bytes,
				 page);
}

template <class Cpu>
W64_NOINLINE bool read_dense_words(const uint8_t *from, size_t nr,
				   uint8_t *page, memory &work) noexcept
{
	block_view block;

	if (!look_at(from, nr, block) ||
	    !read_sequences<false>(block, block.tail, 0, work))
		return false;
	if (block.fields.raw) {
		for (uint32_t i = 0; i < block.fields.nr_bytes; i += 8)
			store64(work.bytes + i, load64(block.body + i));
	}
	return decode_word_tokens<Cpu>(work, block.fields.nr_tokens,
				       block.fields.nr_bytes, page);
}

W64_NOINLINE bool decode_lz_tokens(const lz_input &in, uint8_t *page) noexcept
{
	return decode_lz(in, page);
}

W64_NOINLINE bool read_dense_lz(const uint8_t *from, size_t nr, uint8_t *page,
				memory &work) noexcept
{
	block_view block;

	if (!look_at(from, nr, block) ||
	    block.tail - block.body < static_cast<ptrdiff_t>(lz_counts_bytes))
		return false;

	const uint8_t *const extra_end = block.tail - lz_counts_bytes;
	const uint32_t nr_extra = load<uint16_t>(extra_end);
	const uint32_t nr_offsets = load<uint16_t>(extra_end + 2);

	if (nr_offsets > block.fields.nr_tokens ||
	    extra_end - block.body < static_cast<ptrdiff_t>(nr_extra))
		return false;

	const uint8_t *const extra = extra_end - nr_extra;

	if (!read_sequences<true>(block, extra, nr_offsets, work))
		return false;

	const uint8_t *const literals =
		block.fields.raw ? block.body : work.bytes;

	return decode_lz_tokens(
		{work.tokens, work.tokens + block.fields.nr_tokens,
		 work.offsets, work.offsets + nr_offsets, literals,
		 literals + block.fields.nr_bytes, extra, extra_end},
		page);
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_BLOCK_HH */
