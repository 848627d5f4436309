/* SPDX-License-Identifier: GPL-2.0 */
/* The state of compressed memory in words. */
#ifndef ZSMCTL_SHOW_WORDS_HH
#define ZSMCTL_SHOW_WORDS_HH

#include "tools/zsmctl/sys/system.hh"

#include <string>

namespace zsmctl {

std::string in_words(const system_state &system);

} /* namespace zsmctl */

#endif /* ZSMCTL_SHOW_WORDS_HH */
