#include "runtime/latency/latency_model.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "architecture/base/error.hpp"
#include "runtime/latency/devices/device.hpp"
#include "runtime/latency/model/kernel_time.hpp"
#include "runtime/latency/model/kernel_walk.hpp"

namespace gensynth::latency {
namespace {

// Widening of the interval (half width, in natural logarithms) for conditions that no measurement covers.
constexpr double kUnseenKernels = 0.5;  ///< when all of the time is in kernels of unseen class or size
/// HW-NAS-Bench, calibrated at 32 px, misses three printed readings at 16 px by factors of 1.2, 1.7 and 1.5.
constexpr double kUnseenInput = 0.5;
constexpr double kUnseenThreads = 0.25;
constexpr double kUnseenClock = 0.1;  // and what clock_doubt says
constexpr double kTolerance =
    1.5;  ///< the factor by which a kernel may exceed the measured sizes and still count as seen
constexpr double kInRangeShare = 0.1;  ///< the share of the time that may be in unseen kernels

template <class Items, class Text>
std::string listed(const Items& items, Text&& text) {
  std::ostringstream out;
  bool first = true;
  for (const auto& item : items) {
    out << (first ? "" : ", ") << text(item);
    first = false;
  }
  return out.str();
}

template <class Key, class Value>
std::vector<Key> keys(const std::map<Key, Value>& map) {
  std::vector<Key> names;
  for (const auto& [name, unused] : map) names.push_back(name);
  return names;
}

std::string number(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

bool same_clock(double a, double b) { return std::abs(a - b) < 1e-6; }

std::string class_name(const model::Kernel& kernel, const Operator& op) {
  if (kernel.kernel_class == model::KernelClass::convolution) {
    const auto& convolution = std::get<Convolution>(op);
    return "conv" + std::to_string(convolution.kernel.h) + "x" + std::to_string(convolution.kernel.w);
  }
  return to_string(kernel.kernel_class);
}

/// The part that takes longest.
KernelBound bound_of(const model::KernelTime& time) {
  const double computing = time.compute + time.patch_compute;
  const double moving = time.memory + time.patch_memory;
  if (time.overhead > std::max(computing, moving)) return KernelBound::overhead;
  return computing >= moving ? KernelBound::compute : KernelBound::memory;
}

}  // namespace

const char* to_string(KernelBound bound) {
  switch (bound) {
    case KernelBound::compute:
      return "compute";
    case KernelBound::memory:
      return "memory";
    case KernelBound::overhead:
      return "overhead";
  }
  return "compute";
}

struct LatencyModel::Impl {
  Impl(const LatencyTarget& wanted, const devices::Device& device) : target(wanted), timer(make(device)) {}

  model::KernelCostModel make(const devices::Device& device) {
    const auto same = [](const std::string& name) { return name; };
    const auto found = device.runtimes.find(target.runtime);
    if (found == device.runtimes.end()) {
      const std::vector<std::string> known = keys(device.runtimes);
      throw Error("device " + device.name + ": unknown runtime '" + target.runtime + "'" +
                  suggestion(target.runtime, known) + "; known: " + listed(known, same));
    }
    const devices::RuntimeData& runtime = found->second;
    const std::string where = device.name + "/" + target.runtime;
    const auto precision = runtime.precisions.find(target.precision);
    if (precision == runtime.precisions.end()) {
      throw Error(where + ": no precision '" + to_string(target.precision) + "'; there is " +
                  listed(keys(runtime.precisions), [](Precision known) { return std::string(to_string(known)); }));
    }
    if (target.threads < 1 || target.threads > device.cores) {
      throw Error(where + ": threads = " + std::to_string(target.threads) + ", expected 1 to " +
                  std::to_string(device.cores));
    }
    const bool clock_known = std::any_of(device.clocks_ghz.begin(), device.clocks_ghz.end(),
                                         [&](double clock) { return same_clock(clock, target.clock_ghz); });
    if (!clock_known) {
      throw Error(where + ": no clock of " + number(target.clock_ghz) + " GHz; there is " +
                  listed(device.clocks_ghz, number));
    }
    fusion = runtime.fusion;
    calibration = precision->second.calibration;
    version = where + " " + std::to_string(runtime.version);
    widening_and_notes(device, precision->second.parameters);
    return {precision->second.parameters, runtime.traits(precision->second), device.hardware(), target.threads,
            target.clock_ghz};
  }

  /// By how much the clock that is unknown could be misjudged, in natural logarithms: what of it is lost when all cores
  /// are busy was seen at other clocks of other boards, and may be nothing or more there.
  double clock_doubt(const devices::Device& device, const model::Parameters& parameters) const {
    const double nominal = device.hardware().nominal_ghz;
    const double busy = device.cores > 1 ? double(target.threads - 1) / (device.cores - 1) : 0;
    const double lost =
        get(parameters, model::Parameter::throttling) * std::max(0.0, target.clock_ghz - nominal) * busy;
    const double kept = target.clock_ghz - lost;
    return std::max(std::log(target.clock_ghz / kept), busy * std::log(kept / nominal) / 2);
  }

  void widening_and_notes(const devices::Device& of, const model::Parameters& parameters) {
    const std::string& device = of.name;
    width = calibration.interval;
    if (calibration.threads.empty()) {
      calibrated = false;
      notes.push_back("no measurement of " + target.runtime + " at " + to_string(target.precision) + " on " + device +
                      " is known: its constants are reasoned, and the interval says how uncertain they are");
      return;
    }
    if (std::find(calibration.threads.begin(), calibration.threads.end(), target.threads) ==
        calibration.threads.end()) {
      calibrated = false;
      width += kUnseenThreads;
      notes.push_back("not calibrated at " + std::to_string(target.threads) +
                      (target.threads == 1 ? " thread" : " threads") +
                      " (measured: " + listed(calibration.threads, [](int t) { return std::to_string(t); }) + ")");
    }
    if (std::none_of(calibration.clocks_ghz.begin(), calibration.clocks_ghz.end(),
                     [&](double clock) { return same_clock(clock, target.clock_ghz); })) {
      calibrated = false;
      width += kUnseenClock + clock_doubt(of, parameters);
      notes.push_back("not calibrated at " + number(target.clock_ghz) +
                      " GHz (measured: " + listed(calibration.clocks_ghz, number) +
                      "); how much of that clock is lost when all cores are busy is not known");
    }
  }

  static bool within(double size, const model::WorkRange& range) {
    return size <= range.high * kTolerance && size * kTolerance >= range.low;
  }

  bool seen(const model::Kernel& kernel) const {
    return within(model::work(kernel), calibration.ranges[static_cast<std::size_t>(kernel.kernel_class)]);
  }

  bool seen_input(const Shape& input) const {
    return !calibration.inputs.seen() || within(model::input_extent(input), calibration.inputs);
  }

  double half_width(double unseen_share, const Shape& input) const {
    if (calibration.threads.empty()) return width;
    return width + kUnseenKernels * unseen_share + (seen_input(input) ? 0 : kUnseenInput);
  }

  LatencyTarget target;
  model::Fusion fusion;
  model::Calibration calibration;
  std::string version;
  double width = 0;  // of the interval, without unseen kernels
  bool calibrated = true;
  std::vector<std::string> notes;
  model::KernelCostModel timer;  // last, because make() sets the other members
};

LatencyModel::LatencyModel(const LatencyTarget& target)
    : impl_(std::make_unique<Impl>(target, devices::find_device(target.device))) {}

LatencyModel::LatencyModel(const LatencyTarget& target, const std::string& device_file)
    : impl_(std::make_unique<Impl>(target, devices::read_device(device_file))) {}

LatencyModel::~LatencyModel() = default;
LatencyModel::LatencyModel(LatencyModel&&) noexcept = default;
LatencyModel& LatencyModel::operator=(LatencyModel&&) noexcept = default;

LatencyEstimate LatencyModel::estimate(const Architecture& architecture, Form form) const {
  const Impl& impl = *impl_;
  const FoldedView network(architecture, form);
  LatencyEstimate estimate;
  std::vector<int> kernel_of(static_cast<std::size_t>(architecture.size()), -1);  // the last one of each vertex
  const auto join = [&](int v, int other) {
    const int kernel = kernel_of[static_cast<std::size_t>(v)] = kernel_of[static_cast<std::size_t>(other)];
    if (kernel >= 0) estimate.kernels[static_cast<std::size_t>(kernel)].vertices.push_back(v);
  };
  double unseen = 0;
  std::array<double, model::kKernelClasses> unseen_by_class{};
  for (model::KernelWalk walk(network, impl.fusion); walk.next();) {
    const int v = walk.vertex();
    if (walk.base() != v) join(v, walk.base());
    for (const model::Kernel& kernel : walk.kernels()) {
      model::KernelTime time = impl.timer(kernel);
      if (estimate.kernels.empty()) {
        time.overhead += impl.timer.start_ms();
        time.total += impl.timer.start_ms();
      }
      KernelLatency record;
      record.vertices = {v};
      record.kernel_class = class_name(kernel, architecture.op(v));
      record.macs = static_cast<std::int64_t>(kernel.macs);
      record.bytes = static_cast<std::int64_t>(impl.timer.bytes(kernel));
      record.ms = time.total;
      record.bound = bound_of(time);
      record.in_range = impl.seen(kernel);
      if (!record.in_range) {
        unseen += time.total;
        unseen_by_class[static_cast<std::size_t>(kernel.kernel_class)] += time.total;
      }
      estimate.ms += time.total;
      kernel_of[static_cast<std::size_t>(v)] = static_cast<int>(estimate.kernels.size());
      estimate.kernels.push_back(std::move(record));
    }
  }
  for (int v = 0; v < network.size(); ++v) {
    if (network.is_folded(v)) join(v, network.replacement(v));
  }
  for (KernelLatency& kernel : estimate.kernels) std::sort(kernel.vertices.begin() + 1, kernel.vertices.end());
  const double share = estimate.ms > 0 ? unseen / estimate.ms : 0;
  const double width = std::exp(impl.half_width(share, network.shape(0)));
  estimate.low = estimate.ms / width;
  estimate.high = estimate.ms * width;
  estimate.notes = impl.notes;
  estimate.in_range = impl.calibrated && share <= kInRangeShare && impl.seen_input(network.shape(0));
  if (!impl.calibration.threads.empty() && !impl.seen_input(network.shape(0))) {
    const model::WorkRange& inputs = impl.calibration.inputs;
    estimate.notes.push_back("not calibrated at an input of " + number(model::input_extent(network.shape(0))) +
                             " px (measured: " + number(inputs.low) +
                             (inputs.high > inputs.low ? " to " + number(inputs.high) : "") + ")");
  }
  if (!impl.calibration.threads.empty() && share > kInRangeShare) {
    std::vector<std::string> classes;
    for (std::size_t c = 0; c < model::kKernelClasses; ++c) {
      if (unseen_by_class[c] > 0.02 * estimate.ms) classes.push_back(model::kernel_class_names()[c]);
    }
    estimate.notes.push_back(std::to_string(static_cast<int>(std::lround(100 * share))) +
                             " % of the time is in kernels unlike those measured: " +
                             listed(classes, [](const std::string& name) { return name; }));
  }
  return estimate;
}

Quantity LatencyModel::total(const Architecture& architecture, Form form) const {
  const Impl& impl = *impl_;
  const FoldedView network(architecture, form);
  double ms = impl.timer.start_ms();
  double unseen = 0;
  for (model::KernelWalk walk(network, impl.fusion); walk.next();) {
    for (const model::Kernel& kernel : walk.kernels()) {
      const double time = impl.timer(kernel).total;
      ms += time;
      if (!impl.seen(kernel)) unseen += time;
    }
  }
  const double share = ms > 0 ? unseen / ms : 0;
  const double width = std::exp(impl.half_width(share, network.shape(0)));
  Quantity result = Quantity::predicted(ms, "ms", impl.version, ms / width, ms * width);
  result.unmeasured = share;
  return result;
}

const LatencyTarget& LatencyModel::target() const { return impl_->target; }
const std::string& LatencyModel::version() const { return impl_->version; }

std::vector<std::string> LatencyModel::devices() { return devices::built_in_devices(); }

std::vector<std::string> LatencyModel::runtimes(const std::string& device, Precision precision) {
  const devices::Device found = devices::find_device(device);
  std::vector<std::string> names;
  std::set<Precision> precisions;
  for (const auto& [name, runtime] : found.runtimes) {
    for (const auto& [known, data] : runtime.precisions) precisions.insert(known);
    if (runtime.precisions.contains(precision)) names.push_back(name);
  }
  if (names.empty()) {
    throw Error("device " + found.name + ": no runtime has precision '" + to_string(precision) + "'; there is " +
                listed(std::vector<Precision>(precisions.begin(), precisions.end()),
                       [](Precision known) { return std::string(to_string(known)); }));
  }
  return names;
}

}  // namespace gensynth::latency
