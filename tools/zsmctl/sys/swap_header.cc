// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/sys/swap_header.hh"

#include "tools/zsmctl/sys/memory_sample.hh"
#include "tools/zsmctl/sys/zram.hh"

#include <fmt/format.h>

namespace zsmctl {

namespace {

/* At the end of the page; its last digit is the format's version. */
constexpr std::string_view signature = "SWAPSPACE2";
/* Behind the boot block, the version, and two numbers of pages. */
constexpr size_t uuid_at = 1024 + 3 * 4;
constexpr size_t uuid_bytes = 16;
constexpr size_t label_at = uuid_at + uuid_bytes;
constexpr size_t label_bytes = 16;

std::string uuid_text(std::string_view bytes)
{
	std::string text;

	if (bytes.find_first_not_of('\0') == bytes.npos)
		return {};
	for (size_t i = 0; i < bytes.size(); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text += '-';
		text += fmt::format("{:02x}",
				    static_cast<unsigned char>(bytes[i]));
	}
	return text;
}

} /* namespace */

std::optional<swap_name> parse_swap_header(std::string_view page)
{
	if (page.size() < label_at + label_bytes + signature.size() ||
	    !page.ends_with(signature))
		return {};
	const std::string_view label = page.substr(label_at, label_bytes);

	return swap_name{
		.uuid = uuid_text(page.substr(uuid_at, uuid_bytes)),
		.label = std::string(label.substr(0, label.find('\0')))};
}

void read_swap_names(const tree &files, size_t page_size, machine &m)
{
	for (swap_area &area : m.swaps) {
		if (!is_zram_node(area.path))
			continue;
		sample_pages(
			files.path(area.path), page_size, {0},
			[&](size_t, const uint8_t *page) {
				auto found = parse_swap_header(
					{reinterpret_cast<const char *>(page),
					 page_size});

				if (!found)
					return;
				area.uuid = std::move(found->uuid);
				area.label = std::move(found->label);
			});
	}
}

} /* namespace zsmctl */
