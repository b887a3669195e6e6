#pragma once

#include <optional>
#include <string>

#include "runtime/data/contents.hpp"
#include "search/job/job.hpp"

namespace gensynth::command::shared {

/// Prints on standard error what the data consists of and what was left out of it, bad files one by one.
void print_contents(const data::Contents& contents);

/// Brings the images of a job's proxy training into the cache folder, unless they are there; prints the progress on
/// standard error, unless `quiet`, and returns their contents. Nothing for a job that trains nothing. Throws Error when
/// images cannot be read, and when none can be held out to measure a training.
std::optional<data::Contents> read_proxy_data(const job::Job& job, const std::string& cache_dir, bool quiet);

}  // namespace gensynth::command::shared
