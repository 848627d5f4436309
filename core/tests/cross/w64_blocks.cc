// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * w64_blocks - what the portable builds of W64 and w64hc make of pages of all
 * kinds, as a digest for each kind and encoder. Built for two processors, it
 * has to say the same on both: blocks are the same bytes everywhere.
 *
 * Each block is decompressed too. The program fails if the page does not come
 * back.
 */
#include "core/tests/w64/pages.hh"
#include "core/w64/w64hc.h"

#include <cstdio>
#include <cstring>

namespace {

constexpr unsigned int pages_a_kind = 24;
constexpr int w64 = -1;
constexpr int encoders[] = {w64, 0, 1, 2, 9};

alignas(8) uint8_t work[W64HC_ARCHIVE_WORK_BYTES];
uint8_t block[W64HC_DST_BYTES];

static_assert(W64HC_DST_BYTES >= W64_DST_BYTES);
static_assert(sizeof(work) >= W64_WORK_BYTES);

/* Fowler, Noll and Vo's 64-bit hash, FNV-1a. */
uint64_t add(uint64_t digest, const uint8_t *bytes, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		digest = (digest ^ bytes[i]) * 0x100000001b3;
	return digest;
}

uint32_t compress(const w64_pages::page &p, int encoder)
{
	/* What is left there must not matter. */
	memset(work, encoder, sizeof(work));
	return encoder == w64
		       ? w64_compress_portable(p.bytes.data(), block, work)
		       : w64hc_compress_portable(
				 p.bytes.data(), block, work,
				 static_cast<uint32_t>(encoder));
}

bool comes_back(const w64_pages::page &p, uint32_t nr)
{
	static w64_pages::page out;

	return !w64hc_decompress_portable(block, nr, out.bytes.data(), work) &&
	       out == p;
}

bool digest_kind(unsigned int kind, int encoder)
{
	w64_pages::random from(kind);
	uint64_t digest = 0xcbf29ce484222325;

	for (unsigned int i = 0; i < pages_a_kind; i++) {
		const w64_pages::page p = w64_pages::make(kind, from);
		const uint32_t nr = compress(p, encoder);

		if (nr && !comes_back(p, nr)) {
			fprintf(stderr, "kind %u, encoder %d: page %u\n", kind,
				encoder, i);
			return false;
		}
		digest = add(digest, block, nr);
	}
	printf("kind %u, encoder %d: %016llx\n", kind, encoder,
	       static_cast<unsigned long long>(digest));
	return true;
}

} /* namespace */

int main()
{
	for (unsigned int kind = 0; kind < w64_pages::nr_kinds; kind++) {
		for (int encoder : encoders) {
			if (!digest_kind(kind, encoder))
				return 1;
		}
	}
	return 0;
}
