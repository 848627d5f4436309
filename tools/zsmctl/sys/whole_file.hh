/* SPDX-License-Identifier: GPL-2.0 */
/* Files that are there whole or not at all, whenever the machine stops. */
#ifndef ZSMCTL_SYS_WHOLE_FILE_HH
#define ZSMCTL_SYS_WHOLE_FILE_HH

#include <string>

namespace zsmctl {

/*
 * Makes, or replaces, the file @path with @text, and the folders that it is in.
 * Throws: std::system_error; the file is then as it was before.
 * Context: waits until the disk has it.
 */
void write_whole_file(const std::string &path, const std::string &text);

/* Removes a file for good. Throws: std::system_error. */
void remove_file(const std::string &path);

} /* namespace zsmctl */

#endif /* ZSMCTL_SYS_WHOLE_FILE_HH */
