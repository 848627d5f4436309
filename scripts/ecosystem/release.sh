# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034 # for those who source it
#
# release.sh - the releases of Debian that clients of zram are tested in. Sourced by
# ecosystem.sh and image.sh.

# choose_release NAME - sets release, by default the machine's own; kernels_of_release, the one
# that it comes with and a newer one that it serves; flavours_of_release, those of the same
# version for real hardware; and with_newer, what apt has to be told to take with the newer one.
choose_release()
{
	release=${1:-$(zsm_codename)}
	with_newer=()
	case $release in
	bookworm)
		kernels_of_release=(6.1 6.12)
		flavours_of_release=(6.1-amd64 6.12-amd64)
		;;
	trixie)
		kernels_of_release=(6.12-trixie newest)
		flavours_of_release=(6.12-trixie-amd64 newest-amd64)
		with_newer=(linux-base/trixie-backports)
		;;
	*) usage_error "no release '$release' to test in; there are bookworm and trixie" ;;
	esac
}
