#include "search/analysis/search_estimate.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <thread>

#include "architecture/base/error.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "architecture/serialize.hpp"
#include "generator/make_space.hpp"
#include "inquisitor/surrogate/winner.hpp"
#include "runtime/data/cache_folder.hpp"
#include "runtime/data/dataset.hpp"
#include "search/companion/calls.hpp"
#include "search/companion/process.hpp"
#include "search/run/network_ref.hpp"
#include "search/run/run.hpp"

namespace gensynth::analysis {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kTimedBatches = 8;
/// An image of the hold-out is only run forward: about a third of the work of training on one.
constexpr double kEvaluationOverTraining = 1.0 / 3;
/// The share of the samples below and above whose cost the search is not expected to stay on average.
constexpr double kTail = 0.1;
constexpr double kBytesPerParameter = 4;
constexpr double kWeightsInState = 3;       // weights, momentum, and their average or gradients
constexpr double kBytesPerProposal = 5000;  // in run.db; docs/run.md has measurements
constexpr double kFilesOfResult = 2;        // safetensors and ONNX

/// The folder itself, or the nearest one above it that exists.
fs::path existing_folder(const std::string& out) {
  fs::path path = fs::absolute(out).lexically_normal();
  while (!fs::exists(path) && path.has_relative_path()) path = path.parent_path();
  return path;
}

/// Throws Error where a new run could not be made in `out`. Returns the free bytes there.
double check_folder(const std::string& out) {
  if (run::Run::exists(out)) {
    throw Error(out + ": a run is here already; continue it with --resume, or choose another --out");
  }
  const fs::path folder = existing_folder(out);
  if (!fs::is_directory(folder)) throw Error(folder.string() + ": is not a folder");
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw Error(folder.string() + ": cannot be written, so that the run's folder " + out + " cannot be made",
                ErrorKind::environment);
  }
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error) throw Error(folder.string() + ": " + error.message(), ErrorKind::environment);
  return static_cast<double>(space.available);
}

double folder_bytes(const std::string& folder) {
  double bytes = 0;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    if (entry.is_regular_file(ignored)) bytes += static_cast<double>(entry.file_size(ignored));
  }
  return bytes;
}

const DryRun::Sample& at_share(const DryRun& run, double share) {
  const auto last = static_cast<double>(run.trainable_samples.size() - 1);
  return run.trainable_samples[static_cast<std::size_t>(std::lround(share * last))];
}

/// Trains samples one after the other in one folder, whose cache of images they share.
class Timer {
 public:
  Timer(const job::Job& job, const EstimateRequest& request, std::string folder, std::size_t hold_out)
      : job_(job),
        request_(request),
        folder_(std::move(folder)),
        hold_out_(static_cast<double>(hold_out)),
        space_(generator::make_space(job.space)) {}

  std::int64_t images() const { return std::min(job_.proxy.train.images, kTimedBatches * job_.proxy.train.batch); }

  TimedTraining time(const DryRun::Sample& sample) const {
    companion::TrainRequest training;
    training.network = folder_ + ".json";
    training.from = "scratch";
    training.data = job_.data;
    training.spec = job_.proxy.train;
    training.spec.images = images();
    training.spec.rungs = {images()};
    training.out = folder_;
    training.seed = job_.seed;
    write_architecture(space_->build(sample.genotype), training.network);
    companion::CallOptions options;
    options.should_stop = request_.should_stop;
    const std::optional<companion::TrainResult> result = companion::train(
        training, [](const std::string&) {}, [](const train::RungResult&) {}, options);
    if (!result || result->end == companion::TrainEnd::stopped) throw Error("stopped", ErrorKind::environment);
    for (const char* file : run::kTrainingFiles) fs::remove(folder_ + "/" + file);
    // A training whose loss overflows on its first steps says nothing of speed.
    if (!result->report) return {sample.macs, 0};
    return {sample.macs, equivalent_images(images(), 1) / result->report->seconds};
  }

  /// Images to train on that take as long as `images` and evaluating the hold-out `rungs` times.
  double equivalent_images(std::int64_t images, std::size_t rungs) const {
    return static_cast<double>(images) + kEvaluationOverTraining * hold_out_ * static_cast<double>(rungs);
  }

 private:
  const job::Job& job_;
  const EstimateRequest& request_;
  std::string folder_;
  double hold_out_;
  std::unique_ptr<space::SearchSpace> space_;
};

/// The share of a trial's images that is left when pruned trials end at the first rung.
double share_after_pruning(const job::ProxySpec& proxy) {
  if (proxy.train.rungs.size() < 2) return 1;
  const double first = static_cast<double>(proxy.train.rungs.front()) / static_cast<double>(proxy.train.images);
  return 1 - proxy.prune_quantile * (1 - first);
}

/// From the slowest and the fastest of the timed networks, each for networks of few and of many MACs.
Expected training_minutes(const job::Job& job, const DryRun& run, const SearchEstimate& estimate, const Timer& timer) {
  std::vector<double> rates;  // MACs of inference for each second of training
  for (const TimedTraining& timed : estimate.timed) {
    if (timed.images_per_second > 0) rates.push_back(timed.macs * timed.images_per_second);
  }
  std::sort(rates.begin(), rates.end());
  const double images =
      timer.equivalent_images(job.proxy.train.images, std::max<std::size_t>(1, job.proxy.train.rungs.size()));
  const double minutes = images * static_cast<double>(job.budget.trials) / estimate.workers / 60;
  Expected result{minutes * run.proxy_macs / rates[rates.size() / 2],
                  minutes * at_share(run, kTail).macs / rates.back() * share_after_pruning(job.proxy),
                  minutes * at_share(run, 1 - kTail).macs / rates.front()};
  result.low = std::min(result.low, result.value);
  result.high = std::max(result.high, result.value);
  return result;
}

/// Without training: proposals until enough of them are feasible. The strategy's own time is not in it.
std::optional<Expected> proposal_minutes(const job::Job& job, const DryRun& run) {
  if (run.feasible == 0) return std::nullopt;
  const double share = static_cast<double>(run.feasible) / run.samples;
  const double proposals =
      std::min(static_cast<double>(job.budget.proposals), static_cast<double>(job.budget.trials) / share);
  const double least = static_cast<double>(job.budget.trials) / run.candidates_per_second / 60;
  return Expected{proposals / run.candidates_per_second / 60, least, std::numeric_limits<double>::infinity()};
}

double disk_bytes(const job::Job& job, const DryRun& run, int workers, double cache) {
  double largest = 0;
  for (const DryRun::Sample& sample : run.trainable_samples) {
    largest = std::max(largest, static_cast<double>(sample.params));
  }
  const double share = std::max(1, run.feasible) / static_cast<double>(run.samples);
  const double proposals =
      std::min(static_cast<double>(job.budget.proposals), static_cast<double>(job.budget.trials) / share);
  const double kept = std::max(job.budget.keep, surrogate::kExpectedBestCandidates) + workers;
  return cache + kBytesPerProposal * proposals +
         kBytesPerParameter * largest * (kept + kFilesOfResult + kWeightsInState * workers);
}

}  // namespace

SearchEstimate estimate_search(const job::Job& job, const DryRun& dry_run, const EstimateRequest& request) {
  SearchEstimate result;
  if (!request.out.empty()) result.free_bytes = check_folder(request.out);
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  result.workers = request.workers > 0 ? request.workers : cores;
  double cache = 0;
  if (job.proxy.enabled) {
    (void)companion::torch_program();
    const TemporaryFolder scratch("dry-run");
    const std::string folder = scratch.file("training");
    const std::string cache_dir = data::cache_folder(folder + "/cache");
    fs::create_directories(folder);
    std::size_t hold_out = 0;
    {
      const data::Dataset data = data::Dataset::open(job.data, cache_dir, [&](std::size_t done, std::size_t total) {
        if (request.say) request.say(fmt::format("data: {} of {} images read", done, total));
      });
      require_holdout(data);
      result.contents = data.contents();
      hold_out = data.split(data::Dataset::Split::holdout).size();
    }
    if (cache_dir.starts_with(folder)) cache = folder_bytes(cache_dir);
    if (!dry_run.trainable_samples.empty()) {
      const Timer timer(job, request, folder, hold_out);
      result.images = timer.images();
      for (const double share : {kTail, 0.5, 1 - kTail}) {
        if (request.say) request.say(fmt::format("trains a sample network on {} images", timer.images()));
        result.timed.push_back(timer.time(at_share(dry_run, share)));
      }
      const bool any = std::any_of(result.timed.begin(), result.timed.end(),
                                   [](const TimedTraining& timed) { return timed.images_per_second > 0; });
      if (any) result.minutes = training_minutes(job, dry_run, result, timer);
    }
  } else {
    result.minutes = proposal_minutes(job, dry_run);
  }
  result.disk_bytes = disk_bytes(job, dry_run, job.proxy.enabled ? result.workers : 0, cache);
  if (result.free_bytes && *result.free_bytes < result.disk_bytes) {
    throw Error(fmt::format("{}: the run needs up to {:.0f} MB, but only {:.0f} MB are free there", request.out,
                            result.disk_bytes / 1e6, *result.free_bytes / 1e6),
                ErrorKind::environment);
  }
  return result;
}

}  // namespace gensynth::analysis
