#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/data/contents.hpp"
#include "search/analysis/dry_run.hpp"

namespace gensynth::analysis {

struct EstimateRequest {
  std::string out;                              ///< folder of the run; "": not checked
  int workers = 0;                              ///< 0: one for each core
  std::function<void(const std::string&)> say;  ///< gets lines for the user; may be empty
  std::function<bool()> should_stop;            ///< ends the trial trainings; may be empty
};

/// A sample network that was trained on the job's data and device, to find its speed.
struct TimedTraining {
  double macs = 0;  ///< of one image
  double images_per_second = 0;
};

/// A number with the bounds between which it is expected.
struct Expected {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// The needs of a search on this machine, and what the machine has.
struct SearchEstimate {
  std::optional<data::Contents> contents;  ///< of the proxy data, all of which was read
  int workers = 1;
  std::int64_t images = 0;           ///< that each network was trained on
  std::vector<TimedTraining> timed;  ///< of few, average and many MACs; empty without proxy training
  std::optional<Expected> minutes;   ///< nothing when no sample can be trained, or none is feasible
  double disk_bytes = 0;             ///< of the run's folder, at most
  std::optional<double> free_bytes;  ///< where that folder is, or is to be made; nothing without `out`
};

/// Does what a search does before its first trial, in a temporary folder: looks at the folder of the run, looks for
/// gensynth-torch, reads the proxy data, and trains three samples of `dry_run` on a few batches, on the job's device.
/// Takes as long as reading the data, and seconds to a minute more. Throws Error for whatever would stop the search:
/// a folder that cannot be written or has a run already, a missing program, bad data, an unknown device, too little
/// disk space. The folder of the run is not touched.
SearchEstimate estimate_search(const job::Job& job, const DryRun& dry_run, const EstimateRequest& request);

}  // namespace gensynth::analysis
