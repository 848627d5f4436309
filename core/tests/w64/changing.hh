/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The encoders, with a page that changes between any two reads of it: as a page
 * that its owner writes to while it goes to swap. Includes the codecs' insides
 * with a hook in each load, and therefore before anything else does.
 */
#ifndef W64_CHANGING_HH
#define W64_CHANGING_HH

namespace w64_changing {

void before_load(const void *from);

} /* namespace w64_changing */

#define W64_BEFORE_LOAD(from) w64_changing::before_load(from)

#include "core/w64/entry.hh"
#include "core/w64/hc/entry.hh"

#include "core/tests/w64/pages.hh"

#include <cstdint>
#include <cstring>
#include <memory>

namespace w64_changing {

/*
 * The page that is being read, and what is called before each read of it, with
 * the offset that is about to be read.
 */
struct changing_page {
	uint8_t *bytes;
	void (*before)(changing_page &page, size_t offset);
	void *data;
	/* A byte that will change back. */
	uint8_t *toggled = nullptr;

	void toggle(size_t offset)
	{
		toggled = &bytes[offset % W64_PAGE_BYTES];
		*toggled ^= 0x80;
	}

	void toggle_back()
	{
		*toggled ^= 0x80;
		toggled = nullptr;
	}
};

inline changing_page *current;

inline void before_load(const void *at)
{
	if (!current)
		return;

	const auto offset = reinterpret_cast<uintptr_t>(at) -
			    reinterpret_cast<uintptr_t>(current->bytes);

	if (offset < W64_PAGE_BYTES)
		current->before(*current, offset);
}

/*
 * Changes by chance, from a number: now and then a byte that is about to be
 * read changes, and most likely changes back soon; or it stays another one, or
 * that of another place, or many change.
 */
inline void change(changing_page &page, size_t offset, uint64_t number)
{
	const size_t near = (offset + (number >> 8) % 12) % W64_PAGE_BYTES;
	const size_t other = (number >> 12) % W64_PAGE_BYTES;

	if (page.toggled) {
		if (!(number & 3))
			page.toggle_back();
		return;
	}
	if (number & 15)
		return;
	switch (number >> 4 & 15) {
	case 0:
		page.bytes[near] = static_cast<uint8_t>(number >> 32);
		break;
	case 1:
		page.bytes[near] = page.bytes[other];
		break;
	case 2:
		memset(&page.bytes[other / 2], static_cast<int>(number >> 32),
		       (number >> 40) % (W64_PAGE_BYTES / 64));
		break;
	default:
		page.toggle(near);
		break;
	}
}

/*
 * Compresses with W64 if @which is 0, else with level @which - 1 of w64hc. All
 * buffers are exactly as large as they must be, for sanitizers to see what is
 * beyond.
 */
inline uint32_t compress(unsigned int which, const w64_pages::page &start,
			 void (*before)(changing_page &page, size_t offset),
			 void *data)
{
	using namespace zsm::w64;
	const auto words = std::make_unique<uint64_t[]>(W64_PAGE_BYTES / 8);
	auto *const bytes = reinterpret_cast<uint8_t *>(words.get());
	const uint32_t level = which == 4 ? W64HC_LEVEL_ARCHIVE : which - 1;
	const size_t work_bytes =
		which ? w64hc_work_bytes(static_cast<int>(level))
		      : W64_WORK_BYTES;
	const auto work = std::make_unique<uint64_t[]>(work_bytes / 8);
	const auto dst = std::make_unique<uint8_t[]>(which ? W64HC_DST_BYTES
							   : W64_DST_BYTES);
	changing_page changing{bytes, before, data};
	uint32_t nr;

	memcpy(bytes, start.bytes.data(), W64_PAGE_BYTES);
	current = &changing;
	nr = which ? hc::compress<portable_cpu>(bytes, dst.get(), work.get(),
						level)
		   : zsm::w64::compress<portable_cpu>(bytes, dst.get(),
						      work.get());
	current = nullptr;
	return nr;
}

inline constexpr unsigned int nr_encoders = 5;

} /* namespace w64_changing */

#endif /* W64_CHANGING_HH */
