/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What could be done about a device's memory, and what it would give: from a
 * sample of the device's own pages that was compressed with each codec. Pure.
 */
#ifndef ZSMCTL_FIGURES_ADVICE_HH
#define ZSMCTL_FIGURES_ADVICE_HH

#include "tools/zsmctl/figures/trial.hh"
#include "tools/zsmctl/sys/block_state.hh"
#include "tools/zsmctl/sys/zram.hh"

#include <string>
#include <vector>

namespace zsmctl {

/* A page that has not been used for so many seconds is called old. */
constexpr double old_seconds = 3600;

/* The pages of a device, all that are stored. */
struct page_census {
	uint64_t same = 0;
	uint64_t away = 0;   /* on the backing device */
	uint64_t packed = 0; /* in memory, with an object */
	uint64_t old = 0;    /* of these, not used for long */
	uint64_t huge = 0;   /* of these, not compressed */
	uint64_t fresh = 0;  /* not compressed again, and not tried with it */
	uint64_t old_fresh = 0; /* for which both hold */

	void count(const block_line &line, double now);
};

/* Page i of the sample, in the order in which the trial has those that count.
 */
struct sampled_page {
	bool old = false;
	bool fresh = false;
};

struct advice_facts {
	page_census all;
	std::vector<sampled_page> sample;
	trial tried;
};

/* Sentences without their full stops; the best thing to do first. */
std::vector<std::string> advice(const zram_device &device,
				const advice_facts &facts);

} /* namespace zsmctl */

#endif /* ZSMCTL_FIGURES_ADVICE_HH */
