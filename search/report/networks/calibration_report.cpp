#include "search/report/networks/calibration_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gensynth::report::networks {
namespace {

/// Measurements of one source, board, runtime version and setting share one colour.
std::string series_of(const latency::calibration::Measurement& m) {
  std::string name = m.source.empty() ? "" : m.source + ", ";
  name += fmt::format("{} thread{}, {} GHz", m.threads, m.threads == 1 ? "" : "s", m.clock_ghz);
  for (const std::string& part : {m.runtime_version, m.board}) {
    if (!part.empty()) name += ", " + part;
  }
  return name;
}

nlohmann::ordered_json errors_json(const std::vector<latency::model::SubsetError>& errors, const std::string& key) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const latency::model::SubsetError& error : errors) list.push_back(to_json(error, key));
  return list;
}

}  // namespace

charts::ScatterChart calibration_chart(const latency::calibration::CalibrationReport& report) {
  charts::ScatterChart chart;
  chart.title = "Latency on " + report.device.name + ", predicted and measured";
  chart.subtitle = "each network predicted by a model that was fitted to the others; bands: 10 and 20 %";
  chart.unit = "ms";
  for (const latency::calibration::RuntimeCalibration& result : report.runtimes) {
    charts::ScatterChart::Panel panel;
    panel.title = result.runtime + " " + to_string(result.precision);
    panel.remark = fmt::format("{} measured; held out: mean {:.1f} %, median {:.1f} %", result.rows.size(),
                               result.held_out.mape, result.held_out.median);
    for (const latency::calibration::CalibratedRow& row : result.rows) {
      const latency::calibration::Measurement& m = row.measurement;
      const std::string name = series_of(m);
      const auto found = std::find(panel.series.begin(), panel.series.end(), name);
      const auto series = static_cast<std::size_t>(found - panel.series.begin());
      if (found == panel.series.end()) panel.series.push_back(name);
      panel.points.push_back(
          {m.ms, row.held_out_ms, series, m.network + (m.px > 0 ? " at " + std::to_string(m.px) : "")});
    }
    chart.panels.push_back(std::move(panel));
  }
  return chart;
}

nlohmann::ordered_json calibration_json(const latency::calibration::CalibrationReport& report) {
  nlohmann::ordered_json runtimes = nlohmann::ordered_json::array();
  for (const latency::calibration::RuntimeCalibration& result : report.runtimes) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array();
    for (const latency::calibration::CalibratedRow& row : result.rows) {
      const latency::calibration::Measurement& m = row.measurement;
      rows.push_back({{"row", m.row},
                      {"network", m.network},
                      {"family", m.family},
                      {"px", m.px},
                      {"source", m.source},
                      {"board", m.board},
                      {"runtime_version", m.runtime_version},
                      {"threads", m.threads},
                      {"clock_ghz", m.clock_ghz},
                      {"measured_ms", m.ms},
                      {"fitted_ms", row.fitted_ms},
                      {"held_out_ms", row.held_out_ms}});
      if (row.unseen_ms > 0) rows.back()["unseen_ms"] = row.unseen_ms;
    }
    nlohmann::ordered_json parameters = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < latency::model::kParameters; ++i) {
      const latency::model::LatencyParameterInfo& info = latency::model::parameter_infos()[i];
      parameters[info.name] = {{"before", result.before[i]},
                               {"after", result.after[i]},
                               {"unit", info.unit},
                               {"meaning", info.meaning},
                               {"log_deviation", result.uncertainties[i]},
                               {"determined", latency::calibration::is_determined(result, i)}};
    }
    runtimes.push_back({{"runtime", result.runtime},
                        {"precision", to_string(result.precision)},
                        {"measurements", result.rows.size()},
                        {"fitted", to_json(result.fitted)},
                        {"held_out", to_json(result.held_out)},
                        {"families", errors_json(result.families, "family")},
                        {"sources", errors_json(result.sources, "source")},
                        {"parameters", parameters},
                        {"rows", rows}});
  }
  return {{"device", report.device.name}, {"runtimes", runtimes}, {"sources", errors_json(report.sources, "source")}};
}

}  // namespace gensynth::report::networks
