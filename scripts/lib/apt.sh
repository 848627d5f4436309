# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # variables of lib.sh
#
# apt.sh - apt without root, and without touching the system's state. Sourced by lib.sh.
#
# Packages for tests are fetched with the system's keyrings but with lists, status and
# caches of our own: those of the machine's own release from the system's sources, those
# of another release or architecture from the same servers (zsm_apt_use). A set of
# lists is a directory that never changes once it is there, so that readers need no
# lock; `current' names the newest.

zsm_apt_dir=$zsm_cache/apt
zsm_apt_release=host
zsm_apt_arch=amd64
zsm_apt_gen=
zsm_apt_log=
zsm_apt_opts=()
zsm_apt_max_age=${ZSM_APT_MAX_AGE:-21600}	# seconds until lists are stale

# zsm_codename - of the release that this machine runs.
zsm_codename()
{
	# shellcheck source=/dev/null
	(. /etc/os-release && echo "${VERSION_CODENAME-}")
}

# zsm_apt_use RELEASE [ARCH] - what follows is about the packages of this release of Debian,
# of amd64 and arm64: its own, updates, and backports. `host' is the machine's own
# release, by its own sources. A package named without an architecture is ARCH's, amd64
# unless it says so.
zsm_apt_use()
{
	[[ $1 != "$zsm_apt_release" || ${2:-amd64} != "$zsm_apt_arch" ]] || return 0
	zsm_apt_release=$1
	zsm_apt_arch=${2:-amd64}
	zsm_apt_dir=$zsm_cache/apt
	[[ $1 == host ]] || zsm_apt_dir+=/$1
	zsm_apt_gen='' zsm_apt_opts=()
}

# zsm_apt_servers - prints `SUITE URI' for each suite in the machine's sources.
zsm_apt_servers()
{
	local files=()

	mapfile -t files < <(find /etc/apt/sources.list /etc/apt/sources.list.d -type f \
		\( -name '*.list' -o -name '*.sources' \) 2>/dev/null)
	((${#files[@]})) || return 0
	awk '
		FNR == 1 { uris = suites = "" }
		/^deb / {
			sub(/\[[^]]*\]/, "")
			print $3, $2
		}
		/^URIs:/ { uris = $2 }
		/^Suites:/ { suites = $0 }
		uris != "" && suites != "" {
			n = split(suites, suite, " ")
			for (i = 2; i <= n; i++)
				print suite[i], uris
			uris = suites = ""
		}' "${files[@]}"
}

# zsm_apt_write_sources FILE - those of zsm_apt_release, from the servers that this
# machine has its own release from.
zsm_apt_write_sources()
{
	local own servers archive security key suite

	own=$(zsm_codename)
	servers=$(zsm_apt_servers)
	archive=$(awk -v suite="$own" '$1 == suite { print $2; exit }' <<<"$servers")
	security=$(awk -v suite="$own-security" '$1 == suite { print $2; exit }' <<<"$servers")
	[[ -n $archive ]] || {
		log "this machine's package sources do not name Debian's ${own:-release}"
		return 1
	}
	key=$(find /usr/share/keyrings -name 'debian-archive-keyring.[gp]*' | sort | head -n 1)
	for suite in "$zsm_apt_release" "$zsm_apt_release"-{updates,backports}; do
		echo "deb [signed-by=$key] $archive $suite main"
	done >"$1"
	[[ -z $security ]] ||
		echo "deb [signed-by=$key] $security $zsm_apt_release-security main" >>"$1"
}

# zsm_apt_set_opts GENERATION - sets zsm_apt_opts, the options of every apt call.
zsm_apt_set_opts()
{
	local gen=$1

	zsm_apt_opts=(
		-qq
		-o "Dir::State=$gen"
		-o "Dir::State::lists=$gen/lists"
		-o "Dir::State::status=$gen/status"
		-o "Dir::State::extended_states=$gen/extended_states"
		-o "Dir::Cache=$gen/cache"
		-o "Dir::Cache::archives=$gen/cache/archives"
		-o Dir::Cache::pkgcache=pkgcache.bin
		-o Dir::Cache::srcpkgcache=srcpkgcache.bin
		-o Acquire::Languages=none
		-o Acquire::Retries=2
		-o APT::Sandbox::User=root
		-o APT::Install-Recommends=false
		-o APT::Get::Assume-Yes=true
	)
	[[ $zsm_apt_release == host ]] || zsm_apt_opts+=(
		-o "Dir::Etc::sourcelist=$gen/sources.list"
		-o Dir::Etc::sourceparts=-
		-o "APT::Architecture=$zsm_apt_arch"
		-o APT::Architectures::=amd64
		-o APT::Architectures::=arm64
		-o "Dir::Cache::pkgcache=pkgcache.$zsm_apt_arch.bin"
	)
}

# The generation in use, if there is one that is young enough.
zsm_apt_fresh()
{
	local now made

	[[ -e $zsm_apt_dir/current/made ]] || return 1
	made=$(<"$zsm_apt_dir/current/made")
	printf -v now '%(%s)T' -1
	((now - made < zsm_apt_max_age))
}

# Builds a generation in $1. The system's lists, where readable, spare a
# download of what has not changed.
zsm_apt_make_lists()
{
	local dir=$1

	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	: >"$dir/status"
	if [[ -e $zsm_apt_dir/current/lists ]]; then
		cp -p "$zsm_apt_dir"/current/lists/*Packages* "$zsm_apt_dir"/current/lists/*Release \
			"$dir/lists/" 2>/dev/null || true
	elif [[ $zsm_apt_release == host ]]; then
		cp -p /var/lib/apt/lists/*Packages* /var/lib/apt/lists/*Release \
			"$dir/lists/" 2>/dev/null || true
	fi
	[[ $zsm_apt_release == host ]] || zsm_apt_write_sources "$dir/sources.list"
	zsm_apt_set_opts "$dir"
	zsm_progress "fetching package lists"
	# A source that does not answer is no matter as long as others do;
	# the search for a package will say what is missing.
	apt-get "${zsm_apt_opts[@]}" update >"$dir/update.log" 2>&1 ||
		log "some package lists could not be fetched: $(grep -m1 '^E:' "$dir/update.log" || true)"
	[[ -n $(find "$dir/lists" -name '*Packages*' -print -quit) ]] || {
		cat "$dir/update.log" >&2
		log "no package lists could be fetched"
		return 1
	}
	printf '%(%s)T\n' -1 >"$dir/made"
}

# zsm_apt_lists [--refresh GEN] - makes sure of lists, and sets zsm_apt_gen and
# zsm_apt_opts. With --refresh, lists newer than generation GEN. Returns 1 if
# there are none to be had.
zsm_apt_lists()
{
	local lock old=

	[[ ${1-} != --refresh ]] || old=$2
	mkdir -p "$zsm_apt_dir"
	if ! zsm_apt_fresh || [[ $(readlink "$zsm_apt_dir/current") == "$old" ]]; then
		exec {lock}>"$zsm_apt_dir/lock"
		zsm_lock "$lock" "package lists"
		if ! zsm_apt_fresh || [[ $(readlink "$zsm_apt_dir/current") == "$old" ]]; then
			zsm_apt_new_generation || return 1
		fi
		exec {lock}>&-
	fi
	zsm_apt_gen=$(readlink "$zsm_apt_dir/current")
	zsm_apt_set_opts "$zsm_apt_dir/$zsm_apt_gen"
}

# With the lock held: makes a generation and moves `current' to it. The one
# before stays, as another run may be reading it.
zsm_apt_new_generation()
{
	local tmp gen old

	rm -rf -- "$zsm_apt_dir"/tmp.*
	tmp=$(mktemp -d "$zsm_apt_dir/tmp.XXXXXX")
	zsm_doomed+=("$tmp")
	zsm_apt_make_lists "$tmp" || return 1
	gen=lists-$(<"$tmp/made")-$$
	mv -T -- "$tmp" "$zsm_apt_dir/$gen"
	old=$(readlink "$zsm_apt_dir/current" || true)
	ln -sfn "$gen" "$zsm_apt_dir/current.new"
	mv -T -- "$zsm_apt_dir/current.new" "$zsm_apt_dir/current"
	for tmp in "$zsm_apt_dir"/lists-*; do
		case ${tmp##*/} in
		"$gen" | "$old") ;;
		*) rm -rf -- "$tmp" ;;
		esac
	done
}

# zsm_apt_field PACKAGE FIELD - of the candidate version.
zsm_apt_field()
{
	apt-cache "${zsm_apt_opts[@]}" show --no-all-versions "$1" |
		sed -n "s/^$2: //p" | head -n 1
}

# zsm_apt_serves PACKAGE - whether it can be had.
zsm_apt_serves()
{
	[[ -n $(zsm_apt_field "$1" Package 2>/dev/null) ]]
}

# zsm_apt_download DIR PACKAGE... - fetches packages into DIR, without installing
# them; apt checks signatures and sums. On failure zsm_apt_log says why.
zsm_apt_download()
{
	local dir=$1

	shift
	# shellcheck disable=SC2034 # callers print it
	zsm_apt_log=$dir/apt.log
	(cd "$dir" && apt-get "${zsm_apt_opts[@]}" download "$@" >apt.log 2>&1)
}
