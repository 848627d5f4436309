/* SPDX-License-Identifier: GPL-2.0 */
/* ^C, for what has to be ended in order. */
#ifndef ZSMCTL_SYS_INTERRUPT_HH
#define ZSMCTL_SYS_INTERRUPT_HH

namespace zsmctl {

/* From now on SIGINT and SIGTERM end nothing, but are noted. */
void catch_interrupts();

/* Whether one came. */
bool interrupted();

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_INTERRUPT_HH */
