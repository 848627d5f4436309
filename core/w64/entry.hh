/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/* From the C header's types to the coders', for this build's page. */
#ifndef ZSM_W64_ENTRY_HH
#define ZSM_W64_ENTRY_HH

#include "core/w64/block.hh"
#include "core/w64/w64.h"

namespace zsm::w64 {

using page = page_of<ZSM_PAGE_SHIFT>;
using work = work_memory<page>;

static_assert(block_room<page> <= W64_DST_BYTES);
static_assert(W64_DST_BYTES <= 2 * W64_PAGE_BYTES);
static_assert(sizeof(work) == W64_WORK_BYTES && alignof(work) <= 8);

template <class Cpu>
W64_INLINE uint32_t compress(const void *from, void *to, void *memory) noexcept
{
	return write_block<Cpu, page>(static_cast<const uint8_t *>(from),
				      static_cast<uint8_t *>(to),
				      *static_cast<work *>(memory));
}

template <class Cpu>
W64_INLINE int decompress(const void *from, size_t nr, void *to) noexcept
{
	return read_block<Cpu, page>(static_cast<const uint8_t *>(from), nr,
				     static_cast<uint8_t *>(to))
		       ? 0
		       : -1;
}

} /* namespace zsm::w64 */

#endif /* ZSM_W64_ENTRY_HH */
