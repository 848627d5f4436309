/* SPDX-License-Identifier: GPL-2.0 */
/* Findings as lines of text. */
#ifndef ZSMCTL_SHOW_SENTENCES_HH
#define ZSMCTL_SHOW_SENTENCES_HH

#include "tools/zsmctl/figures/findings.hh"

#include <string>
#include <vector>

namespace zsmctl {

/* Each begins with `-', `*' or `!', by how severe it is. */
std::string finding_words(const std::vector<finding> &findings);

} /* namespace zsmctl */

#endif /* ZSMCTL_SHOW_SENTENCES_HH */
