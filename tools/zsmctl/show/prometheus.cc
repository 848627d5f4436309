// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/prometheus.hh"

#include "tools/zsmctl/figures/cache.hh"
#include "tools/zsmctl/figures/device.hh"
#include "tools/zsmctl/figures/findings.hh"

#include <fmt/format.h>
#include <utility>
#include <vector>

namespace zsmctl {

namespace {

using labels = std::vector<std::pair<const char *, std::string>>;

std::string escaped(const std::string &value)
{
	std::string text;

	for (const char c : value) {
		if (c == '\\' || c == '"')
			text += '\\';
		if (c == '\n')
			text += "\\n";
		else
			text += c;
	}
	return text;
}

/* The lines of one metric stand together, after what it is. */
class metric {
public:
	metric(std::string name, const char *type, const char *help)
		: name_(std::move(name)),
		  head_(fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name_,
				    type, help))
	{
	}

	template <class T>
	void add(const labels &of, T value)
	{
		std::string list;

		for (const auto &[label, text] : of)
			list += fmt::format("{}{}=\"{}\"",
					    list.empty() ? "" : ",", label,
					    escaped(text));
		lines_ += list.empty() ? fmt::format("{} {}\n", name_, value)
				       : fmt::format("{}{{{}}} {}\n", name_,
						     list, value);
	}

	/* Nothing if there is no value. */
	std::string text() const
	{
		return lines_.empty() ? "" : head_ + lines_;
	}

private:
	std::string name_, head_, lines_;
};

struct view {
	const zram_device &device;
	device_figures figures;
};

/* One metric of each device for which @value has one. */
template <class F>
std::string of_devices(const std::vector<view> &views, const char *name,
		       const char *type, const char *help, F value)
{
	metric m(std::string("zsm_device_") + name, type, help);

	for (const view &v : views) {
		const auto n = value(v);

		if (n)
			m.add({{"device", v.device.name}}, *n);
	}
	return m.text();
}

std::string info(const system_state &s, const std::vector<view> &views)
{
	metric m("zsm_device_info", "gauge",
		 "Always 1; what the device is, as labels.");

	for (const view &v : views) {
		std::string secondary;

		for (const std::string &name : v.device.secondary)
			secondary += (secondary.empty() ? "" : " ") + name;
		m.add({{"device", v.device.name},
		       {"algorithm", v.device.algorithm.selected},
		       {"secondary", secondary},
		       {"backing", v.device.backing},
		       {"driver", s.driver.ours() ? "zsm" : "kernel"}},
		      1);
	}
	return m.text();
}

std::string stored(const std::vector<view> &views)
{
	metric m("zsm_device_stored_bytes", "gauge",
		 "Pages that the device holds, by where they are.");

	for (const view &v : views) {
		if (!v.device.memory)
			continue;
		m.add({{"device", v.device.name}, {"tier", "memory"}},
		      v.figures.in_memory);
		m.add({{"device", v.device.name}, {"tier", "disk"}},
		      v.figures.on_disk);
	}
	return m.text();
}

std::string ages(const std::vector<view> &views)
{
	metric m("zsm_device_age_pages", "gauge",
		 "Pages in memory by age, a rank; 0 is the youngest.");

	for (const view &v : views) {
		if (!v.device.worker)
			continue;
		const auto &pages = v.device.worker->ages;

		for (size_t age = 0; age < pages.size(); age++)
			m.add({{"device", v.device.name},
			       {"age", fmt::format("{}", age)}},
			      pages[age]);
	}
	return m.text();
}

void add_findings(metric &m, const std::string &of,
		  const std::vector<finding> &findings)
{
	for (const finding &f : findings)
		m.add({{"of", of},
		       {"finding", f.name},
		       {"severity", severity_name(f.level)}},
		      1);
}

/* A file that cannot be read would name one finding twice. */
std::vector<finding> distinct(std::vector<finding> findings)
{
	std::vector<finding> kept;

	for (finding &f : findings) {
		bool known = false;

		for (const finding &k : kept)
			known = known || k.name == f.name;
		if (!known)
			kept.push_back(std::move(f));
	}
	return kept;
}

std::string all_findings(const system_state &s)
{
	metric m("zsm_finding", "gauge",
		 "Always 1; a finding of zsmctl status, as labels.");

	for (const zram_device &d : s.devices)
		add_findings(m, d.name, distinct(device_findings(s, d)));
	add_findings(m, "zswap", distinct(zswap_findings(s)));
	for (const zcache_state &z : s.caches.caches)
		add_findings(m, z.name, distinct(cache_findings(z)));
	add_findings(m, "system", distinct(system_findings(s)));
	return m.text();
}

using number = std::optional<uint64_t>;

std::string memory_metrics(const std::vector<view> &views)
{
	const auto gauge = [&](const char *name, const char *help,
			       uint64_t device_figures::*field) {
		return of_devices(views, name, "gauge", help,
				  [field](const view &v) -> number {
					  if (!v.device.memory)
						  return {};
					  return v.figures.*field;
				  });
	};

	return gauge("size_bytes", "Pages that the device may hold.",
		     &device_figures::size) +
	       gauge("compressed_bytes",
		     "What the pages in memory were compressed to.",
		     &device_figures::compressed) +
	       gauge("memory_bytes", "Memory that the device takes.",
		     &device_figures::taken) +
	       gauge("memory_max_bytes", "The most that it has taken.",
		     &device_figures::taken_max) +
	       gauge("memory_limit_bytes",
		     "Memory that it may take; 0 is no limit.",
		     &device_figures::limit) +
	       gauge("memory_uncounted_bytes",
		     "Memory that it takes and its driver does not count, at "
		     "the least.",
		     &device_figures::uncounted) +
	       gauge("same_filled_bytes", "Pages that repeat one value.",
		     &device_figures::same) +
	       gauge("huge_bytes", "Pages in memory that did not compress.",
		     &device_figures::huge);
}

/* A counter in one of a device's parts that may be absent. */
template <class Part>
std::string counter(const std::vector<view> &views, const char *name,
		    const char *help, std::optional<Part> zram_device::*part,
		    uint64_t Part::*field)
{
	return of_devices(views, name, "counter", help,
			  [=](const view &v) -> number {
				  const auto &p = v.device.*part;

				  if (!p)
					  return {};
				  return (*p).*field;
			  });
}

std::string counters(const std::vector<view> &v)
{
	return counter(v, "failed_reads_total", "Reads that failed.",
		       &zram_device::failures, &io_stat::failed_reads) +
	       counter(v, "failed_writes_total", "Writes that failed.",
		       &zram_device::failures, &io_stat::failed_writes) +
	       counter(v, "reads_total", "Reads of the device.",
		       &zram_device::block, &block_stat::reads) +
	       counter(v, "writes_total", "Writes to the device.",
		       &zram_device::block, &block_stat::writes) +
	       counter(v, "read_bytes_total", "Bytes read of the device.",
		       &zram_device::block, &block_stat::read_bytes) +
	       counter(v, "written_bytes_total", "Bytes written to the device.",
		       &zram_device::block, &block_stat::written_bytes) +
	       counter(v, "compacted_pages_total",
		       "Pages of the pool that compaction has freed.",
		       &zram_device::memory, &mm_stat::compacted_pages) +
	       counter(v, "disk_read_bytes_total",
		       "Bytes read back from the backing device.",
		       &zram_device::disk, &bd_stat::read) +
	       counter(v, "disk_written_bytes_total",
		       "Bytes written to the backing device.",
		       &zram_device::disk, &bd_stat::written) +
	       counter(v, "writeback_waits_total",
		       "Writes that waited for room in memory.",
		       &zram_device::worker, &writeback_worker::waits) +
	       counter(v, "writeback_waits_failed_total",
		       "Writes that waited for room in memory and found none.",
		       &zram_device::worker, &writeback_worker::waits_in_vain);
}

std::string zswap_metrics(const system_state &s)
{
	std::string text;
	const auto one = [&](const char *name, const char *type,
			     const char *help, const number &value) {
		metric m(std::string("zsm_zswap_") + name, type, help);

		if (value)
			m.add({}, *value);
		text += m.text();
	};

	if (!s.zswap)
		return {};
	const zswap_state &z = *s.zswap;

	one("enabled", "gauge", "1 if zswap is on.", z.enabled);
	one("stored_bytes", "gauge", "Pages that zswap holds.", z.stored);
	one("memory_bytes", "gauge", "Memory that zswap takes.", z.taken);
	one("written_back_pages_total", "counter",
	    "Pages that zswap wrote to the swap behind it.",
	    z.written_back_pages);
	one("limit_hits_total", "counter", "Times that zswap was full.",
	    z.limit_hits);
	one("refused_pages_total", "counter", "Pages that zswap refused.",
	    z.refused_pages);
	return text;
}

std::string cache_metrics(const system_state &s)
{
	std::string text;
	const auto each = [&](const char *name, const char *type,
			      const char *help, auto value) {
		metric m(std::string("zsm_cache_") + name, type, help);

		for (const zcache_state &z : s.caches.caches)
			m.add({{"cache", z.name}}, value(z));
		text += m.text();
	};
	const auto blocks = [&](const char *name, const char *help,
				uint64_t zcache_state::*counter) {
		each(name, "counter", help, [=](const zcache_state &z) {
			return z.*counter * z.block;
		});
	};

	each("held_bytes", "gauge", "Blocks that the cache holds.",
	     [](const zcache_state &z) { return figures_of(z).held; });
	each("memory_bytes", "gauge", "Memory that the cache takes.",
	     [](const zcache_state &z) { return z.used; });
	each("memory_limit_bytes", "gauge", "Memory that the cache may take.",
	     [](const zcache_state &z) { return z.limit; });
	blocks("hit_bytes_total", "Blocks that were read of the cache.",
	       &zcache_state::hits);
	blocks("miss_bytes_total", "Blocks that were read of the disk.",
	       &zcache_state::misses);
	blocks("filled_bytes_total", "Blocks that came in.",
	       &zcache_state::fills);
	blocks("evicted_bytes_total", "Blocks that had to go.",
	       &zcache_state::evicted);
	each("errors_total", "counter", "Blocks that did not decompress.",
	     [](const zcache_state &z) { return z.errors; });
	return text;
}

} /* namespace */

std::string in_prometheus(const system_state &s)
{
	std::vector<view> views;

	for (const zram_device &d : s.devices)
		if (!d.gone)
			views.push_back({d, figures_of(d, s.driver.ours(),
						       s.page_size)});
	return info(s, views) + stored(views) + memory_metrics(views) +
	       counters(views) + ages(views) + zswap_metrics(s) +
	       cache_metrics(s) + all_findings(s);
}

} /* namespace zsmctl */
