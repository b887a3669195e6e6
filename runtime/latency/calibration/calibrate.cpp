#include "runtime/latency/calibration/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/joined.hpp"
#include "runtime/latency/calibration/cross_validation.hpp"
#include "runtime/latency/calibration/fit.hpp"

namespace gensynth::latency::calibration {
namespace {

constexpr int kMostFamilyFolds = 100;

/// Similar measurements share the error of the model, so that a thousand of them must not outweigh the prior a thousand
/// times as much as one does: their total weight stops growing at options.independent.
double noise_of(const std::vector<Measurement>& measurements, const CalibrationOptions& options) {
  return options.noise * std::sqrt(std::max(1.0, static_cast<double>(measurements.size()) / options.independent));
}

void cross_validate(const LatencySamples& samples, const FitSetting& setting, int folds,
                    std::vector<CalibratedRow>& rows) {
  std::vector<std::string> groups, families;
  for (const CalibratedRow& row : rows) {
    groups.push_back(row.measurement.group);
    families.push_back(row.measurement.family);
  }
  const std::vector<double> held_out = predict_held_out(samples, groups, setting, folds);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].held_out_ms = held_out[i];
  const int kinds = static_cast<int>(std::set<std::string>(families.begin(), families.end()).size());
  if (kinds < 2) return;
  const std::vector<double> unseen = predict_held_out(samples, families, setting, std::min(kinds, kMostFamilyFolds));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].unseen_ms = unseen[i];
}

/// Rounded, because people read device files.
double rounded(double value, double parts) { return std::round(value * parts) / parts; }

latency::model::SubsetError rounded(latency::model::SubsetError error) {
  constexpr double kParts = 100;
  error.mape = rounded(error.mape, kParts);
  error.bias = rounded(error.bias, kParts);
  if (error.unseen_mape) error.unseen_mape = rounded(*error.unseen_mape, kParts);
  if (error.unseen_bias) error.unseen_bias = rounded(*error.unseen_bias, kParts);
  return error;
}

latency::model::PredictionError rounded(latency::model::PredictionError error) {
  error.mape = rounded(error.mape, 100);
  error.median = rounded(error.median, 100);
  if (error.kendall) error.kendall = rounded(*error.kendall, 10000);
  if (error.spearman) error.spearman = rounded(*error.spearman, 10000);
  return error;
}

/// The constants of a similar runtime as the start of a fit. Its threads share the places of a product, so that a
/// half-speed point of p places on four threads is one of p / 4 places on one thread.
latency::model::Parameters carried_over(const latency::devices::PrecisionData& other,
                                        const std::vector<Measurement>& rows) {
  latency::model::Parameters parameters = other.parameters;
  std::set<int> threads;
  for (const Measurement& row : rows) threads.insert(row.threads);
  const std::vector<int>& theirs = other.calibration.threads;
  if (threads.size() != 1 || theirs.size() != 1)
    return parameters;  // the measurements include several numbers of threads
  const auto places = static_cast<std::size_t>(latency::model::Parameter::pixels_half);
  const latency::model::LatencyParameterInfo& info = latency::model::parameter_infos()[places];
  parameters[places] = std::clamp(parameters[places] * *threads.begin() / theirs.front(), info.low, info.high);
  return parameters;
}

/// Only parameters that the measurements determine are reported as fitted.
void restore_unmoved(latency::model::Parameters& fitted, const latency::model::Parameters& before) {
  constexpr double kMoved = 1e-3;
  for (std::size_t i = 0; i < latency::model::kParameters; ++i) {
    if (std::abs(std::log(fitted[i] / before[i])) < kMoved) fitted[i] = before[i];
  }
}

/// " of a.csv": names of files, without their folders.
std::string of_files(const std::vector<CalibratedRow>& rows) {
  std::set<std::string> names;
  for (const CalibratedRow& row : rows) names.insert(std::filesystem::path(row.measurement.file).filename().string());
  names.erase("");
  return names.empty() ? "" : " of " + joined(std::vector<std::string>(names.begin(), names.end()));
}

void describe(const RuntimeCalibration& result, const LatencySamples& samples, latency::devices::PrecisionData& data) {
  std::set<int> threads;
  std::set<double> clocks;
  std::set<std::string> networks;
  std::vector<double> logs;
  for (const CalibratedRow& row : result.rows) {
    threads.insert(row.measurement.threads);
    clocks.insert(row.measurement.clock_ghz);
    networks.insert(row.measurement.network);
    logs.push_back(std::log(row.held_out_ms / row.measurement.ms));
  }
  latency::model::Calibration& calibration = data.calibration;
  calibration.threads.assign(threads.begin(), threads.end());
  calibration.clocks_ghz.assign(clocks.begin(), clocks.end());
  calibration.measurements = static_cast<int>(result.rows.size());
  calibration.interval = conformal_half_width(logs);
  calibration.held_out = rounded(result.held_out);
  calibration.summary = "fitted to " + std::to_string(result.rows.size()) + " measurements of " +
                        std::to_string(networks.size()) + " networks; held out: " +
                        fmt::format("MAPE {:.1f} %, median {:.1f} %", result.held_out.mape, result.held_out.median) +
                        (result.held_out.kendall ? fmt::format(", Kendall {:.3f}", *result.held_out.kendall) : "");
  calibration.ranges = samples.work_ranges();
  calibration.inputs = samples.inputs();
  calibration.families.clear();
  for (const latency::model::SubsetError& error : result.families) calibration.families.push_back(rounded(error));
  for (std::size_t i = 0; i < latency::model::kParameters; ++i) {
    if (data.parameters[i] == result.after[i]) continue;
    data.parameters[i] = result.after[i];
    data.sources[i] = "fitted: " + std::to_string(result.rows.size()) + " measurements" + of_files(result.rows);
  }
}

}  // namespace

CalibrationReport calibrate(const std::vector<Measurement>& measurements, const latency::devices::Device& device,
                            const CalibrationOptions& options) {
  std::map<std::pair<std::string, Precision>, std::vector<Measurement>> jobs;
  for (const Measurement& m : measurements) {
    const auto fail = [&](const std::string& column, const std::string& value, const std::string& expected) {
      throw Error(m.file + ": row " + std::to_string(m.row) + ", column " + column + ": '" + value + "', expected " +
                  expected);
    };
    const auto runtime = device.runtimes.find(m.runtime);
    if (runtime == device.runtimes.end()) {
      std::vector<std::string> known;
      for (const auto& [name, unused] : device.runtimes) known.push_back(name);
      fail("runtime", m.runtime, "a runtime of device " + device.name + suggestion(m.runtime, known));
    }
    if (!runtime->second.precisions.count(m.precision)) {
      std::vector<std::string> known;
      for (const auto& [one, unused] : runtime->second.precisions) known.emplace_back(to_string(one));
      fail("precision", to_string(m.precision),
           "one that device " + device.name + " has of " + m.runtime + ": " + joined(known));
    }
    if (m.threads > device.cores) {
      fail("threads", std::to_string(m.threads),
           "at most the " + std::to_string(device.cores) + " cores of " + device.name);
    }
    const auto same_clock = [&](double clock) { return std::abs(clock - m.clock_ghz) < 1e-6 * clock; };
    if (std::none_of(device.clocks_ghz.begin(), device.clocks_ghz.end(), same_clock)) {
      std::vector<std::string> known;
      for (const double clock : device.clocks_ghz) known.push_back(fmt::format("{}", clock));
      fail("clock_ghz", fmt::format("{}", m.clock_ghz), "a clock of device " + device.name + ": " + joined(known));
    }
    jobs[{m.runtime, m.precision}].push_back(m);
  }

  CalibrationReport report{device, {}, {}};
  for (const auto& [key, rows] : jobs) {
    latency::devices::RuntimeData& runtime = report.device.runtimes.at(key.first);
    latency::devices::PrecisionData& data = runtime.precisions.at(key.second);
    if (const auto like = report.device.runtimes.find(runtime.like); like != report.device.runtimes.end()) {
      const auto same = like->second.precisions.find(key.second);
      if (same != like->second.precisions.end()) data.parameters = carried_over(same->second, rows);
    }
    const LatencySamples samples(rows, runtime, data, device.hardware());
    RuntimeCalibration result;
    result.runtime = key.first;
    result.precision = key.second;
    result.before = data.parameters;
    std::vector<std::size_t> all(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      all[i] = i;
      result.rows.push_back({rows[i], 0, 0, 0});
    }
    result.after = fit_parameters(samples, all, result.before, result.before, noise_of(rows, options));
    restore_unmoved(result.after, result.before);
    result.uncertainties = uncertainty(samples, all, result.before, result.after, noise_of(rows, options));
    const std::vector<double> fitted = samples.predict(result.after);
    for (std::size_t i = 0; i < rows.size(); ++i) result.rows[i].fitted_ms = fitted[i];
    cross_validate(samples, {result.before, result.after, noise_of(rows, options)}, options.folds, result.rows);
    result.fitted = prediction_error(result.rows, &CalibratedRow::fitted_ms);
    result.held_out = prediction_error(result.rows, &CalibratedRow::held_out_ms);
    result.families = errors_by(result.rows, &Measurement::family);
    result.sources = errors_by(result.rows, &Measurement::source);
    describe(result, samples, data);
    runtime.version = device.runtimes.at(key.first).version + 1;
    report.runtimes.push_back(std::move(result));
  }
  std::vector<CalibratedRow> all;
  for (const RuntimeCalibration& result : report.runtimes)
    all.insert(all.end(), result.rows.begin(), result.rows.end());
  report.sources = errors_by(all, &Measurement::source);
  return report;
}

bool is_determined(const RuntimeCalibration& result, std::size_t parameter) {
  const latency::model::LatencyParameterInfo& info = latency::model::parameter_infos()[parameter];
  return result.before[parameter] > info.low && result.uncertainties[parameter] < info.spread / 2;
}

namespace {

/// The file of a board contains the runtimes that were measured on it, and those that these name as similar.
void keep_measured(CalibrationReport& report) {
  std::set<std::string> kept;
  for (const RuntimeCalibration& result : report.runtimes) {
    kept.insert(result.runtime);
    kept.insert(report.device.runtimes.at(result.runtime).like);
  }
  std::erase_if(report.device.runtimes, [&](const auto& entry) { return !kept.contains(entry.first); });
}

}  // namespace

CalibrationReport calibrate_file(const std::string& measurements, const std::string& device, const std::string& out,
                                 const std::optional<Board>& board) {
  const std::vector<Measurement> rows = read_measurements(measurements);
  std::error_code none;  // set where one of the files does not exist yet
  if (std::filesystem::equivalent(measurements, out, none)) {
    throw Error(out + ": is the file of the measurements, expected another for the device");
  }
  latency::devices::Device start = latency::devices::find_device(device);
  if (board) {
    Board measured = *board;
    std::set<double> clocks;
    for (const Measurement& row : rows) clocks.insert(row.clock_ghz);
    measured.clocks_ghz.assign(clocks.begin(), clocks.end());
    start = device_for_board(start, measured);
  }
  CalibrationReport report = calibrate(rows, start);
  if (board) keep_measured(report);
  write_file_atomically(out, to_text(report.device));
  return report;
}

}  // namespace gensynth::latency::calibration
