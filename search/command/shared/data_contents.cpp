#include "search/command/shared/data_contents.hpp"

#include <cstdio>

#include "runtime/data/dataset.hpp"

namespace gensynth::command::shared {

void print_contents(const data::Contents& contents) {
  constexpr std::size_t kMostShown = 50;
  std::fprintf(stderr, "data: %s\n", to_string(contents).c_str());
  for (std::size_t i = 0; i < contents.bad_files.size() && i < kMostShown; ++i) {
    std::fprintf(stderr, "left out: %s\n", contents.bad_files[i].c_str());
  }
  if (contents.bad_files.size() > kMostShown) {
    std::fprintf(stderr, "left out: %zu more\n", contents.bad_files.size() - kMostShown);
  }
}

std::optional<data::Contents> read_proxy_data(const job::Job& job, const std::string& cache_dir, bool quiet) {
  if (!job.proxy.enabled) return std::nullopt;
  const auto progress = [&](std::size_t done, std::size_t total) {
    if (!quiet) std::fprintf(stderr, "data: %zu of %zu images read\n", done, total);
  };
  const data::Dataset data = data::Dataset::open(job.data, cache_dir, progress);
  require_holdout(data);
  return data.contents();
}

}  // namespace gensynth::command::shared
