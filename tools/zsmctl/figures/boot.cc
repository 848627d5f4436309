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

} /* namespace */

std::vector<boot_file> generator_files(const plan &p)
{
	std::vector<boot_file> files;
	std::string rule;
	std::string conf = fmt::format("{}[{}]\nzram-size = {}\n", boot_mark,
				       p.device, mib_of(p.size));

	if (p.memory)
		conf += fmt::format("zram-resident-limit = {}\n",
				    mib_of(p.memory));
	conf += fmt::format("compression-algorithm = {}\nswap-priority = {}\n",
			    p.algorithm, p.priority);
	if (!p.disk.empty())
		conf += fmt::format("writeback-device = {}\n", p.disk);
	files.push_back({generator_path, conf});
	if (!p.secondary.empty())
		rule += fmt::format(
			", ATTR{{recomp_algorithm}}=\"algo={} priority=1\"",
			p.secondary);
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
		text += " --disk " + p.disk;
	return text;
}

std::vector<boot_file> service_files(const plan &p)
{
	return {{service_path,
		 fmt::format("{}[Unit]\n"
			     "Description=Swap to compressed memory\n"
			     "Documentation=man:zsmctl(8)\n"
			     "DefaultDependencies=no\n"
			     "After=systemd-modules-load.service "
			     "systemd-udevd.service\n"
			     "Before=swap.target shutdown.target\n"
			     "Conflicts=shutdown.target\n"
			     "\n"
			     "[Service]\n"
			     "Type=oneshot\n"
			     "RemainAfterExit=yes\n"
			     "ExecStart=/usr/sbin/{}\n"
			     "\n"
			     "[Install]\n"
			     "WantedBy=swap.target\n",
			     boot_mark, setup_command(p))}};
}

std::vector<std::string> boot_paths()
{
	return {generator_path, rule_path, service_path};
}

} /* namespace zsmctl */
