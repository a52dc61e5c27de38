# Sourced by the launchers, with root set to the checkout and name to theirs: finds a JDK 25 (jdk) and builds the module it
# is asked for where its jar is missing or older than a source.

fail() {
  printf '%s: %s\n' "$name" "$1" >&2
  exit 1
}

# Sets jdk to $1 where that is a JDK 25. Its release file tells without starting it.
try() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS= read -r line; do
    case $line in
      'JAVA_VERSION="25"'* | 'JAVA_VERSION="25.'*)
        jdk=$1
        return 0
        ;;
    esac
  done <"$1/release"
  return 1
}

find_jdk() {
  if [ -n "${VITJ_JAVA_HOME:-}" ]; then
    try "$VITJ_JAVA_HOME" || fail "VITJ_JAVA_HOME=$VITJ_JAVA_HOME is no JDK 25"
    return
  fi
  try "${JAVA_HOME:-}" && return
  java=$(command -v java) && try "$(dirname "$(dirname "$(readlink -f "$java")")")" && return
  # Where packages and version managers of Linux and macOS put JDKs.
  for home in /usr/lib/jvm/* /usr/java/* /usr/local/java/* /opt/* /opt/java/* /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/*; do
    try "$home" && return
  done
  fail 'JDK 25 not found: install one, such as Eclipse Temurin 25 (https://adoptium.net), or set JAVA_HOME to one'
}

# True when file $1 is not there yet, or a source or pom of any module changed after it.
stale() {
  [ ! -f "$1" ] || [ -n "$(find "$root"/pom.xml "$root"/vit-* \( -name target -o -name test -o -name results \) -prune -o -newer "$1" -print | head -n 1)" ]
}

# Builds module $1, with Maven's options $3, if its file target/$2 is stale; that is its jar where none is named. Its jar and those
# it needs are then $root/$1/target/$1.jar and $root/$1/target/lib/.
build() {
  made=$root/$1/target/${2:-$1.jar}
  stale "$made" || return 0
  command -v mvn >/dev/null || fail 'Maven not found, which the first run builds with: install Maven 3.8 or newer'
  printf '%s: building (the first time takes a minute) …\n' "$name" >&2
  mkdir -p "$root/target"
  (
    # Of several first runs at a time one builds, where the system has flock.
    ! command -v flock >/dev/null || flock 9
    ! stale "$made" && exit
    cd "$root" && JAVA_HOME=$jdk mvn -q -B -Dstyle.color=never -Dmaven.test.skip ${3:+"$3"} -pl "$1" -am package
  ) </dev/null >&2 9>"$root/target/build.lock" || fail 'the build failed, see above'
}
