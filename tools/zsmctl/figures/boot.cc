// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/figures/boot.hh"

#include "tools/zsmctl/figures/units.hh"

#include <fmt/format.h>

namespace zsmctl {

const char boot_mark[] =
	"# Made by zsmctl setup --permanent; zsmctl remove takes it away.\n";
const char boot_service[] = "zsmctl-swap.service";

namespace {

const char generator_path[] = "/etc/systemd/zram-generator.conf.d/zsmctl.conf";
const char rule_path[] = "/etc/udev/rules.d/90-zsmctl.rules";
const char service_path[] = "/etc/systemd/system/zsmctl-swap.service";

uint64_t mib_of(uint64_t bytes)
{
	return bytes >> 20;
}

/* As systemd takes it: one word, with nothing in it that means something. */
std::string quoted(const std::string &word)
{
	std::string text = "\"";

	for (const char c : word) {
		if (c == '"' || c == '\\')
			text += '\\';
		text += c;
		if (c == '%' || c == '$')
			text += c;
	}
	return text + '"';
}

/* As udev takes the text in a value: it replaces what % and $ begin. */
std::string for_udev(const std::string &word)
{
	std::string text;

	for (const char c : word) {
		text += c;
		if (c == '%' || c == '$')
			text += c;
	}
	return text;
}

bool has_any_of(const std::string &text, const char *characters)
{
	return text.find_first_of(characters) != text.npos;
}

/* The unit that systemd has for a device, by the name of its file. */
std::string device_unit(const std::string &path)
{
	std::string text;

	for (size_t i = 1; i < path.size(); i++) {
		const char c = path[i];

		if (c == '/')
			text += '-';
		else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			 (c >= '0' && c <= '9') || c == ':' || c == '_' ||
			 c == '.')
			text += c;
		else
			text += fmt::format("\\x{:02x}",
					    static_cast<unsigned char>(c));
	}
	return text + ".device";
}

/* udev makes the disk's link at boot, and the service waits for it. */
std::string wait_for_disk(const plan &p)
{
	if (p.disk.empty())
		return {};
	const std::string unit = device_unit(p.disk);

	return fmt::format("Requires={}\nAfter={}\n", unit, unit);
}

} /* namespace */

std::string boot_refusal(const plan &p, bool by_udev)
{
	for (const std::string &word :
	     {p.mount, p.fs, p.label, p.parameters, p.disk})
		if (has_any_of(word, "\n\r"))
			return "a line end cannot be set up at boot: leave "
			       "--permanent out";
	if (by_udev && has_any_of(p.parameters, "\"\\"))
		return fmt::format("a rule of udev cannot have the parameters "
				   "{}: leave --permanent out",
				   p.parameters);
	return {};
}

std::vector<boot_file> generator_files(const plan &p)
{
	std::vector<boot_file> files;
	std::string rule;
	std::string conf = fmt::format("{}[{}]\nzram-size = {}\n", boot_mark,
				       p.device, mib_of(p.size));

	if (p.memory)
		conf += fmt::format("zram-resident-limit = {}\n",
				    mib_of(p.memory));
	conf += fmt::format("compression-algorithm = {}\n", p.algorithm);
	if (p.mount.empty())
		conf += fmt::format("swap-priority = {}\n", p.priority);
	else
		conf += fmt::format("fs-type = {}\nmount-point = {}\n", p.fs,
				    p.mount);
	if (p.only_below)
		conf += fmt::format("host-memory-limit = {}\n",
				    mib_of(p.only_below));
	if (!p.disk.empty())
		conf += fmt::format("writeback-device = {}\n", p.disk);
	files.push_back({generator_path, conf});
	if (!p.parameters.empty())
		rule += fmt::format(", ATTR{{algorithm_params}}=\"{}\"",
				    for_udev(p.parameters));
	if (!p.secondary.empty())
		rule += fmt::format(
			", ATTR{{recomp_algorithm}}=\"algo={} priority=1\"",
			for_udev(p.secondary));
	/* The generator of Debian 12 does not know zram-resident-limit. */
	if (p.memory)
		rule += fmt::format(", ATTR{{mem_limit}}=\"{}\"",
				    exact_bytes(p.memory));
	if (p.again)
		rule += ", ATTR{recompress_auto}=\"1\"";
	if (p.worker)
		rule += ", ATTR{writeback_auto}=\"1\"";
	if (!rule.empty())
		files.push_back(
			{rule_path,
			 fmt::format("{}ACTION==\"add\", SUBSYSTEM==\"block\", "
				     "KERNEL==\"{}\"{}\n",
				     boot_mark, p.device, rule)});
	return files;
}

std::string setup_command(const plan &p)
{
	std::string text =
		fmt::format("zsmctl setup --memory {} --size {} --algorithm {} "
			    "--priority {}",
			    exact_bytes(p.memory), exact_bytes(p.size),
			    p.algorithm, p.priority);

	text += p.secondary.empty() ? " --no-secondary"
				    : " --secondary " + p.secondary;
	if (!p.disk.empty())
		text += " --disk " + quoted(p.disk);
	if (!p.mount.empty())
		text += fmt::format(" --mount {} --fs {}", quoted(p.mount),
				    p.fs);
	if (!p.label.empty())
		text += " --label " + quoted(p.label);
	if (!p.parameters.empty())
		text += " --parameters " + quoted(p.parameters);
	if (p.only_below)
		text += " --only-below " + exact_bytes(p.only_below);
	return text;
}

bool boots_files(const std::string &text)
{
	return text.find("\nmount-point = ") != text.npos ||
	       text.find(" --mount ") != text.npos;
}

std::vector<boot_file> service_files(const plan &p)
{
	const char *const target =
		p.mount.empty() ? "swap.target" : "local-fs.target";

	return {{service_path,
		 fmt::format("{}[Unit]\n"
			     "Description={}\n"
			     "Documentation=man:zsmctl(8)\n"
			     "DefaultDependencies=no\n"
			     "After=systemd-modules-load.service "
			     "systemd-udevd.service "
			     "systemd-remount-fs.service\n"
			     "{}"
			     "Before={} shutdown.target\n"
			     "Conflicts=shutdown.target\n"
			     "\n"
			     "[Service]\n"
			     "Type=oneshot\n"
			     "RemainAfterExit=yes\n"
			     "ExecStart=/usr/sbin/{}\n"
			     "\n"
			     "[Install]\n"
			     "WantedBy={}\n",
			     boot_mark,
			     p.mount.empty() ? "Swap to compressed memory"
					     : "Files in compressed memory",
			     wait_for_disk(p), target, setup_command(p),
			     target)}};
}

std::vector<std::string> boot_paths()
{
	return {generator_path, rule_path, service_path};
}

} /* namespace zsmctl */
