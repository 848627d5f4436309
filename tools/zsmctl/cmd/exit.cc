// SPDX-License-Identifier: GPL-2.0
#include "tools/zsmctl/cmd/exit.hh"

#include <cerrno>

namespace zsmctl {

exit_status status_of(int error)
{
	switch (error) {
	case 0:
		return EXIT_DONE;
	case EACCES:
	case EPERM:
		return EXIT_DENIED;
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return EXIT_ABSENT;
	case EINTR:
		return EXIT_INTERRUPTED;
	default:
		return EXIT_FAILED;
	}
}

} /* namespace zsmctl */
