/* SPDX-License-Identifier: GPL-2.0 */
/* A trial of codecs, as a table and as a picture. */
#ifndef ZSMCTL_SHOW_TRIAL_HH
#define ZSMCTL_SHOW_TRIAL_HH

#include "tools/zsmctl/figures/trial.hh"

#include <string>

namespace zsmctl {

/* @of: what the sample was taken of. */
std::string trial_table(const trial &t, const std::string &of);

/* Memory against the time of a write and a read, a point a codec. */
std::string trial_svg(const trial &t, const std::string &of);

} /* namespace zsmctl */

#endif /* ZSMCTL_SHOW_TRIAL_HH */
