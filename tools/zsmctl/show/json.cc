// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/json.hh"

#include "tools/zsmctl/figures/cache.hh"
#include "tools/zsmctl/figures/device.hh"
#include "tools/zsmctl/figures/findings.hh"

#include <cstring>
#include <nlohmann/json.hpp>

namespace zsmctl {

namespace {

using json = nlohmann::ordered_json;

template <class T>
json maybe(const std::optional<T> &value)
{
	return value ? json(*value) : json(nullptr);
}

json text_or_null(const std::string &text)
{
	return text.empty() ? json(nullptr) : json(text);
}

json findings_json(const std::vector<finding> &findings)
{
	json all = json::array();

	for (const finding &f : findings)
		all.push_back({{"name", f.name},
			       {"severity", severity_name(f.level)},
			       {"text", f.text}});
	return all;
}

json machine_json(const machine &m)
{
	json swaps = json::array();

	for (const swap_area &a : m.swaps)
		swaps.push_back({{"path", a.path},
				 {"size", a.size},
				 {"used", a.used},
				 {"priority", a.priority},
				 {"uuid", text_or_null(a.uuid)},
				 {"label", text_or_null(a.label)}});
	return {{"total", m.total},
		{"available", m.available},
		{"swap_total", m.swap_total},
		{"swap_free", m.swap_free},
		{"swaps", swaps},
		{"pressure_some_percent",
		 m.waiting ? json(m.waiting->some) : json(nullptr)},
		{"pressure_full_percent",
		 m.waiting ? json(m.waiting->full) : json(nullptr)}};
}

json memory_json(const device_figures &f)
{
	return {{"stored", f.stored},
		{"in_memory", f.in_memory},
		{"on_disk", f.on_disk},
		{"same_filled", f.same},
		{"huge", f.huge},
		{"compressed", f.compressed},
		{"taken", f.taken},
		{"taken_max", f.taken_max},
		{"uncounted_at_least", f.uncounted},
		{"limit", f.limit ? json(f.limit) : json(nullptr)},
		{"ratio", maybe(f.ratio())},
		{"codec_ratio", maybe(f.codec_ratio())},
		{"oldest_age", maybe(f.oldest)},
		{"ages", f.ages}};
}

json disk_json(const zram_device &d)
{
	if (d.backing.empty())
		return nullptr;
	json disk = {{"path", d.backing},
		     {"budget", maybe(d.writeback_budget)}};

	if (d.disk) {
		disk["held"] = d.disk->held;
		disk["read_total"] = d.disk->read;
		disk["written_total"] = d.disk->written;
	}
	if (d.worker)
		disk["worker"] = {
			{"on", d.worker->on},
			{"state", d.worker->state},
			{"high_percent", d.worker->high},
			{"low_percent", d.worker->low},
			{"pages_written_total", d.worker->pages_written},
			{"waits_total", d.worker->waits},
			{"waits_failed_total", d.worker->waits_in_vain},
			{"pages_by_age", d.worker->ages}};
	return disk;
}

json block_json(const zram_device &d)
{
	if (!d.block)
		return nullptr;
	return {{"reads_total", d.block->reads},
		{"read_bytes_total", d.block->read_bytes},
		{"read_ms_total", d.block->read_ms},
		{"writes_total", d.block->writes},
		{"written_bytes_total", d.block->written_bytes},
		{"write_ms_total", d.block->write_ms}};
}

json device_json(const system_state &s, const zram_device &d)
{
	json unread = json::array();
	json use = nullptr;
	const swap_area *const area = swap_on(s.memory, d.name);

	for (const unread_file &u : d.unread)
		unread.push_back(
			{{"file", u.name}, {"error", std::strerror(u.error)}});
	if (area)
		use = "swap";
	else if (!d.mounted.empty())
		use = "mounted";
	else if (!d.holders.empty())
		use = "held";
	return {{"name", d.name},
		{"gone", d.gone},
		{"size", maybe(d.size)},
		{"use", use},
		{"mounted_on", text_or_null(d.mounted)},
		{"streams", maybe(d.streams)},
		{"algorithm", text_or_null(d.algorithm.selected)},
		{"algorithms_offered", d.algorithm.offered},
		{"secondary_algorithms", d.secondary},
		{"memory", d.memory ? memory_json(figures_of(d, s.driver.ours(),
							     s.page_size))
				    : json(nullptr)},
		{"compacted_pages_total",
		 d.memory ? json(d.memory->compacted_pages) : json(nullptr)},
		{"failed_reads_total",
		 d.failures ? json(d.failures->failed_reads) : json(nullptr)},
		{"failed_writes_total",
		 d.failures ? json(d.failures->failed_writes) : json(nullptr)},
		{"io", block_json(d)},
		{"disk", disk_json(d)},
		{"unread", unread},
		{"findings", findings_json(device_findings(s, d))}};
}

json zswap_json(const system_state &s)
{
	if (!s.zswap)
		return nullptr;
	const zswap_state &z = *s.zswap;

	return {{"enabled", z.enabled},
		{"compressor", z.compressor},
		{"pool", text_or_null(z.pool)},
		{"max_percent", z.max_percent},
		{"shrinker", z.shrinker},
		{"stored", maybe(z.stored)},
		{"taken", maybe(z.taken)},
		{"written_back_pages_total", maybe(z.written_back_pages)},
		{"limit_hits_total", maybe(z.limit_hits)},
		{"refused_pages_total", maybe(z.refused_pages)},
		{"findings", findings_json(zswap_findings(s))}};
}

json caches_json(const system_state &s)
{
	json caches = json::array();

	for (const zcache_state &z : s.caches.caches) {
		const cache_figures f = figures_of(z);

		caches.push_back(
			{{"name", z.name},
			 {"disk", z.disk},
			 {"codec", text_or_null(z.codec)},
			 {"admit", text_or_null(z.admit)},
			 {"held", f.held},
			 {"taken", z.used},
			 {"metadata", z.metadata},
			 {"limit", z.limit},
			 {"ratio", maybe(f.ratio)},
			 {"block", z.block},
			 {"hits_total", z.hits},
			 {"misses_total", z.misses},
			 {"fills_total", z.fills},
			 {"rejected_total", z.rejected},
			 {"no_room_total", z.no_room},
			 {"evicted_total", z.evicted},
			 {"invalidated_total", z.invalidated},
			 {"errors_total", z.errors},
			 {"full", z.full},
			 {"findings", findings_json(cache_findings(z))}});
	}
	return caches;
}

} /* namespace */

std::string in_json(const system_state &s)
{
	json devices = json::array();

	for (const zram_device &d : s.devices)
		devices.push_back(device_json(s, d));
	const json all = {
		{"format", 1},
		{"page_size", s.page_size},
		{"memory", machine_json(s.memory)},
		{"driver",
		 {{"loaded", s.driver.loaded},
		  {"zsm", s.driver.ours()},
		  {"version", text_or_null(s.driver.version)}}},
		{"devices", devices},
		{"zswap", zswap_json(s)},
		{"caches", s.caches.error ? json(nullptr) : caches_json(s)},
		{"findings", findings_json(system_findings(s))},
	};

	/* A path may hold bytes that are no UTF-8. */
	return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

} /* namespace zsmctl */
