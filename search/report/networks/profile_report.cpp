#include "search/report/networks/profile_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "search/report/format.hpp"
#include "search/report/networks/target_text.hpp"
#include "search/report/table.hpp"

namespace gensynth::report::networks {
namespace {

using analysis::NetworkProfile;

std::string stage_text(int stage) { return stage < 0 ? "-" : std::to_string(stage); }

std::string count_text(std::int64_t value) { return gensynth::count_text(static_cast<double>(value)); }
std::string bytes_text(std::int64_t value) { return report::bytes_text(static_cast<double>(value)); }

std::string folded_text(const analysis::FoldCounts& counts) {
  std::string text;
  const auto add = [&](int count, const char* one, const char* many, const char* what) {
    if (count == 0) return;
    text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", count, count == 1 ? one : many, what);
  };
  add(counts.batch_norms, "batch norm", "batch norms", "folded");
  add(counts.branch_sums, "sum", "sums", "of parallel linear branches merged");
  add(counts.identities, "identity", "identities", "removed");
  return text;
}

std::string stage_table(const NetworkProfile& profile) {
  Table table({"stage", "kernels", "MACs", "moved", "ms", "share", "bound by"});
  table.optional({"moved", "kernels"});
  for (const analysis::StageLatency& stage : profile.stages) {
    table.row({stage_text(stage.stage), std::to_string(stage.kernels), count_text(stage.macs), bytes_text(stage.bytes),
               number_text(stage.ms, 3), fmt::format("{:.1f} %", 100 * profile.share(stage.ms)),
               to_string(stage.bound())});
  }
  return table.text();
}

/// The vertex that names a kernel, and the branches that folding merged into it.
std::string layer_name(const Architecture& architecture, const latency::KernelLatency& kernel) {
  std::string name = architecture[kernel.vertices.front()].id;
  std::vector<std::string> merged;
  for (std::size_t i = 1; i < kernel.vertices.size(); ++i) {
    const Vertex& vertex = architecture[kernel.vertices[i]];
    if (std::holds_alternative<Convolution>(vertex.op)) merged.push_back(vertex.id);
  }
  if (merged.empty()) return name;
  return name + " + " + (merged.size() == 1 ? merged.front() : std::to_string(merged.size()) + " branches");
}

std::string layer_table(const NetworkProfile& profile) {
  Table table({"layer", "stage", "kernel", "output", "MACs", "moved", "ms", "share", "bound by"});
  table.optional({"moved", "output", "stage", "MACs"});
  for (const latency::KernelLatency& kernel : profile.estimate.kernels) {
    table.row({layer_name(profile.architecture, kernel), stage_text(profile.stage_of(kernel)), kernel.kernel_class,
               to_string(profile.architecture.shape(kernel.vertices.back())), count_text(kernel.macs),
               bytes_text(kernel.bytes), number_text(kernel.ms, 3),
               fmt::format("{:.1f} %", 100 * profile.share(kernel.ms)),
               std::string(to_string(kernel.bound)) + (kernel.in_range ? "" : " (outside calibrated range)")});
  }
  return table.text();
}

std::string interval_text(const latency::LatencyEstimate& estimate) {
  return number_text(estimate.ms) + " ms predicted, 90 % interval [" + number_text(estimate.low) + ", " +
         number_text(estimate.high) + "]";
}

nlohmann::ordered_json layers_json(const NetworkProfile& profile) {
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  for (const latency::KernelLatency& kernel : profile.estimate.kernels) {
    nlohmann::ordered_json vertices = nlohmann::ordered_json::array();
    for (const int v : kernel.vertices) vertices.push_back(profile.architecture[v].id);
    layers.push_back({{"vertices", vertices},
                      {"stage", profile.stage_of(kernel)},
                      {"kernel", kernel.kernel_class},
                      {"macs", kernel.macs},
                      {"bytes", kernel.bytes},
                      {"ms", kernel.ms},
                      {"share", profile.share(kernel.ms)},
                      {"bound", to_string(kernel.bound)},
                      {"in_range", kernel.in_range}});
  }
  return layers;
}

}  // namespace

std::string profile_text(const NetworkProfile& profile, bool by_stage) {
  const Architecture& architecture = profile.architecture;
  std::string text = by_stage ? stage_table(profile) : layer_table(profile);
  text += fmt::format("\n{} at {}: {} parameters, {} MACs, peak memory {}\n", architecture.name(),
                      to_string(architecture.shape(architecture.input())), count_text(profile.total.params),
                      count_text(profile.total.macs), bytes_text(profile.total.peak_memory_bytes));
  text += fmt::format("{}, on {}\n", interval_text(profile.estimate), target_text(profile.target));
  const std::string folded = folded_text(profile.folded);
  if (!folded.empty()) text += fmt::format("as deployed: {} (--as-given predicts it unfolded)\n", folded);
  for (const std::string& note : profile.estimate.notes) text += "note: " + note + "\n";
  return text;
}

nlohmann::ordered_json profile_json(const NetworkProfile& profile) {
  nlohmann::ordered_json stages = nlohmann::ordered_json::array();
  for (const analysis::StageLatency& stage : profile.stages) {
    stages.push_back({{"stage", stage.stage},
                      {"kernels", stage.kernels},
                      {"macs", stage.macs},
                      {"bytes", stage.bytes},
                      {"ms", stage.ms},
                      {"share", profile.share(stage.ms)},
                      {"bound", to_string(stage.bound())}});
  }
  return {{"network", profile.architecture.name()},
          {"params", profile.total.params},
          {"macs", profile.total.macs},
          {"peak_memory_bytes", profile.total.peak_memory_bytes},
          {"latency_ms", profile.estimate.ms},
          {"low", profile.estimate.low},
          {"high", profile.estimate.high},
          {"provenance", "predicted"},
          {"model", profile.model_version},
          {"target", target_json(profile.target)},
          {"form", profile.form == Form::deployed ? "deployed" : "as_given"},
          {"folded",
           {{"batch_norms", profile.folded.batch_norms},
            {"branch_sums", profile.folded.branch_sums},
            {"identities", profile.folded.identities}}},
          {"in_range", profile.estimate.in_range},
          {"notes", profile.estimate.notes},
          {"stages", stages},
          {"layers", layers_json(profile)}};
}

charts::ProfileChart profile_chart(const NetworkProfile& profile) {
  const Architecture& architecture = profile.architecture;
  charts::ProfileChart chart;
  chart.title = architecture.name() + " on " + target_text(profile.target);
  chart.subtitle = interval_text(profile.estimate) + " · " + count_text(profile.total.params) + " parameters · " +
                   count_text(profile.total.macs) + " MACs at " + to_string(architecture.shape(architecture.input()));
  chart.notes = profile.estimate.notes;
  for (const latency::KernelLatency& kernel : profile.estimate.kernels) {
    chart.kernels.push_back({architecture[kernel.vertices.front()].id, kernel.kernel_class,
                             to_string(architecture.shape(kernel.vertices.back())),
                             stage_text(profile.stage_of(kernel)), static_cast<double>(kernel.macs),
                             static_cast<double>(kernel.bytes), kernel.ms, to_string(kernel.bound), kernel.in_range});
  }
  return chart;
}

}  // namespace gensynth::report::networks
