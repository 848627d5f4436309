// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/advice.hh"

#include "tools/zsmctl/figures/units.hh"

#include <algorithm>
#include <fmt/format.h>

namespace zsmctl {

namespace {

/* The codec of the trial that stands for an algorithm of the kernel's. */
const trial_row *row_of(const trial &t, const std::string &algorithm)
{
	const std::string name = algorithm == "lzo-rle" ? "lzo" : algorithm;

	for (const trial_row &row : t.rows)
		if (row.codec == name)
			return &row;
	return nullptr;
}

/* What the pages for which @which holds take on average. */
template <class F>
double mean_taken(const advice_facts &facts, const trial_row &row, F which)
{
	double sum = 0;
	uint64_t n = 0;

	for (size_t i = 0;
	     i < std::min(facts.sample.size(), row.page_taken.size()); i++) {
		if (!which(facts.sample[i]))
			continue;
		sum += static_cast<double>(row.page_taken[i]);
		n++;
	}
	return n ? sum / static_cast<double>(n) : 0;
}

bool any_page(const sampled_page &)
{
	return true;
}

struct proposal {
	double freed; /* bytes */
	std::string text;
};

uint64_t bytes(double n)
{
	return n > 0 ? static_cast<uint64_t>(n) : 0;
}

void propose_writeback(const zram_device &d, const advice_facts &facts,
		       const trial_row &now, std::vector<proposal> &all)
{
	const double mean = mean_taken(
		facts, now, [](const sampled_page &p) { return p.old; });
	const double freed = mean * static_cast<double>(facts.all.old);

	if (!facts.all.old)
		return;
	all.push_back(
		{freed,
		 fmt::format(
			 "writing {} to disk that were not used for an hour "
			 "would free about {} of memory: {}",
			 human_bytes(facts.all.old * codec_page),
			 human_bytes(bytes(freed)),
			 d.backing.empty()
				 ? "it has no disk, see `zsmctl setup --disk'"
				 : "`zsmctl writeback --older 1h'")});
}

void propose_recompression(const zram_device &d, const advice_facts &facts,
			   const trial_row &now, std::vector<proposal> &all)
{
	const trial_row *const then =
		d.secondary.empty() ? nullptr
				    : row_of(facts.tried, d.secondary.front());
	const auto both = [](const sampled_page &p) {
		return p.old && p.fresh;
	};

	if (!then || !facts.all.old_fresh)
		return;
	const double freed = (mean_taken(facts, now, both) -
			      mean_taken(facts, *then, both)) *
			     static_cast<double>(facts.all.old_fresh);

	if (freed <= 0)
		return;
	all.push_back(
		{freed,
		 fmt::format("compressing {} again with {} that were not used "
			     "for an hour would free about {}: `zsmctl "
			     "recompress --older 1h'",
			     human_bytes(facts.all.old_fresh * codec_page),
			     then->codec, human_bytes(bytes(freed)))});
}

/* Another first algorithm, if it would be denser. */
void propose_algorithm(const zram_device &d, const advice_facts &facts,
		       const trial_row &now, std::vector<proposal> &all)
{
	const double taken = mean_taken(facts, now, any_page);

	for (const std::string &name : d.algorithm.offered) {
		const trial_row *const other = row_of(facts.tried, name);

		if (!other || other == &now)
			continue;
		const double freed =
			(taken - mean_taken(facts, *other, any_page)) *
			static_cast<double>(facts.all.packed);

		/* Less is not worth to set the device up again. */
		if (freed < taken * static_cast<double>(facts.all.packed) / 20)
			continue;
		all.push_back(
			{freed,
			 fmt::format(
				 "with {} in place of {} the same pages would "
				 "take about {} less; a read would take {:.1f} "
				 "times as long, a write {:.1f} times",
				 name, d.algorithm.selected,
				 human_bytes(bytes(freed)),
				 other->read_us / std::max(now.read_us, 0.01),
				 other->write_us /
					 std::max(now.write_us, 0.01))});
	}
}

} /* namespace */

void page_census::count(const block_line &line, double now)
{
	if (line.away) {
		away++;
		return;
	}
	if (line.same) {
		same++;
		return;
	}
	const bool is_old = now - line.accessed >= old_seconds;
	const bool is_fresh = !line.again && !line.tried;

	packed++;
	old += is_old;
	huge += line.huge;
	fresh += is_fresh;
	old_fresh += is_old && is_fresh;
}

std::vector<std::string> advice(const zram_device &device,
				const advice_facts &facts)
{
	const trial_row *const now =
		row_of(facts.tried, device.algorithm.selected);
	std::vector<proposal> all;
	std::vector<std::string> sentences;

	if (!facts.all.packed)
		return {"it has no compressed page in memory: there is nothing "
			"to gain"};
	if (!now)
		return {fmt::format("{} is not known here, so that nothing can "
				    "be compared with it",
				    device.algorithm.selected)};
	propose_writeback(device, facts, *now, all);
	propose_recompression(device, facts, *now, all);
	propose_algorithm(device, facts, *now, all);
	std::stable_sort(all.begin(), all.end(),
			 [](const proposal &a, const proposal &b) {
				 return a.freed > b.freed;
			 });
	for (const proposal &p : all)
		sentences.push_back(p.text);
	if (sentences.empty())
		sentences.emplace_back(
			"its pages are in use, and no codec would make them "
			"much smaller: more memory, or fewer programs, are "
			"what is left");
	return sentences;
}

} /* namespace zsmctl */
