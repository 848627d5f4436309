# SPDX-License-Identifier: GPL-2.0
#
# klog.awk - judge a kernel log.
#
# usage: awk -f klog.awk [-v raw=1] LOG
#
#   raw=1   LOG holds records as read from /dev/kmsg; otherwise console output
#   ALLOW   (environment) regular expressions, one a line: what matches is fine
#
# Prints the offending lines with some context, after a first line `KIND REASON'
# with KIND `problem' (the kernel is in trouble) or `message' (one of our modules
# said something at level warning or worse). Prints nothing for a good log.
#
# A data race that KCSAN reports counts if it is in one of our modules, suites included.

BEGIN {
	problem = "WARNING:|BUG:|kernel BUG at|Oops[: ]|Call Trace:|Kernel panic|general protection fault" \
		"|[Uu]nable to handle (kernel|page)|blocked for more than|soft lockup|hard LOCKUP|UBSAN:" \
		"|detected stalls|self-detected stall|detected expedited stalls" \
		"|INFO: possible|possible (circular|recursive) locking|inconsistent lock state" \
		"|trying to register non-static key|lockdep is turned off|suspicious RCU usage" \
		"|bad unlock balance|Disabling lock debugging" \
		"|kmemleak: (Kernel memory leak detector disabled|Cannot allocate a kmemleak_object)|suspected memory leaks|invoked oom-killer|oom-kill:" \
		"|Out of memory|page allocation failure|refcount_t:|list_(add|del) corruption" \
		"|Bad page state|bad page map|double free|divide error|invalid opcode"
	ours = "^(block |zram )?(zsm|zram)[0-9]*:"
	# What every kernel says of a module that it did not come with.
	noise = "Spectre V2 : WARNING|: loading out-of-tree module taints kernel" \
		"|: module verification failed: signature and/or required key missing"
	context = 12
	follow = 25
	shown_max = 80
	n_allow = split(ENVIRON["ALLOW"], allow, "\n")
}

function asked_for(text, i)
{
	for (i = 1; i <= n_allow; i++)
		if (allow[i] != "" && text ~ allow[i])
			return 1
	return 0
}

function allowed(text)
{
	if (text ~ noise)
		return 1
	if (text ~ /BUG: KCSAN:/ && text !~ /\[(zsm|zram|w64|dm_zcache)/)
		return 1
	return asked_for(text)
}

# A raw record is `PRIORITY,SEQUENCE,MICROSECONDS,FLAGS;TEXT', followed by lines
# that begin with a blank.
function parse_raw(head, f)
{
	if ($0 ~ /^ / || (head = index($0, ";")) == 0)
		return 0
	split(substr($0, 1, head - 1), f, ",")
	level = f[1] % 8
	text = substr($0, head + 1)
	line = sprintf("[%5d.%06d] %s", int(f[3] / 1000000), f[3] % 1000000, text)
	return 1
}

function parse_console()
{
	sub(/\r$/, "")
	level = 7
	line = text = $0
	return 1
}

{
	if (!(raw ? parse_raw() : parse_console()))
		next
	n++
	lines[n] = line
	found = ""
	if (text ~ problem)
		found = "problem"
	else if (level <= 4 && text ~ ours)
		found = "message"
	if (found == "") {
		# It may come with a trace.
		if (asked_for(text))
			excused = n
		next
	}
	# The trace under an allowed report is part of it.
	if (text ~ /Call Trace:/ && excused && n - excused <= 45)
		next
	if (allowed(text)) {
		excused = n
		next
	}
	hit[n] = 1
	if (kind != "problem" && kind != found) {
		kind = found
		reason = text
	}
}

END {
	if (kind == "")
		exit
	print kind " " reason
	for (i = 1; i <= n && shown < shown_max; i++) {
		near = 0
		for (j = i - follow; j <= i + context && !near; j++)
			near = (j in hit)
		if (!near)
			continue
		if (last && last != i - 1)
			print "  ..."
		print ((i in hit) ? "> " : "  ") lines[i]
		last = i
		shown++
	}
}
