// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/show/sentences.hh"

#include "tools/zsmctl/show/text.hh"

namespace zsmctl {

std::string finding_words(const std::vector<finding> &findings)
{
	std::string text;

	for (const finding &f : findings)
		text += wrapped(f.level == severity::fact      ? "  - "
				: f.level == severity::problem ? "  ! "
							       : "  * ",
				printable(f.text));
	return text;
}

} /* namespace zsmctl */
