# The recipes of packages say what the build says: version, libraries, files of the unit's user.
. tests/it/lib/it.sh
version=$(sed -n 's/^VERSION *:= *//p' Makefile)
[ "$(sed -n '1s/.*(\([^)]*\)).*/\1/p' debian/changelog)" = "$version" ] || fail "debian/changelog is not of $version"
[ "$(sed -n 's/^Version: *//p' packaging/bellman.spec)" = "$version" ] || fail "packaging/bellman.spec is not of $version"
"$bellman" --version | grep -q "$version" || fail "the command is not of $version"
needed=$(sed -n '/^BUILD_PKGS=/,/"$/p' tests/tools/deps.sh | tr -d '"' | sed 's/BUILD_PKGS=//')
# what the tests alone need, and what every build of a package has anyway
for p in $needed; do
	case $p in
	check | procps | openssl | mandoc | python3-jsonschema | gcc | make) continue ;;
	esac
	sed -n '/^Build-Depends:/,/^$/p' debian/control | grep -q "[ ,:]$p[:, ]*" || fail "debian/control: no Build-Depends on $p"
	case $p in
	lib*-dev) # by the name of the library, without lib, digits and what Debian puts behind
		short=$(echo "$p" | sed 's/^lib//; s/-dev$//; s/[0-9]*$//; s/-[0-9.]*$//')
		grep -qi "^BuildRequires: *[a-z0-9-]*$short" packaging/bellman.spec || [ "$p" = zlib1g-dev ] ||
			fail "packaging/bellman.spec: no BuildRequires for $p ($short)"
		;;
	esac
done
for file in debian/control packaging/bellman.spec; do
	[ -s "$file" ] || fail "no $file"
done
if command -v rpmspec >/dev/null; then
	rpmspec -P packaging/bellman.spec >"$work/log" 2>&1 || fail "rpmspec does not read packaging/bellman.spec"
fi
