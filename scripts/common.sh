# shellcheck shell=bash
# Shared by the scripts here; sourced, not run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '\n== %s\n' "$*" >&2; }
note() { printf '%s\n' "$*" >&2; }
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 2
}

# Prints a script's leading comment, which is its help.
show_help() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

# Cores that this process may really use: its affinity, and a container's share of time.
usable_cores() {
  local cores quota period
  cores=$(nproc)
  if read -r quota period 2>/dev/null </sys/fs/cgroup/cpu.max && [[ $quota != max ]]; then
    quota=$(((quota + period - 1) / period))
    if ((quota >= 1 && quota < cores)); then cores=$quota; fi
  fi
  echo "$cores"
}

# Memory in MB that is free now, and no more than a container's limit leaves.
usable_memory_mb() {
  local free limit used
  free=$(($(awk '/^MemAvailable:/ {print $2}' /proc/meminfo) / 1024))
  if read -r limit 2>/dev/null </sys/fs/cgroup/memory.max && [[ $limit != max ]] &&
    read -r used 2>/dev/null </sys/fs/cgroup/memory.current; then
    limit=$(((limit - used) / 1048576))
    if ((limit < free)); then free=$limit; fi
  fi
  echo "$free"
}

# Compilations at once: one a core, and 1.5 GB for each, which is what a source file that includes LibTorch takes.
build_jobs() {
  local jobs by_memory
  jobs=$(usable_cores)
  by_memory=$(($(usable_memory_mb) / 1500))
  if ((by_memory < jobs)); then jobs=$by_memory; fi
  if ((jobs < 1)); then jobs=1; fi
  echo "$jobs"
}

# build PRESET [TARGET...]: configures and builds; everything where no target is named.
build() {
  local preset=$1 jobs
  shift
  jobs=$(build_jobs)
  say "Building ($preset, $jobs at once)"
  (
    cd "$root"
    cmake --preset "$preset" >"$root/build/configure-$preset.log" 2>&1 ||
      { cat "$root/build/configure-$preset.log" >&2; fail "configuring failed"; }
    cmake --build --preset "$preset" --parallel "$jobs" ${1:+--target "$@"}
  )
}
