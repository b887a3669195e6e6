#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "architecture/base/file.hpp"
#include "architecture/cost.hpp"
#include "architecture/rewrite/folded_view.hpp"
#include "runtime/charts/profile_chart.hpp"
#include "runtime/latency/latency_model.hpp"
#include "search/command/command.hpp"
#include "search/report/console.hpp"
#include "search/run/network_ref.hpp"

namespace gensynth::command {
namespace {

struct Options {
  std::string net;
  latency::LatencyTarget target;
  int px = 0;
  bool as_given = false;
  bool as_json = false;
  bool by_stage = false;
  std::string svg;
};

int stage_of(const Architecture& architecture, const latency::KernelLatency& kernel) {
  return architecture[kernel.vertices.front()].placement.stage;
}

std::string stage_text(int stage) { return stage < 0 ? "-" : std::to_string(stage); }

/// What the kernels of one stage take together.
struct StageLatency {
  int stage = -1;  ///< -1: of none
  int kernels = 0;
  std::int64_t macs = 0;
  std::int64_t bytes = 0;
  double ms = 0;
  std::map<latency::KernelBound, double> ms_by_bound;

  /// What bounds the kernels that take most of the time.
  latency::KernelBound bound() const {
    return std::max_element(ms_by_bound.begin(), ms_by_bound.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
  }
};

/// In the order of stages.
std::vector<StageLatency> stages_of(const Architecture& architecture, const latency::LatencyEstimate& estimate) {
  std::map<int, StageLatency> stages;
  for (const latency::KernelLatency& kernel : estimate.kernels) {
    StageLatency& sum = stages[stage_of(architecture, kernel)];
    sum.stage = stage_of(architecture, kernel);
    sum.kernels += 1;
    sum.macs += kernel.macs;
    sum.bytes += kernel.bytes;
    sum.ms += kernel.ms;
    sum.ms_by_bound[kernel.bound] += kernel.ms;
  }
  std::vector<StageLatency> ordered;
  for (auto& [number, stage] : stages) ordered.push_back(std::move(stage));
  return ordered;
}

double share_of(double ms, const latency::LatencyEstimate& estimate) { return estimate.ms > 0 ? ms / estimate.ms : 0; }

/// What folding takes away before the network is predicted.
struct FoldCounts {
  FoldCounts(const Architecture& architecture, Form form) {
    const FoldedView view(architecture, form);
    for (const FoldStep& step : view.steps()) {
      identities += step.kind == FoldStep::Kind::identity;
      batch_norms += step.kind == FoldStep::Kind::batch_norm;
      branch_sums += step.kind == FoldStep::Kind::branches;
    }
  }
  std::string text() const {
    std::string result;
    const auto add = [&](int count, const char* one, const char* many, const char* what) {
      if (count == 0) return;
      result += fmt::format("{}{} {} {}", result.empty() ? "" : ", ", count, count == 1 ? one : many, what);
    };
    add(batch_norms, "batch norm", "batch norms", "folded");
    add(branch_sums, "sum", "sums", "of parallel linear branches merged");
    add(identities, "identity", "identities", "removed");
    return result;
  }
  nlohmann::ordered_json json() const {
    return {{"batch_norms", batch_norms}, {"branch_sums", branch_sums}, {"identities", identities}};
  }
  int identities = 0;
  int batch_norms = 0;
  int branch_sums = 0;
};

nlohmann::ordered_json profile_json(const Architecture& architecture, const Cost& total, Form form,
                                    const latency::LatencyEstimate& estimate, const latency::LatencyModel& model) {
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  for (const latency::KernelLatency& kernel : estimate.kernels) {
    nlohmann::ordered_json vertices = nlohmann::ordered_json::array();
    for (const int v : kernel.vertices) vertices.push_back(architecture[v].id);
    layers.push_back({{"vertices", vertices},
                      {"stage", stage_of(architecture, kernel)},
                      {"kernel", kernel.kernel_class},
                      {"macs", kernel.macs},
                      {"bytes", kernel.bytes},
                      {"ms", kernel.ms},
                      {"share", share_of(kernel.ms, estimate)},
                      {"bound", to_string(kernel.bound)},
                      {"in_range", kernel.in_range}});
  }
  nlohmann::ordered_json stages = nlohmann::ordered_json::array();
  for (const StageLatency& stage : stages_of(architecture, estimate)) {
    stages.push_back({{"stage", stage.stage},
                      {"kernels", stage.kernels},
                      {"macs", stage.macs},
                      {"bytes", stage.bytes},
                      {"ms", stage.ms},
                      {"share", share_of(stage.ms, estimate)},
                      {"bound", to_string(stage.bound())}});
  }
  const latency::LatencyTarget& t = model.target();
  return {{"network", architecture.name()},
          {"params", total.params},
          {"macs", total.macs},
          {"peak_memory_bytes", total.peak_memory_bytes},
          {"latency_ms", estimate.ms},
          {"low", estimate.low},
          {"high", estimate.high},
          {"provenance", "predicted"},
          {"model", model.version()},
          {"target",
           {{"device", t.device},
            {"runtime", t.runtime},
            {"threads", t.threads},
            {"clock_ghz", t.clock_ghz},
            {"precision", t.precision}}},
          {"form", form == Form::deployed ? "deployed" : "as_given"},
          {"folded", FoldCounts(architecture, form).json()},
          {"in_range", estimate.in_range},
          {"notes", estimate.notes},
          {"stages", stages},
          {"layers", layers}};
}

void print_by_stage(const Architecture& architecture, const latency::LatencyEstimate& estimate) {
  report::Table table({"stage", "kernels", "MACs", "moved", "ms", "share", "bound by"});
  for (const StageLatency& stage : stages_of(architecture, estimate)) {
    table.row({stage_text(stage.stage), std::to_string(stage.kernels),
               report::count_text(static_cast<double>(stage.macs)),
               report::bytes_text(static_cast<double>(stage.bytes)), report::number_text(stage.ms, 3),
               fmt::format("{:.1f} %", 100 * share_of(stage.ms, estimate)), to_string(stage.bound())});
  }
  std::printf("%s", table.text().c_str());
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

void print_by_layer(const Architecture& architecture, const latency::LatencyEstimate& estimate) {
  report::Table table({"layer", "stage", "kernel", "output", "MACs", "moved", "ms", "share", "bound by"});
  for (const latency::KernelLatency& kernel : estimate.kernels) {
    table.row({layer_name(architecture, kernel), stage_text(stage_of(architecture, kernel)), kernel.kernel_class,
               to_string(architecture.shape(kernel.vertices.back())),
               report::count_text(static_cast<double>(kernel.macs)),
               report::bytes_text(static_cast<double>(kernel.bytes)), report::number_text(kernel.ms, 3),
               fmt::format("{:.1f} %", 100 * share_of(kernel.ms, estimate)),
               std::string(to_string(kernel.bound)) + (kernel.in_range ? "" : " (outside calibrated range)")});
  }
  std::printf("%s", table.text().c_str());
}

std::string target_text(const latency::LatencyTarget& t) {
  return fmt::format("{}, {}, {} thread{}, {:.2f} GHz, {}", t.device, t.runtime, t.threads, t.threads == 1 ? "" : "s",
                     t.clock_ghz, t.precision);
}

std::string interval_text(const latency::LatencyEstimate& estimate) {
  return report::number_text(estimate.ms) + " ms predicted, 90 % interval [" + report::number_text(estimate.low) +
         ", " + report::number_text(estimate.high) + "]";
}

charts::ProfileChart profile_chart(const Architecture& architecture, const Cost& total,
                                   const latency::LatencyEstimate& estimate, const latency::LatencyTarget& target) {
  charts::ProfileChart chart;
  chart.title = architecture.name() + " on " + target_text(target);
  chart.subtitle = interval_text(estimate) + " · " + report::count_text(static_cast<double>(total.params)) +
                   " parameters · " + report::count_text(static_cast<double>(total.macs)) + " MACs at " +
                   to_string(architecture.shape(architecture.input()));
  chart.notes = estimate.notes;
  for (const latency::KernelLatency& kernel : estimate.kernels) {
    chart.kernels.push_back({architecture[kernel.vertices.front()].id, kernel.kernel_class,
                             to_string(architecture.shape(kernel.vertices.back())),
                             stage_text(stage_of(architecture, kernel)), static_cast<double>(kernel.macs),
                             static_cast<double>(kernel.bytes), kernel.ms, to_string(kernel.bound), kernel.in_range});
  }
  return chart;
}

int profile(const Options& options) {
  Architecture architecture = run::resolve_network(options.net).architecture;
  if (options.px > 0) architecture = architecture.at_resolution(options.px);
  const latency::LatencyModel model(options.target);
  const Cost total = cost(architecture);
  const Form form = options.as_given ? Form::as_given : Form::deployed;
  const latency::LatencyEstimate estimate = model.estimate(architecture, form);
  if (!options.svg.empty()) {
    write_file_atomically(options.svg, to_svg(profile_chart(architecture, total, estimate, model.target())));
    std::fprintf(stderr, "wrote %s\n", options.svg.c_str());
  }
  if (options.as_json) {
    std::printf("%s\n", profile_json(architecture, total, form, estimate, model).dump(2).c_str());
    return kDone;
  }
  if (options.by_stage) {
    print_by_stage(architecture, estimate);
  } else {
    print_by_layer(architecture, estimate);
  }
  std::printf("\n%s at %s: %s parameters, %s MACs, peak memory %s\n", architecture.name().c_str(),
              to_string(architecture.shape(architecture.input())).c_str(),
              report::count_text(static_cast<double>(total.params)).c_str(),
              report::count_text(static_cast<double>(total.macs)).c_str(),
              report::bytes_text(static_cast<double>(total.peak_memory_bytes)).c_str());
  std::printf("%s, on %s\n", interval_text(estimate).c_str(), target_text(model.target()).c_str());
  const std::string folded = FoldCounts(architecture, form).text();
  if (!folded.empty()) std::printf("as deployed: %s (--as-given predicts it unfolded)\n", folded.c_str());
  for (const std::string& note : estimate.notes) std::printf("note: %s\n", note.c_str());
  return kDone;
}

}  // namespace

void add_profile(CLI::App& program, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("profile", "Cost and predicted latency of a network, layer by layer");
  command->add_option("NET", options->net, "architecture file, zoo:NAME, RUN or RUN#TRIAL")->required();
  add_target_options(*command, options->target);
  command->add_option("--input", options->px, "resolution, if not the network's own")->check(CLI::Range(1, 4096));
  command->add_flag("--as-given", options->as_given, "predict the network as it stands, not folded for deployment");
  command->add_flag("--by-stage", options->by_stage, "one row per stage");
  command->add_option("--svg", options->svg, "draw where the time goes into this file");
  command->add_flag("--json", options->as_json, "for machines");
  command->callback([options, &exit_code] { exit_code = profile(*options); });
}

}  // namespace gensynth::command
