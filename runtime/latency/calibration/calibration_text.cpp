#include <fmt/format.h>

#include <cmath>

#include "runtime/latency/calibration/calibrate.hpp"

namespace gensynth::latency::calibration {
namespace {

std::string line_of(const char* name, const latency::model::PredictionError& error) {
  std::string line = fmt::format("  {}: MAPE {:.2f} %, median {:.2f} %", name, error.mape, error.median);
  if (error.kendall) line += fmt::format(", Kendall {:.3f}", *error.kendall);
  if (error.spearman) line += fmt::format(", Spearman {:.4f}", *error.spearman);
  return line + "\n";
}

std::string family_table(const std::vector<latency::model::SubsetError>& families) {
  std::string text = "  family, networks, measurements, held out: MAPE %, bias %, the family unseen: MAPE %, bias %\n";
  for (const latency::model::SubsetError& error : families) {
    text += fmt::format("  {}, {}, {}, {:.1f}, {:+.1f}, ", error.name, error.networks, error.measurements, error.mape,
                        error.bias);
    text += error.unseen_mape ? fmt::format("{:.1f}, {:+.1f}\n", *error.unseen_mape, *error.unseen_bias) : "-, -\n";
  }
  return text;
}

std::string source_line(const latency::model::SubsetError& error, const std::string& runtime) {
  return fmt::format("  {}, {}, {}, {}, {:.1f}, {:+.1f}\n", error.name.empty() ? "not said" : error.name, runtime,
                     error.networks, error.measurements, error.mape, error.bias);
}

/// Each source over all runtimes, then in each runtime.
std::string source_table(const CalibrationReport& report) {
  std::string text = "sources\n  source, runtime, networks, measurements, held out: MAPE %, bias %\n";
  for (const latency::model::SubsetError& source : report.sources) {
    text += source_line(source, "all");
    for (const RuntimeCalibration& result : report.runtimes) {
      for (const latency::model::SubsetError& part : result.sources) {
        if (part.name == source.name) text += source_line(part, result.runtime + " " + to_string(result.precision));
      }
    }
  }
  return text;
}

std::string constants_table(const RuntimeCalibration& result) {
  std::string lines;
  int used = 0, determined = 0;
  for (std::size_t i = 0; i < latency::model::kParameters; ++i) {
    const latency::model::LatencyParameterInfo& info = latency::model::parameter_infos()[i];
    lines += fmt::format("  {}: {:.4g} -> {:.4g} {}", info.name, result.before[i], result.after[i], info.unit);
    if (result.before[i] > info.low) {
      ++used;
      determined += is_determined(result, i);
      lines += fmt::format(", factor {:.2f}", std::exp(result.uncertainties[i]));
    }
    lines += "\n";
  }
  return fmt::format(
             "  constants ({} of {} used, {} determined by these rows, the others by the start): before -> after, one "
             "standard deviation as a factor\n",
             used, static_cast<int>(latency::model::kParameters), determined) +
         lines;
}

std::string residual_table(const std::vector<CalibratedRow>& rows) {
  std::string text = "  board, threads, clock GHz, network, px, measured ms, fitted %, held out %\n";
  for (const CalibratedRow& row : rows) {
    const Measurement& m = row.measurement;
    text += fmt::format("  {}, {}, {:.1f}, {}, {}, {:.2f}, {:+.1f}, {:+.1f}\n", m.board, m.threads, m.clock_ghz,
                        m.network, m.px, m.ms, 100 * (row.fitted_ms / m.ms - 1), 100 * (row.held_out_ms / m.ms - 1));
  }
  return text;
}

}  // namespace

std::string to_text(const CalibrationReport& report) {
  std::string text;
  for (const RuntimeCalibration& result : report.runtimes) {
    text += fmt::format("{} {}, {} measurements\n", result.runtime, to_string(result.precision), result.rows.size());
    text += line_of("fitted", result.fitted) + line_of("held out", result.held_out);
    text += family_table(result.families) + constants_table(result) + residual_table(result.rows);
  }
  return text + source_table(report);
}

}  // namespace gensynth::latency::calibration
