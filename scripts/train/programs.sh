# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC2016 # the caller's, or the program's
#
# programs.sh - programs whose memory the tables of w64hc are made from, or tried
# on. Sourced, after scripts/tests/programs.sh, with applications.sh.
#
# command_NAME sets command, which goes on growing, or waits, until it is stopped; it
# works on text_files and in the folder $work. It fails where it cannot be made.

trained=(python node perl bash compiler java sqlite redis
	 awk clang cppcheck erlang firefox gdb gimp go guile imagemagick inkscape
	 libreoffice lua mariadb memcached ocaml php r ruby rustc sbcl sort swipl tcl vim)
held_out=(chromium emacs ghc luajit nvim octave postgres git)

# program_of NAME - what has to be installed for it.
program_of()
{
	case $1 in
	python) echo python3 ;;
	compiler) g++ -print-prog-name=cc1plus ;;
	sqlite) echo sqlite3 ;;
	redis) echo redis-server ;;
	awk) echo gawk ;;
	clang) echo clang++-14 ;;
	erlang) echo escript ;;
	firefox) echo firefox-esr ;;
	gimp) echo gimp-console ;;
	imagemagick) echo convert ;;
	libreoffice) echo soffice ;;
	lua) echo lua5.4 ;;
	mariadb) echo mariadbd ;;
	r) echo R ;;
	tcl) echo tclsh ;;
	postgres) echo pg_lsclusters ;;
	*) echo "$1" ;;
	esac
}

# A C++ program that makes a compiler work for long.
write_source()
{
	cat >"$work/source.cc" <<-'END'
		#include <functional>
		#include <iostream>
		#include <map>
		#include <random>
		#include <regex>
		#include <string>
		#include <unordered_map>
		#include <variant>
		#include <vector>

		template <int N> struct record {
			std::map<int, std::vector<record<N - 1>>> parts;
			std::unordered_map<std::string, std::variant<int, double, std::string>> names;
			std::function<bool(const std::string &)> match = [](const std::string &s) {
				return std::regex_match(s, std::regex("a+b*" + std::to_string(N)));
			};
		};
		template <> struct record<0> {};

		template <int N> int use()
		{
			record<N> r;
			r.names["x"] = N;
			std::cout << r.parts.size() << r.match("text") << '\n';
			return use<N - 1>();
		}
		template <> int use<0>() { return 0; }

		int main() { return use<200>(); }
	END
}

command_compiler()
{
	write_source
	command=("$(g++ -print-prog-name=cc1plus)" -quiet -O1 -D_GNU_SOURCE
		-imultiarch "$(g++ -print-multiarch)" "$work/source.cc" -o /dev/null)
}

command_clang()
{
	write_source
	command=(clang++-14 -O1 -c "$work/source.cc" -o /dev/null)
}

command_awk()
{
	command=(gawk '
		{
			for (i = 1; i <= NF; i++)
				where[$i, FNR % 97 + ARGIND] = where[$i, FNR % 97 + ARGIND] FILENAME ":" FNR " "
			line[NR] = $0
		}' "${text_files[@]}" "${text_files[@]}" "${text_files[@]}" /dev/zero)
}

command_sort()
{
	command=(sort -S 512M "${text_files[@]}" "${text_files[@]}" -)
}

command_java()
{
	cat >"$work/Grow.java" <<-'END'
		import java.nio.file.*;
		import java.util.*;

		class Grow {
			record Place(String file, int line, int round) {}

			public static void main(String[] files) throws Exception {
				Map<String, List<Place>> index = new HashMap<>();
				for (int round = 0; ; round++)
					for (String file : files) {
						int n = 0;
						for (String line : Files.readAllLines(Path.of(file), java.nio.charset.StandardCharsets.ISO_8859_1)) {
							n++;
							for (String word : line.split("\\W+"))
								index.computeIfAbsent(word + round % 7, w -> new ArrayList<>())
									.add(new Place(file, n, round));
						}
					}
			}
		}
	END
	command=(java -Xmx1g "$work/Grow.java" "${text_files[@]}")
}

command_sqlite()
{
	cat >"$work/fill.sql" <<-'END'
		CREATE TABLE orders(id INTEGER PRIMARY KEY, customer TEXT, amount REAL, placed TEXT, note TEXT);
		CREATE INDEX by_customer ON orders(customer, placed);
		WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)
		INSERT INTO orders SELECT i, 'customer ' || abs(random() % 5000), abs(random() % 100000) / 100.0,
			date(1700000000 + i * 37, 'unixepoch'),
			CASE i % 3 WHEN 0 THEN 'paid in full' WHEN 1 THEN 'open since ' || i ELSE hex(randomblob(6)) END FROM n;
	END
	command=(sqlite3 :memory: ".read $work/fill.sql")
}

command_redis()
{
	cat >"$work/fill.lua" <<-'END'
		for i = 1, 40000 do
			redis.call('HSET', 'user:' .. i, 'name', 'name of ' .. i * 7919 % 40000, 'visits', i % 97, 'seen', 1700000000 + i * 31)
			redis.call('ZADD', 'ranking', i * 7919 % 10007, 'user:' .. i)
			redis.call('SET', 'session:' .. redis.sha1hex(i), '{"user":' .. i .. ',"cart":[' .. i % 13 .. ',' .. i % 7 .. '],"lang":"en"}')
			redis.call('RPUSH', 'queue:' .. i % 100, 'job ' .. i)
		end
	END
	command=(sh -c '
		(for _ in 1 2 3 4 5 6 7 8 9 10; do
			redis-cli -s "$1/redis" --eval "$1/fill.lua" && break
			sleep 1
		done) &
		exec redis-server --port 0 --unixsocket "$1/redis" --save "" --dir "$1"' sh "$work")
}

command_lua()
{
	cat >"$work/grow.lua" <<-'END'
		local kept, index = {}, {}
		for round = 1, 1000 do
			for _, file in ipairs(arg) do
				local f = io.open(file)
				local n = 0
				for text in f:lines() do
					n = n + 1
					local words = {}
					for word in text:gmatch("%w+") do
						words[#words + 1] = word
						index[word .. round % 7] = { file = file, line = n, next = index[word .. round % 7] }
					end
					kept[#kept + 1] = { text = text, words = words, length = #text / 3 }
				end
				f:close()
			end
		end
	END
	command=("$(program_of "$name")" "$work/grow.lua" "${text_files[@]}")
}

command_luajit()
{
	command_lua
}

command_php()
{
	cat >"$work/grow.php" <<-'END'
		<?php
		ini_set('memory_limit', '-1');
		class Place { public $file; public $line; public $words; }
		$index = []; $kept = [];
		for ($round = 0; ; $round++)
			foreach (array_slice($argv, 1) as $file)
				foreach (file($file) as $n => $text) {
					$p = new Place; $p->file = $file; $p->line = $n; $p->words = preg_split('/\W+/', $text);
					foreach ($p->words as $word) $index[$word . $round % 7][] = $n;
					$kept[] = $p;
				}
	END
	command=(php "$work/grow.php" "${text_files[@]}")
}

command_ruby()
{
	cat >"$work/grow.rb" <<-'END'
		Place = Struct.new(:file, :line, :words)
		index = Hash.new { |h, k| h[k] = [] }
		kept = []
		1000.times do |round|
			ARGV.each do |file|
				File.open(file, encoding: 'BINARY').each_line.with_index do |text, n|
					words = text.split(/\W+/n)
					words.each { |w| index[w + (round % 7).to_s] << n }
					kept << Place.new(file, n, words) << { text: text, length: text.size / 3.0 }
				end
			end
		end
	END
	command=(ruby "$work/grow.rb" "${text_files[@]}")
}

command_guile()
{
	cat >"$work/grow.scm" <<-'END'
		(use-modules (ice-9 rdelim))
		(define index (make-hash-table))
		(define kept '())
		(define (grow file)
		  (call-with-input-file file
		    (lambda (port)
		      (let loop ((line (read-line port)) (n 0))
			(unless (eof-object? line)
			  (let ((words (string-split line #\space)))
			    (for-each (lambda (w) (hash-set! index w (cons n (hash-ref index w '())))) words)
			    (set! kept (cons (vector file n words (/ n 7)) kept)))
			  (loop (read-line port) (+ n 1)))))
		    #:encoding "ISO-8859-1"))
		(let again () (for-each grow (cdr (command-line))) (again))
	END
	command=(guile --no-auto-compile "$work/grow.scm" "${text_files[@]}")
}

command_sbcl()
{
	cat >"$work/grow.lisp" <<-'END'
		(defstruct place file line words)
		(defvar *index* (make-hash-table :test 'equal))
		(defvar *kept* nil)
		(defun words (s) (loop for i = 0 then (1+ j) for j = (position #\Space s :start i) collect (subseq s i j) while j))
		(loop (dolist (file (cdr (member "--" sb-ext:*posix-argv* :test #'equal)))
			(with-open-file (in file :external-format :latin-1)
			  (loop for text = (read-line in nil) for n from 0 while text
				do (let ((w (words text)))
				     (dolist (x w) (push n (gethash x *index*)))
				     (push (make-place :file file :line n :words w) *kept*))))))
	END
	command=(sbcl --noinform --non-interactive --load "$work/grow.lisp" --end-toplevel-options -- "${text_files[@]}")
}

command_ocaml()
{
	cat >"$work/grow.ml" <<-'END'
		type place = { file : string; line : int; words : string list; weight : float }
		let index : (string, int list) Hashtbl.t = Hashtbl.create 1000
		let kept = ref []
		let () =
		  while true do
		    Array.iteri (fun i file -> if i > 0 then begin
		      let ic = open_in_bin file in
		      let n = ref 0 in
		      (try while true do
			let words = String.split_on_char ' ' (input_line ic) in
			incr n;
			List.iter (fun w -> Hashtbl.replace index w (!n :: (try Hashtbl.find index w with Not_found -> []))) words;
			kept := { file; line = !n; words; weight = float !n /. 3. } :: !kept
		      done with End_of_file -> close_in ic)
		    end) Sys.argv
		  done
	END
	command=(ocaml "$work/grow.ml" "${text_files[@]}")
}

command_erlang()
{
	cat >"$work/grow.escript" <<-'END'
		#!/usr/bin/env escript
		main(Files) -> grow(Files, Files, [], #{}).
		grow([], All, Kept, Index) -> grow(All, All, Kept, Index);
		grow([F | Rest], All, Kept, Index) ->
			{ok, B} = file:read_file(F),
			Lines = [string:lexemes(binary_to_list(L), " \t(),;<>") || L <- binary:split(B, <<"\n">>, [global])],
			I = lists:foldl(fun(W, M) -> maps:update_with(W, fun(L) -> [F | L] end, [F], M) end, Index, lists:append(Lines)),
			grow(Rest, All, [{F, size(B), Lines} | Kept], I).
	END
	command=(escript "$work/grow.escript" "${text_files[@]}")
}

command_go()
{
	cat >"$work/grow.go" <<-'END'
		package main

		import ("bufio"; "os"; "strings")

		type place struct { file string; line int; words []string; weight float64; next *place }

		func main() {
			index := map[string]*place{}
			var kept []interface{}
			for round := 0; ; round++ {
				for _, file := range os.Args[1:] {
					f, _ := os.Open(file)
					s := bufio.NewScanner(f)
					for n := 0; s.Scan(); n++ {
						words := strings.Fields(s.Text())
						for _, w := range words {
							index[w] = &place{file, n, words, float64(n) / 3, index[w]}
						}
						kept = append(kept, words, n)
					}
					f.Close()
				}
			}
		}
	END
	(cd "$work" && HOME=$work GO111MODULE=off go build -o grow-go grow.go) >/dev/null 2>&1 || return
	command=("$work/grow-go" "${text_files[@]}")
}

command_rustc()
{
	local i

	{
		echo 'use std::collections::HashMap; use std::fmt::Debug;'
		for ((i = 0; i < 1500; i++)); do
			echo "#[derive(Debug, Clone, PartialEq, Default)] pub struct Record$i { a: Vec<String>, b: HashMap<String, Option<u64>>, c: [f64; $((i % 7 + 1))] }
				impl Record$i { pub fn sum(&self) -> u64 { self.b.values().filter_map(|x| *x).map(|x| x * $i).sum() } pub fn show<T: Debug>(&self, t: T) -> String { format!(\"{:?} {:?}\", self, t) } }"
		done
		echo 'fn main() {}'
	} >"$work/grow.rs"
	command=(rustc -A warnings -O --emit=obj "$work/grow.rs" -o "$work/grow.o")
}

command_swipl()
{
	cat >"$work/grow.pl" <<-'END'
		:- dynamic place/3.
		grow(F) :- read_file_to_string(F, S, [encoding(octet)]), split_string(S, "\n", "", Ls), nth_lines(Ls, F, 0).
		nth_lines([], _, _).
		nth_lines([L | Ls], F, N) :- split_string(L, " ,;()", " ", Ws), forall(member(W, Ws), assertz(place(F, N, W))), N1 is N + 1, nth_lines(Ls, F, N1).
		again :- current_prolog_flag(argv, Fs), repeat, forall(member(F, Fs), grow(F)), fail.
		:- initialization(again, main).
	END
	command=(swipl --stack-limit=4g "$work/grow.pl" "${text_files[@]}")
}

command_tcl()
{
	cat >"$work/grow.tcl" <<-'END'
		while 1 {
			foreach file $argv {
				set f [open $file]; fconfigure $f -translation binary
				set n 0
				while {[gets $f text] >= 0} {
					incr n
					set words [regexp -all -inline {\w+} $text]
					foreach w $words { dict lappend index $w $n }
					lappend kept [list $file $n $words]
				}
				close $f
			}
		}
	END
	command=(tclsh "$work/grow.tcl" "${text_files[@]}")
}

command_r()
{
	cat >"$work/grow.R" <<-'END'
		files <- commandArgs(TRUE)
		kept <- list()
		repeat for (f in files) {
			l <- iconv(readLines(f, warn = FALSE), "latin1", "ASCII", sub = "?")
			d <- data.frame(text = l, n = nchar(l), x = rnorm(length(l)))
			kept[[length(kept) + 1]] <- list(d, strsplit(l, "[^A-Za-z_]+"), table(d$n), lm(x ~ n, d))
		}
	END
	command=(R --no-save --no-echo -f "$work/grow.R" --args "${text_files[@]}")
}

command_octave()
{
	cat >"$work/grow.m" <<-'END'
		kept = {};
		while true
			for i = 1:numel(files)
				t = fileread(files{i});
				w = strsplit(t, {' ', "\n", '(', ')'});
				kept{end + 1} = struct('file', files{i}, 'words', {w}, 'lengths', cellfun(@numel, w), 'm', magic(40) / i, 's', sparse(eye(50)));
			end
		end
	END
	printf "'%s'\n" "${text_files[@]}" | { echo 'files = {'; cat; echo '};'; cat "$work/grow.m"; } >"$work/run.m"
	command=(octave-cli --norc "$work/run.m")
}
