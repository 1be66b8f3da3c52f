#!/usr/bin/env bash
# Runs a dabba job:  ./spark-submit.sh [spark-submit flags] JOB [options]
#
# With a Spark on the machine (SPARK_HOME, or spark-submit on the path) the job goes to that spark-submit, with everything
# it needs in one zip. Without one, or with DABBA_USE_OWN_SPARK=1, it runs in the project's own environment, which is made
# on first use. `./spark-submit.sh --help` lists the jobs, `./spark-submit.sh JOB --help` a job's options.
set -u

self="${BASH_SOURCE[0]}"
while [ -L "$self" ]; do
  target="$(readlink "$self")"
  case "$target" in /*) self="$target" ;; *) self="$(dirname "$self")/$target" ;; esac
done
# shellcheck source=lib/deploy/environment.sh
. "$(dirname "$self")/lib/deploy/environment.sh"

usage() {
  dabba_say "$1"
  exit 2
}

# Leading flags are spark-submit's, up to the first word that is not a flag: the job.
flags=() files=""
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help | --version) flags=() && break ;; # ours
    --py-files=*) files=",${1#*=}" ;;
    --py-files)
      [ $# -gt 1 ] || usage "$1 needs a value"
      files=",$2" && shift
      ;;
    --*=*) flags+=("$1") ;;
    --supervise | --verbose | -v | --load-spark-defaults) flags+=("$1") ;;
    --master | --deploy-mode | --name | --jars | --packages | --exclude-packages | --repositories | --files | --archives | \
      --conf | -c | --prop | --properties-file | --driver-memory | --driver-java-options | --driver-library-path | \
      --driver-class-path | --executor-memory | --proxy-user | --driver-cores | --total-executor-cores | \
      --executor-cores | --num-executors | --principal | --keytab | --queue)
      [ $# -gt 1 ] || usage "$1 needs a value"
      flags+=("$1" "$2") && shift
      ;;
    -*) usage "$1 is not a flag of spark-submit; a job's own options go after the job: ./spark-submit.sh JOB $1" ;;
    *) break ;;
  esac
  shift
done

# Imports main without the current folder on the path, where another `lib` might lie.
run='import sys; sys.path[:] = [p for p in sys.path if p]; sys.argv[0] = "spark-submit.sh"
from jobs.main import main; sys.exit(main())'

machine_submit=""
if [ "${DABBA_USE_OWN_SPARK:-}" != 1 ]; then
  machine_submit="${SPARK_HOME:+$SPARK_HOME/bin/spark-submit}"
  [ -n "$machine_submit" ] || machine_submit="$(command -v spark-submit)"
  case "$machine_submit" in "$dabba_state"/*) machine_submit="" ;; esac
fi

if [ -n "$machine_submit" ]; then
  [ -x "$machine_submit" ] || dabba_fail "SPARK_HOME is set, but $machine_submit is not there; DABBA_USE_OWN_SPARK=1 ignores it"
  bundle="$(dabba_bundle)" || exit $?
  if [ $# -eq 0 ] || [ "${!#}" = --help ] || [ "${!#}" = -h ] || [ "$1" = --version ]; then # no JVM for a page of help
    path="$bundle/dabba.zip"
    for zip in "${machine_submit%/bin/spark-submit}"/python/lib/*.zip; do path="$path:$zip"; done
    PYTHONPATH="$path" exec "$(dabba_find_python)" -c "$run" "${@:-"--help"}"
  fi
  exec "$machine_submit" ${flags[@]+"${flags[@]}"} --py-files "$bundle/dabba.zip$files" "$bundle/main.py" "$@"
fi

dabba_environment
submit=""
[ -z "$files" ] || flags+=(--py-files "${files#,}")
for flag in ${flags[@]+"${flags[@]}"}; do
  submit="$submit'${flag//\'/\'\\\'\'}' "
done
export PYSPARK_SUBMIT_ARGS="${submit}pyspark-shell"
[ $# -gt 0 ] || set -- --help
exec "$dabba_python" -c "$run" "$@"
