#include "runtime/latency/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "architecture/error.hpp"
#include "architecture/file.hpp"
#include "architecture/joined.hpp"
#include "runtime/latency/cross_validation.hpp"
#include "runtime/latency/fit.hpp"
#include "runtime/latency/prediction_error.hpp"

namespace gensynth {
namespace {

constexpr int kMostFamilyFolds = 100;

/// The model's own error is common to like measurements, so that a thousand of them do not weigh a thousand times as
/// much as one against the prior: their weight stops growing at options.independent.
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

std::string format(const char* pattern, double a, double b = 0, double c = 0, double d = 0) {
  char text[200];
  std::snprintf(text, sizeof text, pattern, a, b, c, d);
  return text;
}

/// A device file is read by people.
void round_to_hundredths(FamilyError& error) {
  const auto rounded = [](double value) { return std::round(100 * value) / 100; };
  error.mape = rounded(error.mape);
  error.bias = rounded(error.bias);
  if (error.unseen_mape) error.unseen_mape = rounded(*error.unseen_mape);
  if (error.unseen_bias) error.unseen_bias = rounded(*error.unseen_bias);
}

void describe(const RuntimeCalibration& result, const LatencySamples& samples, PrecisionData& data) {
  std::set<int> threads;
  std::set<double> clocks;
  std::set<std::string> networks;
  std::vector<double> logs;
  for (const CalibratedRow& row : result.rows) {
    threads.insert(row.measurement.threads);
    clocks.insert(row.measurement.clock_ghz);
    networks.insert(row.measurement.network);
    logs.push_back(std::abs(std::log(row.held_out_ms / row.measurement.ms)));
  }
  Calibration& calibration = data.calibration;
  calibration.threads.assign(threads.begin(), threads.end());
  calibration.clocks_ghz.assign(clocks.begin(), clocks.end());
  calibration.measurements = static_cast<int>(result.rows.size());
  // The conformal correction for a small sample: the ceil(0.9 (n + 1))-th of n residuals.
  const double n = static_cast<double>(logs.size());
  calibration.interval = quantile(logs, std::min(1.0, std::ceil(0.9 * (n + 1)) / n));
  calibration.summary = "fitted to " + std::to_string(result.rows.size()) + " measurements of " +
                        std::to_string(networks.size()) + " networks; held out: " +
                        format("MAPE %.1f %%, median %.1f %%, Kendall %.3f", result.held_out.mape,
                               result.held_out.median, result.held_out.kendall);
  calibration.ranges = samples.work_ranges();
  calibration.inputs = samples.inputs();
  calibration.families = result.families;
  for (FamilyError& error : calibration.families) round_to_hundredths(error);
  for (std::size_t i = 0; i < kParameters; ++i) {
    if (data.parameters[i] == result.after[i]) continue;
    data.parameters[i] = result.after[i];
    data.sources[i] = "fitted: " + std::to_string(result.rows.size()) + " measurements";
  }
}

}  // namespace

CalibrationReport calibrate(const std::vector<Measurement>& measurements, const Device& device,
                            const CalibrationOptions& options) {
  std::map<std::pair<std::string, std::string>, std::vector<Measurement>> jobs;
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
      for (const auto& [name, unused] : runtime->second.precisions) known.push_back(name);
      fail("precision", m.precision, "one that device " + device.name + " has of " + m.runtime + ": " + joined(known));
    }
    if (m.threads > device.cores) {
      fail("threads", std::to_string(m.threads),
           "at most the " + std::to_string(device.cores) + " cores of " + device.name);
    }
    jobs[{m.runtime, m.precision}].push_back(m);
  }

  CalibrationReport report{device, {}};
  for (const auto& [key, rows] : jobs) {
    RuntimeData& runtime = report.device.runtimes.at(key.first);
    PrecisionData& data = runtime.precisions.at(key.second);
    if (const auto like = report.device.runtimes.find(runtime.like); like != report.device.runtimes.end()) {
      const auto same = like->second.precisions.find(key.second);
      if (same != like->second.precisions.end()) data.parameters = same->second.parameters;
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
    const std::vector<double> fitted = samples.predict(result.after);
    for (std::size_t i = 0; i < rows.size(); ++i) result.rows[i].fitted_ms = fitted[i];
    cross_validate(samples, {result.before, result.after, noise_of(rows, options)}, options.folds, result.rows);
    result.fitted = prediction_error(result.rows, &CalibratedRow::fitted_ms);
    result.held_out = prediction_error(result.rows, &CalibratedRow::held_out_ms);
    result.families = family_errors(result.rows);
    describe(result, samples, data);
    runtime.version = device.runtimes.at(key.first).version + 1;
    report.runtimes.push_back(std::move(result));
  }
  return report;
}

namespace {

/// A board's file has the runtimes that were measured on it, and those they are like.
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
  Device start = find_device(device);
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

std::string to_text(const CalibrationReport& report) {
  std::string text;
  for (const RuntimeCalibration& result : report.runtimes) {
    text += result.runtime + " " + result.precision + ", " + std::to_string(result.rows.size()) + " measurements\n";
    for (const auto& [name, error] : {std::pair{"fitted", result.fitted}, std::pair{"held out", result.held_out}}) {
      text += std::string("  ") + name + ": " +
              format("MAPE %.2f %%, median %.2f %%, Kendall %.3f, Spearman %.4f\n", error.mape, error.median,
                     error.kendall, error.spearman);
    }
    text += "  family, networks, measurements, held out: MAPE %, bias %, the family unseen: MAPE %, bias %\n";
    for (const FamilyError& error : result.families) {
      text += "  " + error.family + ", " + std::to_string(error.networks) + ", " + std::to_string(error.measurements) +
              format(", %.1f, %+.1f, ", error.mape, error.bias) +
              (error.unseen_mape ? format("%.1f, %+.1f", *error.unseen_mape, *error.unseen_bias) : "-, -") + "\n";
    }
    for (std::size_t i = 0; i < kParameters; ++i) {
      const LatencyParameterInfo& info = parameter_infos()[i];
      text += "  " + info.name + format(": %.4g -> %.4g ", result.before[i], result.after[i]) + info.unit + "\n";
    }
    text += "  board, threads, clock GHz, network, px, measured ms, fitted %, held out %\n";
    for (const CalibratedRow& row : result.rows) {
      const Measurement& m = row.measurement;
      text +=
          "  " + m.board + ", " + std::to_string(m.threads) + format(", %.1f, ", m.clock_ghz) + m.network + ", " +
          std::to_string(m.px) +
          format(", %.2f, %+.1f, %+.1f\n", m.ms, 100 * (row.fitted_ms / m.ms - 1), 100 * (row.held_out_ms / m.ms - 1));
    }
  }
  return text;
}

}  // namespace gensynth
