/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* From the C header's types to the coders', for this build's page. */
#ifndef ZSM_W64_HC_ENTRY_HH
#define ZSM_W64_HC_ENTRY_HH

#include "core/w64/w64hc.h"
#include "core/w64/hc/codec.hh"

namespace zsm::w64::hc {

using page = page_of<ZSM_PAGE_SHIFT>;

static_assert(dense_room<page> <= W64HC_DST_BYTES);
static_assert(W64HC_DST_BYTES <= 2 * W64_PAGE_BYTES);
static_assert(sizeof(memory) == W64HC_WORK_BYTES);
static_assert(sizeof(dense_memory) == W64HC_DENSE_WORK_BYTES);
static_assert(sizeof(denser_memory) == W64HC_DENSER_WORK_BYTES);
static_assert(sizeof(archive_memory) == W64HC_ARCHIVE_WORK_BYTES);
static_assert(alignof(archive_memory) <= 8);

template <class Cpu>
W64_INLINE uint32_t compress(const void *from, void *to, void *memory,
			     uint32_t level) noexcept
{
	return write_page<Cpu, page>(static_cast<hc::level>(level),
				     static_cast<const uint8_t *>(from),
				     static_cast<uint8_t *>(to), memory);
}

template <class Cpu>
W64_INLINE int decompress(const void *from, size_t nr, void *to,
			  void *memory) noexcept
{
	return read_page<Cpu, page>(static_cast<const uint8_t *>(from), nr,
				    static_cast<uint8_t *>(to),
				    *static_cast<hc::memory *>(memory))
		       ? 0
		       : -1;
}

} /* namespace zsm::w64::hc */

#endif /* ZSM_W64_HC_ENTRY_HH */
