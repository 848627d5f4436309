# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154,SC2016 # the caller's, or the program's
#
# applications.sh - servers, editors, tools and what has a window, for programs.sh.

command_memcached()
{
	cat >"$work/fill.py" <<-'END'
		import hashlib, socket, sys, time
		for _ in range(50):
		    try:
		        s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); break
		    except OSError:
		        time.sleep(0.2)
		for i in range(200000):
		    v = ('{"id":%d,"name":"user %d","token":"%s","seen":%d}' % (i, i * 7919 % 40000,
		         hashlib.md5(str(i).encode()).hexdigest(), 1700000000 + i * 31)).encode()
		    s.sendall(b'set user:%d 0 0 %d noreply\r\n%s\r\n' % (i, len(v), v))
	END
	command=(sh -c 'python3 "$1/fill.py" "$1/memcached" & exec memcached -u root -s "$1/memcached" -m 200' sh "$work")
}

command_mariadb()
{
	cat >"$work/fill.sql" <<-'END'
		CREATE DATABASE shop; USE shop;
		CREATE TABLE orders(id INT PRIMARY KEY AUTO_INCREMENT, customer VARCHAR(40), amount DOUBLE, placed DATETIME, note TEXT, KEY (customer));
		INSERT INTO orders SELECT NULL, CONCAT('customer ', FLOOR(RAND() * 5000)), RAND() * 1000, NOW() - INTERVAL seq MINUTE,
			IF(seq % 3, CONCAT('open since ', seq), MD5(seq)) FROM seq_1_to_400000;
	END
	mariadb-install-db --user=root --datadir="$work/mariadb" >/dev/null 2>&1 || return
	command=(sh -c '
		(for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1; mariadb -S "$1/mariadb.sock" <"$1/fill.sql" && break; done) &
		exec mariadbd --no-defaults --user=root --datadir="$1/mariadb" --socket="$1/mariadb.sock" --skip-networking --skip-grant-tables' sh "$work")
}

# The backend that inserts is the child of a server of its own.
command_postgres()
{
	local bin

	bin=$(ls -d /usr/lib/postgresql/*/bin) || return
	mkdir -p "$work/postgres"
	chown postgres "$work" "$work/postgres"
	su postgres -c "$bin/initdb -D $work/postgres" >/dev/null 2>&1 || return
	command=(su postgres -c "exec $bin/postgres --single -D $work/postgres -c work_mem=1GB postgres <<-'END'
		SELECT count(*) FROM (SELECT 'customer ' || i % 50000 AS c, array_agg(md5(i::text) || i) AS a, avg(i) FROM generate_series(1, 900000) AS i GROUP BY 1 ORDER BY 2) AS x, generate_series(1, 1000)
		END")
}

command_vim()
{
	command=(vim -Nu NONE -i NONE -n -es -c 'set hidden undolevels=1000 | syntax on' -c '
		while 1 | for f in argv() | exe "edit! " . f | silent! %s/int/long/g | silent! %s/std/sts/g | exe "enew" | endfor | endwhile' "${text_files[@]}")
}

command_nvim()
{
	command=(nvim -u NONE -i NONE -n --headless -c 'set hidden undolevels=1000 | syntax on' -c '
		while 1 | for f in argv() | exe "edit! " . f | silent! %s/int/long/g | silent! %s/std/sts/g | exe "enew" | endfor | endwhile' "${text_files[@]}")
}

command_emacs()
{
	command=(emacs -Q --batch --eval '
		(while t (dolist (f command-line-args-left)
			(with-current-buffer (generate-new-buffer f)
			  (insert-file-contents f) (c++-mode) (font-lock-ensure)
			  (buffer-enable-undo)
			  (goto-char (point-min))
			  (while (search-forward "int" nil t) (replace-match "long")))))' "${text_files[@]}")
}

command_gdb()
{
	write_source
	sed -i 's/200/40/' "$work/source.cc"
	g++ -g -w "$work/source.cc" -o "$work/debugged" || return
	command=(gdb -nx -batch -ex 'maint expand-symtabs' -ex 'info types record' -ex 'info functions use' -ex 'shell sleep 100' "$work/debugged")
}

command_cppcheck()
{
	command=(cppcheck --force --enable=all --language=c++ -q "${text_files[@]}")
}

command_ghc()
{
	local i

	{
		echo 'module Grow where'
		echo 'import qualified Data.Map as M'
		for ((i = 0; i < 800; i++)); do
			echo "data R$i = R$i { a$i :: [String], b$i :: M.Map String Int, c$i :: Double } deriving (Show, Eq, Ord)"
			echo "f$i :: R$i -> Int"
			echo "f$i r = sum (M.elems (b$i r)) * $i + length (a$i r)"
		done
	} >"$work/Grow.hs"
	command=(ghc -O0 -c "$work/Grow.hs" -outputdir "$work")
}

command_git()
{
	(
		cd "$work" && git init -q repo && cd repo && cp "${text_files[@]}" . 2>/dev/null
		git -c user.name=x -c user.email=x add -A && git -c user.name=x -c user.email=x commit -qm x
	) || return
	command=(git -C "$work/repo" -c core.bigFileThreshold=1g pack-objects --window=200 --depth=50 --no-reuse-delta --threads=1 --all --stdout --revs)
}

command_imagemagick()
{
	command=(convert -size 2000x2000 plasma:red-blue -blur 0x3 -resize 5000x5000 -sharpen 0x9 null:)
}

command_inkscape()
{
	local i

	{
		echo '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1000">'
		for ((i = 0; i < 30000; i++)); do
			echo "<path id='p$i' style='fill:#$((i % 900000 + 100000));stroke-width:$((i % 9))' d='M $((i % 997)) $((i * 7 % 991)) C $((i % 83)) $((i % 89)) $((i % 97)) $((i % 79)) $((i % 73)) $((i * 3 % 71)) z'/>"
		done
		echo '</svg>'
	} >"$work/big.svg"
	command=(inkscape "$work/big.svg" --export-filename="$work/out.png")
}

command_gimp()
{
	command=(gimp-console -n -i -d -f -b '(let* ((i (car (gimp-image-new 2000 2000 RGB))))
		(let loop ((n 0))
		  (let ((l (car (gimp-layer-new i 2000 2000 RGBA-IMAGE "l" 100 LAYER-MODE-NORMAL))))
		    (gimp-image-insert-layer i l 0 0) (plug-in-plasma 1 i l n 3.0) (loop (+ n 1)))))')
}

write_page()
{
	local i

	{
		echo '<html><head><style>td { border: 1px solid; padding: 2px }</style></head><body><table>'
		for ((i = 0; i < 4000; i++)); do
			echo "<tr id='r$i' class='c$((i % 7))'><td>$i</td><td>customer $((i * 7919 % 5000))</td><td><a href='/orders/$i'>open since $i</a></td></tr>"
		done
		echo '</table><script>
			const kept = [];
			function grow() {
				for (let i = 0; i < 2000; i++) kept.push({ id: i, name: "name " + i * 7919 % 4000, tags: ["a" + i % 7, i / 3], next: kept[i] });
				if (kept.length < 400000) setTimeout(grow, 1);
			}
			grow();
		</script></body></html>'
	} >"$work/page.html"
}

command_firefox()
{
	write_page
	command=(env HOME="$work" MOZ_FORCE_DISABLE_E10S=1 /usr/lib/firefox-esr/firefox-esr --headless --no-remote "file://$work/page.html")
}

command_chromium()
{
	write_page
	command=(/usr/lib/chromium/chromium --headless --no-sandbox --single-process --disable-gpu --no-zygote
		--user-data-dir="$work/chromium" --remote-debugging-port=0 "file://$work/page.html")
}

command_libreoffice()
{
	cat "${text_files[@]:0:40}" >"$work/long.txt"
	command=(env HOME="$work" /usr/lib/libreoffice/program/soffice.bin --headless --convert-to odt --outdir "$work" "$work/long.txt")
}
