// Any network of an architecture file, through all code that reads networks without running them: every built-in rule,
// the predictions, the drawings, the proxy network and, if it has few weights, ONNX.
#include <cmath>
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/cost.hpp"
#include "architecture/rewrite/proxy_network.hpp"
#include "architecture/serialize.hpp"
#include "architecture/weights.hpp"
#include "constraints/registry/registry.hpp"
#include "inquisitor/assessment/structural_assessment.hpp"
#include "runtime/drawing/drawing.hpp"
#include "runtime/onnx/onnx_writer.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace gensynth {
namespace {

/// All constraints that need no parameter, and a condition over every metric that is known here.
constraints::ConstraintSet all_rules() {
  registry::ConstraintRegistry registry;
  nlohmann::json entries = nlohmann::json::array();
  for (const constraints::ConstraintInfo* info : registry.list()) {
    bool complete = true;
    for (const constraints::ParameterInfo& parameter : info->parameters)
      complete = complete && !parameter.fallback.is_null();
    if (complete) entries.push_back({{"constraint", info->name}, {"hard", false}});
  }
  entries.push_back(
      {{"constraint", "expression"}, {"expression", "params < 1e6 and macs < 1e9 and latency_ms < 10 and top1 > 50"}});
  return registry.create_all(entries, "fuzz", "");
}

struct Judges {
  constraints::ConstraintSet rules = all_rules();
  latency::LatencyModel latency{latency::LatencyTarget{}};
  accuracy::AccuracyModel accuracy;
  assessment::StructuralAssessor assessor{rules, latency, accuracy};
};

void judge(const Architecture& net) {
  static const Judges judges;
  const assessment::Assessment found = judges.assessor.assess(net, true);
  for (const auto& [name, quantity] : found.metrics) fuzz::demand(!std::isnan(quantity.value));
  for (const constraints::Verdict& verdict : found.verdicts) {
    fuzz::demand(verdict.violation >= 0 && verdict.satisfied == (verdict.violation == 0));
    for (const int vertex : verdict.vertices) fuzz::demand(vertex >= 0 && vertex < net.size());
  }
  for (const latency::KernelLatency& kernel : judges.latency.estimate(net).kernels) fuzz::demand(kernel.ms >= 0);
}

}  // namespace
}  // namespace gensynth

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  return fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    const Architecture net = architecture_from_json(parse_json(text, "fuzz"), "fuzz");
    judge(net);
    (void)drawing::to_dot(net);
    (void)to_svg(net);
    try {
      (void)proxy_network(net, 32, 10);
    } catch (const Error&) {  // another resolution need not fit
    }
    constexpr std::int64_t kFewWeights = 20'000;
    if (cost(net).params <= kFewWeights) (void)onnx::onnx_model(net, initial_weights(net, 1));
  });
}
