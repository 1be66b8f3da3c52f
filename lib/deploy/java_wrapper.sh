#!/bin/sh
# Stands as bin/java before the Java runtime of .dabba/jdk, an image with fewer modules than a JDK: drops the options that
# name a module which it lacks (Spark 4 asks for jdk.incubator.vector, and Java would refuse to start).
here="$(cd "$(dirname "$0")" && pwd -P)"
modules=" $(sed -n 's/^MODULES="\(.*\)"$/\1/p' "$here/../release") "
count=$#
while [ "$count" -gt 0 ]; do
  option="$1"
  shift
  count=$((count - 1))
  case "$option" in
    --add-modules=* | --add-opens=* | --add-exports=* | --add-reads=*)
      module="${option#*=}"
      module="${module%%/*}"
      case "$modules" in *" ${module%%=*} "*) set -- "$@" "$option" ;; esac
      ;;
    *) set -- "$@" "$option" ;;
  esac
done
exec "$here/java.real" "$@"
