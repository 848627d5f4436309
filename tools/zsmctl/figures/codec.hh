/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The codecs that zram may compress with, called as the kernel calls them: one
 * page at a time. W64 and w64hc are the modules' own code; the others are the
 * libraries of which the kernel has its copies, so that bytes are the same and
 * times are near.
 */
#ifndef ZSMCTL_FIGURES_CODEC_HH
#define ZSMCTL_FIGURES_CODEC_HH

#include "core/page.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace zsmctl {

/* The page that this build knows: the codecs' blocks depend on its size. */
constexpr size_t codec_page = ZSM_PAGE_SIZE;
/* No codec writes more. */
constexpr size_t codec_room = 2 * codec_page;

class codec {
public:
	virtual ~codec() = default;

	/* As zram's comp_algorithm has it, with a level behind if that is not
	 * the default. */
	virtual std::string name() const = 0;
	/*
	 * @page: codec_page bytes, aligned to 8; @block: codec_room bytes.
	 * Return: the block's bytes; 0 if it would not be smaller than the
	 * page.
	 */
	virtual size_t compress(const uint8_t *page, uint8_t *block) = 0;
	/* Return: whether it was a block. */
	virtual bool decompress(const uint8_t *block, size_t bytes,
				uint8_t *page) = 0;
};

std::vector<std::unique_ptr<codec>> all_codecs();

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_CODEC_HH */
