/* SPDX-License-Identifier: GPL-2.0 */
/* What each codec makes of a sample of pages, and how long it takes. */
#ifndef ZSMCTL_FIGURES_TRIAL_HH
#define ZSMCTL_FIGURES_TRIAL_HH

#include "tools/zsmctl/figures/codec.hh"

#include <functional>
#include <string>
#include <vector>

namespace zsmctl {

/* Pages of codec_page bytes each, one after the other, aligned to 8. */
class page_sample {
public:
	size_t size() const { return bytes_.size() / codec_page; }
	const uint8_t *at(size_t i) const
	{
		return bytes_.data() + i * codec_page;
	}
	void add(const uint8_t *page)
	{
		bytes_.insert(bytes_.end(), page, page + codec_page);
	}

private:
	std::vector<uint8_t> bytes_;
};

struct trial_row {
	std::string codec;
	size_t huge = 0;         /* pages that it did not make smaller */
	uint64_t compressed = 0; /* bytes; a huge page counts whole */
	uint64_t taken = 0; /* of memory in this zram: its size classes, and all
			       tables */
	double write_us = 0; /* a page */
	double read_us = 0;
	bool wrong = false; /* a page came back as another: never */
	/* Memory that each page takes, of those that do not repeat one value.
	 */
	std::vector<uint64_t> page_taken;
};

struct trial {
	size_t pages = 0;        /* of the sample */
	size_t same = 0;         /* that repeat one value, and need no codec */
	uint64_t same_taken = 0; /* memory that these take */
	std::vector<trial_row> rows;
};

/* Whether a page needs no codec. */
bool repeats_one_value(const uint8_t *page);

/*
 * Memory that a page takes whose block has so many bytes: its share of a full
 * zspage, with its descriptor, and its slot. From the module's own table of
 * classes.
 */
uint64_t memory_of_block(size_t bytes);

/*
 * Calls @stop after each codec; true ends the trial there.
 * Context: takes about a second for each 4096 pages.
 */
trial try_codecs(const page_sample &sample,
		 const std::vector<std::unique_ptr<codec>> &codecs,
		 const std::function<bool()> &stop);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_TRIAL_HH */
