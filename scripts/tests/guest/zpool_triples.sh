# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# zpool_triples.sh - zswap in our triples.

# shellcheck source=scripts/tests/guest/lib_zpool.sh
. "$here/lib_zpool.sh"

test_zswap()
{
	zswap_with zsm-z3fold
}
