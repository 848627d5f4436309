# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# zpool_pairs.sh - zswap in our pairs.

# shellcheck source=scripts/tests/guest/lib_zpool.sh
. "$here/lib_zpool.sh"

test_zswap()
{
	zswap_with zsm-zbud
}
