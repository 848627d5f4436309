// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/zram.hh"

#include <algorithm>
#include <map>

namespace zsmctl {

namespace {

constexpr uint64_t disk_block =
	4096; /* the unit of bd_stat, whatever a page is */
constexpr uint64_t sector = 512;

/* Where the nodes of devices are. */
constexpr std::string_view devices = "/dev/";

/* One device's knobs; notes which of them could not be read. */
class knobs {
public:
	knobs(const tree &files, zram_device &device)
		: device_(device), files_(files, "/sys/block/" + device.name)
	{
	}

	/* A file that every zram has. */
	std::string required(const char *name) { return read(name, true); }

	/* A file that a zram may not have. */
	std::string optional(const char *name) { return read(name, false); }

	std::optional<uint64_t> number(const char *name)
	{
		return parse_number(optional(name));
	}

	/* At least @least numbers, or none. */
	std::vector<uint64_t> numbers(const char *name, size_t least,
				      bool needed)
	{
		auto n = parse_numbers(read(name, needed));

		if (!n || n->size() < least)
			return {};
		return *n;
	}

	std::vector<std::string> holders() { return files_.list("holders"); }

private:
	std::string read(const char *name, bool needed)
	{
		reading r = files_.read(name);

		if (r.error == ENODEV || (r.absent() && !files_.alive()))
			device_.gone = true;
		else if (r.error && (needed || !r.absent()))
			device_.unread.push_back({name, r.error});
		return std::move(r.text);
	}

	zram_device &device_;
	const attributes files_;
};

void read_statistics(knobs &k, zram_device &d)
{
	const auto mm = k.numbers("mm_stat", 7, true);
	const auto io = k.numbers("io_stat", 2, true);
	const auto block = k.numbers("stat", 8, false);

	if (!mm.empty()) {
		d.memory = mm_stat{.stored = mm[0],
				   .compressed = mm[1],
				   .used = mm[2],
				   .limit = mm[3],
				   .used_max = mm[4],
				   .same_pages = mm[5],
				   .compacted_pages = mm[6],
				   .huge_pages = {}};
		if (mm.size() > 7)
			d.memory->huge_pages = mm[7];
	}
	if (!io.empty())
		d.failures =
			io_stat{.failed_reads = io[0], .failed_writes = io[1]};
	if (!block.empty())
		d.block = block_stat{.reads = block[0],
				     .read_bytes = block[2] * sector,
				     .read_ms = block[3],
				     .writes = block[4],
				     .written_bytes = block[6] * sector,
				     .write_ms = block[7]};
}

void read_worker(knobs &k, zram_device &d)
{
	const auto on = k.number("writeback_auto");

	if (!on)
		return;
	writeback_worker w;
	const auto stat = k.numbers("writeback_stat", 3, false);

	w.on = *on;
	w.state = k.optional("writeback_state");
	w.high = k.number("writeback_high").value_or(0);
	w.low = k.number("writeback_low").value_or(0);
	if (!stat.empty()) {
		w.pages_written = stat[0];
		w.waits = stat[1];
		w.waits_in_vain = stat[2];
	}
	w.ages = k.numbers("writeback_ages", 1, false);
	d.worker = std::move(w);
}

void read_disk(knobs &k, zram_device &d)
{
	const auto bd = k.numbers("bd_stat", 3, false);

	if (!bd.empty())
		d.disk = bd_stat{.held = bd[0] * disk_block,
				 .read = bd[1] * disk_block,
				 .written = bd[2] * disk_block};
}

void read_backing(knobs &k, zram_device &d)
{
	d.backing = k.optional("backing_dev");
	if (d.backing == "none")
		d.backing.clear();
	if (d.backing.empty())
		return;
	read_disk(k, d);
	if (k.number("writeback_limit_enable").value_or(0)) {
		const auto left = k.number("writeback_limit");

		if (left)
			d.writeback_budget = *left * disk_block;
	}
	read_worker(k, d);
}

void read_algorithms(knobs &k, zram_device &d)
{
	d.algorithm = parse_choice(k.required("comp_algorithm"));
	/* `#1: lz4 [zstd]', a line for each. */
	const std::string text = k.optional("recomp_algorithm");

	for (const std::string_view line : split_lines(text)) {
		const choice c = parse_choice(line);

		if (!c.selected.empty())
			d.secondary.push_back(c.selected);
	}
}

/* Where zram devices are mounted, by their names; of two places the first. */
using mount_points = std::map<std::string, std::string, std::less<>>;

mount_points read_mounts(const tree &files)
{
	const std::string mounts = files.read("/proc/self/mounts").text;
	mount_points points;

	for (const std::string_view line : split_lines(mounts)) {
		if (!line.starts_with("/dev/zram"))
			continue;
		const auto words = split_words(line);

		if (words.size() >= 2)
			points.emplace(words[0].substr(devices.size()),
				       words[1]);
	}
	return points;
}

zram_device read_device(const tree &files, const std::string &name,
			const mount_points &mounts)
{
	zram_device d;

	d.name = name;
	knobs k(files, d);
	const auto size = parse_number(k.required("disksize"));
	const auto mounted = mounts.find(name);

	if (size)
		d.size = *size;
	d.streams = k.number("max_comp_streams");
	read_algorithms(k, d);
	read_statistics(k, d);
	read_backing(k, d);
	if (mounted != mounts.end())
		d.mounted = mounted->second;
	d.holders = k.holders();
	if (d.gone) {
		d = {};
		d.name = name;
		d.gone = true;
	}
	return d;
}

} /* namespace */

zram_driver read_zram_driver(const tree &files)
{
	zram_driver driver;

	driver.version = files.read("/sys/module/zram/version").text;
	/* A driver that is built in has no folder of its own if it has no
	 * parameters. */
	driver.loaded = files.exists("/sys/module/zram") ||
			files.exists("/sys/class/zram-control");
	return driver;
}

bool is_zram_name(std::string_view name)
{
	return name.substr(0, 4) == "zram" && parse_number(name.substr(4));
}

bool is_zram_node(std::string_view path)
{
	return path.starts_with(devices) &&
	       is_zram_name(path.substr(devices.size()));
}

std::vector<std::string> list_zram(const tree &files)
{
	std::vector<std::string> names = files.list("/sys/block");

	std::erase_if(names,
		      [](const std::string &n) { return !is_zram_name(n); });
	std::sort(names.begin(), names.end(),
		  [](const std::string &a, const std::string &b) {
			  return parse_number(a.substr(4)) <
				 parse_number(b.substr(4));
		  });
	return names;
}

zram_device read_zram(const tree &files, const std::string &name)
{
	return read_device(files, name, read_mounts(files));
}

std::vector<zram_device> read_all_zram(const tree &files)
{
	const mount_points mounts = read_mounts(files);
	const auto names = list_zram(files);
	std::vector<zram_device> devices;

	devices.reserve(names.size());
	for (const std::string &name : names)
		devices.push_back(read_device(files, name, mounts));
	return devices;
}

void refresh_zram(const tree &files, zram_device &device)
{
	knobs k(files, device);

	device.unread.clear();
	read_statistics(k, device);
	if (!device.backing.empty())
		read_disk(k, device);
}

} /* namespace zsmctl */
